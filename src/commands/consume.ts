import * as Args from '@oclif/core/args';
import { consumeFlags } from '../lib/cli/consume-flags.js';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { ConsumeMeter } from '../lib/consume/consume-meter.js';
import { type ConsumeRun, consumeResult } from '../lib/consume/consume-result.js';
import { type ConsumeSettings, mergeSettings, recordFilter } from '../lib/consume/consume-settings.js';
import { consumeStream } from '../lib/consume/consume-stream.js';
import { openRecording, readEvents } from '../lib/consume/event-file.js';
import { failureWriter } from '../lib/consume/failure-writer.js';
import { settingsOfFlags } from '../lib/consume/flag-settings.js';
import { type OpenedHandler, openHandler } from '../lib/consume/open-handler.js';
import { ConsumeLine, renderConsume, renderDiscarded } from '../lib/consume/render-consume.js';
import { replayEvents } from '../lib/consume/replay-events.js';
import { explainMissingFunction } from '../lib/function/missing-function.js';
import { renderLogLine } from '../lib/function/render-log-event.js';
import { systemClock } from '../lib/shared/clock.js';
import { plural } from '../lib/shared/count-words.js';
import { OperationError } from '../lib/shared/errors.js';
import { readSummary } from '../lib/stream/read-summary.js';
import type { Target } from '../lib/target/target.js';

/** A stream that `consume` makes, because nothing is there yet, takes the default load of `produce`. */
const SHARDS_IF_MADE = 2;
const NO_ACCOUNT = '000000000000';
const MOST_WARNINGS = 20;

export default class Consume extends PipectlCommand<typeof Consume> {
  static override summary = 'Run your own Lambda handler against a stream.';
  static override description =
    'Reads all shards, makes batches as an event source mapping does, and hands each to the handler as the event that Lambda sends. ' +
    'Logs of the handler go to stderr, the summary to stdout. Exit code 1: a batch was given up.';
  static override examples = [
    '<%= config.bin %> consume orders --handler src/ingest.mjs',
    '<%= config.bin %> consume orders --handler app.py:lambda_handler --batch-size 500 --window 1s',
    '<%= config.bin %> consume orders --handler src/ingest.ts --once --retries 2 --on-failure ./failed.jsonl',
    '<%= config.bin %> consume orders --handler src/ingest.mjs --checkpoint orders.checkpoint',
    '<%= config.bin %> consume --handler src/ingest.mjs --replay events.jsonl',
  ];
  static override args = {
    stream: Args.string({ description: 'The stream; PIPECTL_STREAM, pipectl.yaml or the only one there is.' }),
  };
  static override flags = consumeFlags;
  readonly #meter = new ConsumeMeter();
  #warnings = 0;

  async run(): Promise<void> {
    const settings = mergeSettings(settingsOfFlags(this.flags, this.io.env));
    const startedAt = performance.now();
    const run = await (this.flags.replay === undefined
      ? this.#consume(settings)
      : this.#replay(this.flags.replay, settings));
    this.progress.stop();
    const result = consumeResult({ ...run, durationMs: performance.now() - startedAt }, this.#meter);
    if (!this.io.outputClosed.aborted) await this.out.result(result, (shown) => renderConsume(shown, this.out.style));
    const { givenUp } = result.batches;
    if (givenUp > 0)
      throw new OperationError(
        `pipectl gave up ${plural(givenUp, 'batch', 'batches')} with ${plural(result.records.givenUp, 'record')}.`,
        {
          hint: this.flags['on-failure'] ? undefined : 'Keep such batches: --on-failure ./failed.jsonl',
        },
      );
  }

  async #consume(settings: ConsumeSettings): Promise<Omit<ConsumeRun, 'durationMs'>> {
    const { once, limit, checkpoint, 'idle-exit': idleExitMs, 'on-failure': onFailure, record } = this.flags;
    const accepts = recordFilter(settings.filters);
    const { name } = await this.chooseStream(this.args.stream, once ? undefined : SHARDS_IF_MADE, { refuseNear: true });
    const clients = await this.clients();
    const { region } = clients.target;
    const arn = (await readSummary(clients.kinesisControl(), name, this.signal))?.arn;
    const streamArn = arn ?? `arn:aws:kinesis:${region}:${NO_ACCOUNT}:stream/${name}`;
    const handler = await this.#open(settings, clients.target, streamArn.split(':')[4] ?? NO_ACCOUNT);
    const recording = record === undefined ? undefined : openRecording(record);
    const { functionArn, roleArn } = handler.invoker;
    const address = { clients, streamArn, region, functionArn, roleArn, nowMs: () => Date.now() };
    const write = onFailure && failureWriter(onFailure, address);
    this.io.watchOutput();
    const stopLine = this.#showLine();
    try {
      const end = await consumeStream({
        clients,
        stream: name,
        eventSourceArn: streamArn,
        region,
        from: settings.from ?? { kind: once ? 'trim-horizon' : 'latest' },
        untilMs: once ? Date.now() : undefined,
        limit,
        idleExitMs,
        checkpointFile: checkpoint,
        settings,
        accepts,
        invoker: handler.invoker,
        meter: this.#meter,
        keep: recording && ((event) => recording.keep(event)),
        giveUp: async (discarded) => {
          this.#warn(renderDiscarded(discarded));
          await write?.(discarded);
        },
        onReady: (count) => this.#note(`consuming ${name}: ${plural(count, 'shard')}`),
        onNote: (note) => this.#note(note),
        onWarning: (text) => this.progress.warn(text),
        clock: systemClock,
        signal: this.signal,
      });
      return { stream: name, handler: handler.title, endedBy: end ?? null };
    } finally {
      stopLine();
      await handler.close();
      await recording?.close();
    }
  }

  async #replay(file: string, settings: ConsumeSettings): Promise<Omit<ConsumeRun, 'durationMs'>> {
    const events = await readEvents(file);
    const handler = await this.#open(settings, await this.decidedTarget(), NO_ACCOUNT);
    const stopLine = this.#showLine();
    try {
      await replayEvents({
        events,
        invoker: handler.invoker,
        meter: this.#meter,
        reportsItemFailures: settings.reportsItemFailures,
        onFailure: (index, error) => this.#warn(`event ${index + 1} of ${events.length} failed: ${error}`),
        signal: this.signal,
      });
      return { stream: null, handler: handler.title, endedBy: this.signal.aborted ? 'interrupted' : 'replayed' };
    } finally {
      stopLine();
      await handler.close();
    }
  }

  async #open(settings: ConsumeSettings, target: Target, accountId: string): Promise<OpenedHandler> {
    const clients = () => this.clients();
    try {
      return await openHandler(this.flags, settings, {
        target,
        accountId,
        clients,
        cwd: this.io.cwd,
        env: this.io.env,
        onLog: (events) => {
          for (const event of events) this.progress.note(renderLogLine(event, this.progress.style, true).trimEnd());
        },
        onRestart: (path) => this.#note(`${path} changed; restarting the handler`),
      });
    } catch (error) {
      const name = this.flags.function;
      throw name === undefined ? error : await explainMissingFunction(error, name, await clients());
    }
  }

  /** The live line: each second in a terminal, and in a pipe each five seconds. */
  #showLine(): () => void {
    const line = new ConsumeLine(Date.now());
    const { progress } = this;
    const tick = (): void => progress.update(line.next(this.#meter, Date.now(), progress.style));
    const timer = setInterval(tick, progress.isTTY ? 1000 : 5000);
    return () => clearInterval(timer);
  }

  #note(text: string): void {
    this.progress.note(this.progress.style.dim(text));
  }

  #warn(text: string): void {
    this.#warnings += 1;
    if (this.#warnings <= MOST_WARNINGS) this.progress.warn(text);
    else if (this.#warnings === MOST_WARNINGS + 1) this.progress.warn('further failures are only counted');
  }
}
