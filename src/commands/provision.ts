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
  static override summary = 'Create streams, or change what differs.';
  static override description =
    'A second run changes nothing. What is not named stays as it is; a new stream gets one shard and 24 hours. ' +
    'Without a name: every stream under `streams:` in pipectl.yaml. With --check nothing is changed, and drift is exit code 1.';
  static override usage = 'provision [STREAM…] [FLAGS]';
  static override examples = [
    '<%= config.bin %> provision orders --shards 3 --retention 48h',
    '<%= config.bin %> provision clicks --on-demand --tag team=web',
    '<%= config.bin %> provision --check --aws',
  ];
  static override args = { stream: Args.string({ description: 'One or more streams.' }) };
  static override flags = {
    shards: integerFlag({ description: 'How many shards (provisioned mode).', min: 1, exclusive: ['on-demand'] }),
    'on-demand': Flags.boolean({ description: 'On-demand mode: AWS minds the shards.' }),
    retention: Flags.string({ description: 'How long records are kept: 24h to 365d.', helpValue: 'DURATION' }),
    'max-record-size': Flags.string({ description: 'The largest record: 1MiB to 10MiB.', helpValue: 'SIZE' }),
    tag: Flags.string({ description: 'A tag to set; may be repeated.', helpValue: 'KEY=VALUE', multiple: true }),
    untag: Flags.string({ description: 'A tag to take away; may be repeated.', helpValue: 'KEY', multiple: true }),
    create: createFlag,
    check: Flags.boolean({ description: 'Only report; exit code 1 when something differs.' }),
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
      if (this.signal.aborted) this.progress.warn(`interrupted at ${wish.name}; the next run goes on from where it is`);
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
