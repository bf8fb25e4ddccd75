import type { TableFunctionSource } from '../parse/syntax.js';
import { SqlError } from '../sql-error.js';
import { DOUBLE, familyOf } from '../types/sql-type.js';
import { boundAs } from './bound.js';
import type { PlanContext } from './plan-context.js';
import { constantArgument, cursorOf } from './plan-cursor.js';
import type { ForestOptions, Relation } from './plan-node.js';
import { columnAt, type ScopeColumn } from './scope.js';

/**
 * RANDOM_CUT_FOREST(CURSOR(…), numberOfTrees 100, subSampleSize 256, timeDecay 100,000, shingleSize 1): the query's columns and ANOMALY_SCORE.
 * Numeric columns are the features.
 */
export function planAnomaly(source: TableFunctionSource, context: PlanContext): Relation {
  const { name, at } = source;
  const cursor = cursorOf(source, context);
  const values = source.arguments.slice(1).map((argument) => constantArgument(argument, name, at, context));
  const [trees, sampleSize, timeDecay, shingleSize] = [
    numberAt(0, 100),
    numberAt(1, 256),
    numberAt(2, 100_000),
    numberAt(3, 1),
  ];
  if (
    ![trees, sampleSize, timeDecay, shingleSize].every(Number.isSafeInteger) ||
    trees < 1 ||
    trees > 1000 ||
    sampleSize < 10 ||
    sampleSize > 1000 ||
    shingleSize < 1 ||
    shingleSize > 30 ||
    timeDecay < 1
  ) {
    throw new SqlError(
      `${name} needs 1 to 1,000 trees, samples of 10 to 1,000 rows, a positive time decay and shingles of 1 to 30 rows.`,
      at,
    );
  }
  const [first] = cursor.sources;
  const shown = (first?.columns ?? []).filter(({ hidden }) => !hidden);
  const numbers = shown.filter(({ type }) => familyOf(type) === 'number');
  if (numbers.length === 0) throw new SqlError(`${name} needs at least one numeric column.`, at);
  const place = { kind: 'star' as const, at, qualifier: undefined };
  const options: ForestOptions = { trees, sampleSize, timeDecay, shingleSize };
  const added: ScopeColumn[] = [{ name: 'ANOMALY_SCORE', type: DOUBLE, index: cursor.width }];
  return {
    node: {
      kind: 'anomaly',
      input: cursor.node,
      at,
      width: cursor.width,
      features: numbers.map((column) => boundAs(columnAt(column), DOUBLE, place)),
      options,
      seed: context.run.seed,
    },
    sources: [{ alias: source.alias, columns: [...(first?.columns ?? []), ...added] }],
    width: cursor.width + added.length,
  };

  function numberAt(index: number, usual: number): number {
    const value = values[index];
    return value === undefined ? usual : Number(value);
  }
}
