import { type InputSchema, RECORD_COLUMNS } from '../input/input-schema.js';
import { parseTypeText } from '../parse/parse-type.js';
import type { InsertStatement, Query, Script } from '../parse/syntax.js';
import { SqlError, type TextPosition } from '../sql-error.js';
import { castBetween } from '../types/cast-value.js';
import { type Column, familyOf, type SqlType, TIMESTAMP, writeType } from '../types/sql-type.js';
import { type Bound, boundAs, constant, type RunContext, sameType } from './bound.js';
import type { KnownSource, PlanContext } from './plan-context.js';
import type { PlanNode } from './plan-node.js';
import { planQuery } from './plan-query.js';
import { planSource } from './plan-source.js';
import { columnAt } from './scope.js';

export const ERROR_STREAM = 'error_stream';
/** Where the rows of a query that stands alone go. */
export const RESULT_STREAM = 'RESULT';

/** DG, "Error Handling": the columns of the in-application error stream. */
const ERROR_COLUMNS: readonly Column[] = [
  { name: 'ERROR_TIME', type: TIMESTAMP },
  { name: 'ERROR_LEVEL', type: { name: 'VARCHAR', precision: 10 } },
  { name: 'ERROR_NAME', type: { name: 'VARCHAR', precision: 32 } },
  { name: 'MESSAGE', type: { name: 'VARCHAR', precision: 4096 } },
  { name: 'DATA_ROWTIME', type: TIMESTAMP },
  { name: 'DATA_ROW', type: { name: 'VARCHAR', precision: 49_152 } },
  { name: 'PUMP_NAME', type: { name: 'VARCHAR', precision: 128 } },
];

/** A query whose rows go into a stream, all the time. */
export interface PlannedPump {
  readonly name: string;
  readonly into: string;
  readonly at: TextPosition;
  readonly node: PlanNode;
}

export interface ApplicationPlan {
  /** Streams that the text creates, and the error stream; inputs are not among them. */
  readonly streams: ReadonlyMap<string, readonly Column[]>;
  /** What a pump reads comes before it. */
  readonly pumps: readonly PlannedPump[];
}

/** Plans a whole text. @throws SqlError with line and column */
export function planApplication(
  script: Script,
  inputs: readonly InputSchema[],
  references: readonly InputSchema[],
  run: RunContext,
): ApplicationPlan {
  const sources = new Map<string, KnownSource>([[ERROR_STREAM, { kind: 'stream', columns: ERROR_COLUMNS }]]);
  for (const input of inputs) sources.set(input.name, { kind: 'stream', columns: inputColumns(input) });
  for (const table of references) sources.set(table.name, { kind: 'reference', columns: columnsOf(table) });
  const streams = new Map<string, readonly Column[]>([[ERROR_STREAM, ERROR_COLUMNS]]);
  const pumps: PlannedPump[] = [];
  const context: PlanContext = { run, sources, windows: [], planQuery, planSource };
  const create = (name: string, columns: readonly Column[], at: TextPosition): void => {
    if (inputs.some((input) => input.name === name) || name === ERROR_STREAM)
      throw new SqlError(`stream "${name}" exists already.`, at, 'Use another name.');
    if (references.some((table) => table.name === name))
      throw new SqlError(`"${name}" is a reference table.`, at, 'Use another name.');
    refuseDoubles(columns, at);
    streams.set(name, columns);
    sources.set(name, { kind: 'stream', columns });
  };
  // Streams first: a pump may read one that the text creates below it.
  for (const statement of script.statements) {
    if (statement.kind === 'create-stream' && statement.columns)
      create(statement.name, statement.columns, statement.at);
  }
  let unnamed = 0;
  const addPump = (name: string, insert: InsertStatement): void => {
    const replaced = pumps.findIndex((pump) => pump.name === name);
    if (replaced >= 0) pumps.splice(replaced, 1);
    pumps.push({ name, into: insert.into, at: insert.at, node: planInsert(insert, context, streams) });
  };
  const addQuery = (name: string, query: Query, at: TextPosition): void => {
    const { node, columns } = planQuery(query, context);
    create(name, uniquelyNamed(columns), at);
    pumps.push({ name, into: name, at, node });
  };
  for (const statement of script.statements) {
    if (statement.kind === 'create-stream' && statement.query) addQuery(statement.name, statement.query, statement.at);
    if (statement.kind === 'create-pump') addPump(statement.name, statement.insert);
    if (statement.kind === 'insert') addPump(`INSERT_${(unnamed += 1)}`, statement);
    if (statement.kind === 'query') {
      const name = streams.has(RESULT_STREAM) ? `${RESULT_STREAM}_${(unnamed += 1) + 1}` : RESULT_STREAM;
      addQuery(name, statement.query, statement.at);
    }
  }
  return { streams, pumps: inOrder(pumps) };
}

function inputColumns(input: InputSchema): KnownSource['columns'] {
  const own = columnsOf(input);
  const free = RECORD_COLUMNS.filter(({ name }) => !own.some((column) => column.name === name));
  // A column of the schema with the same name wins; its place in the row stays where the record's value would be.
  return [
    ...own,
    ...RECORD_COLUMNS.map((column) => ({ ...column, hidden: true, ...(!free.includes(column) && { name: '' }) })),
  ];
}

export function columnsOf(schema: InputSchema): Column[] {
  return schema.columns.map(({ name, type }) => ({ name, type: parseTypeText(type) }));
}

/** `price`, `price0`, as Calcite names the columns of a query. */
function uniquelyNamed(columns: readonly Column[]): Column[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let { name } = column;
    for (let suffix = 0; taken.has(name); suffix += 1) name = `${column.name}${suffix}`;
    taken.add(name);
    return { ...column, name };
  });
}

function refuseDoubles(columns: readonly Column[], at: TextPosition): void {
  const double = columns.find(({ name }, index) => columns.findIndex((column) => column.name === name) < index);
  if (double) throw new SqlError(`column "${double.name}" is there twice.`, at, 'Name one of them with AS.');
}

function planInsert(
  insert: InsertStatement,
  context: PlanContext,
  streams: ReadonlyMap<string, readonly Column[]>,
): PlanNode {
  const target = streams.get(insert.into);
  if (!target) {
    const names = [...streams.keys()].filter((name) => name !== ERROR_STREAM);
    throw new SqlError(
      `stream "${insert.into}" not found.`,
      insert.at,
      names.length > 0 ? `Available: ${names.map((name) => `"${name}"`).join(', ')}.` : 'Create it with CREATE STREAM.',
    );
  }
  const { node, columns } = planQuery(insert.query, context);
  const into = insert.columns ?? target.map(({ name }) => name);
  if (into.length !== columns.length) {
    throw new SqlError(`INSERT names ${into.length} columns, and its query has ${columns.length}.`, insert.at);
  }
  for (const name of into) {
    if (!target.some((column) => column.name === name))
      throw new SqlError(`column "${name}" not found in "${insert.into}".`, insert.at);
  }
  const items = target.map(({ name, type }): Bound => {
    const index = into.indexOf(name);
    const source = columns[index];
    return source
      ? assigned(columnAt({ index: index + 1, type: source.type }), source, { name, type }, insert.at)
      : constant(type, null);
  });
  return { kind: 'project', input: node, items, columns: target };
}

/** What fits a column without CAST: numbers each other, text each other. */
function assigned(bound: Bound, source: Column, target: Column, at: TextPosition): Bound {
  if (sameType(source.type, target.type)) return bound;
  if (!assignable(source.type, target.type) || !castBetween(source.type, target.type)) {
    throw new SqlError(
      `column "${target.name}" is ${writeType(target.type)}, and its value is ${writeType(source.type)}.`,
      at,
      `Convert it: CAST(… AS ${writeType(target.type)}).`,
    );
  }
  return boundAs(bound, target.type, { kind: 'star', at, qualifier: undefined });
}

function assignable(source: SqlType, target: SqlType): boolean {
  const [from, to] = [familyOf(source), familyOf(target)];
  return from === to || from === 'null' || (from === 'interval' && to === 'number');
}

/** Orders pumps so that a stream is filled before it is read. @throws SqlError for a circle */
function inOrder(pumps: readonly PlannedPump[]): PlannedPump[] {
  const ordered: PlannedPump[] = [];
  const visiting = new Set<PlannedPump>();
  const visit = (pump: PlannedPump): void => {
    if (ordered.includes(pump)) return;
    if (visiting.has(pump))
      throw new SqlError(`pump "${pump.name}" reads what it writes.`, pump.at, 'Insert into another stream.');
    visiting.add(pump);
    const read = streamsRead(pump.node);
    for (const other of pumps) if (read.has(other.into)) visit(other);
    ordered.push(pump);
  };
  for (const pump of pumps) visit(pump);
  return ordered;
}

export function streamsRead(node: PlanNode): Set<string> {
  if (node.kind === 'scan') return new Set([node.stream]);
  if (node.kind === 'union') return new Set(node.inputs.flatMap((input) => [...streamsRead(input)]));
  if (node.kind === 'join') return new Set([...streamsRead(node.left.input), ...streamsRead(node.right.input)]);
  return streamsRead(node.input);
}
