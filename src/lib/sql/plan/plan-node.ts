import type { Aggregate } from '../functions/aggregates.js';
import type { JoinKind } from '../parse/syntax.js';
import type { TextPosition } from '../sql-error.js';
import type { Column } from '../types/sql-type.js';
import type { Bound } from './bound.js';
import type { ScopeSource } from './scope.js';

/** A query as a tree of typed operations, from the streams it reads to the rows it makes. */
export type PlanNode =
  | ScanNode
  | FilterNode
  | ProjectNode
  | AggregateNode
  | SlideNode
  | JoinNode
  | LookupNode
  | WindowRowsNode
  | DistinctNode
  | SortNode
  | UnionNode
  | TopItemsNode
  | AnomalyNode;

export interface ScanNode {
  readonly kind: 'scan';
  readonly stream: string;
}

export interface FilterNode {
  readonly kind: 'filter';
  readonly input: PlanNode;
  readonly condition: Bound;
}

/** Makes a row of its items; ROWTIME stays. */
export interface ProjectNode {
  readonly kind: 'project';
  readonly input: PlanNode;
  readonly items: readonly Bound[];
  readonly columns: readonly Column[];
}

export interface PlannedAggregate {
  readonly name: string;
  readonly aggregate: Aggregate;
  readonly argument: Bound;
  readonly distinct: boolean;
}

/** When a group begins and ends. */
export type GroupWindow =
  /** All groups end together; `endOf` says when the window of an instant ends. */
  | { readonly kind: 'tumbling'; endOf(time: number): number }
  /** A window table function has put start and end into the row. */
  | { readonly kind: 'column'; readonly startIndex: number; readonly endIndex: number }
  /** Begins with the first row of its key. */
  | { readonly kind: 'stagger'; readonly rangeMs: number }
  /** All groups end when a row has a larger value. */
  | { readonly kind: 'monotonic'; readonly value: Bound }
  /** Ends when its key has been quiet. */
  | { readonly kind: 'session'; readonly gapMs: number };

/** Its rows: ROWTIME (the window's end), keys, aggregates, start and end of the window. */
export interface AggregateNode {
  readonly kind: 'aggregate';
  readonly input: PlanNode;
  readonly at: TextPosition;
  readonly keys: readonly Bound[];
  readonly aggregates: readonly PlannedAggregate[];
  readonly window: GroupWindow;
}

export interface SlidingWindow {
  readonly partition: readonly Bound[];
  readonly frame:
    | { readonly kind: 'range'; readonly ms: number }
    | { readonly kind: 'rows'; readonly preceding: number }
    | { readonly kind: 'unbounded' };
  readonly aggregates: readonly PlannedAggregate[];
}

/** Its rows: those of the input, with the aggregates of each window behind them. */
export interface SlideNode {
  readonly kind: 'slide';
  readonly input: PlanNode;
  readonly at: TextPosition;
  readonly width: number;
  readonly windows: readonly SlidingWindow[];
}

export interface JoinSide {
  readonly input: PlanNode;
  readonly width: number;
  /** How long rows wait for a match: a time, a number of rows, or (0 ms) only until ROWTIME moves. */
  readonly window: { readonly kind: 'range'; readonly ms: number } | { readonly kind: 'rows'; readonly count: number };
  /** What must be equal on both sides, evaluated on this side's rows. */
  readonly keys: readonly Bound[];
}

/** Its rows: the later ROWTIME, then the left row and the right row, each with its own ROWTIME. */
export interface JoinNode {
  readonly kind: 'join';
  readonly join: JoinKind;
  readonly at: TextPosition;
  readonly left: JoinSide;
  readonly right: JoinSide;
  readonly condition: Bound | undefined;
}

/** A join with a reference table. */
export interface LookupNode {
  readonly kind: 'lookup';
  readonly input: PlanNode;
  readonly width: number;
  readonly table: string;
  readonly tableWidth: number;
  readonly keys: readonly Bound[];
  readonly tableKeys: readonly Bound[];
  readonly condition: Bound | undefined;
  readonly keepsUnmatched: boolean;
}

/** TUMBLE, HOP and CUMULATE: one row for each window that holds it, with start, end and time behind it. */
export interface WindowRowsNode {
  readonly kind: 'window-rows';
  readonly input: PlanNode;
  readonly width: number;
  windowsOf(time: number): readonly (readonly [start: number, end: number])[];
}

export interface DistinctNode {
  readonly kind: 'distinct';
  readonly input: PlanNode;
  readonly at: TextPosition;
  /** Elements of a row that are not compared: ROWTIME. */
  readonly ignored: readonly number[];
  /** Rows are compared within one window. */
  endOf(time: number): number;
}

export interface SortNode {
  readonly kind: 'sort';
  readonly input: PlanNode;
  readonly at: TextPosition;
  readonly keys: readonly { readonly bound: Bound; readonly descending: boolean }[];
  /** Rows are held until their window ends, then sorted. */
  endOf(time: number): number;
}

export interface UnionNode {
  readonly kind: 'union';
  readonly inputs: readonly PlanNode[];
}

export interface TopItemsNode {
  readonly kind: 'top-items';
  readonly input: PlanNode;
  readonly at: TextPosition;
  readonly item: Bound;
  /** How many of the most frequent items; undefined counts the distinct ones. */
  readonly count: number | undefined;
  readonly windowMs: number;
}

export interface AnomalyNode {
  readonly kind: 'anomaly';
  readonly input: PlanNode;
  readonly at: TextPosition;
  readonly width: number;
  readonly features: readonly Bound[];
  readonly options: ForestOptions;
  readonly seed: number;
}

export interface ForestOptions {
  readonly trees: number;
  readonly sampleSize: number;
  readonly timeDecay: number;
  readonly shingleSize: number;
}

/** A source of a query: its plan, and what its rows hold. */
export interface Relation {
  readonly node: PlanNode;
  readonly sources: readonly ScopeSource[];
  /** Elements of a row, ROWTIME included. */
  readonly width: number;
  /** SESSION puts no columns into its rows: the groups above it say when they begin and end. */
  readonly session?: { readonly gapMs: number; readonly partitionBy: readonly string[] };
}
