import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { LiveBlock } from '../lib/cli/live-block.js';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { renderRates, renderStream } from '../lib/cli/render-stream.js';
import { type Column, renderTable } from '../lib/cli/render-table.js';
import { systemClock } from '../lib/shared/clock.js';
import { OperationError, UsageError } from '../lib/shared/errors.js';
import { missingStream, refuseOtherRegion, streamNameOf } from '../lib/stream/choose-stream.js';
import { deleteStream } from '../lib/stream/delete-stream.js';
import { describeStream } from '../lib/stream/describe-stream.js';
import { type ListedStream, listStreams, summarizeStream } from '../lib/stream/list-streams.js';
import { modeInWords } from '../lib/stream/plan-stream.js';
import { patienceWith } from '../lib/stream/target-patience.js';
import { watchRates } from '../lib/stream/watch-rates.js';
import { wireSource } from '../lib/stream/wire-source.js';

export default class Streams extends PipectlCommand<typeof Streams> {
  static override summary = 'List streams; show, watch or delete one.';
  static override description =
    '--watch reads every open shard once a second. That takes one of the five reads per second that all readers of a shard share.';
  static override examples = [
    '<%= config.bin %> streams',
    '<%= config.bin %> streams orders',
    '<%= config.bin %> streams orders --all',
    '<%= config.bin %> streams orders --watch',
    '<%= config.bin %> streams --delete orders',
    '<%= config.bin %> streams --aws --region eu-west-1 --json',
  ];
  static override args = { stream: Args.string({ description: 'Stream name; shows its shards and consumers.' }) };
  static override flags = {
    all: Flags.boolean({ description: 'Show closed shards too.', exclusive: ['watch'] }),
    delete: Flags.boolean({
      description: 'Delete the stream and its records; asks first.',
      exclusive: ['all', 'watch'],
    }),
    yes: Flags.boolean({ description: 'Do not ask before --delete.' }),
    watch: Flags.boolean({ description: 'Show the rates of each shard until Ctrl-C.' }),
  };

  async run(): Promise<void> {
    const { stream } = this.args;
    if (this.flags.yes && !this.flags.delete) throw new UsageError('--yes applies only to --delete.');
    const flag = this.flags.delete ? '--delete' : this.flags.watch ? '--watch' : this.flags.all ? '--all' : undefined;
    if (stream === undefined && flag !== undefined) {
      throw new UsageError(`${flag} needs a stream.`, { hint: `For example: pipectl streams orders ${flag}` });
    }
    if (stream === undefined) return this.#list();
    const name = streamNameOf(stream);
    refuseOtherRegion(stream, await this.decidedTarget());
    if (this.flags.delete) return this.#delete(name);
    return this.flags.watch ? this.#watch(name) : this.#describe(name);
  }

  async #list(): Promise<void> {
    const clients = await this.clients();
    const streams = await listStreams(clients.kinesisControl(), this.signal);
    await this.out.result(streams, (rows) => (rows.length > 0 ? renderTable(rows, COLUMNS, this.out) : ''));
    if (streams.length === 0) this.progress.note('No streams here. Make one: pipectl provision orders --shards 1');
  }

  async #describe(name: string): Promise<void> {
    const clients = await this.clients();
    const described = await describeStream(clients.kinesisControl(), name, this.signal);
    await this.out.result(described, (stream) => renderStream(stream, this.flags.all, this.out));
    for (const what of described.unknown) this.progress.warn(`this endpoint does not tell ${what}, or not to you`);
  }

  async #delete(name: string): Promise<void> {
    const kinesis = (await this.clients()).kinesisControl();
    if (!(await summarizeStream(kinesis, name, this.signal)))
      throw await missingStream(kinesis, name, 'named', this.signal);
    if (!this.flags.yes) await this.#askToDelete(name, kinesis.where);
    this.progress.start(`deleting ${name}`);
    await deleteStream(kinesis, name, { signal: this.signal });
    this.progress.stop();
    await this.out.result({ stream: name, deleted: true }, () => `${name} deleted`);
  }

  async #askToDelete(name: string, where: string): Promise<void> {
    if (this.io.stdin.isTTY !== true) {
      throw new UsageError('--delete asks first, and nobody is here to answer.', {
        hint: `To delete without a question: pipectl streams --delete ${name} --yes`,
      });
    }
    const { askYes } = await import('../lib/cli/ask-yes.js');
    if (!(await askYes(`Delete stream "${name}" in ${where}, with all its records?`, this.io)))
      throw new OperationError('Nothing was deleted.');
  }

  async #watch(stream: string): Promise<void> {
    const { name } = await this.chooseStream(stream);
    this.io.watchOutput();
    const clients = await this.clients();
    const source = wireSource(await clients.kinesisWire(), name);
    const patience = patienceWith(clients.target, {
      clock: systemClock,
      resumes: 'counting continues',
      onWarning: (text) => this.progress.warn(text),
    });
    const block = this.out.isTTY && !this.out.json ? new LiveBlock(this.out) : undefined;
    for await (const sample of watchRates(source, { name, patience, signal: this.signal })) {
      if (this.out.json) await this.out.write(`${JSON.stringify(sample)}\n`);
      else await (block ? block.draw(renderRates(sample, this.out)) : this.out.write(renderRates(sample, this.out)));
    }
    await block?.end();
  }
}

const COLUMNS: Column<ListedStream>[] = [
  { header: 'STREAM', value: ({ name }) => name, flexible: true },
  { header: 'STATUS', value: ({ status }) => status },
  { header: 'MODE', value: ({ mode }) => modeInWords(mode) },
  { header: 'SHARDS', value: ({ openShards }) => openShards, align: 'right' },
  { header: 'RETENTION', value: ({ retentionHours }) => `${retentionHours}h`, align: 'right' },
];
