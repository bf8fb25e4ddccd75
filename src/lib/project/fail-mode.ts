import { UsageError } from '../shared/errors.js';

/** How a recorder misbehaves, to see whether a pipeline tries again. */
export interface FailMode {
  /** `answer` refuses with a status; `reset` cuts the connection; `hang` never answers. */
  kind: 'answer' | 'reset' | 'hang';
  /** The status of an `answer`. */
  status: number;
  /** `before`: the events of the request are not taken. `after`: they are taken, and refused all the same, so that a retry doubles them. */
  when: 'before' | 'after';
  /** The first so many requests; or a share of them, 0 to 1; or all. */
  which: { first: number } | { share: number } | 'all';
}

const PART = /^(?:(late)\s+)?(\d{3}|reset|hang)(?:\s+(?:x(\d+)|(\d+(?:\.\d+)?)%|(always)))?$/;

/**
 * Reads fail modes: `503 x3` refuses the first three requests, `429 20%` one in five, `500 always` every one, `reset x1` cuts the first
 * connection, `hang x1` leaves the first request without an answer, and `late 503 x1` takes the events and refuses all the same.
 * Several are separated by commas; for each request the first that applies is used. Without a number a mode strikes once.
 * @returns undefined when the text is not a list of fail modes
 */
export function parseFailModes(text: string): FailMode[] | undefined {
  const modes: FailMode[] = [];
  for (const part of text.split(',')) {
    const match = PART.exec(part.trim());
    if (!match) return undefined;
    const [, late, what = '', times, percent, always] = match;
    const kind = what === 'reset' || what === 'hang' ? what : 'answer';
    const status = kind === 'answer' ? Number(what) : 0;
    if (kind === 'answer' && (status < 400 || status > 599)) return undefined;
    if (percent !== undefined && Number(percent) > 100) return undefined;
    modes.push({
      kind,
      status,
      when: late ? 'after' : 'before',
      which: always ? 'all' : percent !== undefined ? { share: Number(percent) / 100 } : { first: Number(times ?? 1) },
    });
  }
  return modes;
}

/** Fail modes for one recorder, or, where the name is '', for all that are not named elsewhere. */
export interface NamedFailModes {
  name: string;
  modes: readonly FailMode[];
}

/**
 * Reads `--fail`: `MODES` for every recorder, `NAME=MODES` for one.
 * @throws UsageError when the modes cannot be read; `what` names the flag in the message
 */
export function parseFailFlag(text: string, what = '--fail'): NamedFailModes {
  const [, name = '', written = ''] = /^(?:([A-Za-z][\w-]*)=)?(.*)$/s.exec(text) ?? [];
  const modes = parseFailModes(written);
  if (modes) return { name, modes };
  throw new UsageError(`${what}: "${written}" is not a fail mode.`, {
    hint: 'Write "503 x3", "429 20%", "500 always", "reset x1", "hang x1" or "late 503 x1"; before it NAME= for one recorder.',
  });
}
