/** Rows under a header, columns lined up: the first to the left, all others to the right. Cells must be plain text of single-width letters. */
export function alignColumns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): { header: string; rows: string[] } {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return { header: line(header), rows: rows.map(line) };
}
