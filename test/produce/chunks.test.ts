import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Chunks, fileChunks } from '../../src/lib/produce/data/chunks.js';

const folder = mkdtempSync(join(tmpdir(), 'pipectl-chunks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LINE_FEED = 0x0a;

/** The lines, put together from what each piece leaves over. */
async function linesOf(chunks: Chunks): Promise<string[]> {
  const lines: string[] = [];
  let rest: Buffer = Buffer.alloc(0);
  for (;;) {
    const buffer = await chunks.after(rest);
    if (buffer === undefined) break;
    let at = 0;
    for (let feed = buffer.indexOf(LINE_FEED); feed !== -1; feed = buffer.indexOf(LINE_FEED, at)) {
      lines.push(buffer.toString('utf8', at, feed));
      at = feed + 1;
    }
    rest = buffer.subarray(at);
  }
  if (rest.length > 0) lines.push(rest.toString('utf8'));
  return lines;
}

describe('the pieces of a file', () => {
  it('give back every line, also those longer than the room for a rest, and than a piece', async () => {
    const lengths = [3, 0, 70_000, 5, 2_500_000, 64 * 1024, 64 * 1024 + 1, 1024 * 1024, 1, 900_000, 7];
    const lines = [...lengths, ...lengths].map((length, n) => `${n}:${'ä'.repeat(length / 2)}`);
    const path = join(folder, 'lines');
    writeFileSync(path, lines.join('\n'));
    const chunks = fileChunks(path);
    const read = await linesOf(chunks);
    chunks.close();
    expect(read.map((line) => line.length)).toEqual(lines.map((line) => line.length));
    expect(read).toEqual(lines);
  });

  it('come from a pipe with a name as they are written into it', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const chunks = fileChunks(path);
    const lines = linesOf(chunks);
    const writer = await open(path, 'w');
    await writer.write('one\ntw');
    await writer.write('o\nthree');
    await writer.close();
    expect(await lines).toEqual(['one', 'two', 'three']);
    chunks.close();
  });

  it('are none where the file is empty, and an error where there is none', async () => {
    const path = join(folder, 'empty');
    writeFileSync(path, '');
    expect(await linesOf(fileChunks(path))).toEqual([]);
    await expect(linesOf(fileChunks(join(folder, 'nosuch')))).rejects.toThrow('ENOENT');
  });
});
