import { BATCH_RANGES } from '../batching/batch.js';
import { UsageError } from '../shared/errors.js';
import type { Position } from '../stream/shard-position.js';
import type { PartialSettings } from './consume-settings.js';
import { handlerEnvironment } from './handler-environment.js';

/** The flags of `pipectl consume` that are settings; durations in milliseconds. */
export interface SettingFlags {
  'batch-size'?: number | undefined;
  window?: number | undefined;
  parallelization?: number | undefined;
  'tumbling-window'?: number | undefined;
  retries?: number | undefined;
  'max-age'?: number | undefined;
  bisect: boolean;
  'report-item-failures': boolean;
  filter?: string[] | undefined;
  from?: Position | undefined;
  timeout?: number | undefined;
  memory?: number | undefined;
  env?: string[] | undefined;
  'env-file'?: string | undefined;
}

/** Least age that AWS takes. */
const LEAST_AGE_SECONDS = 60;

/** The settings that flags give; a switch that is not given says nothing. @throws UsageError */
export function settingsOfFlags(flags: SettingFlags, own: NodeJS.ProcessEnv): PartialSettings {
  const [, longestAge] = BATCH_RANGES.maximumRecordAgeSeconds;
  return {
    batchSize: flags['batch-size'],
    windowSeconds: seconds('--window', flags.window, BATCH_RANGES.windowSeconds),
    parallelization: flags.parallelization,
    tumblingSeconds: seconds('--tumbling-window', flags['tumbling-window'], BATCH_RANGES.tumblingSeconds),
    maximumRetryAttempts: flags.retries,
    maximumRecordAgeSeconds: seconds('--max-age', flags['max-age'], [LEAST_AGE_SECONDS, longestAge]),
    bisect: flags.bisect || undefined,
    reportsItemFailures: flags['report-item-failures'] || undefined,
    filters: flags.filter,
    from: flags.from,
    timeoutMs: flags.timeout,
    memoryMb: flags.memory,
    environment: handlerEnvironment(flags.env ?? [], flags['env-file'], own),
  };
}

/** AWS counts these in whole seconds. */
function seconds(flag: string, ms: number | undefined, [least, most]: readonly [number, number]): number | undefined {
  if (ms === undefined) return undefined;
  const value = ms / 1000;
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`${flag}: "${value}s" is not a whole number of seconds from ${least} to ${most}.`, {
    hint: `For example: ${flag} ${Math.max(least, 1)}s`,
  });
}
