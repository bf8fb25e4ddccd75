import { nearMatches } from '../../shared/near-matches.js';
import type { Expression } from '../parse/expression-syntax.js';
import { SqlError } from '../sql-error.js';
import type { SqlType } from '../types/sql-type.js';
import type { Bound } from './bound.js';

/** A column of a source, and where its value is in a row. */
export interface ScopeColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly index: number;
  /** Left out of `*`. */
  readonly hidden?: boolean;
  /** ROWTIME, or what a window table function says of its window: windows are made of these. */
  readonly role?: ColumnRole;
  /** A subquery's column that never decreases: groups over it can end. */
  readonly time?: ColumnTime;
}

export interface ColumnTime {
  /** When the window of its value ends; undefined when only a larger value ends it, as MONOTONIC says. */
  readonly endOf: ((time: number) => number) | undefined;
}

export type ColumnRole = 'rowtime' | 'window-start' | 'window-end' | 'window-time';

export interface ScopeSource {
  readonly alias: string | undefined;
  readonly columns: readonly ScopeColumn[];
}

/** The sources behind one FROM. */
export class Scope {
  readonly sources: readonly ScopeSource[];

  constructor(sources: readonly ScopeSource[]) {
    this.sources = sources;
  }

  find(expression: Extract<Expression, { kind: 'column' }>): ScopeColumn {
    const { qualifier, name, at } = expression;
    const sources = qualifier === undefined ? this.sources : this.sources.filter(({ alias }) => alias === qualifier);
    if (sources.length === 0) {
      throw new SqlError(
        `source "${qualifier}" not found.`,
        at,
        listed(
          this.sources.flatMap(({ alias }) => alias ?? []),
          qualifier ?? '',
        ),
      );
    }
    const found = sources.flatMap(({ columns }) => columns.filter((column) => column.name === name));
    const [first] = found;
    if (!first) {
      const names = sources.flatMap(({ columns }) => columns.map((column) => column.name));
      throw new SqlError(`column "${name}" not found.`, at, listed(names, name));
    }
    // Several inputs: a row of their join has the later of their ROWTIMEs.
    if (qualifier === undefined && first.role === 'rowtime' && name === 'ROWTIME') return { ...first, index: 0 };
    if (found.length > 1 && found.some((column) => column.index !== first.index)) {
      throw new SqlError(`column "${name}" is in several sources.`, at, 'Write the source and a dot before it.');
    }
    return first;
  }

  /** The columns that `*` or `alias.*` stands for. */
  star(expression: Extract<Expression, { kind: 'star' }>): ScopeColumn[] {
    const { qualifier, at } = expression;
    const sources = qualifier === undefined ? this.sources : this.sources.filter(({ alias }) => alias === qualifier);
    if (sources.length === 0) throw new SqlError(`source "${qualifier}" not found.`, at);
    return sources.flatMap(({ columns }) => columns.filter((column) => !column.hidden));
  }

  bind(expression: Extract<Expression, { kind: 'column' }>): Bound {
    return columnAt(this.find(expression));
  }
}

export function columnAt({ index, type }: { index: number; type: SqlType }): Bound {
  return { type, evaluate: (row) => row[index] ?? null };
}

/** Unquoted names are upper case: the usual reason why a column of a JSON schema is not found. */
function listed(names: readonly string[], sought: string): string {
  const sameLetters = names.find((name) => name !== sought && name.toUpperCase() === sought.toUpperCase());
  if (sameLetters) return `Write it in quotes: "${sameLetters}". Names without quotes are upper case.`;
  const [near] = nearMatches(sought, names);
  if (near) return `Did you mean "${near}"?`;
  return names.length === 0
    ? 'There are none.'
    : `Available: ${[...new Set(names)].map((name) => `"${name}"`).join(', ')}.`;
}
