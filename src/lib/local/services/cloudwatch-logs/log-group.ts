import type { LogGroupClass, MetricTransformation } from '@aws-sdk/client-cloudwatch-logs';
import type { FilterPattern } from '../../../shared/filter-pattern/filter-pattern.js';
import { AwsError } from '../../wire/aws-error.js';
import type { FilterDestination } from './destination.js';
import type { SortedEvents } from './sorted-events.js';

export interface LogStream {
  name: string;
  arn: string;
  creationTime: number;
  lastIngestionTime: number | undefined;
  events: SortedEvents;
}

export interface SubscriptionFilter {
  filterName: string;
  logGroupName: string;
  pattern: FilterPattern;
  destinationArn: string;
  destination: FilterDestination;
  roleArn: string | undefined;
  distribution: 'ByLogStream' | 'Random';
  applyOnTransformedLogs: boolean;
  creationTime: number;
}

/** Stored and tested, never turned into metrics. */
export interface MetricFilter {
  filterName: string;
  logGroupName: string;
  pattern: FilterPattern;
  metricTransformations: MetricTransformation[];
  applyOnTransformedLogs: boolean;
  creationTime: number;
}

export interface LogGroup {
  name: string;
  /** Without the `:*` that AWS appends where it names the group's streams too. */
  arn: string;
  creationTime: number;
  retentionInDays: number | undefined;
  logGroupClass: LogGroupClass;
  kmsKeyId: string | undefined;
  deletionProtected: boolean;
  tags: Map<string, string>;
  streams: Map<string, LogStream>;
  /** Every stream's events, merged. */
  events: SortedEvents;
  /** Bytes of the messages stored, each with the 26 that AWS counts for an event. */
  storedBytes: number;
  subscriptionFilters: Map<string, SubscriptionFilter>;
  metricFilters: Map<string, MetricFilter>;
}

/** Bytes AWS counts for an event: its text in UTF-8, and 26. */
export const billedBytes = (message: string): number => Buffer.byteLength(message) + 26;

/**
 * "Deletion protection blocks all deletion operations until it is explicitly disabled", those of the group's streams too.
 * @throws AwsError
 */
export function checkUnprotected(group: LogGroup): void {
  if (group.deletionProtected) {
    throw new AwsError('ValidationException', 'The specified log group has deletion protection enabled.');
  }
}

/** @throws AwsError */
export function checkStandard(group: LogGroup): void {
  if (group.logGroupClass !== 'STANDARD') {
    throw new AwsError('ValidationException', 'This operation is only supported on the Standard log class.');
  }
}
