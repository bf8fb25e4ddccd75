import { number } from '../shared/count-words.js';
import type { InputSchema } from '../sql/input/input-schema.js';
import type { QueryResult } from './query-stream.js';

/** `1,200 records read, 35 rows, 2 row errors`: what a query says at its end, also after Ctrl-C. */
export function renderQueryResult({ records, rows, errorRows }: QueryResult): string {
  const counted = (count: number, what: string): string => `${number(count)} ${what}${count === 1 ? '' : 's'}`;
  return [
    `${counted(records, 'record')} read`,
    counted(rows, 'row'),
    ...(errorRows > 0 ? [counted(errorRows, 'row error')] : []),
  ].join(', ');
}

/** The columns as `--columns` takes them. */
export const renderSchema = ({ columns }: InputSchema): string =>
  columns.map(({ name, type }) => `"${name}" ${type}`).join(', ');
