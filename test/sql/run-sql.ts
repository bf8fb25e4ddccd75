import { type CompileOptions, compileSql } from '../../src/lib/sql/compile-sql.js';
import type { InputSchema } from '../../src/lib/sql/input/input-schema.js';
import type { OutputBatch } from '../../src/lib/sql/run/outbox.js';
import type { SqlApplication } from '../../src/lib/sql/run/sql-application.js';
import { formatValue } from '../../src/lib/sql/types/cast-value.js';
import { formatTime } from '../../src/lib/sql/types/date-time.js';

/** `10:00:45` of one day, in milliseconds since the epoch. */
export function clock(time: string): number {
  return Date.parse(`2018-08-01T${time}Z`);
}

export function input(name: string, columns: Record<string, string>): InputSchema {
  return { name, columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })) };
}

/** Rows of a stream as text: each value as SQL writes it, times of the test's day without their date. */
export function rowsOf(application: SqlApplication, batches: readonly OutputBatch[], stream = 'RESULT'): string[] {
  const columns = application.streams.get(stream) ?? [];
  return batches
    .filter((batch) => batch.stream === stream)
    .flatMap((batch) => batch.rows)
    .map(({ values }) =>
      values
        .map((value, index) => {
          const type = columns[index]?.type ?? { name: 'VARCHAR' as const };
          if (value === null) return 'null';
          const whole = formatValue(value, type);
          return type.name === 'TIMESTAMP' && whole.startsWith('2018-08-01')
            ? formatTime(Number(value) % 86_400_000)
            : whole;
        })
        .join(' '),
    );
}

export interface Arrival {
  readonly at: string;
  readonly row: Readonly<Record<string, unknown>>;
  /** The input; the first one unless said otherwise. */
  readonly to?: string;
}

/** Runs a whole query over rows that arrive at given times, and lets time pass until `until`. */
export function runSql(
  sql: string,
  options: CompileOptions,
  arrivals: readonly Arrival[],
  until = '23:00:00',
  stream = 'RESULT',
): string[] {
  const application = compileSql(sql, options);
  const rows: string[] = [];
  for (const { at, row, to } of arrivals) {
    rows.push(
      ...rowsOf(application, application.push(to ?? options.inputs[0]?.name ?? '', [{ data: row }], clock(at)), stream),
    );
  }
  return [...rows, ...rowsOf(application, application.advance(clock(until)), stream)];
}

/** The values of expressions over one row, as SQL writes them; an error row's message in their place. */
export function evaluate(
  expressions: string,
  columns: Record<string, string> = { X: 'INTEGER' },
  row: Record<string, unknown> = { X: 7 },
): string {
  const application = compileSql(`SELECT STREAM ${expressions} FROM s`, { inputs: [input('S', columns)] });
  const batches = application.push('S', [{ data: row }], clock('10:11:12.345'));
  const [error] = batches.filter(({ stream }) => stream === 'error_stream').flatMap(({ rows }) => rows);
  return error ? `error: ${String(error.values[3])}` : rowsOf(application, batches).join('\n');
}
