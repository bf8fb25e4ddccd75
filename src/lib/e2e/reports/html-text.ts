import { printableText } from '../../shared/printable-text.js';

/** Markup that is safe to put into a page as it is. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A template that escapes everything put into it but `Html`; lists are joined, and nothing is written for undefined and false. */
export function html(parts: TemplateStringsArray, ...values: readonly unknown[]): Html {
  return new Html(parts.reduce((text, part, index) => text + show(values[index - 1]) + part));
}

function show(value: unknown): string {
  if (value instanceof Html) return value.markup;
  if (Array.isArray(value)) return value.map(show).join('');
  if (value === undefined || value === false) return '';
  // What turns the direction of writing around would do so beyond its own cell.
  return printableText(String(value)).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
