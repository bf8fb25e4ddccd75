import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import { arnOf } from '../../../kit/arn.js';
import type { Answer } from '../../../wire/handlers.js';
import type { MappingTarget } from './event-source-mapping.js';
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
    ...(settings.filters.length === 0
      ? {}
      : { FilterCriteria: { Filters: settings.filters.map((Pattern) => ({ Pattern })) } }),
    LastModified: new Date(lastModifiedMs),
    LastProcessingResult: lastResult,
    State: state,
    StateTransitionReason: 'User action',
  };
}
