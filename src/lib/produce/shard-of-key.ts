import { HashKeyIndex, type HashKeyRange, hashHexOf, hexOfHashKey } from '../stream/hash-key.js';
import { md5Head } from './md5-head.js';

const HEADS = 65_536;
const ON_A_BORDER = -1;

/** Finds the shard of a partition key. Nearly always the first 16 bits of its hash decide; on a range's border all 128 do. */
export class ShardOfKey<Shard> {
  readonly #shards: Shard[];
  readonly #byHead = new Int32Array(HEADS).fill(ON_A_BORDER);
  readonly #exact: HashKeyIndex<Shard>;

  constructor(ranges: readonly (readonly [HashKeyRange, Shard])[]) {
    this.#exact = new HashKeyIndex(ranges);
    this.#shards = ranges.map(([, shard]) => shard);
    ranges.forEach(([{ start, end }, _shard], index) => {
      const first = headOf(start, '0');
      const last = headOf(end, 'f');
      for (let head = first.head + (first.whole ? 0 : 1); head <= last.head - (last.whole ? 0 : 1); head++)
        this.#byHead[head] = index;
    });
  }

  find(partitionKey: string): Shard | undefined {
    if (this.#shards.length === 1) return this.#shards[0]; // all of a stream's keys, nothing to hash
    const head = md5Head(partitionKey);
    const index = head === undefined ? ON_A_BORDER : (this.#byHead[head] ?? ON_A_BORDER);
    return index === ON_A_BORDER ? this.#exact.find(hashHexOf(partitionKey)) : this.#shards[index];
  }
}

/** The first 16 bits of a bound, and whether all hash keys with that head lie on the range's side of it. */
function headOf(bound: bigint, filler: '0' | 'f'): { head: number; whole: boolean } {
  const hex = hexOfHashKey(bound);
  return { head: Number.parseInt(hex.slice(0, 4), 16), whole: hex.slice(4) === filler.repeat(28) };
}
