/** Items one after another; those that would not fit into `width` columns any more begin a new line, indented. `widthOf` leaves colours out. */
export function joinLines(
  items: readonly string[],
  { width, indent, widthOf }: { width: number; indent: string; widthOf(item: string): number },
): string {
  let text = '';
  let column = 0;
  for (const item of items) {
    const itemWidth = widthOf(item);
    if (column > 0 && column + itemWidth > width) {
      text += `\n${indent}`;
      column = indent.length;
    }
    text += item;
    column += itemWidth;
  }
  return text;
}
