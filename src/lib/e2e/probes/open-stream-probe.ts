import type { KinesisClient, _Record as KinesisRecord } from '@aws-sdk/client-kinesis';
import { decodeRecord } from '../../decode/decode-record.js';
import { OperationError } from '../../shared/errors.js';
import { explainSdkError } from '../../target/explain-sdk-error.js';
import { type Polling, poll } from './poll.js';
import type { Probe, ProbeContext } from './probe.js';

/** What the target's clock is thought to be may be wrong by so much before a record of this run is thought older than it. */
const CLOCK_SLACK_MS = 5000;
/** A throttled read is tried again at once, so that not even the last round before closing leaves something unread. */
const THROTTLED_PAUSE_MS = 300;
const MOST_ATTEMPTS = 6;

/** Watches a stream: every shard, children that a reshard makes while it runs, each record decoded. */
export async function openStreamProbe(stream: string, context: ProbeContext): Promise<Probe> {
  const kinesis = await context.clients.kinesis();
  const named = await context.resolve(stream);
  const reader = new StreamReader(kinesis, named, context);
  await reader.open();
  return { watched: `stream ${named.split(':stream/').at(-1)}`, close: () => reader.close() };
}

class StreamReader {
  readonly #kinesis: KinesisClient;
  readonly #address: { StreamName: string } | { StreamARN: string };
  readonly #stream: string;
  readonly #context: ProbeContext;
  readonly #pollings: Polling[] = [];
  readonly #followed = new Set<string>();
  readonly #ended = new Set<string>();
  /** Why shards cannot be read; one that can does not make up for one that cannot. */
  readonly #trouble = new Map<string, string>();
  /** Not `LATEST`: what that means is settled only when the first read arrives. Markers tell old records from ours. */
  readonly #since: Date;

  constructor(kinesis: KinesisClient, stream: string, context: ProbeContext) {
    this.#kinesis = kinesis;
    this.#stream = stream;
    this.#address = stream.startsWith('arn:') ? { StreamARN: stream } : { StreamName: stream };
    this.#context = context;
    this.#since = new Date(context.openedAtMs - CLOCK_SLACK_MS);
  }

  async open(): Promise<void> {
    const shards = await this.#list();
    const open = shards.filter((shard) => shard.SequenceNumberRange?.EndingSequenceNumber === undefined);
    await Promise.all(open.map((shard) => this.#follow(shard.ShardId ?? '', 'opening')));
  }

  async close(): Promise<void> {
    await Promise.all(this.#pollings.map((polling) => polling.close()));
  }

  async #list() {
    const { ListShardsCommand } = await import('@aws-sdk/client-kinesis');
    const found = [];
    let token: string | undefined;
    do {
      const input = token === undefined ? this.#address : { NextToken: token };
      const page = await this.#kinesis
        .send(new ListShardsCommand(input), { abortSignal: this.#context.signal })
        .catch(this.#explain);
      found.push(...(page.Shards ?? []));
      token = page.NextToken;
    } while (token !== undefined);
    return found;
  }

  readonly #explain = (cause: Error): never => {
    if (cause.name !== 'ResourceNotFoundException') throw cause;
    throw new OperationError(`There is no stream ${this.#stream} to watch.`, {
      hint: 'Deploy it first, or mend its name.',
      cause,
    });
  };

  /** Reads one shard from the opening of the probe, or from its beginning when a reshard has just made it. */
  async #follow(shardId: string, from: 'opening' | 'beginning'): Promise<void> {
    this.#followed.add(shardId);
    const { GetShardIteratorCommand, GetRecordsCommand } = await import('@aws-sdk/client-kinesis');
    const iteratorAt = async (lastSequenceNumber: string | undefined): Promise<string | undefined> => {
      const place =
        lastSequenceNumber !== undefined
          ? ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: lastSequenceNumber } as const)
          : from === 'opening'
            ? ({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: this.#since } as const)
            : ({ ShardIteratorType: 'TRIM_HORIZON' } as const);
      const input = { ...this.#address, ShardId: shardId, ...place };
      const answer = await this.#kinesis.send(new GetShardIteratorCommand(input), {
        abortSignal: this.#context.signal,
      });
      return answer.ShardIterator;
    };

    let last: string | undefined;
    // A probe that opens has fixed its place; a child's place is its beginning, whenever that is asked for.
    let iterator = from === 'opening' ? await iteratorAt(undefined) : undefined;
    let ended = false;
    let handedOver = false;
    const round = async (attempt = 1): Promise<void> => {
      if (handedOver) return;
      try {
        // Reads on while there is a backlog: a round ends when the shard has nothing more.
        for (let behind = !ended; behind && !ended; ) {
          iterator ??= await iteratorAt(last);
          const page = await this.#kinesis.send(
            new GetRecordsCommand({
              ...('StreamARN' in this.#address && this.#address),
              ShardIterator: iterator,
              Limit: 10_000,
            }),
            { abortSignal: this.#context.signal },
          );
          for (const record of page.Records ?? []) {
            this.#take(shardId, record);
            last = record.SequenceNumber;
          }
          iterator = page.NextShardIterator;
          behind = (page.Records?.length ?? 0) > 0 && (page.MillisBehindLatest ?? 0) > 0;
          if (iterator === undefined) {
            ended = true;
            this.#ended.add(shardId);
          }
        }
        if (ended) {
          await this.#followChildren();
          handedOver = true;
        }
        this.#tell(shardId, undefined);
      } catch (error) {
        if (this.#context.signal.aborted) return;
        const { name } = error as Error;
        if (name === 'ExpiredIteratorException') iterator = undefined;
        else if (name === 'ProvisionedThroughputExceededException' && attempt < MOST_ATTEMPTS) {
          this.#context.throttled();
          await this.#context.clock.sleep(THROTTLED_PAUSE_MS, this.#context.signal).catch(() => {});
          await round(attempt + 1);
        } else this.#tell(shardId, this.#why(error as Error));
      }
    };
    this.#pollings.push(poll(() => round(), this.#context.pace.shardPollMs, this.#context.clock, this.#context.signal));
  }

  /** Children of shards that have been read to their end; only when all their parents have, so that order is kept across a merge. */
  async #followChildren(): Promise<void> {
    const parentsOf = new Map(
      (await this.#list()).map(({ ShardId: id = '', ParentShardId, AdjacentParentShardId }) => [
        id,
        [ParentShardId, AdjacentParentShardId].filter((parent) => parent !== undefined),
      ]),
    );
    /** Whether records of a shard are still to come: it is being read, or will be when its own parents are. */
    const comes = (id: string): boolean =>
      this.#followed.has(id)
        ? !this.#ended.has(id)
        : (parentsOf.get(id) ?? []).some((parent) => this.#followed.has(parent) || comes(parent));
    for (const [id, parents] of parentsOf) {
      const ready = parents.some((parent) => this.#ended.has(parent)) && !parents.some(comes);
      if (ready && !this.#followed.has(id)) await this.#follow(id, 'beginning');
    }
  }

  #why(error: Error): string {
    return explainSdkError(error, this.#context.clients.target)?.message ?? `${error.name}: ${error.message}`;
  }

  #tell(shardId: string, why: string | undefined): void {
    if (why === undefined) this.#trouble.delete(shardId);
    else this.#trouble.set(shardId, why);
    const [first] = this.#trouble;
    this.#context.unreadable(first && `shard ${first[0]}: ${first[1]}`);
  }

  #take(shardId: string, record: KinesisRecord): void {
    const stamp = record.ApproximateArrivalTimestamp?.getTime();
    for (const { text, layers } of decodeRecord(record.Data ?? new Uint8Array()).items)
      this.#context.see({
        // Avro and its like hold their texts as they are.
        text: layers.at(-1) === 'hex' ? Buffer.from(text, 'hex').toString('latin1') : text,
        lane: shardId,
        ...(stamp !== undefined && { stampedAtMs: stamp }),
      });
  }
}
