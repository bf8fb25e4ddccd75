import { BATCH_DEFAULTS, type BatchSettings } from '../batching/batch.js';
import { filterable, type KinesisRecord } from '../batching/kinesis-event.js';
import { compileRecordFilter } from '../batching/record-filter.js';
import { UsageError } from '../shared/errors.js';
import { PatternError } from '../shared/event-pattern.js';
import type { Position } from '../stream/shard-position.js';

/** What flags, a deployed mapping or a template say of how to consume. */
export interface ConsumeSettings extends BatchSettings {
  /** Filter patterns, JSON texts; a record passes when one matches. */
  filters: readonly string[];
  from: Position | undefined;
  timeoutMs: number;
  memoryMb: number;
  environment: Readonly<Record<string, string>>;
}

/** Undefined: not said. */
export type PartialSettings = { [Name in keyof ConsumeSettings]?: ConsumeSettings[Name] | undefined };

/** A handler here gets more time and memory than a new function at AWS (3 seconds, 128 MB): most are deployed with more, too. */
const DEFAULTS: ConsumeSettings = {
  ...BATCH_DEFAULTS,
  filters: [],
  from: undefined,
  timeoutMs: 30_000,
  memoryMb: 1024,
  environment: {},
};

/** Later settings go before earlier ones; variables add up. @throws UsageError for settings that cannot be used together */
export function mergeSettings(...all: readonly PartialSettings[]): ConsumeSettings {
  const merged = { ...DEFAULTS };
  for (const settings of all) {
    const said = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
    Object.assign(merged, said, { environment: { ...merged.environment, ...settings.environment } });
  }
  if (merged.tumblingSeconds > 0 && merged.parallelization > 1)
    throw new UsageError('--tumbling-window and --parallelization cannot be used together.', {
      hint: 'A tumbling window adds up one shard in order: leave --parallelization out.',
    });
  return merged;
}

/** Whether a record passes the filter patterns. @throws UsageError */
export function recordFilter(patterns: readonly string[]): (record: KinesisRecord) => boolean {
  try {
    const passes = compileRecordFilter(patterns, 'data');
    return passes ? (record) => passes(filterable(record)) : () => true;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new UsageError(`--filter: the pattern is not valid: ${error.message}.`, {
      hint: `Use the pattern of an event source mapping: --filter '{"data":{"state":["Ohio"]}}'`,
      cause: error,
    });
  }
}
