import { formatByteSize } from '../shared/byte-size.js';
import { UsageError } from '../shared/errors.js';
import { RECORD_KIB, RESHARD, reshardSteps } from './capacity.js';
import type { StreamState } from './stream-state.js';
import type { StreamWish } from './stream-wish.js';

/** One thing that has to change for a stream to be as it is wished. */
export type StreamChange =
  | { what: 'stream'; from: undefined; to: { mode: 'PROVISIONED' | 'ON_DEMAND'; shards: number | undefined } }
  | { what: 'mode'; from: StreamState['mode']; to: StreamState['mode'] }
  /** `steps` are the counts to ask for, one UpdateShardCount after the other: AWS doubles or halves at most. */
  | { what: 'shards'; from: number; to: number; steps: number[] }
  | { what: 'retention'; from: number; to: number }
  | { what: 'maxRecordSize'; from: number; to: number }
  | { what: 'tag'; key: string; from: string | undefined; to: string | undefined };

const NEW_STREAM = { retentionHours: 24, maxRecordKiB: RECORD_KIB.byDefault } as const;

/**
 * What to change, in the order in which it can be done. Nothing, when the stream is as it is wished.
 * @param state undefined when there is no such stream
 * @throws UsageError when AWS allows no way there within a day
 */
export function planStream(wish: StreamWish, state: StreamState | undefined): StreamChange[] {
  const changes: StreamChange[] = [];
  if (!state) {
    const mode = wish.mode ?? 'PROVISIONED';
    const shards = mode === 'PROVISIONED' ? (wish.shards ?? 1) : undefined;
    changes.push({ what: 'stream', from: undefined, to: { mode, shards } });
  } else {
    if (wish.mode !== undefined && wish.mode !== state.mode) {
      changes.push({ what: 'mode', from: state.mode, to: wish.mode });
    }
    if (wish.shards !== undefined && wish.shards !== state.openShards) {
      changes.push(planShards(wish.name, state.openShards, wish.shards));
    }
  }
  const { retentionHours, maxRecordKiB } = state ?? NEW_STREAM;
  if (wish.retentionHours !== undefined && wish.retentionHours !== retentionHours) {
    changes.push({ what: 'retention', from: retentionHours, to: wish.retentionHours });
  }
  if (wish.maxRecordKiB !== undefined && wish.maxRecordKiB !== maxRecordKiB) {
    changes.push({ what: 'maxRecordSize', from: maxRecordKiB, to: wish.maxRecordKiB });
  }
  for (const [key, to] of Object.entries(wish.tags)) {
    const from = state?.tags[key];
    if (from !== to) changes.push({ what: 'tag', key, from, to });
  }
  for (const key of wish.untag) {
    const from = state?.tags[key];
    if (from !== undefined) changes.push({ what: 'tag', key, from, to: undefined });
  }
  return changes;
}

function planShards(name: string, from: number, to: number): StreamChange {
  const steps = reshardSteps(from, to);
  if (steps.length <= RESHARD.timesPerDay) return { what: 'shards', from, to, steps };
  throw new UsageError(
    `${name}: from ${from} to ${to} shards takes ${steps.length} steps, and AWS allows ${RESHARD.timesPerDay} in 24 hours.`,
    { hint: `Go as far as ${steps[RESHARD.timesPerDay - 1]} today.` },
  );
}

/** `shards 1 -> 6, by way of 2, 4`: one change in one line. */
export function describeChange(change: StreamChange): string {
  switch (change.what) {
    case 'stream':
      return change.to.mode === 'ON_DEMAND' ? 'new, on-demand' : `new, ${shardsInWords(change.to.shards ?? 1)}`;
    case 'mode':
      return `mode ${modeInWords(change.from)} -> ${modeInWords(change.to)}`;
    case 'shards': {
      const between = change.steps.slice(0, -1);
      return `shards ${change.from} -> ${change.to}${between.length > 0 ? `, by way of ${between.join(', ')}` : ''}`;
    }
    case 'retention': {
      const loss = change.to < change.from ? `; records older than ${change.to}h go` : '';
      return `retention ${change.from}h -> ${change.to}h${loss}`;
    }
    case 'maxRecordSize':
      return `maximum record size ${formatByteSize(change.from * 1024)} -> ${formatByteSize(change.to * 1024)}`;
    case 'tag':
      return `tag ${change.key} ${change.from ?? '(none)'} -> ${change.to ?? '(none)'}`;
  }
}

export const modeInWords = (mode: StreamState['mode']): string => (mode === 'ON_DEMAND' ? 'on-demand' : 'provisioned');

export const shardsInWords = (count: number): string => `${count} shard${count === 1 ? '' : 's'}`;
