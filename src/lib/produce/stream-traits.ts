import { number } from '../shared/count-words.js';
import { UsageError } from '../shared/errors.js';
import { describeShards } from '../stream/describe-stream.js';
import type { Clients } from '../target/clients.js';
import type { LoadPlan } from './load-plan.js';

/** What a run needs to know of its stream. */
export interface StreamTraits {
  recordLimitBytes: number;
  /** Partition keys are ignored and records spread evenly (on-demand streams with RecordDistributionStrategy AUTO). */
  autoDistribution: boolean;
  openShards: number;
  /** The open shards, and which part of the hash keys each has; undefined where this may not be asked. */
  shards: LoadPlan['shards'];
}

export async function readStreamTraits(clients: Clients, stream: string, signal: AbortSignal): Promise<StreamTraits> {
  const kinesis = clients.kinesisControl();
  const [answer, shards] = await Promise.all([
    kinesis.call('DescribeStreamSummary', { StreamName: stream }, signal),
    // It is for the summary alone: who may only write still writes.
    describeShards(kinesis, stream, signal).catch((error: Error) => {
      if (error.name === 'AccessDeniedException') return undefined;
      throw error;
    }),
  ]);
  const summary = answer.StreamDescriptionSummary;
  const autoDistribution = summary?.RecordDistributionStrategy === 'AUTO';
  return {
    recordLimitBytes: (summary?.MaxRecordSizeInKiB ?? 1024) * 1024,
    autoDistribution,
    openShards: summary?.OpenShardCount ?? 1,
    shards: shards
      ?.filter(({ open }) => open)
      .map(({ id, share, startHashKey, endHashKey }) =>
        autoDistribution
          ? { shardId: id, hashShare: null }
          : { shardId: id, hashShare: share, range: { startHashKey, endHashKey } },
      ),
  };
}

/**
 * Refuses what cannot work on this stream.
 * @throws UsageError
 */
export function checkAgainstStream(
  plan: Pick<LoadPlan, 'aggregate' | 'ordered' | 'stream' | 'data'> & { typicalBytes: number },
  traits: StreamTraits,
): void {
  // The lines of a file are what they are, and are told of one by one.
  if (plan.data.kind !== 'lines' && plan.typicalBytes > traits.recordLimitBytes) {
    const bytes = number(plan.typicalBytes);
    const limit = number(traits.recordLimitBytes);
    throw new UsageError(
      `The records take ${bytes} bytes with their keys, and ${plan.stream} takes at most ${limit}.`,
      {
        hint: `A stream takes up to 10 MiB after \`pipectl provision ${plan.stream} --max-record-size 10MiB\`.`,
      },
    );
  }
  if (!traits.autoDistribution) return;
  if (plan.aggregate) {
    throw new UsageError(`--aggregate cannot be used on ${plan.stream}: its record distribution is AUTO.`, {
      hint: 'AWS spreads its records whatever their keys, so consumers would drop aggregated records; leave --aggregate out.',
    });
  }
  if (plan.ordered) {
    throw new UsageError(`--ordered cannot be kept on ${plan.stream}: its record distribution is AUTO.`, {
      hint: 'AWS ignores partition keys there, and with them their order; leave --ordered out.',
    });
  }
}
