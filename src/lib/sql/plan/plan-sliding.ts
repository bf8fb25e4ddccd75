import { AGGREGATES } from '../functions/aggregates.js';
import type { Expression, WindowSpec } from '../parse/expression-syntax.js';
import type { NamedWindow, Select } from '../parse/syntax.js';
import { SqlError, type TextPosition } from '../sql-error.js';
import { bindExpression } from './bind-expression.js';
import { intervalMs } from './bind-time.js';
import type { BindContext, Bound } from './bound.js';
import { expressionKey } from './expression-key.js';
import { planAggregate } from './plan-groups.js';
import type { PlannedAggregate, Relation, SlideNode, SlidingWindow } from './plan-node.js';
import type { Scope } from './scope.js';

interface OpenWindow {
  readonly window: SlidingWindow;
  readonly aggregates: PlannedAggregate[];
}

/** Aggregates with OVER. Undefined for a query that has none. */
export function planSliding(
  select: Select,
  relation: Relation,
  scope: Scope,
  rows: BindContext,
): { context: BindContext; node(): SlideNode } | undefined {
  if (!select.items.some(({ expression }) => hasOver(expression))) return undefined;
  const windows = new Map<string, OpenWindow>();
  const places = new Map<string, { window: OpenWindow; index: number }>();
  const replace = (expression: Expression): Bound | undefined => {
    if (expression.kind !== 'call' || expression.over === undefined) return undefined;
    if (!Object.hasOwn(AGGREGATES, expression.name))
      throw new SqlError(`${expression.name} cannot be used with OVER.`, expression.at);
    const spec = resolveWindow(expression.over, select.windows, expression.at);
    const { partitionBy, frame } = spec;
    const key = JSON.stringify([partitionBy.map((part) => expressionKey(part, scope)), frameOf(spec, rows)]);
    let open = windows.get(key);
    if (!open) {
      const aggregates: PlannedAggregate[] = [];
      checkOrder(spec, scope);
      const partition = partitionBy.map((part) => bindExpression(part, rows));
      open = { window: { partition, frame: frameOf({ ...spec, frame }, rows), aggregates }, aggregates };
      windows.set(key, open);
    }
    const callKey = `${key}${expressionKey({ ...expression, over: undefined }, scope)}`;
    let place = places.get(callKey);
    if (!place) {
      place = { window: open, index: open.aggregates.length };
      open.aggregates.push(planAggregate(expression, rows));
      places.set(callKey, place);
    }
    const { index, window } = place;
    const type = window.aggregates[index]?.aggregate.type ?? { name: 'NULL' };
    // How many aggregates come before this window's is known once everything is bound.
    let at: number | undefined;
    return { type, evaluate: (row) => row[(at ??= relation.width + index + countBefore(windows, window))] ?? null };
  };
  return {
    context: { ...rows, replace },
    node: () => ({
      kind: 'slide',
      input: relation.node,
      at: select.at,
      width: relation.width,
      windows: [...windows.values()].map(({ window }) => window),
    }),
  };
}

function countBefore(windows: ReadonlyMap<string, OpenWindow>, window: OpenWindow): number {
  let count = 0;
  for (const one of windows.values()) {
    if (one === window) break;
    count += one.aggregates.length;
  }
  return count;
}

function hasOver(expression: unknown): boolean {
  if (typeof expression !== 'object' || expression === null) return false;
  if ('kind' in expression && expression.kind === 'call' && 'over' in expression && expression.over !== undefined)
    return true;
  return Object.values(expression).some(hasOver);
}

/** A window by its name, or with another as its base. */
export function resolveWindow(
  window: WindowSpec | string,
  named: readonly NamedWindow[],
  at: TextPosition,
): WindowSpec {
  if (typeof window !== 'string') {
    if (window.base === undefined) return window;
    const base = resolveWindow(window.base, named, window.at);
    return {
      at: window.at,
      base: undefined,
      partitionBy: window.partitionBy.length > 0 ? window.partitionBy : base.partitionBy,
      orderBy: window.orderBy.length > 0 ? window.orderBy : base.orderBy,
      frame: window.frame ?? base.frame,
    };
  }
  const found = named.find(({ name }) => name === window);
  if (!found)
    throw new SqlError(`window "${window}" not found.`, at, 'Define it with WINDOW name AS (…), behind WHERE.');
  // A window may only take parts of one that stands before it, so no chain of them has a circle.
  return resolveWindow(found.window, named.slice(0, named.indexOf(found)), at);
}

export function frameOf({ frame }: WindowSpec, rows: BindContext): SlidingWindow['frame'] {
  if (!frame || frame.preceding === 'unbounded') return { kind: 'unbounded' };
  const { preceding, unit } = frame;
  if (preceding === undefined) return unit === 'RANGE' ? { kind: 'range', ms: 1 } : { kind: 'rows', preceding: 0 };
  const bound = bindExpression(preceding, rows);
  if (unit === 'RANGE') return { kind: 'range', ms: intervalMs(bound, preceding, 'RANGE') };
  const count = bound.constant?.value;
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
    throw new SqlError('ROWS needs a whole number of rows.', preceding.at, 'For example: ROWS 10 PRECEDING.');
  }
  return { kind: 'rows', preceding: count };
}

/** Rows are in order of ROWTIME already; Flink's text says so each time. */
function checkOrder({ orderBy }: WindowSpec, scope: Scope): void {
  for (const { expression, descending } of orderBy) {
    const byTime = expression.kind === 'column' && scope.find(expression).role === 'rowtime';
    if (!byTime || descending) throw new SqlError('a window can be ordered by ROWTIME only.', expression.at);
  }
}
