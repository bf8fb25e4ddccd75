import type { ShardDescription } from '../stream/list-shards.js';
import type { Deliver } from './delivery.js';
import type { ShardPosition } from './shard-position.js';

/** How reading a shard ended: it was closed and read to its end, or it was read as far as was wanted. */
export type ShardEnd = { kind: 'closed'; children: ShardDescription[] | undefined } | { kind: 'reached' };

export interface ShardRead {
  shardId: string;
  start: Exclude<ShardPosition, { ended: true }>;
  /** Records that arrived at this time or later are not wanted. */
  untilMs: number | undefined;
  deliver: Deliver;
  /** Told how far reading has come, also when nothing was there to deliver. */
  onProgress(position: ShardPosition): void;
  /** Told once, when the reader stands in its place and misses nothing from here on. */
  onReady(): void;
  onWarning(text: string): void;
  signal: AbortSignal;
}

/** Reads one shard from a position to its end. */
export type ReadShard = (read: ShardRead) => Promise<ShardEnd>;
