import type { TextPosition } from '../sql-error.js';
import type { SqlType, TimeUnit } from '../types/sql-type.js';

/** An expression as a tree, no name looked up yet. `at` is the first character of each part. */
export type Expression =
  | { readonly kind: 'literal'; readonly at: TextPosition; readonly type: SqlType; readonly value: Literal }
  | {
      readonly kind: 'column';
      readonly at: TextPosition;
      readonly qualifier: string | undefined;
      readonly name: string;
    }
  | { readonly kind: 'star'; readonly at: TextPosition; readonly qualifier: string | undefined }
  | {
      readonly kind: 'unary';
      readonly at: TextPosition;
      readonly operator: '-' | '+' | 'NOT';
      readonly operand: Expression;
    }
  | BinaryExpression
  | {
      readonly kind: 'is';
      readonly at: TextPosition;
      readonly operand: Expression;
      readonly what: IsWhat;
      readonly negated: boolean;
    }
  | {
      readonly kind: 'between';
      readonly at: TextPosition;
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly negated: boolean;
    }
  | {
      readonly kind: 'in';
      readonly at: TextPosition;
      readonly operand: Expression;
      readonly items: readonly Expression[];
      readonly negated: boolean;
    }
  | {
      readonly kind: 'pattern';
      readonly at: TextPosition;
      readonly operator: 'LIKE' | 'SIMILAR TO';
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escapeChar: Expression | undefined;
      readonly negated: boolean;
    }
  | {
      readonly kind: 'case';
      readonly at: TextPosition;
      readonly operand: Expression | undefined;
      readonly branches: readonly { readonly when: Expression; readonly result: Expression }[];
      readonly otherwise: Expression | undefined;
    }
  | { readonly kind: 'cast'; readonly at: TextPosition; readonly operand: Expression; readonly type: SqlType }
  | CallExpression
  /** `l.r.COLUMN1`: a part of a column that is a row itself. */
  | { readonly kind: 'field'; readonly at: TextPosition; readonly operand: Expression; readonly name: string }
  /** FLOOR, CEIL and EXTRACT with a unit. */
  | {
      readonly kind: 'unit';
      readonly at: TextPosition;
      readonly operator: 'FLOOR' | 'CEIL' | 'EXTRACT';
      readonly operand: Expression;
      readonly unit: TimeUnit;
    }
  | { readonly kind: 'step'; readonly at: TextPosition; readonly operand: Expression; readonly interval: Expression }
  /** `(a - b) SECOND`: the time between two instants, counted in units. */
  | {
      readonly kind: 'difference';
      readonly at: TextPosition;
      readonly left: Expression;
      readonly right: Expression;
      readonly unit: TimeUnit;
    };

export type Literal = null | boolean | number | bigint | string;
export type IsWhat = 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN';

export type BinaryOperator =
  | 'AND'
  | 'OR'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '||'
  | 'IS DISTINCT FROM'
  | 'IS NOT DISTINCT FROM';

export interface BinaryExpression {
  readonly kind: 'binary';
  readonly at: TextPosition;
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface CallExpression {
  readonly kind: 'call';
  readonly at: TextPosition;
  readonly name: string;
  readonly arguments: readonly Expression[];
  readonly distinct: boolean;
  /** COUNT(*). */
  readonly star: boolean;
  readonly over: WindowSpec | string | undefined;
}

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
}

/** A sliding window: the current row, and what came before it. */
export interface WindowSpec {
  readonly at: TextPosition;
  /** Another window of the WINDOW clause whose parts this one takes. */
  readonly base: string | undefined;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly frame: WindowFrame | undefined;
}

export interface WindowFrame {
  readonly unit: 'RANGE' | 'ROWS';
  readonly at: TextPosition;
  /** Absent for CURRENT ROW; `unbounded` for UNBOUNDED PRECEDING. */
  readonly preceding: Expression | 'unbounded' | undefined;
}
