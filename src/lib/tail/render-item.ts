import type { ChalkInstance } from 'chalk';
import { clockTime } from '../shared/clock-time.js';
import { printableText } from '../shared/printable-text.js';
import { shardIndexOf } from '../stream/sequence-number.js';
import { cellText, type Field, selectFields, valueAt } from './select-fields.js';
import { keyOf, type TailItem } from './tail-item.js';
import type { Template } from './template.js';

export const FORMATS = ['pretty', 'json', 'ndjson', 'csv', 'template'] as const;
export type Format = (typeof FORMATS)[number];

export interface RenderOptions {
  format: Format;
  fields: readonly Field[] | undefined;
  /** Of the format `template`. */
  template: Template | undefined;
  showLayers: boolean;
  style: ChalkInstance;
}

/** Writes one item as a line, its line feed included. */
export type RenderItem = (item: TailItem) => string;

export function itemRenderer(options: RenderOptions): RenderItem {
  const { format, fields, template } = options;
  switch (format) {
    case 'pretty':
      return prettyRenderer(options);
    case 'json':
      return (item) => `${JSON.stringify(envelopeOf(item, fields))}\n`;
    case 'ndjson':
      return (item) => `${valueText(item, fields)}\n`;
    case 'csv':
      return csvRenderer(fields);
    case 'template':
      return (item) => `${template?.(item) ?? ''}\n`;
  }
}

/** An item with everything that is known of it: what `--json` prints, one a line. */
export interface ItemEnvelope {
  shardId: string;
  sequenceNumber: string;
  partitionKey: string;
  explicitHashKey?: string;
  arrivedAt: string;
  layers: readonly string[];
  log?: TailItem['log'];
  problem?: string;
  data: unknown;
}

function envelopeOf(item: TailItem, fields: readonly Field[] | undefined): ItemEnvelope {
  const { record } = item;
  return {
    shardId: record.shardId,
    sequenceNumber: record.sequenceNumber,
    partitionKey: keyOf(item),
    ...(item.explicitHashKey !== undefined && { explicitHashKey: item.explicitHashKey }),
    arrivedAt: new Date(record.arrivedMs).toISOString(),
    layers: item.layers,
    ...(item.log && { log: item.log }),
    ...(item.problem !== undefined && { problem: item.problem }),
    data: fields ? selectFields(item.value, fields) : item.value,
  };
}

/** The value as JSON on one line. JSON that is on one line already goes out as it came in. */
function valueText(item: TailItem, fields: readonly Field[] | undefined): string {
  if (fields) return JSON.stringify(selectFields(item.value, fields));
  return item.layers.at(-1) === 'json' && !item.text.includes('\n') ? item.text : JSON.stringify(item.value);
}

const SHOWN_HEX_DIGITS = 96;

function prettyRenderer({ fields, style, showLayers }: RenderOptions): RenderItem {
  return (item) => {
    const { record } = item;
    const head = style.dim(`${clockTime(item.log?.timestampMs ?? record.arrivedMs)} ${shardLabel(record.shardId)}`);
    const key = style.blue(printableText(shorten(keyOf(item), 24)).padEnd(12));
    const layers = showLayers ? `${style.magenta(item.layers.join('>'))} ` : '';
    const problem = item.problem === undefined ? '' : `${style.red(`broken: ${item.problem}`)} `;
    return `${head} ${key} ${layers}${problem}${prettyValue(item, fields, style)}\n`;
  };
}

/** The value for a person's terminal, which nothing that a producer wrote can act on. */
function prettyValue(item: TailItem, fields: readonly Field[] | undefined, style: ChalkInstance): string {
  const bottom = item.layers.at(-1);
  if (bottom === 'hex') {
    const more = item.text.length > SHOWN_HEX_DIGITS ? `… (${item.text.length / 2} bytes)` : '';
    return style.dim(`0x${item.text.slice(0, SHOWN_HEX_DIGITS)}${more}`);
  }
  if (bottom === 'text') return printableText(item.text.replace(/\r?\n$/, ''), { colors: style.level > 0 });
  const text = printableText(valueText(item, fields));
  return style.level === 0 ? text : colorJson(text, style);
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

const shardLabel = (shardId: string): string => `#${shardIndexOf(shardId) ?? shardId}`.padEnd(3);

const shorten = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** Columns are the selected fields, else those of the first object; the first line names them. */
function csvRenderer(fields: readonly Field[] | undefined): RenderItem {
  let columns = fields;
  let headed = false;
  return (item) => {
    const isObject = typeof item.value === 'object' && item.value !== null && !Array.isArray(item.value);
    columns ??= isObject
      ? Object.keys(item.value as object).map((name) => ({ name, path: [name] }))
      : [{ name: 'value', path: [] }];
    const head = headed ? '' : `${columns.map(({ name }) => csvCell(name)).join(',')}\n`;
    headed = true;
    return `${head}${columns.map(({ path }) => csvCell(cellText(valueAt(item.value, path)))).join(',')}\n`;
  };
}

/** RFC 4180: quotes where a cell holds a comma, a quote or a line break. */
const csvCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
