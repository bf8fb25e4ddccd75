// What AWS does for on-demand streams: room for twice the greatest load there has been.
// https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html
import { formatByteSize } from '../../../shared/byte-size.js';
import { shardsFor, type WriteLoad } from '../../../stream/capacity.js';
import type { KinesisState } from './kinesis-state.js';
import { reshard } from './reshard.js';
import type { Stream } from './stream.js';

/** AWS takes up to 15 minutes to follow a load that grows. */
const LOOK_EVERY_MS = 60_000;
/** 10 GiB/s, the most an on-demand stream carries. */
const MOST_SHARDS = 10_240;

/**
 * Looks each minute at what came in, and doubles the shards until they carry twice that. Ends by itself with the stream, and when its mode
 * is another. Where limits are off there is nothing to make room for.
 */
export function scaleWithTraffic(state: KinesisState, stream: Stream): void {
  stream.stopScaling?.();
  if (!state.limited) return;
  let before = stream.taken();
  const look = (): void => {
    if (stream.mode !== 'ON_DEMAND' || stream.status === 'DELETING') return;
    const now = stream.taken();
    const perSecond = (amount: number): number => (Math.max(0, amount) * 1000) / LOOK_EVERY_MS;
    const load = {
      recordsPerSecond: perSecond(now.records - before.records),
      bytesPerSecond: perSecond(now.bytes - before.bytes),
    };
    before = now;
    if (stream.status === 'ACTIVE') makeRoom(state, stream, load);
    lookLater();
  };
  const lookLater = (): void => {
    stream.stopScaling = state.environment.clock.after(LOOK_EVERY_MS, look);
  };
  lookLater();
}

function makeRoom(state: KinesisState, stream: Stream, load: WriteLoad): void {
  const open = stream.openShards.length;
  const wanted = shardsFor({ recordsPerSecond: 2 * load.recordsPerSecond, bytesPerSecond: 2 * load.bytesPerSecond });
  let shards = open;
  while (shards < wanted && shards * 2 <= MOST_SHARDS) shards *= 2;
  if (shards === open) return;
  state.environment.log(
    `kinesis: ${stream.name} goes from ${open} to ${shards} shards, for twice the ${Math.round(load.recordsPerSecond)} records/s and ` +
      `${formatByteSize(load.bytesPerSecond)}/s of the last minute`,
  );
  state.update(stream, () => reshard(stream, shards));
}
