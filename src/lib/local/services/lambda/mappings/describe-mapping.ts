import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import { arnOf } from '../../../kit/arn.js';
import type { Answer } from '../../../wire/handlers.js';
import type { MappingTarget } from './mapping.js';
import type { MappingSettings } from './mapping-settings.js';

export type MappingState = 'Creating' | 'Enabling' | 'Enabled' | 'Disabling' | 'Disabled' | 'Updating' | 'Deleting';

/** What of a mapping changes while it lives. */
export interface MappingStatus {
  functionArn: string;
  settings: MappingSettings;
  state: MappingState;
  lastResult: string;
  lastModifiedMs: number;
}

/** A mapping of a queue, which has no position, no order of records and no retries of its own. */
export function describeQueueMapping(
  { uuid, eventSourceArn, context }: Pick<MappingTarget, 'uuid' | 'eventSourceArn' | 'context'>,
  { functionArn, settings, state, lastModifiedMs }: Omit<MappingStatus, 'lastResult'>,
): Answer<EventSourceMappingConfiguration> {
  return {
    UUID: uuid,
    EventSourceMappingArn: arnOf('lambda', context, `event-source-mapping:${uuid}`),
    EventSourceArn: eventSourceArn,
    FunctionArn: functionArn,
    BatchSize: settings.batchSize,
    MaximumBatchingWindowInSeconds: settings.windowSeconds,
    FunctionResponseTypes: settings.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
    ...(settings.maximumConcurrency === undefined
      ? {}
      : { ScalingConfig: { MaximumConcurrency: settings.maximumConcurrency } }),
    ...filterCriteria(settings),
    LastModified: new Date(lastModifiedMs),
    State: state,
    StateTransitionReason: 'USER_INITIATED',
  };
}

const filterCriteria = ({ filters }: MappingSettings) =>
  filters.length === 0 ? {} : { FilterCriteria: { Filters: filters.map((Pattern) => ({ Pattern })) } };

/** A mapping as every operation on it answers it. */
export function describeMapping(
  { uuid, eventSourceArn, start, context }: MappingTarget,
  { functionArn, settings, state, lastResult, lastModifiedMs }: MappingStatus,
): Answer<EventSourceMappingConfiguration> {
  return {
    UUID: uuid,
    EventSourceMappingArn: arnOf('lambda', context, `event-source-mapping:${uuid}`),
    EventSourceArn: eventSourceArn,
    FunctionArn: functionArn,
    StartingPosition: start.type,
    ...(start.type === 'AT_TIMESTAMP' ? { StartingPositionTimestamp: new Date(start.timestampMs) } : {}),
    BatchSize: settings.batchSize,
    MaximumBatchingWindowInSeconds: settings.windowSeconds,
    ParallelizationFactor: settings.parallelization,
    MaximumRecordAgeInSeconds: settings.maximumRecordAgeSeconds,
    MaximumRetryAttempts: settings.maximumRetryAttempts,
    BisectBatchOnFunctionError: settings.bisect,
    TumblingWindowInSeconds: settings.tumblingSeconds,
    FunctionResponseTypes: settings.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
    DestinationConfig: { OnFailure: settings.onFailure === undefined ? {} : { Destination: settings.onFailure } },
    ...filterCriteria(settings),
    LastModified: new Date(lastModifiedMs),
    LastProcessingResult: lastResult,
    State: state,
    StateTransitionReason: 'User action',
  };
}
