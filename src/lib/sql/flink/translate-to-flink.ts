import type { InputSchema } from '../input/input-schema.js';
import { parseScript } from '../parse/parse-script.js';
import type { InsertStatement, Query, Script } from '../parse/syntax.js';
import { columnsOf, planApplication, RESULT_STREAM, streamsRead } from '../plan/plan-application.js';
import type { TextPosition } from '../sql-error.js';
import type { Column } from '../types/sql-type.js';
import { flinkType, quoted, writeOptions } from './flink-names.js';
import { type QueryContext, writeQuery } from './write-query.js';
import { writeSourceTable } from './write-source-table.js';

export interface FlinkOptions {
  readonly inputs: readonly InputSchema[];
  readonly references?: readonly InputSchema[];
  /** Streams whose rows leave the job; those that nothing else reads, unless said otherwise. */
  readonly outputs?: readonly string[];
  /** What stands in WITH of a table: `{ connector: 'kinesis', stream: … }`. */
  optionsOf(table: string, role: 'source' | 'sink'): Readonly<Record<string, string>>;
}

/** One statement of the job. */
export interface FlinkStatement {
  readonly sql: string;
  /** The part of the application that it comes from; undefined for inputs. */
  readonly origin: (TextPosition & { readonly what: string }) | undefined;
}

/** A part of the text that Flink has no equivalent for. */
export interface Untranslated extends TextPosition {
  readonly what: string;
  readonly hint: string | undefined;
}

export interface FlinkJob {
  readonly statements: readonly FlinkStatement[];
  /** Empty when the job says all that the text says, but for the error stream. */
  readonly untranslated: readonly Untranslated[];
}

/**
 * Translates an application into a job of Flink SQL: an in-application stream becomes a view, one whose rows leave a table, ROWTIME processing time.
 * Flink has no error stream: a row that does not fit its columns is left out.
 * @throws SqlError for a text that cannot run here either
 */
export function translateToFlink(sql: string, options: FlinkOptions): FlinkJob {
  const script = parseScript(sql);
  const { inputs, references = [] } = options;
  // A text that does not compile is refused before; and the plan knows the columns of every stream.
  const plan = planApplication(script, inputs, references, { now: 0, seed: 0 });
  const streams = new Map<string, readonly Column[]>([
    ...plan.streams,
    ...inputs.map((input) => [input.name, columnsOf(input)] as const),
  ]);
  const statements: FlinkStatement[] = inputs.flatMap((input) =>
    writeSourceTable(input, options.optionsOf(input.name, 'source')).map((written) => ({
      sql: written,
      origin: undefined,
    })),
  );
  const untranslated: Untranslated[] = [];
  const read = new Set(plan.pumps.flatMap(({ node }) => [...streamsRead(node)]));
  const filled = fillings(script);
  const outputs = options.outputs ?? [...filled.keys()].filter((stream) => !read.has(stream));
  let views = 0;
  const context: QueryContext = {
    streams,
    report: (at, what, hint) => untranslated.push({ line: at.line, column: at.column, what, hint }),
    view: (query) => {
      views += 1;
      const name = `SUBQUERY_${views}`;
      const written = writeQuery(query, undefined, true, context);
      streams.set(name, subqueryColumns(query, streams));
      statements.push({
        sql: `CREATE TEMPORARY VIEW ${quoted(name)} AS\n${written}`,
        origin: { ...query.at, what: 'subquery' },
      });
      return name;
    },
  };
  // In the order of the plan: what is read comes first.
  for (const stream of new Set(plan.pumps.map(({ into }) => into))) {
    const parts = filled.get(stream) ?? [];
    const [first] = parts;
    if (!first) continue;
    const columns = streams.get(stream) ?? [];
    const origin = { ...first.at, what: stream };
    const isRead = read.has(stream);
    const written = parts
      .map(({ query, columns: names }) =>
        writeQuery(query, targetOf(columns, names, query.at, context), isRead, context),
      )
      .join('\nUNION ALL\n');
    if (isRead) statements.push({ sql: `CREATE TEMPORARY VIEW ${quoted(stream)} AS\n${written}`, origin });
    if (!outputs.includes(stream)) continue;
    const sink = isRead ? `${stream}_OUT` : stream;
    const definitions = columns.map(({ name, type }) => `${quoted(name)} ${flinkType(type)}`).join(', ');
    statements.push({
      sql: `CREATE TABLE ${quoted(sink)} (${definitions})\nWITH (${writeOptions(options.optionsOf(stream, 'sink'))})`,
      origin,
    });
    const rows = isRead
      ? `SELECT ${columns.map(({ name }) => quoted(name)).join(', ')} FROM ${quoted(stream)}`
      : written;
    statements.push({ sql: `INSERT INTO ${quoted(sink)}\n${rows}`, origin });
  }
  return { statements, untranslated };
}

interface Filling {
  readonly at: TextPosition;
  readonly query: Query;
  readonly columns: readonly string[] | undefined;
}

/** The queries that fill each stream. */
function fillings(script: Script): Map<string, Filling[]> {
  const filled = new Map<string, Filling[]>();
  const add = (stream: string, filling: Filling): void => {
    filled.set(stream, [...(filled.get(stream) ?? []), filling]);
  };
  const insert = ({ into, at, query, columns }: InsertStatement): void => add(into, { at, query, columns });
  for (const statement of script.statements) {
    if (statement.kind === 'create-pump') insert(statement.insert);
    else if (statement.kind === 'insert') insert(statement);
    else if (statement.kind === 'query')
      add(RESULT_STREAM, { at: statement.at, query: statement.query, columns: undefined });
    else if (statement.query) add(statement.name, { at: statement.at, query: statement.query, columns: undefined });
  }
  return filled;
}

/** The columns that a query's items go to, in the order of the items. */
function targetOf(
  columns: readonly Column[],
  names: readonly string[] | undefined,
  at: TextPosition,
  context: QueryContext,
): readonly Column[] {
  if (!names) return columns;
  const whole = names.length === columns.length && names.every((name, index) => name === columns[index]?.name);
  if (!whole) context.report(at, 'INSERT into some columns, or in another order', 'Name all columns in their order.');
  return names.flatMap((name) => columns.find((column) => column.name === name) ?? []);
}

/** Only the names of a subquery's columns matter: its view forwards their types. */
function subqueryColumns(query: Query, streams: ReadonlyMap<string, readonly Column[]>): Column[] {
  const [select] = query.kind === 'select' ? [query] : query.parts;
  return (select?.items ?? []).flatMap(({ expression, alias }, index): Column[] => {
    const type = { name: 'VARCHAR' as const };
    if (expression.kind === 'star')
      return [...(select?.from.kind === 'stream' ? (streams.get(select.from.name) ?? []) : [])];
    return [{ name: alias ?? (expression.kind === 'column' ? expression.name : `EXPR$${index}`), type }];
  });
}

/** The job as a file: statements with their origin beside them. */
export function writeFlinkScript({ statements, untranslated }: FlinkJob): string {
  const problems = untranslated.map(
    ({ line, column, what, hint }) =>
      `-- NOT TRANSLATED, line ${line}, column ${column}: ${what}.${hint ? ` ${hint}` : ''}`,
  );
  const written = statements.map(
    ({ sql, origin }) => `${origin ? `-- line ${origin.line}: ${origin.what}\n` : ''}${sql};`,
  );
  return `${[...problems, ...written].join('\n\n')}\n`;
}
