import type { KinesisControl } from '../target/kinesis-control.js';
import type { StreamChange } from './plan-stream.js';
import { waitUntilActive } from './wait-until-active.js';

/** AWS splits and merges shard by shard: hundreds of them take the better part of an hour. */
const RESHARD_MS = 3_600_000;

/** What applying a change needs to know of its surroundings. */
export interface ApplyOptions {
  signal: AbortSignal;
  /** Told what is under way: `orders: 2 of 6 shards`. */
  onStep(text: string): void;
  arn(): Promise<string>;
}

/** Carries one change of an existing stream out, and waits until the stream is ACTIVE again. Making a stream is `createStream`'s work. */
export async function applyChange(
  kinesis: KinesisControl,
  name: string,
  change: Exclude<StreamChange, { what: 'stream' }>,
  options: ApplyOptions,
): Promise<void> {
  const { signal } = options;
  const settle = (timeoutMs?: number) =>
    waitUntilActive(kinesis, name, { signal, ...(timeoutMs !== undefined && { timeoutMs }) });
  switch (change.what) {
    case 'mode': {
      const input = { StreamARN: await options.arn(), StreamModeDetails: { StreamMode: change.to } };
      await kinesis.call('UpdateStreamMode', input, signal);
      break;
    }
    case 'shards':
      for (const count of change.steps) {
        options.onStep(`${name}: to ${count} shards`);
        const input = { StreamName: name, TargetShardCount: count, ScalingType: 'UNIFORM_SCALING' as const };
        await kinesis.call('UpdateShardCount', input, signal);
        await settle(RESHARD_MS);
      }
      return;
    case 'retention': {
      const input = { StreamName: name, RetentionPeriodHours: change.to };
      await (change.to > change.from
        ? kinesis.call('IncreaseStreamRetentionPeriod', input, signal)
        : kinesis.call('DecreaseStreamRetentionPeriod', input, signal));
      break;
    }
    case 'maxRecordSize': {
      const input = { StreamARN: await options.arn(), MaxRecordSizeInKiB: change.to };
      await kinesis.call('UpdateMaxRecordSize', input, signal);
      break;
    }
    case 'tag':
      await (change.to === undefined
        ? kinesis.call('RemoveTagsFromStream', { StreamName: name, TagKeys: [change.key] }, signal)
        : kinesis.call('AddTagsToStream', { StreamName: name, Tags: { [change.key]: change.to } }, signal));
      break;
  }
  await settle();
}
