import { AGGREGATES } from '../functions/aggregates.js';
import type { CallExpression, Expression } from '../parse/expression-syntax.js';
import type { Select } from '../parse/syntax.js';
import { SqlError } from '../sql-error.js';
import { BIGINT, BOOLEAN, TIMESTAMP, writeType } from '../types/sql-type.js';
import { bindExpression } from './bind-expression.js';
import { intervalMs } from './bind-time.js';
import { type BindContext, type Bound, constant } from './bound.js';
import { expressionKey } from './expression-key.js';
import type { AggregateNode, GroupWindow, PlannedAggregate, Relation } from './plan-node.js';
import { columnAt, type Scope } from './scope.js';
import { isMonotonic, shortest, windowOf } from './time-window.js';

export interface PlannedPart {
  /** How SELECT and HAVING are bound above it. */
  readonly context: BindContext;
  /** The plan, once everything above is bound. */
  node(): AggregateNode;
}

/** GROUP BY and WINDOWED BY STAGGER. Undefined for a query without groups. */
export function planGroups(
  select: Select,
  relation: Relation,
  scope: Scope,
  rows: BindContext,
): PlannedPart | undefined {
  const sources = select.stagger?.partitionBy ?? select.groupBy;
  if (sources.length === 0) return undefined;
  if (select.stagger && select.groupBy.length > 0)
    throw new SqlError('GROUP BY and WINDOWED BY cannot be used together.', select.stagger.at);
  const window = groupWindow(select, relation, scope, rows);
  const keyed = relation.session ? sources.filter((source) => roleOf(source, scope) === undefined) : sources;
  const keys = keyed.map((source) => bindExpression(source, rows));
  const indexes = new Map(keyed.map((source, index) => [expressionKey(source, scope), index]));
  const aggregates: PlannedAggregate[] = [];
  const known = new Map<string, Bound>();
  const replace = (expression: Expression): Bound | undefined => {
    if (expression.kind === 'literal') return undefined;
    const role = roleOf(expression, scope);
    if (relation.session && role && role !== 'rowtime')
      return sessionColumn(role, keys.length, () => aggregates.length);
    const isAggregate = expression.kind === 'call' && Object.hasOwn(AGGREGATES, expression.name);
    if (expression.kind === 'call' && expression.over !== undefined) {
      throw new SqlError('OVER cannot be used with GROUP BY.', expression.at, 'Group in a subquery.');
    }
    const key = expressionKey(expression, scope);
    const index = indexes.get(key);
    if (index !== undefined) return columnAt({ index: index + 1, type: keys[index]?.type ?? BIGINT });
    if (isAggregate) {
      const found = known.get(key);
      if (found) return found;
      const planned = planAggregate(expression, rows);
      const bound = columnAt({ index: 1 + keys.length + aggregates.length, type: planned.aggregate.type });
      aggregates.push(planned);
      known.set(key, bound);
      return bound;
    }
    // The result's own ROWTIME is the end of its window.
    return role === 'rowtime' ? columnAt({ index: 0, type: TIMESTAMP }) : undefined;
  };
  const context: BindContext = {
    run: rows.run,
    replace,
    column: ({ name, at }) => {
      throw new SqlError(
        `column "${name}" is not in GROUP BY.`,
        at,
        'Add it to GROUP BY, or put it into an aggregate such as MAX.',
      );
    },
  };
  const at = select.stagger?.at ?? sources[0]?.at ?? select.at;
  return { context, node: () => ({ kind: 'aggregate', input: relation.node, at, keys, aggregates, window }) };
}

function roleOf(expression: Expression, scope: Scope): ReturnType<Scope['find']>['role'] {
  return expression.kind === 'column' ? scope.find(expression).role : undefined;
}

/** Start and end stand behind the aggregates, whose number is known only when everything is bound. */
function sessionColumn(role: string, keyCount: number, aggregateCount: () => number): Bound {
  const offset = role === 'window-start' ? 1 : 2;
  const early = role === 'window-time' ? 1 : 0;
  return { type: TIMESTAMP, evaluate: (row) => Number(row[keyCount + aggregateCount() + offset]) - early };
}

function groupWindow(select: Select, relation: Relation, scope: Scope, rows: BindContext): GroupWindow {
  if (select.stagger) {
    const { range } = select.stagger;
    return { kind: 'stagger', rangeMs: intervalMs(bindExpression(range, rows), range, 'WINDOWED BY STAGGER') };
  }
  const columns = select.groupBy.flatMap((source) => (source.kind === 'column' ? scope.find(source) : []));
  const [start, end] = [
    columns.find(({ role }) => role === 'window-start'),
    columns.find(({ role }) => role === 'window-end'),
  ];
  if (relation.session) return sessionWindow(select, relation.session, Boolean(start && end));
  if (start && end) return { kind: 'column', startIndex: start.index, endIndex: end.index };
  const endOf = shortest(select.groupBy.flatMap((source) => windowOf(source, scope, rows) ?? []));
  if (endOf) return { kind: 'tumbling', endOf };
  const monotonic = select.groupBy.find((source) => isMonotonic(source, scope));
  if (monotonic) return { kind: 'monotonic', value: bindExpression(monotonic, rows) };
  throw new SqlError(
    'GROUP BY on a stream needs a window over ROWTIME.',
    select.groupBy[0]?.at ?? select.at,
    "Add for example: STEP(ROWTIME BY INTERVAL '10' SECOND).",
  );
}

function sessionWindow(select: Select, session: NonNullable<Relation['session']>, complete: boolean): GroupWindow {
  if (!complete) throw new SqlError('SESSION needs GROUP BY window_start, window_end.', select.at);
  const names = select.groupBy.flatMap((source) => (source.kind === 'column' ? source.name : []));
  const missing = session.partitionBy.find((name) => !names.includes(name));
  const keys = select.groupBy.length - 2;
  if (missing !== undefined || keys !== session.partitionBy.length) {
    throw new SqlError(
      'GROUP BY must name window_start, window_end and exactly the columns of PARTITION BY of SESSION.',
      select.at,
    );
  }
  return { kind: 'session', gapMs: session.gapMs };
}

/** An aggregate with its argument. @throws SqlError when the argument does not fit */
export function planAggregate(call: CallExpression, rows: BindContext): PlannedAggregate {
  const { name, at, star, distinct } = call;
  const wanted = star ? 0 : 1;
  if (star && name !== 'COUNT') throw new SqlError(`${name} takes no *.`, at);
  if (call.arguments.length !== wanted)
    throw new SqlError(`${name} takes 1 argument, not ${call.arguments.length}.`, at);
  const [source] = call.arguments;
  const argument = source ? bindExpression(source, rows) : constant(BOOLEAN, true);
  const aggregate = AGGREGATES[name]?.(argument.type);
  if (!aggregate) throw new SqlError(`${name} cannot be used on ${writeType(argument.type)}.`, source?.at ?? at);
  return { name, aggregate, argument, distinct };
}
