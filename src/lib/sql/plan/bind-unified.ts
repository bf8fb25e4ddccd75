import type { FunctionCall } from '../functions/scalar-function.js';
import { SqlError } from '../sql-error.js';
import { castBetween } from '../types/cast-value.js';
import { commonType, type SqlType, writeType } from '../types/sql-type.js';
import { type Bound, folded, sameType } from './bound.js';

/** The arguments of a call as one type. @throws SqlError when they have none in common */
export function bindUnified({ name, at, values, sources }: Omit<FunctionCall, 'run'>): {
  type: SqlType;
  bounds: Bound[];
} {
  let type: SqlType = { name: 'NULL' };
  for (const [index, bound] of values.entries()) {
    const common = commonType(type, bound.type);
    if (!common) {
      throw new SqlError(
        `${name} has no common type for ${writeType(type)} and ${writeType(bound.type)}.`,
        sources[index]?.at ?? at,
        'Convert one with CAST.',
      );
    }
    type = common;
  }
  const bounds = values.map((bound) => {
    const convert = sameType(bound.type, type) ? undefined : castBetween(bound.type, type);
    return convert ? folded({ type, evaluate: (row) => convert(bound.evaluate(row)) }, [bound]) : bound;
  });
  return { type, bounds };
}
