import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../shared/errors.js';

/** What Lambda takes: 6 MB for a synchronous invocation. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_BYTES = 6 * 1024 * 1024;

/**
 * The payload that a command line means: JSON as it stands, `@file`, or `-` for standard input; `{}` when there is none.
 * @returns the JSON's own text
 * @throws UsageError for a file that cannot be read, and for what is not JSON
 */
export async function readPayload(
  given: string | undefined,
  from: { stdin: AsyncIterable<Uint8Array | string>; cwd: string },
): Promise<string> {
  const { text, what } = await readGiven(given, from);
  try {
    JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${what} is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      hint: 'A string needs its double quotes, and the shell single ones around them: \'"text"\'.',
    });
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) {
    throw new UsageError(`${what} has ${bytes} bytes, and Lambda takes ${MOST_BYTES}.`, {
      hint: 'Put the data into S3 and send its key.',
    });
  }
  return text;
}

async function readGiven(
  given: string | undefined,
  from: { stdin: AsyncIterable<Uint8Array | string>; cwd: string },
): Promise<{ text: string; what: string }> {
  if (given === undefined) return { text: '{}', what: '--payload' };
  if (given === '-') {
    const parts: Uint8Array[] = [];
    for await (const part of from.stdin) parts.push(typeof part === 'string' ? Buffer.from(part) : part);
    return { text: Buffer.concat(parts).toString(), what: 'standard input' };
  }
  if (!given.startsWith('@')) return { text: given, what: '--payload' };
  const file = given.slice(1);
  try {
    return { text: await readFile(resolve(from.cwd, file), 'utf8'), what: file };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new UsageError(`--payload: ${file} cannot be read${code}.`, { cause: error });
  }
}
