import type { BatchRecord } from './batch.js';
import { Lane, type LaneHost } from './lane.js';

/** Records read ahead of the function, for each lane, in batches. */
const BATCHES_AHEAD = 2;

/** The lanes of one shard: records of one partition key are in one lane, in order, and lanes work side by side. */
export class Lanes<R extends BatchRecord> {
  readonly #host: LaneHost<R>;
  #lanes: Lane<R>[];
  #ended = false;

  constructor(host: LaneHost<R>) {
    this.#host = host;
    this.#lanes = this.#make(host.settings().parallelization);
  }

  push(record: R): void {
    this.#lane(record.partitionKey).push(record);
  }

  /** Lets every lane go on; makes as many as the settings ask for, once none is at work. */
  work(): void {
    const { parallelization } = this.#host.settings();
    if (this.#lanes.length !== parallelization && this.resting) this.#remake(parallelization);
    for (const lane of this.#lanes) lane.work();
  }

  /** No more records will come: what is here goes without waiting for full batches. */
  end(): void {
    this.#ended = true;
    for (const lane of this.#lanes) lane.end();
  }

  /** Whether more may be read from the shard. */
  get hasRoom(): boolean {
    const ahead = this.#lanes.reduce((sum, lane) => sum + lane.size, 0);
    return ahead <= this.#host.settings().batchSize * BATCHES_AHEAD * this.#lanes.length;
  }

  /** Whether nothing is with the function at this moment. */
  get resting(): boolean {
    return this.#lanes.every((lane) => !lane.working);
  }

  /** Whether nothing is to be done before more is pushed. */
  get idle(): boolean {
    return this.#lanes.every((lane) => lane.idle);
  }

  /** Whether everything that was pushed is done. */
  get done(): boolean {
    return this.#lanes.every((lane) => lane.size === 0 && !lane.working);
  }

  #lane(partitionKey: string): Lane<R> {
    const count = this.#lanes.length;
    const lane = this.#lanes[count === 1 ? 0 : hash(partitionKey) % count];
    if (!lane) throw new Error('there are no lanes');
    return lane;
  }

  #make(count: number): Lane<R>[] {
    return Array.from({ length: count }, () => new Lane(this.#host));
  }

  #remake(count: number): void {
    const before = this.#lanes;
    // A batch that was tried must come again as it was, so lanes with one stay until it is done.
    const waiting = before.map((lane) => lane.takeQueue());
    if (before.some((lane) => lane.size > 0)) {
      for (const [index, lane] of before.entries()) for (const record of waiting[index] ?? []) lane.push(record);
      return;
    }
    this.#lanes = this.#make(count);
    // Records of one key were in one lane, in order; so they stay.
    for (const records of waiting) for (const record of records) this.push(record);
    if (this.#ended) this.end();
  }
}

/** FNV-1a, to keep a key in its lane. */
function hash(key: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) state = Math.imul(state ^ key.charCodeAt(index), 0x01000193);
  return state >>> 0;
}
