import type { TextPosition } from '../sql-error.js';
import type { SqlType } from '../types/sql-type.js';
import type { Expression, OrderItem, WindowSpec } from './expression-syntax.js';

/** What the parser reads: the text as a tree, no name looked up yet. `at` is the first character of each part. */
export interface Script {
  readonly statements: readonly Statement[];
}

export type Statement = CreateStream | CreatePump | InsertStatement | QueryStatement;

export interface ColumnDefinition {
  readonly name: string;
  readonly type: SqlType;
  readonly at: TextPosition;
}

export interface CreateStream {
  readonly kind: 'create-stream';
  readonly name: string;
  readonly at: TextPosition;
  /** Absent when a query defines them: CREATE STREAM … AS SELECT. */
  readonly columns: readonly ColumnDefinition[] | undefined;
  readonly query: Query | undefined;
}

export interface InsertStatement {
  readonly kind: 'insert';
  readonly at: TextPosition;
  readonly into: string;
  readonly columns: readonly string[] | undefined;
  readonly query: Query;
}

export interface CreatePump {
  readonly kind: 'create-pump';
  readonly name: string;
  readonly at: TextPosition;
  readonly insert: InsertStatement;
}

export interface QueryStatement {
  readonly kind: 'query';
  readonly at: TextPosition;
  readonly query: Query;
}

export type Query = Select | UnionAll;

export interface UnionAll {
  readonly kind: 'union-all';
  readonly at: TextPosition;
  readonly parts: readonly Select[];
  readonly orderBy: readonly OrderItem[];
}

export interface Select {
  readonly kind: 'select';
  readonly at: TextPosition;
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from: Source;
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  readonly stagger: Stagger | undefined;
  readonly having: Expression | undefined;
  readonly windows: readonly NamedWindow[];
  readonly orderBy: readonly OrderItem[];
}

export interface SelectItem {
  readonly expression: Expression;
  readonly alias: string | undefined;
}

export interface Stagger {
  readonly at: TextPosition;
  readonly partitionBy: readonly Expression[];
  readonly range: Expression;
}

export interface NamedWindow {
  readonly name: string;
  readonly window: WindowSpec;
}

export type Source = StreamSource | SubquerySource | TableFunctionSource | JoinSource;

export interface StreamSource {
  readonly kind: 'stream';
  readonly name: string;
  readonly at: TextPosition;
  readonly alias: string | undefined;
  readonly window: WindowSpec | string | undefined;
}

export interface SubquerySource {
  readonly kind: 'subquery';
  readonly at: TextPosition;
  readonly query: Query;
  readonly alias: string | undefined;
  readonly columns: readonly string[] | undefined;
  readonly window: WindowSpec | string | undefined;
}

export interface TableFunctionSource {
  readonly kind: 'table-function';
  readonly name: string;
  readonly at: TextPosition;
  readonly arguments: readonly TableArgument[];
  readonly alias: string | undefined;
  readonly columns: readonly string[] | undefined;
}

export type TableArgument =
  | { readonly kind: 'cursor'; readonly query: Query }
  | {
      readonly kind: 'table';
      readonly name: string;
      readonly at: TextPosition;
      readonly partitionBy: readonly string[];
    }
  | { readonly kind: 'descriptor'; readonly columns: readonly string[]; readonly at: TextPosition }
  | { readonly kind: 'value'; readonly expression: Expression };

export type JoinKind = 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS';

export interface JoinSource {
  readonly kind: 'join';
  readonly at: TextPosition;
  readonly join: JoinKind;
  readonly left: Source;
  readonly right: Source;
  readonly on: Expression | undefined;
  readonly using: readonly string[];
}
