import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import type { Output } from './output.js';

/** A block of lines on a terminal that is drawn over again in place. Only where `out.isTTY`. */
export class LiveBlock {
  readonly #out: Output;
  #rows = 0;

  constructor(out: Output) {
    this.#out = out;
  }

  async draw(text: string): Promise<void> {
    const up = this.#rows > 0 ? `\u001B[${this.#rows}A` : '';
    this.#rows = text
      .split('\n')
      .slice(0, -1)
      .reduce((rows, line) => rows + rowsOf(line, this.#out.width), 0);
    await this.#out.write(`${up}\r\u001B[J${text}`);
  }

  /** Leaves the block as it is; the terminal has written `^C` below it, and the prompt gets a line of its own. */
  async end(): Promise<void> {
    await this.#out.write('\n');
  }
}

/** A line wider than the terminal takes several rows, all of which the next drawing must go over. */
const rowsOf = (line: string, width: number): number =>
  Math.max(1, Math.ceil(stringWidth(stripVTControlCharacters(line)) / width));
