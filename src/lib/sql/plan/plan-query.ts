import type { Expression, OrderItem } from '../parse/expression-syntax.js';
import type { Query, Select } from '../parse/syntax.js';
import { SqlError } from '../sql-error.js';
import { type Column, commonType, writeType } from '../types/sql-type.js';
import { bindCondition, bindExpression } from './bind-expression.js';
import { type BindContext, type Bound, boundAs, sameType } from './bound.js';
import type { PlanContext, QueryPlan } from './plan-context.js';
import { planGroups } from './plan-groups.js';
import type { PlanNode } from './plan-node.js';
import { planSliding } from './plan-sliding.js';
import { columnAt, Scope } from './scope.js';
import { type EndOf, isMonotonic, shortest, windowOf } from './time-window.js';

/** Plans a query: names looked up, types decided, windows found. @throws SqlError with line and column */
export function planQuery(query: Query, context: PlanContext): QueryPlan {
  if (query.kind === 'select') return planSelect(query, context);
  const parts = query.parts.map((part) => planSelect(part, context));
  const [first] = parts;
  if (!first) throw new Error('UNION ALL without parts');
  const columns = first.columns.map((column, index) => unionColumn(column, parts, index, query));
  const inputs = parts.map((part, index) => converted(part, columns, query.parts[index]?.at ?? query.at));
  const times = columns.map((_, index) =>
    parts.every((part) => part.times[index]?.role === 'rowtime') ? { role: 'rowtime' as const } : undefined,
  );
  const plan: QueryPlan = { node: { kind: 'union', inputs }, columns, times };
  return query.orderBy.length === 0 ? plan : sorted(plan, query.orderBy, outputScope(columns), context);
}

function unionColumn(column: Column, parts: readonly QueryPlan[], index: number, { at }: Query): Column {
  let { type } = column;
  for (const part of parts) {
    if (part.columns.length !== parts[0]?.columns.length) {
      throw new SqlError('the parts of UNION ALL have different numbers of columns.', at);
    }
    const other = part.columns[index];
    const common = other && commonType(type, other.type);
    if (!common)
      throw new SqlError(
        `column ${index + 1} of UNION ALL is ${writeType(type)} and ${other ? writeType(other.type) : 'missing'}.`,
        at,
      );
    type = common;
  }
  return { name: column.name, type };
}

function converted(part: QueryPlan, columns: readonly Column[], at: Query['at']): PlanNode {
  const same = part.columns.every((column, index) => sameType(column.type, columns[index]?.type ?? column.type));
  if (same) return part.node;
  const place: Expression = { kind: 'star', at, qualifier: undefined };
  const items = part.columns.map((column, index) =>
    boundAs(columnAt({ index: index + 1, type: column.type }), columns[index]?.type ?? column.type, place),
  );
  return { kind: 'project', input: part.node, items, columns };
}

interface Item {
  readonly expression: Expression;
  readonly name: string;
  readonly bound: Bound;
}

function planSelect(select: Select, context: PlanContext): QueryPlan {
  let relation = context.planSource(select.from, { ...context, windows: select.windows });
  const scope = new Scope(relation.sources);
  const rows: BindContext = { run: context.run, column: (expression) => scope.bind(expression) };
  if (select.where) {
    relation = {
      ...relation,
      node: { kind: 'filter', input: relation.node, condition: bindCondition(select.where, rows, 'WHERE') },
    };
  }
  const grouped = planGroups(select, relation, scope, rows);
  const sliding = grouped ? undefined : planSliding(select, relation, scope, rows);
  if (!grouped && select.having) throw new SqlError('HAVING needs GROUP BY.', select.having.at);
  if (relation.session && !grouped) throw new SqlError('SESSION needs GROUP BY window_start, window_end.', select.at);
  const bind = grouped?.context ?? sliding?.context ?? rows;
  const items = select.items.flatMap((item): Item[] => selectItem(item, scope, bind, Boolean(grouped)));
  const columns = items.map(({ name, bound }) => ({ name, type: bound.type }));
  const condition = select.having && bindCondition(select.having, bind, 'HAVING');
  // Items are bound: now the plan below knows which aggregates they need.
  let node: PlanNode = grouped?.node() ?? sliding?.node() ?? relation.node;
  if (condition) node = { kind: 'filter', input: node, condition };
  const sortBelow = select.orderBy.length > 0 && !grouped && !sliding;
  const order = sortBelow ? orderOf(select.orderBy, items, scope, rows) : undefined;
  if (order) node = { kind: 'sort', input: node, ...order };
  const times = items.map(({ expression }) => timeOf(expression, scope, rows, Boolean(grouped)));
  let plan: QueryPlan = {
    node: { kind: 'project', input: node, items: items.map(({ bound }) => bound), columns },
    columns,
    times,
  };
  if (select.distinct) plan = distinct(plan, items, scope, rows, select);
  return select.orderBy.length > 0 && !sortBelow
    ? sorted(plan, select.orderBy, outputScope(columns, items, scope), context)
    : plan;
}

function selectItem(
  { expression, alias }: Select['items'][number],
  scope: Scope,
  bind: BindContext,
  grouped: boolean,
): Item[] {
  if (expression.kind === 'star') {
    if (grouped) throw new SqlError('"*" cannot be used with GROUP BY.', expression.at, 'Name the columns.');
    return scope.star(expression).map((column) => ({
      expression: { kind: 'column', at: expression.at, qualifier: expression.qualifier, name: column.name },
      name: column.name,
      bound: columnAt(column),
    }));
  }
  const bound = bindExpression(expression, bind);
  return [{ expression, name: alias ?? nameOf(expression), bound }];
}

/** Whether an item's values never decrease, so that a query around it can group by them. */
function timeOf(expression: Expression, scope: Scope, rows: BindContext, grouped: boolean): QueryPlan['times'][number] {
  if (expression.kind === 'column' && scope.find(expression).role === 'rowtime') return { role: 'rowtime' };
  const endOf = windowOf(expression, scope, rows);
  // The rows of a group come all at once, at the end of their window.
  if (endOf) return { time: { endOf: grouped ? (time) => time + 1 : endOf } };
  return isMonotonic(expression, scope) ? { time: { endOf: undefined } } : undefined;
}

/** Columns without a name are called EXPR$0 by Calcite; the function's name says more. */
function nameOf(expression: Expression): string {
  if (expression.kind === 'column' || expression.kind === 'field' || expression.kind === 'call') return expression.name;
  if (expression.kind === 'cast') return nameOf(expression.operand);
  if (expression.kind === 'unit' || expression.kind === 'step') return nameOf(expression.operand);
  return 'EXPR$0';
}

/** What ORDER BY behind a whole query may name: its columns, and ROWTIME. */
function outputScope(columns: readonly Column[], items: readonly Item[] = [], scope?: Scope): Scope {
  const own = columns.map((column, index) => {
    const source = items[index]?.expression;
    const isTime = source?.kind === 'column' && scope?.find(source).role === 'rowtime';
    return { ...column, index: index + 1, ...(isTime && { role: 'rowtime' as const }) };
  });
  const named = own.some(({ name }) => name === 'ROWTIME');
  const rowtime = {
    name: 'ROWTIME',
    type: { name: 'TIMESTAMP' as const },
    index: 0,
    hidden: true,
    role: 'rowtime' as const,
  };
  return new Scope([{ alias: undefined, columns: named ? own : [...own, rowtime] }]);
}

function sorted(plan: QueryPlan, orderBy: readonly OrderItem[], scope: Scope, context: PlanContext): QueryPlan {
  const rows: BindContext = { run: context.run, column: (expression) => scope.bind(expression) };
  return { ...plan, node: { kind: 'sort', input: plan.node, ...orderOf(orderBy, [], scope, rows) } };
}

function orderOf(
  orderBy: readonly OrderItem[],
  items: readonly Item[],
  scope: Scope,
  rows: BindContext,
): { keys: { bound: Bound; descending: boolean }[]; endOf: EndOf; at: Expression['at'] } {
  const sources = orderBy.map(({ expression }) => aliased(expression, items) ?? expression);
  const endOf = shortest(sources.flatMap((expression) => windowOf(expression, scope, rows) ?? []));
  const at = orderBy[0]?.expression.at ?? { line: 1, column: 1 };
  if (!endOf || orderBy[0]?.descending) {
    throw new SqlError(
      'ORDER BY on a stream needs time first.',
      at,
      "For example: ORDER BY STEP(ROWTIME BY INTERVAL '10' SECOND), x DESC.",
    );
  }
  return {
    keys: orderBy.map(({ descending }, index) => ({
      bound: bindExpression(sources[index] ?? nowhere, rows),
      descending,
    })),
    endOf,
    at,
  };
}

const nowhere: Expression = { kind: 'star', at: { line: 1, column: 1 }, qualifier: undefined };

function aliased(expression: Expression, items: readonly Item[]): Expression | undefined {
  if (expression.kind !== 'column' || expression.qualifier !== undefined) return undefined;
  return items.find(({ name, expression: source }) => name === expression.name && source.kind !== 'column')?.expression;
}

/** SQL Reference, "SELECT STREAM DISTINCT": rows are compared while the time expressions among the columns stay the same. */
function distinct(plan: QueryPlan, items: readonly Item[], scope: Scope, rows: BindContext, { at }: Select): QueryPlan {
  // The reference: ROWTIME among the columns is not compared, and says how long rows are compared only if nothing else does.
  const isRowtime = ({ expression }: Item): boolean =>
    expression.kind === 'column' && scope.find(expression).role === 'rowtime';
  const ignored = items.flatMap((item, index) => (isRowtime(item) ? [index + 1] : []));
  const endsOf = (some: readonly Item[]): EndOf[] =>
    some.flatMap(({ expression }) => windowOf(expression, scope, rows) ?? []);
  const endOf = shortest(endsOf(items.filter((item) => !isRowtime(item)))) ?? shortest(endsOf(items));
  if (!endOf) {
    throw new SqlError(
      'SELECT STREAM DISTINCT needs a time among its columns.',
      at,
      'For example: FLOOR(ROWTIME TO MINUTE).',
    );
  }
  return { ...plan, node: { kind: 'distinct', input: plan.node, at, ignored, endOf } };
}
