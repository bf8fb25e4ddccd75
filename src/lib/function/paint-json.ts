import type { ChalkInstance } from 'chalk';
import { printableText } from '../shared/printable-text.js';

/**
 * JSON in colours, for a terminal. What `JSON.stringify` leaves as it is and a terminal would obey (U+009B) is escaped as well.
 * @param indent spaces a level; 0 for one line, with a space after `:` and `,` so that it can be read
 */
export function paintJson(value: unknown, style: ChalkInstance, indent: number): string {
  return paint(value, style, indent, '');
}

function paint(value: unknown, style: ChalkInstance, indent: number, margin: string): string {
  if (typeof value === 'string') return style.green(quoted(value));
  if (typeof value === 'number' || typeof value === 'boolean') return style.yellow(String(value));
  if (typeof value !== 'object' || value === null) return style.dim(String(value));
  const inner = margin + ' '.repeat(indent);
  const items = Array.isArray(value)
    ? value.map((item) => paint(item, style, indent, inner))
    : Object.entries(value).map(([key, item]) => `${style.cyan(quoted(key))}: ${paint(item, style, indent, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (items.length === 0) return `${open}${close}`;
  return indent === 0
    ? `${open}${items.join(', ')}${close}`
    : `${open}\n${items.map((item) => inner + item).join(',\n')}\n${margin}${close}`;
}

const quoted = (text: string): string => printableText(JSON.stringify(text));
