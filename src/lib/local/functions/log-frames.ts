// What a function writes, cut into log events: framed by our bootstraps on a descriptor of its own, or raw from stdout and stderr.

/** CloudWatch Logs takes 256 KiB an event, 26 bytes of it overhead; a longer line becomes several events. */
const EVENT_BYTES = 262_144 - 26;

/** `text` is a whole event, or output still to be cut into lines. */
export interface Frame {
  kind: 'event' | 'output';
  /** By the clock of the function's process. */
  timeMs: number;
  text: Buffer;
}

const HEADER_BYTES = 13;
const KINDS = { 1: 'event', 2: 'output' } as const;

/**
 * Reads frames out of chunks as they come; an event above CloudWatch's limit comes in several. Bytes that are no frame of ours end the
 * reading: the rest of the stream is dropped.
 */
export function createFrameReader(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let unread: Buffer = Buffer.alloc(0);
  let open: { kind: Frame['kind']; timeMs: number; leftBytes: number } | undefined;
  let broken = false;
  return (chunk) => {
    if (broken) return;
    unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
    let at = 0;
    for (;;) {
      if (open === undefined) {
        if (unread.length - at < HEADER_BYTES) break;
        const kind = KINDS[unread[at] as 1 | 2];
        broken = kind === undefined;
        if (kind === undefined) return;
        open = { kind, timeMs: unread.readDoubleBE(at + 1), leftBytes: unread.readUInt32BE(at + 9) };
        at += HEADER_BYTES;
      }
      const { kind, timeMs, leftBytes } = open;
      const bytes = Math.min(leftBytes, EVENT_BYTES);
      if (unread.length - at < bytes) break;
      const text = unread.subarray(at, at + bytes);
      at += bytes;
      open.leftBytes -= bytes;
      if (open.leftBytes === 0) open = undefined;
      onFrame({ kind, timeMs, text });
    }
    unread = at === 0 ? unread : unread.subarray(at);
  };
}

export interface LineCutter {
  push(chunk: Buffer): void;
  /** Hands on what has no newline yet. */
  end(): void;
}

/** Cuts output into lines, each handed on with its newline, as Lambda stores them. */
export function createLineCutter(onLine: (line: string) => void): LineCutter {
  let rest: Buffer = Buffer.alloc(0);
  const flushLong = (): void => {
    while (rest.length >= EVENT_BYTES) {
      onLine(rest.toString('utf8', 0, EVENT_BYTES));
      rest = rest.subarray(EVENT_BYTES);
    }
  };
  return {
    push(chunk) {
      let from = 0;
      for (let newline = chunk.indexOf(10); newline >= 0; newline = chunk.indexOf(10, from)) {
        const part = chunk.subarray(from, newline + 1);
        const line = rest.length === 0 ? part : Buffer.concat([rest, part]);
        rest = Buffer.alloc(0);
        from = newline + 1;
        if (line.length > EVENT_BYTES) {
          rest = line;
          flushLong();
          if (rest.length > 0) onLine(rest.toString('utf8'));
          rest = Buffer.alloc(0);
        } else onLine(line.toString('utf8'));
      }
      if (from < chunk.length) {
        const part = chunk.subarray(from);
        rest = rest.length === 0 ? Buffer.from(part) : Buffer.concat([rest, part]);
        flushLong();
      }
    },
    end() {
      if (rest.length > 0) onLine(rest.toString('utf8'));
      rest = Buffer.alloc(0);
    },
  };
}
