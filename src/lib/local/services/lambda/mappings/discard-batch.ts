import type { Discarded } from '../../../../batching/batch.js';
import { failureRecord } from '../../../../batching/failure-record.js';
import { isBucket, sendToDestination } from '../destinations.js';
import { type LambdaStore, resolveFunction } from '../lambda-store.js';
import type { DeliveryTarget } from './deliver-batch.js';
import type { MappingSettings } from './mapping-settings.js';

/** The mapping that gives a batch up. */
export interface DiscardingMapping extends DeliveryTarget {
  uuid: string;
  functionArn: string;
  settings: MappingSettings;
}

/** Tells the on-failure destination of a batch that is given up; without one, the endpoint's log. */
export async function discardBatch(
  store: LambdaStore,
  mapping: DiscardingMapping,
  discarded: Discarded,
): Promise<void> {
  const { environment } = store;
  const { uuid, functionArn, source, eventSourceArn, context } = mapping;
  const { streamArn, batchInfo } = source;
  const { records, reason } = discarded;
  const first = records[0];
  if (!first) {
    environment.log(`mapping ${uuid}: a window's final state was discarded (${reason})`);
    return;
  }
  const { onFailure } = mapping.settings;
  if (onFailure === undefined) {
    environment.log(
      `mapping ${uuid}: ${records.length} records of ${first.shardId} were discarded (${reason}), ${first.sequenceNumber} to ${records.at(-1)?.sequenceNumber}`,
    );
    return;
  }
  const record = failureRecord(discarded, { uuid, functionArn, streamArn, batchInfo, nowMs: environment.clock.now() });
  const address = { eventSourceArn, region: context.region, roleArn: roleOf(store, mapping) };
  // Only a bucket has room for the records themselves.
  const payload = isBucket(onFailure) ? { payload: source.toEvent(records, address).toString('utf8') } : {};
  await sendToDestination(
    environment,
    context.region,
    onFailure,
    { ...record, ...payload },
    `${uuid}/${first.shardId}`,
  );
}

function roleOf(store: LambdaStore, { functionName, qualifier, context }: DeliveryTarget): string {
  try {
    return resolveFunction(store, functionName, qualifier, context).version.role;
  } catch {
    return ''; // the function is gone
  }
}
