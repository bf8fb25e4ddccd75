import { isJsonText } from '../../shared/is-json-text.js';

/** What the first bytes of an input tell of it. */
export type InputForm =
  | { kind: 'lines' }
  | { kind: 'gzip' }
  /** Nothing that can be sent line by line: what it is, and the command whose output can be. `FILE` stands for its name. */
  | { kind: 'other'; what: string; command: string };

const COMPRESSED: readonly { magic: readonly number[]; what: string; command: string }[] = [
  { magic: [0x28, 0xb5, 0x2f, 0xfd], what: 'compressed with zstd', command: 'zstd -dc FILE' },
  { magic: [0x42, 0x5a, 0x68], what: 'compressed with bzip2', command: 'bzip2 -dc FILE' },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], what: 'compressed with xz', command: 'xz -dc FILE' },
  { magic: [0x50, 0x4b, 0x03, 0x04], what: 'a zip archive', command: 'unzip -p FILE' },
  { magic: [0x50, 0x41, 0x52, 0x31], what: 'a Parquet file', command: 'duckdb -json -c "FROM \'FILE\'" | jq -c ".[]"' },
  { magic: [0xff, 0xfe], what: 'UTF-16', command: 'iconv -f UTF-16 -t UTF-8 FILE' },
  { magic: [0xfe, 0xff], what: 'UTF-16', command: 'iconv -f UTF-16 -t UTF-8 FILE' },
];

/**
 * Recognizes an input by its first bytes.
 * @param json whether each line must be JSON
 */
export function inputFormOf(head: Buffer, json: boolean): InputForm {
  if (head[0] === 0x1f && head[1] === 0x8b) return { kind: 'gzip' };
  const known = COMPRESSED.find(({ magic }) => magic.every((byte, index) => head[index] === byte));
  if (known) return { kind: 'other', what: known.what, command: known.command };
  const wide = wideText(head);
  if (wide) return { kind: 'other', what: 'UTF-16', command: `iconv -f ${wide} -t UTF-8 FILE` };
  return (json && prettyPrinted(head)) || { kind: 'lines' };
}

/** UTF-16 without a byte order mark: every other byte of the first characters is 0. */
function wideText(head: Buffer): string | undefined {
  if (head.length < 4) return undefined;
  const zeros = [0, 1, 2, 3].map((index) => head[index] === 0);
  if (zeros[1] && zeros[3] && !zeros[0] && !zeros[2]) return 'UTF-16LE';
  return zeros[0] && zeros[2] && !zeros[1] && !zeros[3] ? 'UTF-16BE' : undefined;
}

/** A JSON value over several lines: the first one opens it and goes on. */
function prettyPrinted(head: Buffer): InputForm | undefined {
  const text = head.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
  const first = /^\s*([[{][^\n]*)\n\s*\S/.exec(text)?.[1]?.trim();
  if (first === undefined || !/[[{,:]$/.test(first)) return undefined;
  const line = Buffer.from(first, 'latin1');
  if (isJsonText(line, 0, line.length)) return undefined;
  return first.startsWith('[')
    ? { kind: 'other', what: 'a JSON array over several lines', command: "jq -c '.[]' FILE" }
    : { kind: 'other', what: 'JSON over several lines', command: 'jq -c . FILE' };
}
