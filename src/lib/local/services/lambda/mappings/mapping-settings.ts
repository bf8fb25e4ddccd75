import type { CreateEventSourceMappingRequest } from '@aws-sdk/client-lambda';
import { BATCH_DEFAULTS, BATCH_RANGES, type BatchSettings } from '../../../../batching/batch.js';
import { compileRecordFilter, type RecordFilter } from '../../../../batching/record-filter.js';
import { PatternError } from '../../../../shared/event-pattern.js';
import type { EventSource } from '../../../ports.js';
import type { Checked } from '../../../wire/handlers.js';
import type { Constraints } from '../../../wire/validate.js';
import { invalidParameter, omitted } from '../lambda-error.js';

/** How a mapping delivers; may change while it runs. */
export interface MappingSettings extends BatchSettings {
  /** What the mapping reads; which settings it has follows from it. */
  source: 'shards' | 'queue';
  /** Batches of a queue that may be with the function at the same time. */
  maximumConcurrency: number | undefined;
  onFailure: string | undefined;
  filters: string[];
  filter: RecordFilter | undefined;
}

export const DEFAULTS: MappingSettings = {
  ...BATCH_DEFAULTS,
  source: 'shards',
  maximumConcurrency: undefined,
  onFailure: undefined,
  filters: [],
  filter: undefined,
};

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html */
export const QUEUE_DEFAULTS: MappingSettings = { ...DEFAULTS, source: 'queue', batchSize: 10 };

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export const MAPPING_CONSTRAINTS: Constraints = {
  BatchSize: { range: BATCH_RANGES.batchSize },
  MaximumBatchingWindowInSeconds: { range: BATCH_RANGES.windowSeconds },
  ParallelizationFactor: { range: BATCH_RANGES.parallelization },
  MaximumRecordAgeInSeconds: { range: BATCH_RANGES.maximumRecordAgeSeconds },
  MaximumRetryAttempts: { range: BATCH_RANGES.maximumRetryAttempts },
  TumblingWindowInSeconds: { range: BATCH_RANGES.tumblingSeconds },
  StartingPosition: { enum: ['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'] },
  ScalingConfig: { members: { MaximumConcurrency: { range: [2, 1000] } } },
  FunctionResponseTypes: { max: 1, item: { enum: ['ReportBatchItemFailures'] } },
};
const LEAST_AGE_SECONDS = 60;
/** What only mappings of streams have. */
const OF_STREAMS = [
  'StartingPosition',
  'StartingPositionTimestamp',
  'ParallelizationFactor',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'BisectBatchOnFunctionError',
  'TumblingWindowInSeconds',
  'DestinationConfig',
] as const;
/** What only mappings of queues have. */
const OF_QUEUES = ['ScalingConfig'] as const;
/** What only mappings of other sources have. */
const OF_OTHER_SOURCES = [
  'Queues',
  'Topics',
  'SourceAccessConfigurations',
  'SelfManagedEventSource',
  'SelfManagedKafkaEventSourceConfig',
  'AmazonManagedKafkaEventSourceConfig',
  'DocumentDBEventSourceConfig',
] as const;

type SettingsInput = Partial<
  Pick<
    Checked<CreateEventSourceMappingRequest>,
    | 'BatchSize'
    | 'MaximumBatchingWindowInSeconds'
    | 'ParallelizationFactor'
    | 'MaximumRecordAgeInSeconds'
    | 'MaximumRetryAttempts'
    | 'BisectBatchOnFunctionError'
    | 'FunctionResponseTypes'
    | 'DestinationConfig'
    | 'FilterCriteria'
    | 'TumblingWindowInSeconds'
    | 'KMSKeyArn'
    | 'MetricsConfig'
    | 'ProvisionedPollerConfig'
    | 'LoggingConfig'
    | 'StartingPosition'
    | 'StartingPositionTimestamp'
    | 'ScalingConfig'
    | (typeof OF_OTHER_SOURCES)[number]
  >
>;

/**
 * The settings given, over those that were.
 * @throws AwsError for values AWS refuses, and for what the local endpoint does not do
 */
export function applyMappingSettings(
  settings: MappingSettings,
  input: SettingsInput,
  { filterKey, title = 'these' }: Partial<Pick<EventSource, 'filterKey' | 'title'>>,
): MappingSettings {
  if (input.KMSKeyArn) throw omitted('encrypted filter criteria (KMSKeyArn)');
  if (input.ProvisionedPollerConfig) throw omitted('provisioned pollers (ProvisionedPollerConfig)');
  if (input.LoggingConfig) throw omitted('logs of mappings (LoggingConfig)');
  const isQueue = settings.source === 'queue';
  const foreign = [...OF_OTHER_SOURCES, ...(isQueue ? OF_STREAMS : OF_QUEUES)].find(
    (name) => input[name] !== undefined,
  );
  if (foreign) throw invalidParameter(`${foreign} is not for ${title} event sources.`);
  if ((input.MetricsConfig?.Metrics?.length ?? 0) > 0) throw omitted('metrics of mappings (MetricsConfig)');
  const age = input.MaximumRecordAgeInSeconds;
  if (age !== undefined && age !== -1 && age < LEAST_AGE_SECONDS) {
    throw invalidParameter(`MaximumRecordAgeInSeconds must be -1 or between ${LEAST_AGE_SECONDS} and 604800.`);
  }
  const next: MappingSettings = {
    ...settings,
    batchSize: input.BatchSize ?? settings.batchSize,
    windowSeconds: input.MaximumBatchingWindowInSeconds ?? settings.windowSeconds,
    parallelization: input.ParallelizationFactor ?? settings.parallelization,
    tumblingSeconds: input.TumblingWindowInSeconds ?? settings.tumblingSeconds,
    maximumRetryAttempts: input.MaximumRetryAttempts ?? settings.maximumRetryAttempts,
    maximumRecordAgeSeconds: age ?? settings.maximumRecordAgeSeconds,
    bisect: input.BisectBatchOnFunctionError ?? settings.bisect,
    maximumConcurrency: input.ScalingConfig ? input.ScalingConfig.MaximumConcurrency : settings.maximumConcurrency,
    reportsItemFailures:
      input.FunctionResponseTypes === undefined
        ? settings.reportsItemFailures
        : input.FunctionResponseTypes.includes('ReportBatchItemFailures'),
  };
  if (next.tumblingSeconds > 0 && next.parallelization > 1) {
    throw omitted('tumbling windows over parallel batches of one shard (ParallelizationFactor above 1)');
  }
  if (input.DestinationConfig !== undefined) {
    const { OnSuccess, OnFailure } = input.DestinationConfig;
    if (OnSuccess?.Destination) throw invalidParameter('Unsupported destination type: OnSuccess.');
    next.onFailure = OnFailure?.Destination || undefined;
  }
  if (input.FilterCriteria !== undefined) {
    next.filters = (input.FilterCriteria.Filters ?? []).map(({ Pattern }) => Pattern ?? '');
    next.filter = compileFilters(next.filters, filterKey);
  }
  return next;
}

/** @throws AwsError InvalidParameterValueException */
function compileFilters(patterns: readonly string[], filterKey: string | undefined): RecordFilter | undefined {
  try {
    return compileRecordFilter(patterns, filterKey);
  } catch (error) {
    if (error instanceof PatternError) throw invalidParameter(`Invalid filter pattern definition: ${error.message}.`);
    throw error;
  }
}
