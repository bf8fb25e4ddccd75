import * as Args from '@oclif/core/args';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { sqlFlags } from '../lib/cli/sql-flags.js';
import { OperationError } from '../lib/shared/errors.js';
import { printableText } from '../lib/shared/printable-text.js';
import type { InputSchema } from '../lib/sql/input/input-schema.js';
import type { SqlApplication } from '../lib/sql/run/sql-application.js';
import { flinkJob, refuseFlinkEngine } from '../lib/sql-query/flink-job.js';
import { openSink } from '../lib/sql-query/open-sink.js';
import { type QueryOptions, type QueryResult, queryStream } from '../lib/sql-query/query-stream.js';
import { readInput, readQuery } from '../lib/sql-query/read-query.js';
import { renderQueryResult, renderSchema } from '../lib/sql-query/render-query.js';
import { checkRange, needsPast } from '../lib/stream/position.js';
import { readSchemaFiles } from '../lib/tail/schema-files.js';

const MOST_NOTES = 20;
/** How long `--explain` waits for records to infer the columns from. */
const SAMPLE_MS = 3000;
/** A stream that `sql` makes, because nothing is there yet, takes the default load of `produce`. */
const SHARDS_IF_MADE = 2;

export default class Sql extends PipectlCommand<typeof Sql> {
  static override summary = 'Run streaming SQL over a stream.';
  static override description =
    'The dialect of Kinesis Data Analytics, and window table functions of Flink. The stream is "SOURCE_SQL_STREAM_001", or its own name.';
  static override examples = [
    `<%= config.bin %> sql orders 'SELECT STREAM * FROM "SOURCE_SQL_STREAM_001" WHERE "price" > 9000'`,
    `<%= config.bin %> sql orders 'SELECT STREAM state, COUNT(*) AS n FROM orders GROUP BY state, STEP(orders.ROWTIME BY INTERVAL '\\''10'\\'' SECOND)'`,
    '<%= config.bin %> sql orders --file large.sql --from trim-horizon --until now --csv > large.csv',
    '<%= config.bin %> sql orders --file large.sql --into stream:large-orders --checkpoint large.checkpoint',
    '<%= config.bin %> sql orders --file large.sql --print flink > job.sql',
  ];
  static override args = {
    stream: Args.string({ description: 'The stream; PIPECTL_STREAM, pipectl.yaml or the only one there is.' }),
    query: Args.string({ description: 'The SQL, or several statements of it.' }),
  };
  static override flags = sqlFlags;
  #notes = 0;

  async run(): Promise<void> {
    const { flags, progress, out } = this;
    const { stream, sql } = await readQuery({ first: this.args.stream, second: this.args.query }, flags.file);
    if (flags.engine === 'flink') refuseFlinkEngine(flags.flink, this.io.env.FLINK_HOME);
    const plans = flags.explain || flags.print !== undefined;
    const from = flags.from ?? flags.since ?? { kind: plans ? ('trim-horizon' as const) : ('latest' as const) };
    checkRange(from, flags.until, flags.checkpoint !== undefined);
    const schemas = flags['schema-file'] && (await readSchemaFiles(flags['schema-file']));
    const shardsIfMade = plans || needsPast(from, flags.until) ? undefined : SHARDS_IF_MADE;
    const { name } = await this.chooseStream(stream, shardsIfMade, { refuseNear: true });
    const { inputName, schema } = await readInput(sql, name, flags);
    const clients = await this.clients();
    this.io.watchOutput();
    const note = (text: string): void => this.#note(text);
    const planned: { plan?: { application: SqlApplication; schema: InputSchema } } = {};
    const sink = await openSink(async () => clients, {
      ...flags,
      into: plans ? undefined : flags.into,
      out,
      signal: this.signal,
      onNote: note,
    });
    const options: QueryOptions = {
      reading: {
        clients,
        stream: name,
        from,
        untilMs: flags.until,
        idleExitMs: flags['idle-exit'] ?? (plans ? SAMPLE_MS : undefined),
        shards: flags.shard && new Set(flags.shard),
        key: flags.key,
        decode: flags.decode,
        schemas,
        filter: flags.filter,
        fanOut: flags['fan-out'],
        onReady: (count) => note(`reading ${name}: ${count} shard${count === 1 ? '' : 's'}`),
        onNote: note,
        onWarning: (text) => progress.warn(text),
        signal: this.signal,
      },
      sql,
      inputName,
      schema,
      sink,
      limit: flags.limit,
      checkpointFile: plans ? undefined : flags.checkpoint,
      onStart: (application, used) => {
        if (schema === undefined) progress.detail(`columns: ${renderSchema(used)}`);
        planned.plan = { application, schema: used };
        return !plans;
      },
      onErrorRow: (error, message, row) => note(printableText(`row error ${error}: ${message} ${row.slice(0, 200)}`)),
    };
    const result = await queryStream(options);
    if (plans) await this.#print(name, sql, planned.plan);
    else this.#conclude(result);
  }

  async #print(
    stream: string,
    sql: string,
    plan: { application: SqlApplication; schema: InputSchema } | undefined,
  ): Promise<void> {
    if (!plan)
      throw new OperationError(`"${stream}" has no records to infer columns from.`, {
        hint: "Name the columns: --columns 'id VARCHAR(16), price DECIMAL(10,2)'",
      });
    const { out, flags } = this;
    if (flags.explain) {
      const value = { columns: plan.schema.columns, plan: plan.application.explain() };
      await out.result(value, () => `${[`columns: ${renderSchema(plan.schema)}`, ...value.plan].join('\n')}\n`);
      return;
    }
    const kinesis = (await this.clients()).kinesisControl();
    const { StreamDescriptionSummary: summary } = await kinesis.call(
      'DescribeStreamSummary',
      { StreamName: stream },
      this.signal,
    );
    const target = await this.target();
    const job = flinkJob(sql, plan.schema, { streamArn: summary?.StreamARN ?? '', into: flags.into, target });
    await out.result({ job }, () => job);
  }

  #conclude(result: QueryResult): void {
    const { progress } = this;
    if (this.io.outputClosed.aborted) return;
    progress.note(progress.style.dim(renderQueryResult(result)));
    if (result.errorRows > 0 && this.flags.columns === undefined && this.flags.schema === undefined)
      progress.note(progress.style.dim("If inferred columns do not fit, name them: --columns 'price DOUBLE, …'"));
  }

  #note(text: string): void {
    const { progress } = this;
    this.#notes += 1;
    if (this.#notes <= MOST_NOTES) progress.note(progress.style.dim(text));
    if (this.#notes === MOST_NOTES) progress.note(progress.style.dim('further notes are left out'));
  }
}
