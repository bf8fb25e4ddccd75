import { randomUUID } from 'node:crypto';
import { readAnswer } from '../batching/read-answer.js';
import type { ConsumeMeter } from './consume-meter.js';
import type { Invoker } from './invoker.js';

interface ReplayOptions {
  events: readonly Buffer[];
  invoker: Invoker;
  meter: ConsumeMeter;
  reportsItemFailures: boolean;
  onFailure(index: number, error: string): void;
  signal: AbortSignal;
}

/** Feeds recorded events to the handler, in order, once each. An event that fails is given up. */
export async function replayEvents(options: ReplayOptions): Promise<void> {
  const { events, invoker, meter, reportsItemFailures, onFailure, signal } = options;
  for (const [index, event] of events.entries()) {
    if (signal.aborted) return;
    const records = recordsOf(event);
    meter.read += records.length;
    meter.began([], Date.now());
    const startedAt = performance.now();
    const answer = await invoker.invoke(event, randomUUID());
    const delivery = readAnswer(answer, records, reportsItemFailures);
    const processed = delivery.kind === 'failed' ? delivery.from : records.length;
    meter.ended(delivery.kind === 'failed', processed, performance.now() - startedAt, Date.now());
    if (delivery.kind !== 'failed') continue;
    meter.givenUpBatches += 1;
    meter.givenUpRecords += records.length - processed;
    onFailure(index, Buffer.from(answer.payload).toString('utf8'));
  }
}

/** The records that an event holds, by what identifies them; an event without records counts as one. */
function recordsOf(
  event: Buffer,
): { sequenceNumber: string; shardId: string; partitionKey: string; arrivedMs: number }[] {
  const { Records } = JSON.parse(event.toString('utf8')) as { Records?: unknown };
  const list: unknown[] = Array.isArray(Records) ? Records : [undefined];
  return list.map((record) => {
    const { kinesis, dynamodb } = (record ?? {}) as Record<string, { [name: string]: unknown } | undefined>;
    const sequenceNumber = kinesis?.sequenceNumber ?? dynamodb?.SequenceNumber ?? '';
    return { sequenceNumber: String(sequenceNumber), shardId: '', partitionKey: '', arrivedMs: 0 };
  });
}
