import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSchemaFiles } from '../../src/lib/tail/schema-files.js';

const folder = mkdtempSync(join(tmpdir(), 'pipectl-schemas-'));
const write = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

it('reads ID=FILE, and a folder whose files are named for their ids', async () => {
  const file = write('7.avsc', '"string"');
  const schemas = await readSchemaFiles([`7B1C9F0E-52AD-4C3B-9A54-0F4BD1A2C3D4=${file}`, folder]);
  expect([...schemas.keys()]).toEqual(['7b1c9f0e-52ad-4c3b-9a54-0f4bd1a2c3d4', '7']);
  expect(schemas.get('7')?.(Buffer.from('06666f6f', 'hex'), 100)).toBe('"foo"');
});

it.each([
  [() => '7=nosuch.avsc', '--schema-file: nosuch.avsc: file not found.'],
  [() => 'nosuch', '--schema-file: "nosuch" is not ID=FILE, and no folder.'],
  [() => mkdtempSync(join(tmpdir(), 'empty-')), /^--schema-file: .*empty-.* holds no \.avsc file\.$/],
  [() => `7=${write('order.proto', 'syntax = "proto3";')}`, /order\.proto is not an Avro schema: it is not JSON\.$/],
])('says what is wrong with a value (%#)', async (value, message) => {
  await expect(readSchemaFiles([value()])).rejects.toMatchObject({
    message: typeof message === 'string' ? message : expect.stringMatching(message),
    exitCode: 2,
  });
});
