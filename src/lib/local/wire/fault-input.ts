// What faults need of an operation's input: its text, to match on, and a second copy, to run it twice.
import { Readable } from 'node:stream';
import { AwsError } from './aws-error.js';

/** All text in an input, blobs read as UTF-8: what a fault's `match` is looked for in. */
export function textOf(value: unknown): string {
  const parts: string[] = [];
  gather(value, parts);
  return parts.join('\n');
}

function gather(value: unknown, parts: string[]): void {
  if (typeof value === 'string') parts.push(value);
  else if (value instanceof Uint8Array) parts.push(Buffer.from(value).toString('utf8'));
  else if (value instanceof Readable || value instanceof Date) return;
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) gather(inner, parts);
}

/** Two inputs out of one; a streaming body is read to its end first, because it can be read only once. */
export async function inputTwice(
  input: Record<string, unknown>,
  limitBytes: number,
): Promise<[Record<string, unknown>, Record<string, unknown>]> {
  const streaming = Object.entries(input).find(([, value]) => value instanceof Readable);
  if (!streaming) return [structuredClone(input), input];
  const [name, body] = streaming;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body as Readable) {
    size += (part as Buffer).length;
    if (size > limitBytes) throw new AwsError('EntityTooLarge', 'a body this large cannot be duplicated by a fault');
    parts.push(part as Buffer);
  }
  return [
    { ...input, [name]: Readable.from(parts, { objectMode: false }) },
    { ...input, [name]: Readable.from(parts, { objectMode: false }) },
  ];
}
