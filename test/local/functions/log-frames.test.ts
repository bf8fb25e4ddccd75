import { expect, test } from 'vitest';
import { createFrameReader, createLineCutter, type Frame } from '../../../src/lib/local/functions/log-frames.js';

function frame(kind: number, text: string | Buffer, timeMs = 1234.5): Buffer {
  const body = Buffer.from(text as string);
  const head = Buffer.alloc(13);
  head[0] = kind;
  head.writeDoubleBE(timeMs, 1);
  head.writeUInt32BE(body.length, 9);
  return Buffer.concat([head, body]);
}

const read = (chunks: Buffer[]): [Frame['kind'], string, number][] => {
  const seen: [Frame['kind'], string, number][] = [];
  const reader = createFrameReader(({ kind, text, timeMs }) => seen.push([kind, text.toString('utf8'), timeMs]));
  for (const chunk of chunks) reader(chunk);
  return seen;
};

const stream = Buffer.concat([frame(1, 'one\ntwo'), frame(2, ''), frame(2, 'out', 99)]);

test.each([1, 2, 5, 13, 14, stream.length])('frames come out the same in chunks of %d bytes', (size) => {
  const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) =>
    stream.subarray(i * size, (i + 1) * size),
  );
  expect(read(chunks)).toEqual([
    ['event', 'one\ntwo', 1234.5],
    ['output', '', 1234.5],
    ['output', 'out', 99],
  ]);
});

test('an event above the limit of CloudWatch comes in pieces, whole', () => {
  const pieces = read([frame(1, 'x'.repeat(600_000))]);
  expect(pieces.map(([kind, text]) => [kind, text.length])).toEqual([
    ['event', 262_118],
    ['event', 262_118],
    ['event', 75_764],
  ]);
});

test('bytes that are no frame end the reading, and what follows them is not taken for frames', () => {
  expect(read([frame(1, 'good'), Buffer.from('noise'), frame(1, 'late')])).toEqual([['event', 'good', 1234.5]]);
});

test('lines keep their newline; the rest waits for its end', () => {
  const lines: string[] = [];
  const cutter = createLineCutter((line) => lines.push(line));
  cutter.push(Buffer.from('a\nb'));
  cutter.push(Buffer.from('c\n\nd'));
  expect(lines).toEqual(['a\n', 'bc\n', '\n']);
  cutter.end();
  cutter.end();
  expect(lines).toEqual(['a\n', 'bc\n', '\n', 'd']);
});

test('a line without end is handed on in pieces, so that it never has to fit in memory', () => {
  const lengths: number[] = [];
  const cutter = createLineCutter((line) => lengths.push(line.length));
  for (let i = 0; i < 10; i++) cutter.push(Buffer.alloc(100_000, 'x'));
  expect(lengths).toEqual([262_118, 262_118, 262_118]);
  cutter.end();
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(1_000_000);
});
