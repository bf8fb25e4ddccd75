import { isIP } from 'node:net';
import { formatByteSize, parseByteSize } from '../../shared/byte-size.js';
import { UsageError } from '../../shared/errors.js';

/** Below a few chunks of records nothing that was put would still be there to be read. */
const LEAST_MEMORY_BYTES = 16 * 1024 * 1024;

/** @throws UsageError for what is no size, or next to nothing */
export function parseMemory(text: string, what = '--memory'): number {
  const bytes = parseByteSize(text, what);
  if (bytes >= LEAST_MEMORY_BYTES) return bytes;
  throw new UsageError(`${what}: ${formatByteSize(bytes)} would hold next to nothing.`, {
    hint: `Give it ${formatByteSize(LEAST_MEMORY_BYTES)} at least.`,
  });
}

/** @throws UsageError for what is no address */
export function parseAddress(text: string, what = '--host'): string {
  if (isIP(text) > 0) return text;
  throw new UsageError(`${what}: "${text}" is not an address.`, {
    hint: 'Write one of this machine, or 0.0.0.0 for all; names to answer to are for --allow-host.',
  });
}

/**
 * A name as a request's Host is compared: in lower case, without a port.
 * @throws UsageError for what is no host name
 */
export function parseHostName(text: string, what = '--allow-host'): string {
  if (/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i.test(text)) return text.toLowerCase();
  throw new UsageError(`${what}: "${text}" is not a host name.`, {
    hint: 'Write it without a scheme and a port: host.docker.internal',
  });
}
