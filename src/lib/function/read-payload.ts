import { access, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../shared/errors.js';

/** What Lambda takes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_BYTES = { request: 6 * 1024 * 1024, event: 1024 * 1024 };

/**
 * The payload that a command line means: JSON as it stands, `@file`, or `-` for standard input; `{}` when there is none.
 * @returns the JSON's own text
 * @param mode an `event` may be smaller than what is waited for
 * @throws UsageError for a file that cannot be read, for what is not JSON in UTF-8, and for what is too large
 */
export async function readPayload(
  given: string | undefined,
  mode: keyof typeof MOST_BYTES,
  from: { stdin: AsyncIterable<Uint8Array | string>; cwd: string },
): Promise<string> {
  const { text, what } = await readGiven(given, from);
  try {
    JSON.parse(text);
  } catch (error) {
    // The engine quotes the text, line breaks and all.
    const why = error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error);
    const isFile =
      given !== undefined && !given.startsWith('@') && given !== '-' && (await isReadable(resolve(from.cwd, given)));
    throw new UsageError(`${what} is not JSON: ${why}`, {
      hint: isFile
        ? `To send the file, write --payload @${given}`
        : 'A string needs its double quotes, and the shell single ones around them: \'"text"\'.',
    });
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES[mode]) {
    const of = mode === 'event' ? ' for an event' : '';
    throw new UsageError(`${what} has ${bytes} bytes, and Lambda takes ${MOST_BYTES[mode]}${of}.`, {
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
    return { text: decode(Buffer.concat(parts), 'standard input'), what: 'standard input' };
  }
  if (!given.startsWith('@')) return { text: given, what: '--payload' };
  const file = given.slice(1);
  const bytes = await readFile(resolve(from.cwd, file)).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new UsageError(`--payload: ${file} cannot be read${code}.`, { cause: error });
  });
  return { text: decode(bytes, file), what: file };
}

const isReadable = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** The text without a byte order mark. What is not UTF-8 is refused: replacement characters would reach the function in its place. */
function decode(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UsageError(`${what} is not UTF-8.`, { hint: 'JSON is written in UTF-8.', cause: error });
  }
}
