import stringWidth from 'string-width';
import type { Output } from './output.js';

export interface Column<Row> {
  header: string;
  value(row: Row): string | number | boolean | undefined;
  /** Numbers stand under each other when they end in the same place. */
  align?: 'right';
  /** May be cut to fit the terminal; the others never are. */
  flexible?: boolean;
  /** Colours a cell; the width is measured before. */
  paint?(text: string, row: Row): string;
}

const GAP = 2;
const MIN_FLEXIBLE_WIDTH = 8;

/**
 * One table for a person and for a program. In a terminal: aligned under bold headers, cut to its width. In a pipe: a line a row,
 * tab-separated, whole, without headers or colours, so that `cut`, `awk` and `while read` take it as it is.
 */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], out: Output): string {
  const cells = rows.map((row) => columns.map((column) => plain(column.value(row))));
  if (!out.isTTY) return cells.map((line) => `${line.join('\t')}\n`).join('');

  const widths = narrow(
    columns.map((column, index) =>
      Math.max(stringWidth(column.header), ...cells.map((line) => stringWidth(line[index] ?? ''))),
    ),
    columns,
    out.width,
  );
  const draw = (texts: readonly string[], paint: (text: string, column: number) => string): string =>
    columns
      .map(({ align }, index) => {
        const text = truncate(texts[index] ?? '', widths[index] ?? 0);
        const padding = ' '.repeat(Math.max(0, (widths[index] ?? 0) - stringWidth(text)));
        return align === 'right' ? padding + paint(text, index) : paint(text, index) + padding;
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const header = draw(
    columns.map((column) => column.header),
    (text) => out.style.bold(text),
  );
  const body = rows.map((row, line) =>
    draw(cells[line] ?? [], (text, column) => columns[column]?.paint?.(text, row) ?? text),
  );
  return `${[header, ...body].join('\n')}\n`;
}

/** A cell is one line: a tab or a line break inside it would break the table for whoever parses it. */
function plain(value: string | number | boolean | undefined): string {
  return value === undefined ? '-' : String(value).replace(/[\t\r\n]+/g, ' ');
}

/** Takes what does not fit from the flexible columns, the widest first. */
function narrow<Row>(widths: number[], columns: readonly Column<Row>[], available: number): number[] {
  const fitted = [...widths];
  let over = fitted.reduce((sum, width) => sum + width, 0) + GAP * (columns.length - 1) - available;
  while (over > 0) {
    let widest = -1;
    columns.forEach((column, index) => {
      const width = fitted[index] ?? 0;
      if (column.flexible && width > MIN_FLEXIBLE_WIDTH && width > (fitted[widest] ?? 0)) widest = index;
    });
    if (widest < 0) break;
    fitted[widest] = (fitted[widest] ?? 0) - 1;
    over -= 1;
  }
  return fitted;
}

function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (stringWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
