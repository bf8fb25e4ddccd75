import type { ChalkInstance } from 'chalk';
import { formatByteSize } from '../shared/byte-size.js';
import { clockTime } from '../shared/clock-time.js';
import { printableText } from '../shared/printable-text.js';
import { shardIndexOf } from '../stream/sequence-number.js';
import { valueText } from './json-lines.js';
import type { Field } from './select-fields.js';
import { keyOf, type TailItem } from './tail-item.js';

const SHOWN_HEX_DIGITS = 96;
/** Some twenty lines of a wide terminal: who wants more wants a pager, or a file. */
const SHOWN_CHARS = 4096;
const SHOWN_KEY_CHARS = 24;
/** The lines of a text after its first one stand out of the column of times, so that none can pass for a record of its own. */
const MARGIN = '    ';

export interface PrettyOptions {
  fields: readonly Field[] | undefined;
  showLayers: boolean;
  style: ChalkInstance;
}

/** A record as a person reads it: time, shard, key, value. Whatever a producer wrote, it cannot act on the terminal. */
export function prettyRenderer({ fields, style, showLayers }: PrettyOptions): (item: TailItem) => string {
  return (item) => {
    const { record } = item;
    const head = style.dim(`${timeOf(item.log?.timestampMs ?? record.arrivedMs)} ${shardLabel(record.shardId)}`);
    const key = style.blue(oneLine(shorten(keyOf(item), SHOWN_KEY_CHARS)).padEnd(12));
    const layers = showLayers ? `${style.magenta(item.layers.join('>'))} ` : '';
    const problem = item.problem === undefined ? '' : `${style.red(`broken: ${item.problem}`)} `;
    const { schema, outsideShard } = item;
    const named =
      schema && item.layers.at(-1) === 'hex' ? style.magenta(`${schema.registry} schema ${schema.id} `) : '';
    const dropped = outsideShard ? style.yellow("outside the shard's hash keys: ") : '';
    return `${head} ${key} ${layers}${problem}${dropped}${named}${prettyValue(item, fields, style)}\n`;
  };
}

function prettyValue(item: TailItem, fields: readonly Field[] | undefined, style: ChalkInstance): string {
  const bottom = item.layers.at(-1);
  if (bottom === 'hex') {
    const more = item.text.length > SHOWN_HEX_DIGITS ? `… (${formatByteSize(item.text.length / 2)})` : '';
    return style.dim(`0x${item.text.slice(0, SHOWN_HEX_DIGITS)}${more}`);
  }
  const whole = bottom === 'text' ? item.text.replace(/\r?\n$/, '') : valueText(item, fields);
  const more = whole.length > SHOWN_CHARS ? style.dim(`… (${formatByteSize(Buffer.byteLength(whole))})`) : '';
  const text = more === '' ? whole : whole.slice(0, SHOWN_CHARS).replace(/[\uD800-\uDBFF]$/, '');
  if (bottom === 'text') return printableText(text, { colors: style.level > 0 }).replaceAll('\n', `\n${MARGIN}`) + more;
  const safe = printableText(text);
  return (style.level === 0 ? safe : colorJson(safe, style)) + more;
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function colorJson(text: string, style: ChalkInstance): string {
  return text.replace(
    TOKEN,
    (token, string: string | undefined, colon: string | undefined, word: string | undefined) => {
      if (string !== undefined) return colon === undefined ? style.green(string) : style.cyan(string) + colon;
      return word === undefined ? style.yellow(token) : style.magenta(token);
    },
  );
}

/** The time of day, as what is watched came a moment ago; what came on another day has that day in front. */
function timeOf(epochMs: number): string {
  const time = new Date(epochMs);
  const today = time.toDateString() === new Date().toDateString();
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = today ? '' : `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} `;
  return `${day}${clockTime(epochMs)}`;
}

const shardLabel = (shardId: string): string => `#${shardIndexOf(shardId) ?? shardId}`.padEnd(3);

const oneLine = (text: string): string => printableText(text).replace(/[\t\n]/g, ' ');

const shorten = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
