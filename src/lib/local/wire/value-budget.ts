// How many values one request may hold. Each costs time that everybody waits for: a million keys in one JSON body take JSON.parse a second.
import { BadInput } from './bad-input.js';

/** Keys of structures and maps, and structures, maps and lists themselves. AWS's largest documented request has some 80,000. */
const MOST_KEYS = 200_000;
/** Items of lists. PutMetricData takes 300,000. */
const MOST_ITEMS = 1_000_000;

/** Counts what a reader meets. */
export class ValueBudget {
  #keys = 0;
  #items = 0;

  /** @throws BadInput */
  takeKeys(count = 1): void {
    this.#keys += count;
    if (this.#keys > MOST_KEYS) throw new BadInput(`more than ${MOST_KEYS} keys, lists and structures`);
  }

  /** @throws BadInput */
  takeItem(): void {
    if (++this.#items > MOST_ITEMS) throw new BadInput(`more than ${MOST_ITEMS} items`);
  }
}

/**
 * Looks whether a form is within the budget before it is parsed.
 * @throws BadInput
 */
export function checkFormBudget(bytes: Uint8Array): void {
  const budget = new ValueBudget();
  for (let at = bytes.indexOf(AMPERSAND); at >= 0; at = bytes.indexOf(AMPERSAND, at + 1)) budget.takeKeys();
}

const AMPERSAND = 0x26;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING = [0x5b, 0x7b];

/**
 * Looks whether a JSON text is within the budget before it is parsed. Only a text with very many marks, inside strings or outside, is read byte by
 * byte: base64 has none, and finding a mark costs 12 ns.
 * @throws BadInput
 */
export function checkJsonBudget(bytes: Uint8Array): void {
  let marks = 0;
  for (const mark of [COMMA, COLON, ...OPENING]) {
    for (let at = bytes.indexOf(mark); at >= 0 && marks <= MOST_KEYS; at = bytes.indexOf(mark, at + 1)) marks += 1;
  }
  if (marks <= MOST_KEYS) return;
  const budget = new ValueBudget();
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      for (at += 1; at < bytes.length && bytes[at] !== QUOTE; at += 1) if (bytes[at] === BACKSLASH) at += 1;
    } else if (byte === COMMA) budget.takeItem();
    else if (byte === COLON || OPENING.includes(byte ?? 0)) budget.takeKeys();
  }
}
