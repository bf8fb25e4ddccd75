import { OperationError } from '../shared/errors.js';
import { isKinesisError } from '../target/kinesis-call.js';
import type { KinesisControl } from '../target/kinesis-control.js';
import { waitUntilActive } from './wait-until-active.js';

/** How a new stream serves: a number of shards, or on-demand. */
export type StreamCapacity = { mode: 'PROVISIONED'; shards: number } | { mode: 'ON_DEMAND' };

/**
 * Makes a stream and waits until it is ACTIVE. Somebody else making it at the same moment is as good.
 * @throws OperationError when it does not become ACTIVE
 */
export async function createStream(
  kinesis: KinesisControl,
  name: string,
  capacity: StreamCapacity,
  options: { signal?: AbortSignal; tags?: Record<string, string>; maxRecordBytes?: number } = {},
): Promise<void> {
  try {
    const input = {
      StreamName: name,
      ...(capacity.mode === 'PROVISIONED' && { ShardCount: capacity.shards }),
      StreamModeDetails: { StreamMode: capacity.mode },
      ...(options.tags && Object.keys(options.tags).length > 0 && { Tags: options.tags }),
      ...(options.maxRecordBytes !== undefined && { MaxRecordSizeInKiB: Math.ceil(options.maxRecordBytes / 1024) }),
    };
    await kinesis.call('CreateStream', input, options.signal);
  } catch (error) {
    if (!isKinesisError(error, 'ResourceInUseException')) throw error;
  }
  const stream = await waitUntilActive(kinesis, name, options);
  if (!stream) throw new OperationError(`${name} was made, and deleted before it was ACTIVE.`);
}
