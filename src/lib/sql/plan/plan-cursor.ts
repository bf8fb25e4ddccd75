import type { TableArgument, TableFunctionSource } from '../parse/syntax.js';
import { SqlError } from '../sql-error.js';
import type { Value } from '../types/sql-type.js';
import { bindExpression } from './bind-expression.js';
import type { PlanContext } from './plan-context.js';
import type { Relation } from './plan-node.js';
import { planSubquery } from './plan-stream.js';

/** The query in CURSOR(…), the first argument of the dialect's table functions. */
export function cursorOf({ name, at, arguments: values }: TableFunctionSource, context: PlanContext): Relation {
  const [first] = values;
  if (first?.kind !== 'cursor')
    throw new SqlError(`${name} needs a query first.`, at, `For example: ${name}(CURSOR(SELECT STREAM * FROM s), …).`);
  return planSubquery(
    { kind: 'subquery', at, query: first.query, alias: undefined, columns: undefined, window: undefined },
    context,
  );
}

/** An argument that is the same for every row. */
export function constantArgument(
  argument: TableArgument,
  name: string,
  at: TableFunctionSource['at'],
  { run }: PlanContext,
): Value {
  const refused = (where: typeof at): never => {
    throw new SqlError(`${name} needs literals behind its query.`, where);
  };
  if (argument.kind !== 'value') return refused(at);
  const bound = bindExpression(argument.expression, { run, column: ({ at: where }) => refused(where) });
  return bound.constant ? bound.constant.value : refused(argument.expression.at);
}
