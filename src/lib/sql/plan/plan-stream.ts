import { nearMatches } from '../../shared/near-matches.js';
import type { StreamSource, SubquerySource } from '../parse/syntax.js';
import { SqlError } from '../sql-error.js';
import { TIMESTAMP } from '../types/sql-type.js';
import type { PlanContext } from './plan-context.js';
import type { Relation } from './plan-node.js';
import type { ScopeColumn } from './scope.js';

/** A stream by its name. */
export function planStream(
  { name, at, alias }: Pick<StreamSource, 'name' | 'at' | 'alias'>,
  context: PlanContext,
): Relation {
  const known = context.sources.get(name);
  if (!known) throw notFound(name, at, context);
  if (known.kind === 'reference') {
    throw new SqlError(
      `"${name}" is a reference table.`,
      at,
      'Join it with a stream: FROM stream AS s JOIN table AS t ON ….',
    );
  }
  const columns = known.columns.map((column, index): ScopeColumn => ({ ...column, index: index + 1 }));
  return {
    node: { kind: 'scan', stream: name },
    sources: [{ alias: alias ?? name, columns: [rowtimeAt(0), ...columns] }],
    width: columns.length + 1,
  };
}

export function rowtimeAt(index: number): ScopeColumn {
  return { name: 'ROWTIME', type: TIMESTAMP, index, hidden: true, role: 'rowtime' };
}

function notFound(name: string, at: StreamSource['at'], context: PlanContext): SqlError {
  const names = [...context.sources.keys()];
  const sameLetters = names.find((one) => one.toUpperCase() === name);
  const [near] = nearMatches(name, names);
  const hint = sameLetters
    ? `Write it in quotes: "${sameLetters}". Names without quotes are upper case.`
    : near
      ? `Did you mean "${near}"?`
      : `Available: ${names.map((one) => `"${one}"`).join(', ')}.`;
  return new SqlError(`stream "${name}" not found.`, at, hint);
}

export function planSubquery({ query, alias, columns: names, at }: SubquerySource, context: PlanContext): Relation {
  const { node, columns, times } = context.planQuery(query, { ...context, windows: [] });
  if (names && names.length !== columns.length) {
    throw new SqlError(`${alias ?? 'the subquery'} has ${columns.length} columns and ${names.length} names.`, at);
  }
  const shown = columns.map(
    ({ type, name }, index): ScopeColumn => ({ name: names?.[index] ?? name, type, index: index + 1, ...times[index] }),
  );
  // A column that the subquery itself calls ROWTIME hides the one of its rows.
  const rowtime = shown.some(({ name }) => name === 'ROWTIME') ? [] : [rowtimeAt(0)];
  return { node, sources: [{ alias, columns: [...rowtime, ...shown] }], width: columns.length + 1 };
}
