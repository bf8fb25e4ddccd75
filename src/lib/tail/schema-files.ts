import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { compileAvro } from '../decode/avro.js';
import type { MessageReader } from '../decode/decode-record.js';
import { UsageError } from '../shared/errors.js';

const FLAG = '--schema-file';

/**
 * Reads Avro schemas for messages that name their schema by an id.
 * @param values `ID=FILE`, or a folder whose files are named for their ids: `7.avsc`
 * @throws UsageError
 */
export async function readSchemaFiles(values: readonly string[]): Promise<ReadonlyMap<string, MessageReader>> {
  const schemas = new Map<string, MessageReader>();
  for (const value of values)
    for (const [id, file] of await filesOf(value)) schemas.set(id.toLowerCase(), await readSchema(file));
  return schemas;
}

async function filesOf(value: string): Promise<[id: string, file: string][]> {
  const [, id, file] = /^([^=/\\]+)=(.+)$/.exec(value) ?? [];
  if (id !== undefined && file !== undefined) return [[id, file]];
  const isFolder = await stat(value)
    .then((found) => found.isDirectory())
    .catch(() => false);
  if (!isFolder) {
    throw new UsageError(`${FLAG}: "${value}" is not ID=FILE, and no folder.`, {
      hint: 'Use 7=order.avsc, or a folder with files such as 7.avsc.',
    });
  }
  const names = (await readdir(value)).filter((name) => extname(name) === '.avsc');
  if (names.length === 0) {
    throw new UsageError(`${FLAG}: ${value} holds no .avsc file.`, { hint: 'Name each file for its schema: 7.avsc.' });
  }
  return names.map((name) => [basename(name, '.avsc'), join(value, name)]);
}

async function readSchema(file: string): Promise<MessageReader> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(`${FLAG}: ${file}: ${missing ? 'file not found' : (error as Error).message}.`, {
      cause: error,
    });
  }
  try {
    return compileAvro(text);
  } catch (error) {
    throw new UsageError(`${FLAG}: ${file} is not an Avro schema: ${(error as Error).message}.`, {
      hint: 'pipectl reads Avro schemas as JSON (.avsc). It names Protobuf messages by the id of their schema.',
      cause: error,
    });
  }
}
