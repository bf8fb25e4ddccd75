import { randomBytes } from 'node:crypto';
import type { MemoryBudget } from '../../kit/memory-budget.js';
import type { KeyAttributes } from '../dynamodb/key-order.js';
import type { Change } from '../dynamodb/table-items.js';
import { sameMap } from '../dynamodb/value.js';
import { StreamShard } from './stream-shard.js';

export type ViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

/** Shards of a busy stream end after about four hours. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html */
const ROLLOVER_MS = 4 * 3600 * 1000;

export interface StreamSettings {
  arn: string;
  label: string;
  tableName: string;
  key: KeyAttributes;
  view: ViewType;
  createdMs: number;
}

/** The changes of a table's items, from when its stream was enabled. */
export class TableStream implements StreamSettings {
  readonly arn: string;
  readonly label: string;
  readonly tableName: string;
  readonly key: KeyAttributes;
  readonly view: ViewType;
  readonly createdMs: number;
  /** Begins the ids of its events. */
  readonly idPrefix = randomBytes(8).toString('hex');
  readonly #memory: MemoryBudget;
  readonly #ring: () => void;
  #shards: StreamShard[] = [];
  #disabledMs: number | undefined;

  /** @param ring told of every record and of every change of its shards */
  constructor(settings: StreamSettings, memory: MemoryBudget, ring: () => void) {
    ({ arn: this.arn, label: this.label, tableName: this.tableName } = settings);
    ({ key: this.key, view: this.view, createdMs: this.createdMs } = settings);
    this.#memory = memory;
    this.#ring = ring;
    this.#open(1, settings.createdMs, undefined);
  }

  get status(): 'ENABLED' | 'DISABLED' {
    return this.#disabledMs === undefined ? 'ENABLED' : 'DISABLED';
  }

  /** Its shards, parents first. */
  shards(nowMs: number): readonly StreamShard[] {
    const gone = new Set(this.#shards.filter((shard) => shard.trim(nowMs)));
    for (const shard of gone) shard.discard();
    if (gone.size > 0) this.#shards = this.#shards.filter((shard) => !gone.has(shard));
    return this.#shards;
  }

  /** Keeps a change, unless it changed nothing. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html */
  append({ before, after }: Change, { nowMs, byService }: { nowMs: number; byService: boolean }): void {
    if (this.#disabledMs !== undefined || !(before || after)) return;
    if (before && after && sameMap(before.item, after.item)) return;
    const open = this.#openShard(nowMs);
    open.trim(nowMs);
    open.append({ number: open.next, before, after, atMs: nowMs, byService });
    this.#ring();
  }

  /** Ends the open shard; a child of it takes what comes next. */
  roll(nowMs: number): void {
    const open = this.#shards.at(-1);
    if (!open || this.#disabledMs !== undefined) return;
    open.close(nowMs);
    this.#open((open.last ?? open.first) + 1, nowMs, open.id);
    this.#ring();
  }

  /** Ends it: what it holds can be read for another 24 hours. */
  disable(nowMs: number): void {
    if (this.#disabledMs !== undefined) return;
    this.#disabledMs = nowMs;
    this.#shards.at(-1)?.close(nowMs);
    this.#ring();
  }

  #openShard(nowMs: number): StreamShard {
    const open = this.#shards.at(-1);
    if (open && nowMs - open.createdMs < ROLLOVER_MS) return open;
    this.roll(nowMs);
    return this.#shards.at(-1) ?? this.#open(1, nowMs, undefined);
  }

  #open(first: number, nowMs: number, parentId: string | undefined): StreamShard {
    const id = `shardId-${String(nowMs).padStart(20, '0')}-${randomBytes(4).toString('hex')}`;
    const shard = new StreamShard({ id, parentId, first, createdMs: nowMs }, this.#memory);
    this.#shards.push(shard);
    return shard;
  }
}

/** A sequence number of 21 digits, as DynamoDB's, in the order of the numbers. */
export const sequenceOf = (number: number): string => `1${String(number).padStart(20, '0')}`;

/** The number in a sequence number; undefined for what is none. */
export function numberOf(sequence: string): number | undefined {
  return /^1\d{20}$/.test(sequence) ? Number(sequence.slice(1)) : undefined;
}
