import { UsageError } from '../../shared/errors.js';
import type { RecorderAddress } from './start-recorder.js';

const HINT =
  'Write a host (host.docker.internal), a host and a port (10.0.0.5:8080), or a tunnel and the port it leads to (https://a1b2.example=8080).';

/**
 * Reads where a pipeline finds the recorders of this machine: `HOST`, `HOST:PORT`, or `URL=PORT` for a tunnel whose requests end up at a
 * port here. A host alone takes any free port.
 * @throws UsageError when the text is none of these
 */
export function parseRecorderHost(text: string, what = '--recorder-host'): RecorderAddress {
  const tunnel = /^(https?:\/\/[^\s=]+)=(\d+)$/.exec(text);
  if (tunnel) {
    const [, url = '', port = ''] = tunnel;
    if (!URL.canParse(url)) throw new UsageError(`${what}: "${url}" is not a URL.`, { hint: HINT });
    return { base: url.replace(/\/$/, ''), host: new URL(url).hostname, port: portOf(port, what) };
  }
  const plain = /^(\[[0-9a-f:]+\]|[A-Za-z0-9._-]+)(?::(\d+))?$/.exec(text);
  if (!plain) throw new UsageError(`${what}: "${text}" is not where a recorder can be found.`, { hint: HINT });
  const [, host = '', port] = plain;
  return { base: undefined, host, port: port === undefined ? undefined : portOf(port, what) };
}

function portOf(text: string, what: string): number {
  const port = Number(text);
  if (port >= 1 && port <= 65_535) return port;
  throw new UsageError(`${what}: ${text} is not a port.`, { hint: HINT });
}
