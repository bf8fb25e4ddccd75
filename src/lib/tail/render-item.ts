import type { ChalkInstance } from 'chalk';
import { printableText } from '../shared/printable-text.js';
import { envelopeText, valueText } from './json-lines.js';
import { csvRenderer } from './render-csv.js';
import { prettyRenderer } from './render-pretty.js';
import type { Field } from './select-fields.js';
import type { TailItem } from './tail-item.js';
import type { Template } from './template.js';

export const FORMATS = ['pretty', 'json', 'ndjson', 'csv', 'template'] as const;
export type Format = (typeof FORMATS)[number];

export interface RenderOptions {
  format: Format;
  fields: readonly Field[] | undefined;
  /** Of the format `template`. */
  template: Template | undefined;
  showLayers: boolean;
  /** Whether the lines go to a terminal, on which nothing that a producer wrote may act. */
  isTTY?: boolean;
  style: ChalkInstance;
  /** Told of what the columns of csv have no place for. */
  onWarning?: ((text: string) => void) | undefined;
}

/** Writes one item as a line, its line feed included. */
export type RenderItem = (item: TailItem) => string;

export function itemRenderer(options: RenderOptions): RenderItem {
  const { isTTY, style } = options;
  if (options.format === 'pretty') return prettyRenderer(options);
  const line = lineRenderer(options);
  return isTTY ? (item) => `${printableText(line(item), { colors: style.level > 0 })}\n` : (item) => `${line(item)}\n`;
}

/** Without the line feed at the end. */
function lineRenderer(options: RenderOptions): RenderItem {
  const { format, fields, template } = options;
  if (format === 'json') return (item) => envelopeText(item, fields);
  if (format === 'csv') return csvRenderer(fields, (text) => options.onWarning?.(text));
  return template ?? ((item) => valueText(item, fields));
}
