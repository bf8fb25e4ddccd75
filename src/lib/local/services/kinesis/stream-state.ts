// What must be true of a stream before an operation may change it.
import { AwsError } from '../../wire/aws-error.js';
import type { OperationContext } from '../../wire/handlers.js';
import { streamNotActive } from './aws-errors.js';
import type { Stream } from './stream.js';

/** @throws AwsError ResourceInUseException while the stream is being created, updated or deleted */
export function requireActive(stream: Stream, context: OperationContext): void {
  if (stream.status !== 'ACTIVE') throw streamNotActive(stream.name, context.accountId, stream.status, 'ACTIVE');
}

/** @throws AwsError ResourceInUseException while the stream is being created or deleted: it has no shards to show or to read */
export function requireShards(stream: Stream, context: OperationContext): void {
  if (!stream.takesRecords) {
    throw streamNotActive(stream.name, context.accountId, stream.status, 'ACTIVE or UPDATING');
  }
}

/** @throws AwsError ValidationException for an on-demand stream, whose shards AWS manages by itself */
export function requireProvisioned(stream: Stream, context: OperationContext): void {
  if (stream.mode !== 'PROVISIONED') {
    throw new AwsError(
      'ValidationException',
      `Request is invalid. Stream ${stream.name} under account ${context.accountId} is in On-Demand mode.`,
    );
  }
}
