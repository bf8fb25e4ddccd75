import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { OperationError, UsageError } from '../shared/errors.js';
import { shardsFor } from '../stream/capacity.js';
import type { DataPlan, LoadPlan } from './load-plan.js';
import type { KeyPlan } from './partition-keys.js';
import type { Burst, Ramp, Rate } from './rate.js';

/** The words of the command line, each read by its own mini-language. */
export interface LoadRequest {
  rate?: Rate | undefined;
  ramp?: Ramp | undefined;
  burst?: Burst | undefined;
  duration?: number | undefined;
  count?: number | undefined;
  schema?: string | undefined;
  template?: string | undefined;
  from?: string | undefined;
  text: boolean;
  'time-field'?: string | undefined;
  speed?: number | undefined;
  seed?: number | undefined;
  size?: number | undefined;
  'partition-key'?: KeyPlan | undefined;
  ordered: boolean;
  aggregate: boolean;
  'in-flight': number;
  attempts: number;
  workers: number;
}

export type LoadDraft = Omit<LoadPlan, 'target' | 'stream' | 'recordLimitBytes'>;

const DEFAULT_RATE: Rate = { unit: 'records', perSecond: 1000 };
/** What a record takes, for the shards of a stream that is made: the built-in transactions are a little smaller. */
const TYPICAL_RECORD_BYTES = 300;
/** A load without a pace gets a stream of this many shards. */
const UNPACED_SHARDS = 4;

/**
 * Puts a load together, and refuses what contradicts itself.
 * @throws UsageError
 */
export async function planLoad(request: LoadRequest): Promise<LoadDraft> {
  const data = await planData(request);
  const { workers, ordered, from, ramp, burst, seed } = request;
  if (request.duration === 0)
    throw new UsageError('--duration: nothing can be sent in no time.', {
      hint: 'Leave it out to go on until Ctrl-C.',
    });
  if (workers > 1 && ordered)
    throw new UsageError('--ordered needs one worker: several cannot keep an order between them.');
  if (workers > 1 && from === '-')
    throw new UsageError('--from - needs one worker: stdin cannot be read by several.', { hint: 'Give a file.' });
  if (workers > 1 && data.kind === 'lines' && data.timeField)
    throw new UsageError('--time-field needs one worker: the first record sets the time for all.');
  const rate = request.rate ?? (data.kind === 'lines' ? { unit: 'max' } : DEFAULT_RATE);
  if (burst && rate.unit !== 'records')
    throw new UsageError('--burst rises above a --rate in records.', {
      hint: 'For example --rate 500 --burst 5000:2s:30s.',
    });
  const keys = request['partition-key'] ?? { kind: 'random' };
  if (keys.kind === 'field' && data.kind === 'lines' && !data.json)
    throw new UsageError('--partition-key field: needs JSON, and --text says that lines are none.');
  return {
    data,
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

async function planData(request: LoadRequest): Promise<DataPlan> {
  const { template, from, schema } = request;
  if (from !== undefined) {
    if (from !== '-') await checkReadable(from);
    const timeField = request['time-field']?.replace(/^\$\./, '').split('.');
    return { kind: 'lines', path: from, json: !request.text, timeField, speed: request.speed ?? 1 };
  }
  if (template === undefined) return { kind: 'schema', name: schema ?? 'transaction' };
  const inline = /^\s*\{/.test(template);
  const text = inline ? template : await readTemplate(template);
  const name = inline ? '--template' : template;
  // Read here once, so that a mistake is told before a stream is made.
  const [{ parseTemplate }, { Random }] = await Promise.all([import('./data/template.js'), import('./data/random.js')]);
  parseTemplate(text, name)(new Random(1));
  return { kind: 'template', text, name };
}

async function readTemplate(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--template: cannot read ${path}: ${(error as Error).message}`);
  }
}

async function checkReadable(path: string): Promise<void> {
  const { open } = await import('node:fs/promises');
  try {
    const file = await open(path, 'r');
    const isFolder = (await file.stat()).isDirectory();
    await file.close();
    if (isFolder) throw new OperationError('it is a folder');
  } catch (error) {
    throw new UsageError(`--from: cannot read ${path}: ${(error as Error).message}`);
  }
}

/** The shards that a stream made for this load needs. */
export function shardsForLoad({ rate, ramp, burst, sizeBytes, data }: LoadDraft): number {
  const recordBytes = sizeBytes ?? TYPICAL_RECORD_BYTES;
  const most = ramp ? Math.max(ramp.from, ramp.to) : burst ? burst.perSecond : undefined;
  if (most === undefined && rate.unit === 'max') return data.kind === 'lines' && data.timeField ? 1 : UNPACED_SHARDS;
  const perSecond =
    most ?? (rate.unit === 'records' ? rate.perSecond : rate.unit === 'bytes' ? rate.perSecond / recordBytes : 0);
  // Random keys spread like dice, not like a clock: a shard's second holds more now and then, so leave a tenth of room.
  const room = perSecond > 900 ? 1.1 : 1;
  return shardsFor({ recordsPerSecond: perSecond * room, bytesPerSecond: perSecond * recordBytes * room });
}

/** Reads how many times faster than life a replay goes. @throws UsageError */
export function parseSpeed(text: string, what = 'speed'): number {
  const speed = /^\d+(\.\d+)?x?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (speed > 0) return speed;
  throw new UsageError(`${what}: "${text}" is no factor.`, { hint: 'Write 10 for ten times as fast, 0.5 for half.' });
}
