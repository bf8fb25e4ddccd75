import { withExactNumbers } from '../exact-numbers.js';

/** A log event's message, with its JSON parsed at most once however many patterns look at it. */
export class LogMessage {
  readonly text: string;
  #json: { value: unknown } | undefined;

  constructor(text: string) {
    this.text = text;
  }

  static of(message: string | LogMessage): LogMessage {
    return typeof message === 'string' ? new LogMessage(message) : message;
  }

  /** The parsed JSON when the whole message is a JSON object or array, else undefined; numbers that a double would change are marked. */
  json(): unknown {
    return (this.#json ??= { value: parse(this.text) }).value;
  }
}

const CURLY = 0x7b;
const SQUARE = 0x5b;

function parse(text: string): unknown {
  let at = 0;
  while (isSpace(text.charCodeAt(at))) at += 1;
  const first = text.charCodeAt(at);
  // Most lines of a function's log are plain text: one look at the first character spares them an exception from JSON.parse.
  if (first !== CURLY && first !== SQUARE) return undefined;
  try {
    return withExactNumbers(text, JSON.parse(text));
  } catch {
    return undefined;
  }
}

const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);
