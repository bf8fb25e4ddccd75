import { createHash } from 'node:crypto';
import type { Clock } from '../../../shared/clock.js';
import { type Message, md5Of, md5OfAttributes } from './message.js';
import type { Queue, ReceivedMessage } from './queue.js';

export interface ReceiveWish {
  most: number;
  mostBytes?: number;
  hiddenSeconds: number | undefined;
  waitSeconds: number;
  deadLetters: ((message: Message) => void) | undefined;
}

/** Takes messages, waiting for the first one up to `waitSeconds`. */
export async function receiveFrom(
  queue: Queue,
  wish: ReceiveWish,
  clock: Clock,
  signal: AbortSignal,
): Promise<ReceivedMessage[]> {
  const endMs = clock.now() + wish.waitSeconds * 1000;
  for (;;) {
    const { received, nextMs } = queue.receive(wish);
    const leftMs = endMs - clock.now();
    if (received.length > 0 || leftMs <= 0 || signal.aborted) return received;
    await untilChange(queue, Math.min(leftMs, (nextMs ?? endMs) - clock.now()), clock, signal);
  }
}

function untilChange(queue: Queue, ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      unsubscribe();
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const unsubscribe = queue.onChange(done);
    const cancel = clock.after(Math.max(1, ms), done);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** The attributes that SQS knows of a message, as texts. */
export function systemAttributes(message: Message, senderId: string): Record<string, string> {
  return {
    SenderId: senderId,
    SentTimestamp: String(message.sentMs),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs ?? message.sentMs),
    ...(message.group !== undefined && { MessageGroupId: message.group }),
    ...(message.sequenceNumber !== undefined && {
      SequenceNumber: message.sequenceNumber,
      MessageDeduplicationId: message.deduplicationId ?? sha256Of(message.body),
    }),
    ...(message.traceHeader !== undefined && { AWSTraceHeader: message.traceHeader }),
    ...(message.deadLetterSource !== undefined && { DeadLetterQueueSourceArn: message.deadLetterSource }),
  };
}

/** With content-based deduplication the id is the body's digest. */
const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Whether an attribute was asked for: by name, by `All`, or by the beginning of names (`x.*`, `.*`). */
const isAsked = (name: string, asked: readonly string[]): boolean =>
  asked.some((wish) => wish === name || wish === 'All' || (wish.endsWith('.*') && name.startsWith(wish.slice(0, -2))));

export function answerMessage(
  { message, receiptHandle }: ReceivedMessage,
  asked: { system: readonly string[]; own: readonly string[] },
  senderId: string,
) {
  const pick = <T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => isAsked(name, names)));
  const system = pick(systemAttributes(message, senderId), asked.system);
  const own = pick(message.attributes, asked.own);
  const md5 = md5OfAttributes(own);
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle,
    Body: message.body,
    MD5OfBody: md5Of(message.body),
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(md5 !== undefined && { MessageAttributes: own, MD5OfMessageAttributes: md5 }),
  };
}
