import { hashKeyOf } from './hash-key.js';
import type { ListedShard } from './shard-source.js';

/** Which hash keys the shards of a stream own, kept from every list that comes by. */
export class ShardRanges {
  readonly #list: () => Promise<ListedShard[]>;
  readonly #ranges = new Map<string, { start: bigint; end: bigint } | undefined>();

  constructor(list: () => Promise<ListedShard[]>) {
    this.#list = list;
  }

  async list(): Promise<ListedShard[]> {
    const shards = await this.#list();
    for (const { ShardId, HashKeyRange } of shards) {
      const { StartingHashKey: start, EndingHashKey: end } = HashKeyRange ?? {};
      this.#ranges.set(ShardId, start && end ? { start: BigInt(start), end: BigInt(end) } : undefined);
    }
    return shards;
  }

  /** Knows the range of a shard from here on, if the endpoint tells it. */
  async learn(shardId: string): Promise<void> {
    if (this.#ranges.has(shardId)) return;
    await this.list();
    if (!this.#ranges.has(shardId)) this.#ranges.set(shardId, undefined);
  }

  /**
   * Whether the hash key of a user record belongs to another shard than its aggregate lies in: the Kinesis Client Library drops such a
   * record, for a consumer of the other shard could have it too. https://github.com/awslabs/amazon-kinesis-client (AggregatorUtil)
   */
  isOutside(shardId: string, partitionKey: string, explicitHashKey: string | undefined): boolean {
    const range = this.#ranges.get(shardId);
    if (!range) return false;
    const isNumber = explicitHashKey !== undefined && /^\d{1,39}$/.test(explicitHashKey);
    const key = isNumber ? BigInt(explicitHashKey) : hashKeyOf(partitionKey);
    return key < range.start || key > range.end;
  }
}
