import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../wire/aws-error.js';
import type { OperationContext } from '../../../wire/handlers.js';
import type { FunctionRunner, RunResult } from '../function-runner.js';
import { type LambdaStore, resolveFunction } from '../lambda-store.js';
import type { MappingSettings } from './mapping-settings.js';
import { type StreamRecord, toEvent } from './stream-record.js';
import type { WindowTurn } from './tumbling-window.js';

/** What came of handing a batch to the function once. */
export type Delivery =
  /** With the state of its window, where the batch has one. */
  | { kind: 'ok'; state?: unknown }
  /** The function failed; `from` is the first record that it did not process, 0 for the whole batch. */
  | { kind: 'failed'; from: number; requestId: string; result?: RunResult; state?: unknown }
  /** The function could not be called: throttled, or not there. Does not count as a try. */
  | { kind: 'not-called'; why: string };

export interface DeliveryTarget {
  functionName: string;
  qualifier: string | undefined;
  eventSourceArn: string;
  context: OperationContext;
}

/** Calls the function with one batch, faults included. */
export async function deliverBatch(
  store: LambdaStore,
  runner: FunctionRunner,
  target: DeliveryTarget,
  settings: MappingSettings,
  records: readonly StreamRecord[],
  turn?: WindowTurn,
): Promise<Delivery> {
  const { clock, faults } = store.environment;
  const fault = faults.take(
    'mapping.deliver',
    () => `${target.functionName} ${records.map(({ data }) => Buffer.from(data).toString('utf8')).join('\n')}`,
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
  records: readonly StreamRecord[],
  turn: WindowTurn | undefined,
): Promise<Delivery> {
  const requestId = randomUUID();
  try {
    const resolved = resolveFunction(store, target.functionName, target.qualifier, target.context);
    const { eventSourceArn } = target;
    const payload = toEvent(
      records,
      { eventSourceArn, region: target.context.region, roleArn: resolved.version.role },
      turn?.window.part(turn.shardId, eventSourceArn, turn.isFinal),
    );
    const result = await runner.run(resolved, { payload, requestId }, target.context);
    if (result.functionError !== undefined) return { kind: 'failed', from: 0, requestId, result };
    const state = turn && stateIn(result.payload);
    if (turn && state === undefined) return { kind: 'failed', from: 0, requestId, result };
    const from = settings.reportsItemFailures ? firstFailure(result.payload, records) : undefined;
    return from === undefined ? { kind: 'ok', state } : { kind: 'failed', from, requestId, result, state };
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

/** The state that a function of windows must answer with; undefined when it does not. */
function stateIn(payload: Uint8Array): unknown {
  try {
    return (JSON.parse(Buffer.from(payload).toString('utf8')) as { state?: unknown } | null)?.state;
  } catch {
    return undefined;
  }
}

/**
 * The first record of a batch that its function reports as failed; undefined for none. An answer that cannot be understood is a failure
 * of the whole batch. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export function firstFailure(payload: Uint8Array, records: readonly StreamRecord[]): number | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    return 0;
  }
  if (answer === null || answer === undefined) return undefined;
  if (typeof answer !== 'object' || Array.isArray(answer)) return 0;
  const failures = (answer as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === undefined || failures === null) return undefined;
  if (!Array.isArray(failures)) return 0;
  let first: number | undefined;
  for (const failure of failures) {
    const id = (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    const at =
      typeof id === 'string' && id !== '' ? records.findIndex(({ sequenceNumber }) => sequenceNumber === id) : -1;
    if (at < 0) return 0;
    first = Math.min(first ?? at, at);
  }
  return first;
}
