import { randomUUID } from 'node:crypto';
import type { BatchRecord, Delivery } from '../../../../batching/batch.js';
import { readAnswer } from '../../../../batching/read-answer.js';
import type { WindowTurn } from '../../../../batching/tumbling-window.js';
import type { ShardSource } from '../../../ports.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { OperationContext } from '../../../wire/handlers.js';
import type { FunctionRunner } from '../function-runner.js';
import { type LambdaStore, resolveFunction } from '../lambda-store.js';
import type { MappingSettings } from './mapping-settings.js';

export interface DeliveryTarget {
  functionName: string;
  qualifier: string | undefined;
  eventSourceArn: string;
  source: ShardSource;
  context: OperationContext;
}

/** Calls the function with one batch, faults included. */
export async function deliverBatch(
  store: LambdaStore,
  runner: FunctionRunner,
  target: DeliveryTarget,
  settings: MappingSettings,
  records: readonly BatchRecord[],
  turn?: WindowTurn,
): Promise<Delivery> {
  const { clock, faults } = store.environment;
  const fault = faults.take(
    'mapping.deliver',
    () => `${target.functionName} ${records.map((record) => target.source.textOf(record)).join('\n')}`,
  );
  if (fault?.delayMs !== undefined) await clock.sleep(fault.delayMs);
  if (fault?.kind === 'drop') return { kind: 'ok' };
  if (fault?.kind === 'error') return { kind: 'failed', from: 0, requestId: randomUUID() };
  const batch = fault?.kind === 'reorder' ? [...records].reverse() : records;
  if (fault?.kind === 'duplicate') await call(store, runner, target, settings, batch, turn);
  return call(store, runner, target, settings, batch, turn);
}

async function call(
  store: LambdaStore,
  runner: FunctionRunner,
  target: DeliveryTarget,
  settings: MappingSettings,
  records: readonly BatchRecord[],
  turn: WindowTurn | undefined,
): Promise<Delivery> {
  const requestId = randomUUID();
  try {
    const resolved = resolveFunction(store, target.functionName, target.qualifier, target.context);
    const { eventSourceArn } = target;
    const payload = target.source.toEvent(
      records,
      { eventSourceArn, region: target.context.region, roleArn: resolved.version.role },
      turn?.window.part(turn.shardId, eventSourceArn, turn.isFinal),
    );
    const result = await runner.run(resolved, { payload, requestId }, target.context);
    const { payload: answered, version: executedVersion, functionError } = result;
    const response = { executedVersion, functionError };
    const delivery = readAnswer(
      { requestId, payload: answered, response },
      records,
      settings.reportsItemFailures,
      turn,
    );
    if (delivery.kind === 'failed' && functionError === undefined) {
      const again = target.source.toEvent(records.slice(delivery.from), {
        eventSourceArn,
        region: target.context.region,
        roleArn: resolved.version.role,
      });
      const event = Buffer.from(again).toString('utf8');
      store.environment.itemFailures.note({ functionName: target.functionName, requestId, event });
    }
    return delivery;
  } catch (error) {
    if (error instanceof AwsError) {
      return {
        kind: 'not-called',
        why:
          error.code === 'TooManyRequestsException'
            ? 'PROBLEM: Function call throttled'
            : 'PROBLEM: Function not found',
      };
    }
    throw error;
  }
}
