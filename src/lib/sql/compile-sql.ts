import { createHash } from 'node:crypto';
import type { InputSchema } from './input/input-schema.js';
import { parseScript } from './parse/parse-script.js';
import type { RunContext } from './plan/bound.js';
import { planApplication } from './plan/plan-application.js';
import { SqlApplication } from './run/sql-application.js';

export interface CompileOptions {
  /** The streams that the text reads. */
  readonly inputs: readonly InputSchema[];
  /** Tables that it joins; their rows come by `loadReference`. */
  readonly references?: readonly InputSchema[];
  /** Milliseconds since the epoch: where time begins. 0 unless said otherwise; `push` and `advance` move it. */
  readonly now?: number;
  /** How much windows and joins may hold, in bytes by estimate; 256 MiB unless said otherwise. */
  readonly stateBytes?: number;
  /** The streams whose rows come out; all that the text creates, and `error_stream`, unless said otherwise. */
  readonly outputs?: readonly string[];
  /** Keeps rows, and puts them into snapshots, until they are acknowledged. */
  readonly keepsOutput?: boolean;
  /** What RANDOM_CUT_FOREST draws from; the same seed gives the same scores. */
  readonly seed?: number;
}

/**
 * Compiles SQL of the dialect of Kinesis Data Analytics (or Flink's, for window table functions) into an application that is ready to run.
 *
 *     const application = compileSql(text, { inputs: [{ name: 'SOURCE_SQL_STREAM_001', columns: [{ name: 'price', type: 'DOUBLE' }] }] });
 *     for (const { stream, rows } of application.push('SOURCE_SQL_STREAM_001', [{ data: '{"price":1}' }], Date.now())) …
 *     application.advance(Date.now());       // at least each second, and at `nextDue`
 *
 * The rows of a query that stands alone are those of the stream `RESULT`; rows that cannot be computed are those of `error_stream`.
 * @throws SqlError (a UsageError) with line and column; UsageError for a wrong schema
 */
export function compileSql(sql: string, options: CompileOptions): SqlApplication {
  const { inputs, references = [], now = 0, seed = 1, ...others } = options;
  const run: RunContext = { now, seed };
  const plan = planApplication(parseScript(sql), inputs, references, run);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([sql, inputs, references, seed]))
    .digest('hex');
  return new SqlApplication({ plan, inputs, references, run, fingerprint, ...others });
}
