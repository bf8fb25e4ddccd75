import { randomInt } from 'node:crypto';
import { UsageError } from '../shared/errors.js';
import type { Rate } from '../shared/rate.js';
import { shardsFor } from '../stream/capacity.js';
import { checkWritable } from './file-access.js';
import type { LoadPlan } from './load-plan.js';
import { type KeyPlan, leastKeyBytes } from './partition-keys.js';
import { type DataRequest, planData } from './plan-data.js';
import type { Burst, Ramp } from './rate.js';

/** The words of the command line, each read by its own mini-language. */
export interface LoadRequest extends DataRequest {
  rate?: Rate | undefined;
  ramp?: Ramp | undefined;
  burst?: Burst | undefined;
  duration?: number | undefined;
  count?: number | undefined;
  seed?: number | undefined;
  size?: number | undefined;
  'partition-key'?: KeyPlan | undefined;
  ordered: boolean;
  aggregate: boolean;
  'in-flight': number;
  attempts: number;
  failures?: string | undefined;
  'metrics-file'?: string | undefined;
}

/** A load before its stream is known. */
export interface LoadDraft extends Omit<LoadPlan, 'target' | 'stream' | 'recordLimitBytes' | 'shards'> {
  /** What a record takes, more or less, its key included. */
  typicalBytes: number;
}

const DEFAULT_RATE: Rate = { unit: 'records', perSecond: 1000 };
/** A load without a pace gets a stream of this many shards. */
const UNPACED_SHARDS = 4;

/**
 * Puts a load together, and refuses what contradicts itself.
 * @throws UsageError
 */
export async function planLoad(request: LoadRequest): Promise<LoadDraft> {
  const keys = request['partition-key'] ?? { kind: 'random' };
  const { workers, ordered, from, ramp, burst, seed, failures } = request;
  if (request.duration === 0)
    throw new UsageError('--duration: nothing can be sent in no time.', {
      hint: 'Leave it out to go on until Ctrl-C.',
    });
  if (workers > 1 && ordered)
    throw new UsageError('--ordered needs one worker: several cannot keep an order between them.');
  const { data, recordBytes } = await planData(request, keys);
  const inputs = { '--from': from, '--template': request.template };
  const metrics = request['metrics-file'];
  if (failures !== undefined) await checkWritable(failures, '--failures', inputs);
  if (metrics !== undefined) await checkWritable(metrics, '--metrics-file', { ...inputs, '--failures': failures });
  const rate = request.rate ?? (data.kind === 'lines' ? { unit: 'max' } : DEFAULT_RATE);
  if (burst && rate.unit !== 'records')
    throw new UsageError('--burst rises above a --rate in records.', {
      hint: 'For example --rate 500 --burst 5000:2s:30s.',
    });
  return {
    data,
    typicalBytes: Math.max(recordBytes, request.size ?? 0) + leastKeyBytes(keys),
    rate,
    ramp,
    burst,
    durationMs: request.duration,
    count: request.count,
    keys,
    seed: seed ?? randomInt(2 ** 32),
    seeded: seed !== undefined,
    sizeBytes: request.size,
    ordered,
    aggregate: request.aggregate,
    maxInFlight: request['in-flight'],
    maxAttempts: request.attempts,
    worker: 0,
    workers,
  };
}

/** The shards that a stream made for this load gets. */
export const shardsForLoad = (draft: LoadDraft): number =>
  shardsNeeded(draft) ?? (draft.data.kind === 'lines' && draft.data.timeField ? 1 : UNPACED_SHARDS);

/** The shards that this load takes when its keys are even; undefined where its rate is not known. */
export function shardsNeeded({ rate, ramp, burst, count, typicalBytes, aggregate }: LoadDraft): number | undefined {
  if (!ramp && rate.unit === 'max') return undefined;
  const asked = ramp
    ? Math.max(ramp.from, ramp.to)
    : rate.unit === 'records'
      ? Math.max(rate.perSecond, burst?.perSecond ?? 0)
      : rate.unit === 'bytes'
        ? rate.perSecond / typicalBytes
        : 0;
  const recordsPerSecond = Math.min(asked, count ?? asked);
  // Random keys spread like dice, not like a clock: a shard's second holds more now and then, so leave a tenth of room.
  const room = recordsPerSecond > 900 ? 1.1 : 1;
  return shardsFor({
    recordsPerSecond: aggregate ? 0 : recordsPerSecond * room, // an aggregate counts as one record
    bytesPerSecond: recordsPerSecond * typicalBytes * room,
  });
}
