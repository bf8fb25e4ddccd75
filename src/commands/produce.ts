import * as Args from '@oclif/core/args';
import { PIPED_BY_MS, peekStdin } from '../lib/cli/peek-stdin.js';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { produceFlags } from '../lib/cli/produce-flags.js';
import type { FailureLine } from '../lib/produce/failure-line.js';
import { NO_ANSWER } from '../lib/produce/fatal.js';
import { succeeded } from '../lib/produce/load-result.js';
import { planLoad, shardsForLoad, shardsNeeded } from '../lib/produce/plan-load.js';
import { produce } from '../lib/produce/produce.js';
import { putOne } from '../lib/produce/put-one.js';
import { renderAdvice, renderFailure, renderResult, renderShortfall } from '../lib/produce/render-load.js';
import { renderMoment } from '../lib/produce/render-moment.js';
import { checkAgainstStream, readStreamTraits } from '../lib/produce/stream-traits.js';
import type { LoadMoment } from '../lib/produce/watch-load.js';
import { OperationError, UsageError } from '../lib/shared/errors.js';

/** With any of these a run does not look at stdin, which may be that of a loop around it. */
const SAYS_WHAT_TO_SEND = [
  'from',
  'template',
  'schema',
  'rate',
  'ramp',
  'burst',
  'count',
  'duration',
  'seed',
  'size',
] as const;
const MOST_WARNINGS = 5;
/** The spinner and the space behind it, and one column that stays free: a full line would wrap. */
const SPINNER_COLUMNS = 3;

export default class Produce extends PipectlCommand<typeof Produce> {
  static override summary = 'Send records to a stream at a steady rate.';
  static override description =
    'Records are sent on schedule even if the target is slow, and latency counts from the scheduled time. ' +
    'Runs until Ctrl-C, --duration or --count. On the local target, a missing stream is created.';
  static override examples = [
    '<%= config.bin %> produce orders --rate 1000',
    '<%= config.bin %> produce orders --schema clickstream --ramp 0:3000:60s --duration 5m',
    '<%= config.bin %> produce orders --template order.json --partition-key field:customer.id --count 10000 --seed 7',
    '<%= config.bin %> produce orders --from events.ndjson --time-field createdAt --speed 10',
    '<%= config.bin %> produce orders --rate 20000 --aggregate --json',
    `<%= config.bin %> produce orders --data '{"id":1}' --key customer-7`,
  ];
  static override args = {
    stream: Args.string({ description: 'The stream; PIPECTL_STREAM, pipectl.yaml or the only one there is.' }),
  };
  static override flags = produceFlags;

  private warnings = 0;

  async run(): Promise<void> {
    if (this.flags.data !== undefined) return this.#putOne(this.flags.data);
    await this.#refuseUnreadStdin();
    const draft = await planLoad({ ...this.flags, stdinHead: () => this.#stdinHead() });
    const { name } = await this.chooseStream(this.args.stream, shardsForLoad(draft), { create: this.flags.create });
    const traits = await readStreamTraits(await this.clients(), name, this.signal);
    const { recordLimitBytes, shards, openShards } = traits;
    const plan = { ...draft, target: await this.target(), stream: name, recordLimitBytes, shards };
    checkAgainstStream(plan, traits);
    this.progress.start(`sending to ${name}`);
    const problems: string[] = [];
    const result = await produce(plan, {
      signal: this.signal,
      failuresFile: this.flags.failures,
      metricsFile: this.flags['metrics-file'],
      onIncompleteFile: (problem) => problems.push(problem),
      onMoment: (moment) => this.showMoment(moment),
      onFailure: (line) => this.warnOf(line),
      onWarning: (text) => this.progress.warn(text),
    });
    this.progress.stop();
    await this.out.result(result, (value) => renderResult(value, this.out.style));
    if (!succeeded(result)) problems.unshift(renderShortfall(result));
    if (problems.length === 0) return;
    const ofLines = draft.data.kind === 'lines';
    throw new OperationError(problems.join(' '), {
      hint: renderAdvice(result, { openShards, needed: shardsNeeded(draft), ofLines }),
    });
  }

  async #putOne(data: string): Promise<void> {
    if (data === '') throw new UsageError('--data: the record is empty.', { hint: 'For example: --data \'{"id":1}\'' });
    const { name } = await this.chooseStream(this.args.stream, 1, { create: this.flags.create });
    const clients = await this.clients();
    const { recordLimitBytes } = await readStreamTraits(clients, name, this.signal);
    const options = { key: this.flags.key, recordLimitBytes, signal: this.signal };
    const result = await putOne(clients.kinesisControl(), name, data, options);
    await this.out.result(
      result,
      ({ stream, shardId, sequenceNumber, partitionKey }) =>
        `${stream}: 1 record in ${shardId}, key ${partitionKey}, sequence number ${sequenceNumber}`,
    );
  }

  /** @throws OperationError for an input without a byte: what should have written it has failed */
  async #stdinHead(): Promise<Buffer | undefined> {
    const head = await peekStdin(this.io);
    if (head?.length !== 0) return head;
    throw new OperationError('--from: standard input is empty.', {
      hint: 'Check the command that writes to the pipe.',
    });
  }

  /** What is piped is sent, or refused; never ignored. */
  async #refuseUnreadStdin(): Promise<void> {
    if (SAYS_WHAT_TO_SEND.some((name) => this.flags[name] !== undefined)) return;
    const head = await peekStdin(this.io, { withinMs: PIPED_BY_MS });
    if (!head || head.length === 0) return;
    throw new UsageError('Standard input has data, and no flag says what to send.', {
      hint: `Send its lines: … | pipectl produce ${this.args.stream ?? 'STREAM'} --from -. To send built-in data: --schema transaction`,
    });
  }

  private showMoment(moment: LoadMoment): void {
    const { style, isTTY } = this.progress;
    const width = isTTY ? (this.io.stderr.columns ?? 80) - SPINNER_COLUMNS : undefined;
    this.progress.update(renderMoment(moment, style, { width, stopping: this.signal.aborted }));
  }

  private warnOf(line: FailureLine): void {
    if (line.code === NO_ANSWER) return; // said once for all records
    this.warnings += 1;
    if (this.warnings <= MOST_WARNINGS) this.progress.warn(renderFailure(line));
    else if (this.warnings === MOST_WARNINGS + 1) {
      const file = this.flags.failures;
      this.progress.warn(
        `further ones are only ${file === undefined ? 'counted; --failures FILE has them all' : `in ${file}`}`,
      );
    }
  }
}
