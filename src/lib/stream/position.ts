import { UsageError } from '../shared/errors.js';
import { readInstant } from '../shared/instant.js';
import { shardIdOf } from './sequence-number.js';
import type { Position } from './shard-position.js';

const HINT =
  'Write latest, trim-horizon, a time ago (5m), an ISO time (2026-11-20T10:00Z), or SHARD:SEQUENCE (3:4967…).';

/** As AWS, Kafka and people call them. */
const NAMED: ReadonlyMap<string, 'latest' | 'trim-horizon'> = new Map([
  ...['latest', 'end'].map((name) => [name, 'latest'] as const),
  ...['trim-horizon', 'beginning', 'earliest', 'start'].map((name) => [name, 'trim-horizon'] as const),
]);

/**
 * Reads `latest`, `trim-horizon`, `5m` (ago), `2026-11-20T10:00Z`, seconds since 1970, or `SHARD:SEQUENCE` with the shard's id or number.
 * @throws UsageError
 */
export function parsePosition(text: string, what = 'position', now = Date.now()): Position {
  const named = NAMED.get(text.toLowerCase().replace('_', '-'));
  if (named) return { kind: named };
  const sequence = /^(shardId-\d{12}|\d{1,12}):(\d{20,128})$/.exec(text);
  if (sequence) {
    return { kind: 'sequence', shardId: parseShard(sequence[1] ?? ''), sequenceNumber: sequence[2] ?? '' };
  }
  const epochMs = readInstant(text, now);
  if (epochMs === undefined) throw new UsageError(`${what}: "${text}" is no place in a stream.`, { hint: HINT });
  if (epochMs > now) {
    // https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html: a time in the future is refused.
    throw new UsageError(`${what}: ${text} is in the future.`, { hint: 'To read what comes, write latest.' });
  }
  return { kind: 'time', epochMs };
}

/**
 * Reads where to stop: `now`, a time ago, or an ISO time, which may lie ahead.
 * @returns milliseconds since the epoch
 * @throws UsageError
 */
export function parseUntil(text: string, what = 'until', now = Date.now()): number {
  const epochMs = text === 'now' ? now : readInstant(text, now);
  if (epochMs !== undefined) return epochMs;
  throw new UsageError(`${what}: "${text}" is no time.`, {
    hint: 'Write now, a time ago (5m), or an ISO time (2026-11-20T10:00Z).',
  });
}

/**
 * Refuses an end that lies before the start, where nothing could ever be read.
 * @param resumes whether a checkpoint may put the start further back
 * @throws UsageError
 */
export function checkRange(from: Position, untilMs: number | undefined, resumes: boolean, now = Date.now()): void {
  if (untilMs === undefined) return;
  if (from.kind === 'time' && untilMs <= from.epochMs)
    throw new UsageError('--until is not after --from: nothing lies between them.', {
      hint: 'Both are times, and a time ago counts back from now: --from 10m --until 1m.',
    });
  if (from.kind === 'latest' && untilMs <= now && !resumes)
    throw new UsageError('--until: that time is over, and without --from nothing older than now is read.', {
      hint: 'Say where to start: --from trim-horizon, or --from 10m.',
    });
}

/** Whether only records are wanted that are there already: a stream made for the purpose would have none. */
export function needsPast(from: Position, untilMs: number | undefined, now = Date.now()): boolean {
  return from.kind === 'time' || from.kind === 'sequence' || (untilMs !== undefined && untilMs <= now);
}

/** The id of a shard that is given by its id or by its number. @throws UsageError */
export function parseShard(text: string, what = 'shard'): string {
  if (/^shardId-\d{12}$/.test(text)) return text;
  if (/^\d{1,12}$/.test(text)) return shardIdOf(Number(text));
  throw new UsageError(`${what}: "${text}" is no shard.`, {
    hint: 'Write its number (3) or its id (shardId-000000000003).',
  });
}
