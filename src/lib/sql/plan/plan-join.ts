import type { Expression } from '../parse/expression-syntax.js';
import type { JoinSource, Source } from '../parse/syntax.js';
import { SqlError } from '../sql-error.js';
import { commonType } from '../types/sql-type.js';
import { bindCondition, bindExpression } from './bind-expression.js';
import { type BindContext, type Bound, boundAs } from './bound.js';
import type { PlanContext } from './plan-context.js';
import type { JoinSide, PlanNode, Relation } from './plan-node.js';
import { frameOf, resolveWindow } from './plan-sliding.js';
import { Scope, type ScopeColumn, type ScopeSource } from './scope.js';

/** A join of two streams, each within a window, or of a stream with a reference table. */
export function planJoin(source: JoinSource, context: PlanContext): Relation {
  const [leftTable, rightTable] = [referenceOf(source.left, context), referenceOf(source.right, context)];
  if (leftTable && rightTable) throw new SqlError('a join needs at least one stream.', source.at);
  if (leftTable || rightTable) return planLookup(source, context, Boolean(leftTable));
  const [left, right] = [sideOf(source.left, context), sideOf(source.right, context)];
  // Each side's row stands as a whole behind the pair's own ROWTIME.
  const sources = [...moved(left.relation, 1), ...moved(right.relation, 1 + left.relation.width)];
  const scope = new Scope(sources);
  const parts = conditionParts(source, scope, left.relation, right.relation);
  const { keys, rest } = splitKeys(parts, left.relation, right.relation, context);
  const node: PlanNode = {
    kind: 'join',
    join: source.join,
    at: source.at,
    left: {
      input: left.relation.node,
      width: left.relation.width,
      window: left.window,
      keys: keys.map(([key]) => key),
    },
    right: {
      input: right.relation.node,
      width: right.relation.width,
      window: right.window,
      keys: keys.map(([, key]) => key),
    },
    condition: conjunction(rest, { run: context.run, column: (expression) => scope.bind(expression) }),
  };
  return { node, sources, width: 1 + left.relation.width + right.relation.width };
}

function referenceOf(source: Source, context: PlanContext): boolean {
  return source.kind === 'stream' && context.sources.get(source.name)?.kind === 'reference';
}

function sideOf(source: Source, context: PlanContext): { relation: Relation; window: JoinSide['window'] } {
  if (source.kind !== 'stream' && source.kind !== 'subquery')
    return { relation: context.planSource(source, context), window: { kind: 'range', ms: 0 } };
  const relation = context.planSource({ ...source, window: undefined }, context);
  if (source.window === undefined) return { relation, window: { kind: 'range', ms: 0 } };
  const scope = new Scope(relation.sources);
  const spec = resolveWindow(source.window, context.windows, source.at);
  // SQL Reference, "Allowed and Disallowed Window Specifications": windows of joins have no partitions.
  if (spec.partitionBy.length > 0) throw new SqlError('the window of a join cannot have PARTITION BY.', spec.at);
  const frame = frameOf(spec, { run: context.run, column: (expression) => scope.bind(expression) });
  if (frame.kind === 'unbounded')
    throw new SqlError(
      'the window of a join needs a size.',
      spec.at,
      "For example: OVER (RANGE INTERVAL '1' MINUTE PRECEDING).",
    );
  return {
    relation,
    window: frame.kind === 'range' ? { kind: 'range', ms: frame.ms } : { kind: 'rows', count: frame.preceding + 1 },
  };
}

function moved(relation: Relation, by: number): ScopeSource[] {
  return relation.sources.map(({ alias, columns }) => ({
    alias,
    columns: columns.map((column) => ({ ...column, index: column.index + by })),
  }));
}

/** The parts of the condition that all have to hold. */
function conditionParts(source: JoinSource, scope: Scope, left: Relation, right: Relation): Expression[] {
  const { at, using, on } = source;
  if (using.length > 0) {
    const [first, second] = [left.sources[0]?.alias, right.sources[0]?.alias];
    return using.map((name) => ({
      kind: 'binary',
      at,
      operator: '=',
      left: { kind: 'column', at, qualifier: first, name },
      right: { kind: 'column', at, qualifier: second, name },
    }));
  }
  if (!on) return [];
  bindCondition(on, { run: { now: 0, seed: 0 }, column: (expression) => scope.bind(expression) }, 'ON');
  return splitAnd(on);
}

function splitAnd(expression: Expression): Expression[] {
  if (expression.kind !== 'binary' || expression.operator !== 'AND') return [expression];
  return [...splitAnd(expression.left), ...splitAnd(expression.right)];
}

/** Equalities between one side and the other become keys, so that a row looks only at those that can match. */
function splitKeys(
  parts: readonly Expression[],
  left: Pick<Relation, 'sources'>,
  right: Pick<Relation, 'sources'>,
  context: PlanContext,
): { keys: [Bound, Bound][]; rest: Expression[] } {
  const keys: [Bound, Bound][] = [];
  const rest: Expression[] = [];
  const [leftRows, rightRows] = [contextOf(left, context), contextOf(right, context)];
  for (const part of parts) {
    const pair =
      part.kind === 'binary' && part.operator === '=' ? pairOf(part.left, part.right, leftRows, rightRows) : undefined;
    if (pair) keys.push(pair);
    else rest.push(part);
  }
  return { keys, rest };
}

function contextOf(relation: Pick<Relation, 'sources'>, { run }: PlanContext): BindContext {
  const scope = new Scope(relation.sources);
  return { run, column: (expression) => scope.bind(expression) };
}

function pairOf(one: Expression, other: Expression, left: BindContext, right: BindContext): [Bound, Bound] | undefined {
  const [a, b] = [tryBind(one, left), tryBind(other, right)];
  const [c, d] = a && b ? [a, b] : [tryBind(other, left), tryBind(one, right)];
  if (!c || !d || c.constant || d.constant) return undefined;
  const type = commonType(c.type, d.type);
  return type && [boundAs(c, type, one), boundAs(d, type, other)];
}

/** An expression of one side only; undefined when it names the other. */
function tryBind(expression: Expression, rows: BindContext): Bound | undefined {
  try {
    return bindExpression(expression, rows);
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

function conjunction(parts: readonly Expression[], rows: BindContext): Bound | undefined {
  const [first, ...others] = parts;
  if (!first) return undefined;
  const whole = others.reduce<Expression>(
    (left, right) => ({ kind: 'binary', at: right.at, operator: 'AND', left, right }),
    first,
  );
  return bindCondition(whole, rows, 'ON');
}

/** For each row of the stream, the rows of the table that match. */
function planLookup(source: JoinSource, context: PlanContext, tableIsLeft: boolean): Relation {
  const { join, at } = source;
  const [streamSource, tableSource] = tableIsLeft ? [source.right, source.left] : [source.left, source.right];
  if (tableSource.kind !== 'stream') throw new Error('a reference table has a name');
  if (join === 'FULL' || join === (tableIsLeft ? 'LEFT' : 'RIGHT')) {
    throw new SqlError(
      'an outer join cannot keep the rows of a reference table.',
      at,
      'Keep the rows of the stream instead.',
    );
  }
  const plain =
    streamSource.kind === 'stream' || streamSource.kind === 'subquery'
      ? { ...streamSource, window: undefined }
      : streamSource;
  const stream = context.planSource(plain, context);
  const known = context.sources.get(tableSource.name)?.columns ?? [];
  const tableColumns = known.map((column, index): ScopeColumn => ({ ...column, index: index + 1 }));
  const table: Pick<Relation, 'sources'> = {
    sources: [{ alias: tableSource.alias ?? tableSource.name, columns: tableColumns }],
  };
  const behind = {
    alias: tableSource.alias ?? tableSource.name,
    columns: tableColumns.map((column) => ({ ...column, index: column.index + stream.width - 1 })),
  };
  const sources = tableIsLeft ? [behind, ...stream.sources] : [...stream.sources, behind];
  const scope = new Scope(sources);
  const [left, right] = tableIsLeft ? [{ ...stream, ...table }, stream] : [stream, { ...stream, ...table }];
  const parts = conditionParts(source, scope, left, right);
  const { keys, rest } = splitKeys(parts, stream, table, context);
  const node: PlanNode = {
    kind: 'lookup',
    input: stream.node,
    width: stream.width,
    table: tableSource.name,
    tableWidth: known.length,
    keys: keys.map(([key]) => key),
    tableKeys: keys.map(([, key]) => key),
    condition: conjunction(rest, { run: context.run, column: (expression) => scope.bind(expression) }),
    keepsUnmatched: join === 'LEFT' || join === 'RIGHT',
  };
  return { node, sources, width: stream.width + known.length };
}
