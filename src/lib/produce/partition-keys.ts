import { UsageError } from '../shared/errors.js';
import { numberAsWritten } from './data/number-as-written.js';
import type { Random } from './data/random.js';
import { valueAt } from './data/value-at.js';

/** Where a record's partition key comes from. */
export type KeyPlan =
  | { kind: 'random' }
  | { kind: 'fixed'; key: string }
  | { kind: 'field'; path: readonly string[] }
  | { kind: 'zipf'; exponent: number; keys: number };

const RANDOM_KEY_BYTES = 8;
const DEFAULT_ZIPF_KEYS = 10_000;
/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html: 1 to 256 characters. */
const MAX_KEY_LENGTH = 256;

/**
 * Reads `random`, `fixed:KEY`, `field:customer.id`, `zipf:1.2` or `zipf:1.2:500` (the skew, and how many keys there are).
 * @throws UsageError
 */
export function parseKeyPlan(text: string, what = 'partition key'): KeyPlan {
  const [kind = '', ...rest] = text.split(':');
  const argument = rest.join(':');
  if (text === 'random') return { kind: 'random' };
  if (kind === 'fixed' && argument !== '' && argument.length <= MAX_KEY_LENGTH) return { kind: 'fixed', key: argument };
  if (kind === 'field' && /^[^.]+(\.[^.]+)*$/.test(argument)) {
    return { kind: 'field', path: argument.replace(/^\$\./, '').split('.') };
  }
  const zipf = /^(\d+(?:\.\d+)?)(?::(\d+))?$/.exec(kind === 'zipf' ? argument : '');
  const keys = Number(zipf?.[2] ?? DEFAULT_ZIPF_KEYS);
  if (zipf && keys >= 1 && keys <= 10_000_000) return { kind: 'zipf', exponent: Number(zipf[1]), keys };
  throw new UsageError(`${what}: "${text}" is no way to choose keys.`, {
    hint: 'Write random, field:NAME (or field:a.b), fixed:KEY, or zipf:1.2 for a skewed choice out of 10,000 keys (zipf:1.2:500 out of 500).',
  });
}

/** What a key takes at least, in bytes. */
export const leastKeyBytes = (plan: KeyPlan): number =>
  plan.kind === 'fixed' ? Buffer.byteLength(plan.key) : plan.kind === 'random' ? RANDOM_KEY_BYTES : 1;

/** Chooses the key of a record that does not name its own. */
export function keyChooser(plan: Exclude<KeyPlan, { kind: 'field' }>): (random: Random) => string {
  if (plan.kind === 'fixed') return () => plan.key;
  if (plan.kind === 'random') return (random) => random.token();
  const cumulative = zipfDistribution(plan.exponent, plan.keys);
  return (random) => `key-${rankOf(cumulative, random.unit())}`;
}

/**
 * The value at `path` of a record, as a key. Numbers keep their digits as written.
 * @param text the record's JSON
 * @throws Error in one sentence when there is none, or none that can be a key
 */
export function keyFromField(record: unknown, path: readonly string[], text: string): string {
  const found = valueAt(record, path);
  const at = path.join('.');
  if (typeof found === 'boolean') return String(found);
  const value = typeof found === 'number' ? numberAsWritten(text, path) : found;
  if (typeof value !== 'string') throw new Error(`no ${at} to take the partition key from`);
  if (value === '') throw new Error(`its ${at} is empty and cannot be the partition key`);
  if (value.length > MAX_KEY_LENGTH)
    throw new Error(`its ${at} is longer than the ${MAX_KEY_LENGTH} characters of a partition key`);
  return value;
}

/** Whether there is anything at `path` of a record. */
export const hasField = (record: unknown, path: readonly string[]): boolean => valueAt(record, path) !== undefined;

/** Of the keys ranked from the most frequent, the k-th has a weight of 1 / k^exponent; here their running sums, up to 1. */
function zipfDistribution(exponent: number, keys: number): Float64Array {
  const cumulative = new Float64Array(keys);
  let sum = 0;
  for (let rank = 0; rank < keys; rank++) cumulative[rank] = sum += (rank + 1) ** -exponent;
  for (let rank = 0; rank < keys; rank++) cumulative[rank] = (cumulative[rank] ?? 0) / sum;
  return cumulative;
}

function rankOf(cumulative: Float64Array, unit: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cumulative[middle] ?? 1) <= unit) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}
