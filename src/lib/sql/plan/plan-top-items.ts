import type { TableFunctionSource } from '../parse/syntax.js';
import { SqlError } from '../sql-error.js';
import { BIGINT, VARCHAR, type Value } from '../types/sql-type.js';
import type { PlanContext } from './plan-context.js';
import { constantArgument, cursorOf } from './plan-cursor.js';
import type { Relation } from './plan-node.js';
import { rowtimeAt } from './plan-stream.js';
import { columnAt, Scope } from './scope.js';

/**
 * TOP_K_ITEMS_TUMBLING(CURSOR(SELECT STREAM …), 'column', k, seconds) and COUNT_DISTINCT_ITEMS_TUMBLING(CURSOR(…), 'column', seconds).
 * AWS estimates; here the counts are exact.
 */
export function planTopItems(source: TableFunctionSource, context: PlanContext): Relation {
  const { name, at } = source;
  const top = name.startsWith('TOP');
  const cursor = cursorOf(source, context);
  const names = source.arguments.slice(1).map((argument) => constantArgument(argument, name, at, context));
  const [column, first, second] = names;
  const [count, seconds] = top ? [first, second] : [undefined, first];
  if (names.length !== (top ? 3 : 2) || typeof column !== 'string' || !isCount(seconds) || (top && !isCount(count))) {
    const shape = top
      ? `${name}(CURSOR(…), 'column', number of items, seconds)`
      : `${name}(CURSOR(…), 'column', seconds)`;
    throw new SqlError(`${name} has the wrong arguments.`, at, `Use ${shape}.`);
  }
  const item = columnAt(new Scope(cursor.sources).find({ kind: 'column', at, qualifier: undefined, name: column }));
  const types = top ? [VARCHAR, BIGINT] : [BIGINT];
  const given = source.columns ?? (top ? ['ITEM', 'ITEM_COUNT'] : ['NUMBER_OF_DISTINCT_ITEMS']);
  const columns = types.map((type, index) => ({
    name: given[index] ?? `COLUMN${index + 1}`,
    type: index === 0 && top ? item.type : type,
    index: index + 1,
  }));
  return {
    node: {
      kind: 'top-items',
      input: cursor.node,
      at,
      item,
      count: top ? Number(count) : undefined,
      windowMs: Number(seconds) * 1000,
    },
    sources: [{ alias: source.alias, columns: [rowtimeAt(0), ...columns] }],
    width: columns.length + 1,
  };
}

function isCount(value: Value | undefined): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
