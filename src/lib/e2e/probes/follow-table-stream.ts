import type {
  DynamoDBStreamsClient,
  GetRecordsOutput,
  _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams';
import { poll } from './poll.js';
import type { ProbeContext } from './probe.js';

/** Where the next read of a shard begins; a shard that has ended and is read is kept as undefined. */
type Places = Map<string, string | undefined>;

/** A page that ends at the shard's newest record may be short; more than this many in a row leave the rest to the next round. */
const MOST_PAGES = 20;

/**
 * Hands over each change that a table's stream gets from now on, those of an item in order. A shard that is open now is read from its end, and
 * one that appears later from its beginning: a stream's shards are replaced every few hours.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html: at most two readers a shard.
 */
export async function followTableStream(
  arn: string,
  context: ProbeContext,
  take: (record: StreamRecord) => void,
): Promise<{ close(): Promise<void> }> {
  const streams = await context.clients.dynamodbStreams();
  const places: Places = new Map();
  await findShards(streams, arn, places, 'LATEST', context.signal);
  const round = async (): Promise<void> => {
    try {
      await findShards(streams, arn, places, 'TRIM_HORIZON', context.signal);
      for (const [shard, from] of places)
        if (from !== undefined) places.set(shard, await readOn(streams, from, context.signal, take));
      context.unreadable(undefined);
    } catch (error) {
      if (context.signal.aborted) return;
      const { name, message } = error as Error;
      if (name === 'LimitExceededException' || name === 'ThrottlingException') context.throttled();
      else context.unreadable(message);
    }
  };
  // The first read settles what "the end" is.
  await round();
  return poll(round, context.pace.rowPollMs, context.clock, context.signal);
}

async function findShards(
  streams: DynamoDBStreamsClient,
  arn: string,
  places: Places,
  type: 'LATEST' | 'TRIM_HORIZON',
  abortSignal: AbortSignal,
): Promise<void> {
  const { DescribeStreamCommand, GetShardIteratorCommand } = await import('@aws-sdk/client-dynamodb-streams');
  let last: string | undefined;
  do {
    const command = new DescribeStreamCommand({ StreamArn: arn, ExclusiveStartShardId: last });
    const { StreamDescription: found } = await streams.send(command, { abortSignal });
    for (const { ShardId: shard = '', SequenceNumberRange: range } of found?.Shards ?? []) {
      if (places.has(shard)) continue;
      const isOver = type === 'LATEST' && range?.EndingSequenceNumber !== undefined;
      const answer = isOver
        ? undefined
        : await streams.send(new GetShardIteratorCommand({ StreamArn: arn, ShardId: shard, ShardIteratorType: type }), {
            abortSignal,
          });
      places.set(shard, answer?.ShardIterator);
    }
    last = found?.LastEvaluatedShardId;
  } while (last !== undefined);
}

/** Reads what a shard has. @returns where to go on; undefined at the end of a shard that has ended */
async function readOn(
  streams: DynamoDBStreamsClient,
  from: string,
  abortSignal: AbortSignal,
  take: (record: StreamRecord) => void,
): Promise<string | undefined> {
  const { GetRecordsCommand } = await import('@aws-sdk/client-dynamodb-streams');
  let iterator: string | undefined = from;
  for (let page = 0; iterator !== undefined && page < MOST_PAGES; page += 1) {
    const answer: GetRecordsOutput = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }), {
      abortSignal,
    });
    for (const record of answer.Records ?? []) take(record);
    iterator = answer.NextShardIterator;
    if ((answer.Records ?? []).length === 0) break;
  }
  return iterator;
}
