import { UsageError } from '../shared/errors.js';

/** Where a pipeline finds a recorder of this machine, and at which port here it listens. */
export interface RecorderAddress {
  /** A tunnel's or proxy's URL, without a slash at its end; undefined where the host itself is reached. */
  base: string | undefined;
  host: string;
  /** Undefined: any free one. */
  port: number | undefined;
  /** The port is that of kept stacks: `fixed` if they stay as they are, `preferred` if they can be told another. */
  kept?: 'fixed' | 'preferred';
}

/** An address for one recorder, or, where the name is '', for all that are not named elsewhere. */
export interface NamedAddress {
  name: string;
  address: RecorderAddress;
}

const HINT =
  'Write a host (host.docker.internal), a host and a port (10.0.0.5:8080), or a tunnel and the port it leads to (https://a1b2.example=8080); before it NAME= for one recorder.';

/**
 * Reads where a pipeline finds the recorders of this machine: `HOST`, `HOST:PORT`, or `URL=PORT` for a tunnel whose requests end up at a
 * port here; `NAME=` before it says it of one recorder.
 * @throws UsageError when the text is none of these; `what` names the flag in the message
 */
export function parseRecorderHost(text: string, what = '--recorder-host'): NamedAddress {
  const [, name = '', where = ''] = /^(?:([A-Za-z][\w-]*)=)?(.*)$/s.exec(text) ?? [];
  const tunnel = /^(https?:\/\/[^\s=]+)=(\d+)$/.exec(where);
  if (tunnel) {
    const [, url = '', port = ''] = tunnel;
    if (!URL.canParse(url)) throw new UsageError(`${what}: "${url}" is not a URL.`, { hint: HINT });
    return {
      name,
      address: { base: url.replace(/\/+$/, ''), host: new URL(url).hostname, port: portOf(port, what) },
    };
  }
  const plain = /^(\[[0-9a-f:]+\]|[A-Za-z0-9._-]+)(?::(\d+))?$/.exec(where);
  if (!plain) throw new UsageError(`${what}: "${where}" is not where a recorder can be found.`, { hint: HINT });
  const [, host = '', port] = plain;
  return { name, address: { base: undefined, host, port: port === undefined ? undefined : portOf(port, what) } };
}

function portOf(text: string, what: string): number {
  const port = Number(text);
  if (port >= 1 && port <= 65_535) return port;
  throw new UsageError(`${what}: ${text} is not a port.`, { hint: HINT });
}
