import { once } from 'node:events';
import { Chalk } from 'chalk';
import { colorLevel } from './color-level.js';
import { type CommandIo, Interrupted, OutputClosed } from './command-io.js';
import type { Output } from './output.js';
import { unwritableOutput } from './unwritable-output.js';

/** @param beforeWrite clears whatever is live on the terminal, so that a result never lands on a spinner's line */
export function createOutput(
  io: CommandIo,
  options: { json: boolean; noColor: boolean; beforeWrite?: () => void },
): Output {
  const { stdout, outputClosed } = io;
  const level = options.json ? 0 : colorLevel(stdout, io.env, options.noColor);

  // A file is written at once, and says at once that it cannot be.
  const put = (text: string | Uint8Array): boolean => {
    try {
      return stdout.write(text);
    } catch (error) {
      throw unwritableOutput(error);
    }
  };

  const write = async (text: string | Uint8Array): Promise<void> => {
    outputClosed.throwIfAborted();
    if (text.length === 0) return;
    options.beforeWrite?.();
    if (put(text)) return;
    // A pipe whose reader has gone never drains; the abort ends the wait.
    await once(stdout, 'drain', { signal: outputClosed }).catch((error) => {
      throw outputClosed.aborted ? outputClosed.reason : error;
    });
  };

  /** Ctrl-C ends a whole pipeline, `tee` before us: the result then goes where a person still reads. */
  const writeResult = async (text: string): Promise<void> => {
    const gone = outputClosed.aborted;
    try {
      await write(text);
      if (io.signal.aborted) await new Promise((resolve) => setImmediate(resolve)); // a closed pipe says so a moment later
      outputClosed.throwIfAborted();
    } catch (error) {
      const lost = error instanceof OutputClosed && (gone || io.signal.reason instanceof Interrupted);
      if (!lost) throw error;
      io.stderr.write(text);
    }
  };

  return {
    json: options.json,
    isTTY: stdout.isTTY === true,
    // Asked each time: a terminal may be resized. A pseudo-terminal without a size says 0.
    get width() {
      return stdout.columns || 80;
    },
    get height() {
      return stdout.rows || 24;
    },
    style: new Chalk({ level }),
    write,
    flush: () =>
      new Promise((resolve, reject) => {
        if (outputClosed.aborted) return reject(outputClosed.reason);
        if (stdout.writableLength === 0) return resolve();
        const onClosed = (): void => reject(outputClosed.reason);
        outputClosed.addEventListener('abort', onClosed, { once: true });
        stdout.write('', () => {
          outputClosed.removeEventListener('abort', onClosed);
          resolve();
        });
      }),
    async result(value, render) {
      const text = options.json ? JSON.stringify(value ?? null, jsonValue, 2) : render(value);
      await writeResult(text === '' || text.endsWith('\n') ? text : `${text}\n`);
    },
  };
}

/** JSON has neither integers of 128 bits nor bytes: hash keys become strings, bytes become base64. */
function jsonValue(this: Record<string, unknown>, key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  const original = this[key]; // a Buffer reaches `value` as what its toJSON made of it
  if (!(original instanceof Uint8Array)) return value;
  return Buffer.from(original.buffer, original.byteOffset, original.byteLength).toString('base64');
}
