import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { createFlag, integerFlag } from '../lib/cli/flags.js';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { refuseOtherRegion, refuseSlip } from '../lib/stream/choose-stream.js';
import { describeChange, modeInWords, shardsInWords } from '../lib/stream/plan-stream.js';
import { type ProvisionedStream, provisionStream } from '../lib/stream/provision.js';
import type { StreamState } from '../lib/stream/stream-state.js';
import { parseTags, type StreamSpec, type StreamWish } from '../lib/stream/stream-wish.js';
import { streamWishes } from '../lib/stream/stream-wishes.js';
import type { KinesisControl } from '../lib/target/kinesis-control.js';

export default class Provision extends PipectlCommand<typeof Provision> {
  static override summary = 'Create streams, or update their settings.';
  static override description =
    'Settings that no flag names stay as they are. A new stream has one shard and keeps records for 24 hours. ' +
    'Without STREAM, provisions every stream under `streams:` in pipectl.yaml.';
  static override usage = 'provision [STREAM…] [FLAGS]';
  static override examples = [
    '<%= config.bin %> provision orders --shards 3 --retention 48h',
    '<%= config.bin %> provision clicks --on-demand --tag team=web',
    '<%= config.bin %> provision --check --aws',
  ];
  static override args = { stream: Args.string({ description: 'Names of streams.' }) };
  static override flags = {
    shards: integerFlag({ description: 'Number of shards (provisioned mode).', min: 1, exclusive: ['on-demand'] }),
    'on-demand': Flags.boolean({ description: 'On-demand mode: AWS manages the shards.' }),
    retention: Flags.string({ description: 'Retention period: 24h to 365d.', helpValue: 'DURATION' }),
    'max-record-size': Flags.string({ description: 'Maximum record size: 1MiB to 10MiB.', helpValue: 'SIZE' }),
    tag: Flags.string({ description: 'Set a tag (repeatable).', helpValue: 'KEY=VALUE', multiple: true }),
    untag: Flags.string({ description: 'Remove a tag (repeatable).', helpValue: 'KEY', multiple: true }),
    create: createFlag,
    check: Flags.boolean({ description: 'Report differences without changing them; exit 1 if there are any.' }),
  };
  static override strict = false;

  async run(): Promise<void> {
    const wishes = streamWishes(this.words, this.#spec(), (await this.projectFile())?.streams);
    const target = await this.decidedTarget();
    for (const name of this.words) refuseOtherRegion(name, target);
    const kinesis = (await this.clients()).kinesisControl();
    const done: ProvisionedStream[] = [];
    for (const wish of wishes) {
      const stream = await this.#provision(kinesis, wish);
      done.push(stream);
      if (!this.out.json) await this.out.write(this.#line(stream)); // the next one may take minutes, or fail
    }
    if (this.out.json) await this.out.result(done, () => '');
    if (done.some(({ outcome }) => outcome === 'drifted')) this.exitCode = 1;
  }

  /** Names of pipectl.yaml were written once and for all: only those typed now may be slips. */
  async #refuseSlip(kinesis: KinesisControl, name: string): Promise<void> {
    const listed = Object.keys((await this.projectFile())?.streams ?? {});
    if (this.flags.create || this.flags.check || listed.includes(name)) return;
    await refuseSlip(kinesis, name, this.signal);
  }

  async #provision(kinesis: KinesisControl, wish: StreamWish): Promise<ProvisionedStream> {
    try {
      await this.#refuseSlip(kinesis, wish.name);
      return await provisionStream(kinesis, wish, {
        check: this.flags.check,
        signal: this.signal,
        onPlan: (name, changes) =>
          this.progress.note(changes.map((change) => `${name}: ${describeChange(change)}`).join('\n')),
        onStep: (text) => this.progress.update(text),
      });
    } catch (error) {
      if (this.signal.aborted) this.progress.warn(`interrupted at ${wish.name}; the next run continues from there`);
      throw error;
    } finally {
      this.progress.stop();
    }
  }

  #spec(): StreamSpec {
    const { shards, retention, tag, untag } = this.flags;
    return {
      shards,
      onDemand: this.flags['on-demand'] || undefined,
      retention,
      maxRecordSize: this.flags['max-record-size'],
      untag,
      ...(tag && { tags: parseTags(tag, '--tag') }),
    };
  }

  #line({ name, outcome, changes, state }: ProvisionedStream): string {
    const told = outcome === 'drifted' ? changes.map(describeChange).join('; ') : inWords(state);
    if (!this.out.isTTY) return `${name}\t${outcome}\t${told}\n`;
    const paint = { created: 'green', updated: 'green', unchanged: 'dim', drifted: 'yellow' } as const;
    return `${this.out.style.bold(name)}  ${this.out.style[paint[outcome]](outcome)}  ${told}\n`;
  }
}

const inWords = (state: StreamState | undefined): string =>
  state ? `${modeInWords(state.mode)}, ${shardsInWords(state.openShards)}, ${state.retentionHours}h` : '';
