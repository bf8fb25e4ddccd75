import type { Discarded } from '../../../../batching/batch.js';
import { failureRecord } from '../../../../batching/failure-record.js';
import { type KinesisRecord, toEvent } from '../../../../batching/kinesis-event.js';
import { sendToDestination } from '../destinations.js';
import { type LambdaStore, resolveFunction } from '../lambda-store.js';
import type { DeliveryTarget } from './deliver-batch.js';
import type { MappingSettings } from './mapping-settings.js';

/** The mapping that gives a batch up. */
export interface DiscardingMapping extends DeliveryTarget {
  uuid: string;
  functionArn: string;
  streamArn: string;
  settings: MappingSettings;
}

/** Tells the on-failure destination of a batch that is given up; without one, the endpoint's log. */
export async function discardBatch(
  store: LambdaStore,
  mapping: DiscardingMapping,
  discarded: Discarded<KinesisRecord>,
): Promise<void> {
  const { environment } = store;
  const { uuid, functionArn, streamArn, eventSourceArn, context } = mapping;
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
  const record = failureRecord(discarded, { uuid, functionArn, streamArn, nowMs: environment.clock.now() });
  const payload = toEvent(records, { eventSourceArn, region: context.region, roleArn: roleOf(store, mapping) });
  const whole = { ...record, payload: payload.toString('utf8') };
  await sendToDestination(environment, context.region, onFailure, whole, `${uuid}/${first.shardId}`);
}

function roleOf(store: LambdaStore, { functionName, qualifier, context }: DeliveryTarget): string {
  try {
    return resolveFunction(store, functionName, qualifier, context).version.role;
  } catch {
    return ''; // the function is gone
  }
}
