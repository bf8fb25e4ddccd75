import type { TableArgument, TableFunctionSource } from '../parse/syntax.js';
import { SqlError } from '../sql-error.js';
import { TIMESTAMP } from '../types/sql-type.js';
import { bindExpression } from './bind-expression.js';
import { intervalMs } from './bind-time.js';
import { planAnomaly } from './plan-anomaly.js';
import type { PlanContext } from './plan-context.js';
import type { Relation } from './plan-node.js';
import { planStream } from './plan-stream.js';
import { planTopItems } from './plan-top-items.js';
import { Scope, type ScopeColumn } from './scope.js';

/** TABLE(function(…)): Flink's windows, and what the dialect knows of frequent items and anomalies. */
export function planTableFunction(source: TableFunctionSource, context: PlanContext): Relation {
  switch (source.name) {
    case 'TUMBLE':
    case 'HOP':
    case 'CUMULATE':
    case 'SESSION':
      return planWindowFunction(source, context);
    case 'TOP_K_ITEMS_TUMBLING':
    case 'COUNT_DISTINCT_ITEMS_TUMBLING':
      return planTopItems(source, context);
    case 'RANDOM_CUT_FOREST':
      return planAnomaly(source, context);
    default:
      throw new SqlError(
        `table function ${source.name} is not supported.`,
        source.at,
        'Available: TUMBLE, HOP, CUMULATE, SESSION, TOP_K_ITEMS_TUMBLING, COUNT_DISTINCT_ITEMS_TUMBLING, RANDOM_CUT_FOREST.',
      );
  }
}

type Windows = (time: number) => readonly (readonly [start: number, end: number])[];

function planWindowFunction(source: TableFunctionSource, context: PlanContext): Relation {
  const { name, at } = source;
  const [table, descriptor, ...sizes] = source.arguments;
  if (table?.kind !== 'table' || descriptor?.kind !== 'descriptor') {
    throw new SqlError(
      `${name} needs a table and a descriptor.`,
      at,
      `For example: ${name}(TABLE s, DESCRIPTOR(ROWTIME), INTERVAL '10' SECOND).`,
    );
  }
  const input = planStream({ name: table.name, at: table.at, alias: source.alias ?? table.name }, context);
  const scope = new Scope(input.sources);
  const [column = ''] = descriptor.columns;
  if (scope.find({ kind: 'column', at: descriptor.at, qualifier: undefined, name: column }).role !== 'rowtime') {
    throw new SqlError(
      `${name} over "${column}" is not supported.`,
      descriptor.at,
      'Use DESCRIPTOR(ROWTIME): windows follow ROWTIME.',
    );
  }
  const lengths = sizes.map((size) => sizeOf(size, name, at, context));
  if (name === 'SESSION') {
    return {
      ...withWindowColumns(input, -1),
      session: { gapMs: one(lengths, name, at), partitionBy: table.partitionBy },
    };
  }
  if (table.partitionBy.length > 0) throw new SqlError(`${name} takes no PARTITION BY.`, table.at, 'Use GROUP BY.');
  const node = {
    kind: 'window-rows' as const,
    input: input.node,
    width: input.width,
    windowsOf: windowsOf(name, lengths, at),
  };
  return { ...withWindowColumns(input, input.width), node, width: input.width + 3 };
}

function sizeOf(size: TableArgument, name: string, at: TableFunctionSource['at'], { run }: PlanContext): number {
  if (size.kind !== 'value') throw new SqlError(`${name} needs intervals behind the descriptor.`, at);
  const bound = bindExpression(size.expression, {
    run,
    column: ({ at: where }) => {
      throw new SqlError(`${name} needs an interval that is the same for every row.`, where);
    },
  });
  return intervalMs(bound, size.expression, name);
}

function one(lengths: readonly number[], name: string, at: TableFunctionSource['at']): number {
  const [length] = lengths;
  if (length === undefined || lengths.length > 1) throw new SqlError(`${name} takes one interval.`, at);
  return length;
}

function windowsOf(name: string, lengths: readonly number[], at: TableFunctionSource['at']): Windows {
  if (name === 'TUMBLE') {
    const size = one(lengths, name, at);
    return (time) => {
      const start = Math.floor(time / size) * size;
      return [[start, start + size]];
    };
  }
  const [step, size] = lengths;
  if (step === undefined || size === undefined || lengths.length > 2 || size % step !== 0) {
    throw new SqlError(`${name} takes two intervals, and the second must be a multiple of the first.`, at);
  }
  if (size / step > 10_000) throw new SqlError(`${name} makes at most 10,000 windows for a row.`, at);
  return name === 'HOP' ? (time) => hops(time, step, size) : (time) => cumulations(time, step, size);
}

function hops(time: number, step: number, size: number): (readonly [number, number])[] {
  const last = Math.floor(time / step) * step;
  const windows: (readonly [number, number])[] = [];
  for (let start = last - size + step; start <= last; start += step) windows.push([start, start + size]);
  return windows;
}

function cumulations(time: number, step: number, size: number): (readonly [number, number])[] {
  const start = Math.floor(time / size) * size;
  const windows: (readonly [number, number])[] = [];
  for (let end = Math.floor(time / step) * step + step; end <= start + size; end += step) windows.push([start, end]);
  return windows;
}

/** Flink writes these names in lower case; unquoted, they are upper case here. */
function withWindowColumns(input: Relation, from: number): Relation {
  const roles = ['window-start', 'window-end', 'window-time'] as const;
  const added = roles.map(
    (role, index): ScopeColumn => ({
      name: role.toUpperCase().replace('-', '_'),
      type: TIMESTAMP,
      index: from < 0 ? -1 - index : from + index,
      role,
    }),
  );
  const [first] = input.sources;
  return { ...input, sources: [{ alias: first?.alias, columns: [...(first?.columns ?? []), ...added] }] };
}
