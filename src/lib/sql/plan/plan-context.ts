import type { NamedWindow, Query, Source } from '../parse/syntax.js';
import type { Column } from '../types/sql-type.js';
import type { RunContext } from './bound.js';
import type { PlanNode, Relation } from './plan-node.js';
import type { ScopeColumn } from './scope.js';

/** A query with its columns. */
export interface QueryPlan {
  readonly node: PlanNode;
  readonly columns: readonly Column[];
  /** What each column says of time. */
  readonly times: readonly (Pick<ScopeColumn, 'role' | 'time'> | undefined)[];
}

/** A stream or reference table that a query may read. */
export interface KnownSource {
  readonly kind: 'stream' | 'reference';
  readonly columns: readonly (Column & { readonly hidden?: boolean })[];
}

export interface PlanContext {
  readonly run: RunContext;
  readonly sources: ReadonlyMap<string, KnownSource>;
  /** The WINDOW clause of the query that is planned. */
  readonly windows: readonly NamedWindow[];
  /** Queries hold sources, and sources queries; handed in, so that no file imports one above it. */
  planQuery(query: Query, context: PlanContext): QueryPlan;
  planSource(source: Source, context: PlanContext): Relation;
}
