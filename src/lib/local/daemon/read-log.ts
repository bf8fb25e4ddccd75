import { open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const CHUNK_BYTES = 64 * 1024;
const LOOK_EVERY_MS = 150;
const LINE_FEED = 0x0a;

/** The last `count` whole lines of a file, read from its end, and the byte after them. */
export async function lastLines(path: string, count: number): Promise<{ lines: string[]; endByte: number }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    let start = size;
    let tail = Buffer.alloc(0);
    while (start > 0 && countLines(tail) <= count) {
      const length = Math.min(CHUNK_BYTES, start);
      start -= length;
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, start);
      tail = Buffer.concat([buffer, tail]);
    }
    const whole = tail.subarray(0, tail.lastIndexOf(LINE_FEED) + 1);
    const lines = whole.toString('utf8').split('\n').slice(0, -1);
    return { lines: count === 0 ? [] : lines.slice(-count), endByte: start + whole.length };
  } finally {
    await file.close();
  }
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte === LINE_FEED) count += 1;
  return count;
}

/** Every line that is written from `fromByte` on, until the signal aborts. A file that is replaced or cut is read from its start. */
export async function* followFile(path: string, fromByte: number, signal: AbortSignal): AsyncGenerator<string> {
  let at = fromByte;
  let rest: Buffer = Buffer.alloc(0);
  while (!signal.aborted) {
    const size = (await stat(path).catch(() => undefined))?.size ?? 0;
    if (size < at) {
      at = 0;
      rest = Buffer.alloc(0);
    }
    if (size === at) {
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
      continue;
    }
    const file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(CHUNK_BYTES, size - at)), 0, undefined, at);
    await file.close();
    at += bytesRead;
    rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const end = rest.lastIndexOf(LINE_FEED);
    if (end < 0) continue;
    yield* rest.subarray(0, end).toString('utf8').split('\n');
    rest = rest.subarray(end + 1);
  }
}
