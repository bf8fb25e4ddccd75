import { AwsError } from '../../wire/aws-error.js';
import type { OperationContext } from '../../wire/handlers.js';
import type { DeliveryStream } from './delivery-stream.js';
import { invalidArgument, SLOW_DOWN } from './firehose-errors.js';
import type { FirehoseState } from './firehose-state.js';

type Place = Pick<OperationContext, 'region' | 'accountId'>;

/** The delivery stream that records are put into; counts one call. @throws AwsError if it is not there, reads a stream, or has no call left */
export function openForPuts(state: FirehoseState, name: string, place: Place): DeliveryStream {
  const stream = state.openStream(name, place);
  if (stream.source) {
    throw invalidArgument('This operation is not permitted on KinesisStreamAsSource delivery stream type.');
  }
  if (!stream.quota.takeCall()) throw slowDown();
  return stream;
}

/** Takes one record. @returns false if it is too fast, or too much waits already */
export function takeRecord(stream: DeliveryStream, data: Uint8Array, arrivedMs: number): boolean {
  if (!stream.hasRoom || !stream.quota.takeRecord(data.byteLength)) return false;
  stream.put([{ data, arrivedMs }]);
  return true;
}

export const slowDown = (): AwsError => new AwsError(SLOW_DOWN.code, SLOW_DOWN.message);
