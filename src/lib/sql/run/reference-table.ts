import type { LookupNode } from '../plan/plan-node.js';
import type { Row } from '../types/sql-type.js';
import type { Guard, RowSink } from './operator.js';
import { evaluateAll, type RowKey, rowKey } from './row-key.js';

/** The rows of a reference table. They can be replaced as a whole while the application runs. */
export class ReferenceTable {
  #rows: readonly Row[] = [];
  #version = 0;

  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Rises with each replacement, so that an index knows when it is old. */
  get version(): number {
    return this.#version;
  }

  replace(rows: readonly Row[]): void {
    this.#rows = rows;
    this.#version += 1;
  }
}

/** A join with a reference table: the stream's row, and each row of the table that matches behind it. */
export function lookup(node: LookupNode, table: ReferenceTable, out: RowSink, guard: Guard): RowSink {
  let index = new Map<RowKey, Row[]>();
  let version = -1;
  const refresh = (): void => {
    version = table.version;
    index = new Map();
    for (const row of table.rows) {
      const values = evaluateAll(node.tableKeys, row);
      if (values.includes(null)) continue;
      const key = rowKey(values);
      const same = index.get(key);
      if (same) same.push(row);
      else index.set(key, [row]);
    }
  };
  const joined = (row: Row, match: Row | undefined): Row => {
    const pair = row.slice(0, node.width);
    while (pair.length < node.width) pair.push(null);
    for (let column = 1; column <= node.tableWidth; column += 1) pair.push(match?.[column] ?? null);
    return pair;
  };
  return (row) => {
    if (version !== table.version) refresh();
    const values = evaluateAll(node.keys, row);
    const matches = values.includes(null) ? [] : (index.get(rowKey(values)) ?? []);
    let matched = false;
    for (const match of matches) {
      guard(() => {
        const pair = joined(row, match);
        if (node.condition && node.condition.evaluate(pair) !== true) return;
        matched = true;
        out(pair);
      }, row);
    }
    if (!matched && node.keepsUnmatched) out(joined(row, undefined));
  };
}
