import { parseByteSize } from '../shared/byte-size.js';
import { parseDuration } from '../shared/duration.js';
import { UsageError } from '../shared/errors.js';
import { RECORD_KIB, RESHARD } from './capacity.js';
import { streamNameOf } from './choose-stream.js';

/** A stream in the words of the flags and of pipectl.yaml. */
export interface StreamSpec {
  shards?: number | undefined;
  onDemand?: boolean | undefined;
  /** A duration, `48h`. */
  retention?: string | undefined;
  /** A size, `4MiB`. */
  maxRecordSize?: string | undefined;
  tags?: Record<string, string> | undefined;
  /** Keys of tags to take away. */
  untag?: readonly string[] | undefined;
}

/** How a stream is to be. What is undefined is left as it is, and takes AWS's default where the stream is new. */
export interface StreamWish {
  name: string;
  mode: 'PROVISIONED' | 'ON_DEMAND' | undefined;
  shards: number | undefined;
  retentionHours: number | undefined;
  maxRecordKiB: number | undefined;
  /** Tags to set. Others that the stream has stay. */
  tags: Record<string, string>;
  /** Keys of tags to take away. */
  untag: readonly string[];
}

const HOUR_MS = 3_600_000;
/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_IncreaseStreamRetentionPeriod.html */
const RETENTION_HOURS = { min: 24, max: 8760 } as const;
/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_AddTagsToStream.html */
const TAGS = { most: 50, keyLength: 128, valueLength: 256 } as const;

/**
 * Reads what is asked of a stream.
 * @param where names the place in messages: `--` for flags, `streams.orders.` for the file
 * @throws UsageError for what AWS would not take
 */
export function parseStreamWish(name: string, spec: StreamSpec, where = '--'): StreamWish {
  const field = (flag: string, key: string): string => (where === '--' ? `--${flag}` : `${where}${key}`);
  if (spec.shards !== undefined && spec.onDemand) {
    throw new UsageError(`${field('shards', 'shards')} and ${field('on-demand', 'onDemand')} exclude each other.`, {
      hint: 'AWS minds the shards of an on-demand stream.',
    });
  }
  if (spec.shards !== undefined && (spec.shards < 1 || spec.shards > RESHARD.maxShards)) {
    throw new UsageError(`${field('shards', 'shards')}: a stream has from 1 to ${RESHARD.maxShards} shards.`);
  }
  return {
    name: streamNameOf(name),
    mode: spec.onDemand ? 'ON_DEMAND' : spec.shards === undefined ? undefined : 'PROVISIONED',
    shards: spec.shards,
    retentionHours:
      spec.retention === undefined ? undefined : parseRetention(spec.retention, field('retention', 'retention')),
    maxRecordKiB:
      spec.maxRecordSize === undefined
        ? undefined
        : parseRecordSize(spec.maxRecordSize, field('max-record-size', 'maxRecordSize')),
    tags: checkTags(spec.tags ?? {}, field('tag', 'tags')),
    untag: checkUntag(spec, field('untag', 'untag')),
  };
}

function parseRetention(text: string, what: string): number {
  const hours = parseDuration(text, what) / HOUR_MS;
  if (Number.isInteger(hours) && hours >= RETENTION_HOURS.min && hours <= RETENTION_HOURS.max) return hours;
  throw new UsageError(`${what}: "${text}" is not a retention; AWS keeps records for 24h to 365d, in whole hours.`, {
    hint: 'Write 24h, 48h or 7d.',
  });
}

function parseRecordSize(text: string, what: string): number {
  const kib = parseByteSize(text, what) / 1024;
  if (Number.isInteger(kib) && kib >= RECORD_KIB.min && kib <= RECORD_KIB.max) return kib;
  throw new UsageError(`${what}: "${text}" is not a record size; AWS takes 1MiB to 10MiB, in whole KiB.`, {
    hint: 'Write 2MiB, 10MiB or 1536KiB.',
  });
}

function checkTags(tags: Record<string, string>, what: string): Record<string, string> {
  const entries = Object.entries(tags);
  if (entries.length > TAGS.most) throw new UsageError(`${what}: a stream has at most ${TAGS.most} tags.`);
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > TAGS.keyLength || value.length > TAGS.valueLength) {
      throw new UsageError(
        `${what}: a key has 1 to 128 characters and a value at most 256, and "${key}" does not fit.`,
      );
    }
    const odd = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/u.exec(key + value)?.[0];
    if (odd !== undefined) {
      throw new UsageError(`${what}: "${key}=${value}" has "${odd}" in it, which AWS does not take in a tag.`, {
        hint: 'Letters, digits, blanks and _ . : / = + - @ may be there.',
      });
    }
    if (/^aws:/i.test(key)) throw new UsageError(`${what}: "${key}" begins with aws:, which AWS keeps for itself.`);
  }
  return tags;
}

function checkUntag({ untag = [], tags = {} }: StreamSpec, what: string): readonly string[] {
  for (const key of untag) {
    if (Object.hasOwn(tags, key)) throw new UsageError(`${what}: ${key} is to be set as well; leave one out.`);
    if (key.includes('=')) {
      throw new UsageError(`${what}: "${key}" is not the key of a tag.`, { hint: 'Write the key alone: --untag team' });
    }
  }
  return untag;
}

/**
 * Reads a list of `KEY=VALUE`; a value may be empty, and may hold further equal signs.
 * @throws UsageError for what is not a tag, and for a key that is given two values
 */
export function parseTags(texts: readonly string[], what: string): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const text of texts) {
    const equals = text.indexOf('=');
    if (equals < 1) {
      throw new UsageError(`${what}: "${text}" is not a tag.`, { hint: 'Write KEY=VALUE, such as team=payments.' });
    }
    const [key, value] = [text.slice(0, equals), text.slice(equals + 1)];
    if (Object.hasOwn(tags, key) && tags[key] !== value) {
      throw new UsageError(`${what}: ${key} is given twice, as "${tags[key]}" and as "${value}".`);
    }
    tags[key] = value;
  }
  return tags;
}
