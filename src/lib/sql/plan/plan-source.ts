import type { Source, StreamSource, SubquerySource } from '../parse/syntax.js';
import { SqlError } from '../sql-error.js';
import type { PlanContext } from './plan-context.js';
import { planJoin } from './plan-join.js';
import type { Relation } from './plan-node.js';
import { planStream, planSubquery } from './plan-stream.js';
import { planTableFunction } from './plan-table-function.js';

/** What stands behind FROM. */
export function planSource(source: Source, context: PlanContext): Relation {
  switch (source.kind) {
    case 'stream':
      refuseWindow(source);
      return planStream(source, context);
    case 'subquery':
      refuseWindow(source);
      return planSubquery(source, context);
    case 'table-function':
      return planTableFunction(source, context);
    case 'join':
      return planJoin(source, context);
  }
}

function refuseWindow({ window, at }: StreamSource | SubquerySource): void {
  if (window !== undefined) {
    throw new SqlError(
      'OVER behind FROM is for joins only.',
      at,
      'Put OVER behind an aggregate: COUNT(*) OVER (RANGE INTERVAL …).',
    );
  }
}
