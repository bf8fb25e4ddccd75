import type { Clock } from '../../../shared/clock.js';
import { SealedTokens } from '../../kit/sealed-tokens.js';
import { AwsError } from '../../wire/aws-error.js';
import { type Message, md5Of, type NewMessage, newMessage } from './message.js';
import { QueueAttributes } from './queue-attributes.js';
import { invalidValue } from './sqs-errors.js';

/** FIFO queues take a message with the same id once within five minutes. */
const DEDUPLICATION_MS = 300_000;
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MOST_IN_FLIGHT = 120_000;

export interface ReceivedMessage {
  message: Message;
  receiptHandle: string;
}

/** What is to be taken of a queue. */
export interface QueueWish {
  most: number;
  /** Of all messages together; a single one may have more. */
  mostBytes?: number | undefined;
  /** The queue's own visibility timeout, where this is undefined. */
  hiddenSeconds?: number | undefined;
  deadLetters?: ((message: Message) => void) | undefined;
}

const handles = new SealedTokens();

/**
 * One queue, in memory. Messages stand in the order in which they came; a message that is hidden keeps its place. In a FIFO queue a group
 * with a message in flight gives out none behind it.
 */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly attributes: QueueAttributes;
  readonly tags = new Map<string, string>();
  readonly createdMs: number;
  modifiedMs: number;
  purgedMs = Number.NEGATIVE_INFINITY;
  readonly #clock: Clock;
  readonly #messages = new Map<string, Message>();
  readonly #sentOnce = new Map<string, { message: Message; untilMs: number }>();
  readonly #listeners = new Set<() => void>();
  #sequence = 18_850_000_000_000_000_000n;

  constructor(name: string, arn: string, clock: Clock) {
    this.name = name;
    this.arn = arn;
    this.attributes = new QueueAttributes({ isFifo: name.endsWith('.fifo') });
    this.#clock = clock;
    this.createdMs = clock.now();
    this.modifiedMs = this.createdMs;
  }

  /** Calls `notify` when messages come, or become visible before their time. The answer unsubscribes. */
  onChange(notify: () => void): () => void {
    this.#listeners.add(notify);
    return () => this.#listeners.delete(notify);
  }

  #changed(): void {
    for (const notify of [...this.#listeners]) notify();
  }

  /** @returns the message; of one that a FIFO queue has had already, the first */
  send(sent: NewMessage, delaySeconds = this.attributes.number('DelaySeconds')): Message {
    const nowMs = this.#clock.now();
    const once = this.#deduplicationKey(sent);
    if (once !== undefined) {
      for (const [key, { untilMs }] of this.#sentOnce) if (untilMs <= nowMs) this.#sentOnce.delete(key);
      const earlier = this.#sentOnce.get(once);
      if (earlier) return earlier.message;
    }
    const sequenceNumber = this.attributes.isFifo ? String((this.#sequence += 256n)) : undefined;
    const message = newMessage(sent, { nowMs, delayMs: delaySeconds * 1000, sequenceNumber });
    if (once !== undefined) this.#sentOnce.set(once, { message, untilMs: nowMs + DEDUPLICATION_MS });
    this.#messages.set(message.id, message);
    this.#changed();
    return message;
  }

  /** @throws AwsError where a FIFO queue would not know a copy */
  #deduplicationKey({ body, group, deduplicationId }: NewMessage): string | undefined {
    if (!this.attributes.isFifo) return undefined;
    if (deduplicationId === undefined && !this.attributes.is('ContentBasedDeduplication')) {
      throw invalidValue(
        'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
      );
    }
    const scope = this.attributes.text('DeduplicationScope') === 'messageGroup' ? `${group} ` : '';
    return scope + (deduplicationId ?? md5Of(body));
  }

  /**
   * Takes visible messages, hides them, and moves to `deadLetters` what came too often.
   * @returns the messages, and when the next hidden one becomes visible
   */
  receive({ most, mostBytes = Number.POSITIVE_INFINITY, hiddenSeconds, deadLetters }: QueueWish): {
    received: ReceivedMessage[];
    nextMs: number | undefined;
  } {
    const nowMs = this.#clock.now();
    const policy = deadLetters && this.attributes.redrivePolicy;
    const hiddenMs = (hiddenSeconds ?? this.attributes.number('VisibilityTimeout')) * 1000;
    const received: ReceivedMessage[] = [];
    let bytes = 0;
    const closedGroups = new Set<string>();
    let nextMs: number | undefined;
    for (const message of this.#live(nowMs)) {
      if (received.length >= most) break;
      const { group } = message;
      if (group !== undefined && closedGroups.has(group)) continue;
      if (message.visibleAtMs > nowMs) {
        nextMs = Math.min(nextMs ?? Number.POSITIVE_INFINITY, message.visibleAtMs);
        if (group !== undefined) closedGroups.add(group);
        continue;
      }
      if (policy && message.receiveCount >= policy.maxReceiveCount) {
        this.#messages.delete(message.id);
        deadLetters?.(message);
        continue;
      }
      bytes += message.bytes;
      if (bytes > mostBytes && received.length > 0) break;
      message.isInFlight = true;
      message.receiveCount += 1;
      message.firstReceivedMs ??= nowMs;
      message.visibleAtMs = nowMs + hiddenMs;
      received.push({ message, receiptHandle: this.#handleOf(message) });
    }
    if (received.length > 0 && this.countHidden().inFlight > MOST_IN_FLIGHT) {
      throw new AwsError('OverLimit', 'The maximum number of in flight messages is reached.', { status: 403 });
    }
    return { received, nextMs };
  }

  *#live(nowMs: number): Generator<Message> {
    const oldestMs = nowMs - this.attributes.number('MessageRetentionPeriod') * 1000;
    for (const message of this.#messages.values()) {
      if (message.sentMs <= oldestMs) this.#messages.delete(message.id);
      else yield message;
    }
  }

  #handleOf = ({ id, receiveCount }: Message): string => handles.seal(this.arn, [id, receiveCount]);

  /** The message of a handle; undefined if it is gone, or was received again since. @throws AwsError for what is no handle of this queue */
  #byHandle(handle: string): Message | undefined {
    const content = handles.open(this.arn, handle);
    if (!Array.isArray(content)) {
      throw new AwsError(
        'ReceiptHandleIsInvalid',
        `The input receipt handle "${handle}" is not a valid receipt handle.`,
        {
          status: 404,
        },
      );
    }
    const [id, count] = content as [string, number];
    const message = this.#messages.get(id);
    return message?.receiveCount === count ? message : undefined;
  }

  /** Deletes for good. What is gone already is no error; an outdated handle is one in a FIFO queue. */
  delete(handle: string): void {
    const message = this.#byHandle(handle);
    if (!message) return;
    if (this.attributes.isFifo && message.visibleAtMs <= this.#clock.now()) throw expired(handle);
    this.#messages.delete(message.id);
    if (message.group !== undefined) this.#changed();
  }

  /** @throws AwsError MessageNotInflight */
  changeVisibility(handle: string, seconds: number): void {
    const message = this.#byHandle(handle);
    const nowMs = this.#clock.now();
    if (!message?.isInFlight || message.visibleAtMs <= nowMs) {
      throw new AwsError(
        'MessageNotInflight',
        `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      );
    }
    message.visibleAtMs = nowMs + seconds * 1000;
    if (seconds === 0) {
      message.isInFlight = false;
      this.#changed();
    }
  }

  purge(): void {
    this.#messages.clear();
    this.purgedMs = this.#clock.now();
  }

  /** Takes a message that another queue gives away. */
  adopt(message: Message, deadLetterSource: string | undefined): void {
    this.#messages.set(message.id, {
      ...message,
      visibleAtMs: this.#clock.now(),
      isInFlight: false,
      receiveCount: deadLetterSource === undefined ? 0 : message.receiveCount,
      deadLetterSource,
    });
    this.#changed();
  }

  /** All messages that nobody has, taken out in order: for moving them back to where they came from. */
  *takeAll(): Generator<Message> {
    const nowMs = this.#clock.now();
    for (const message of this.#live(nowMs)) {
      if (message.visibleAtMs > nowMs) continue;
      this.#messages.delete(message.id);
      yield message;
    }
  }

  countHidden(): { visible: number; inFlight: number; delayed: number } {
    const nowMs = this.#clock.now();
    const counts = { visible: 0, inFlight: 0, delayed: 0 };
    for (const { visibleAtMs, isInFlight } of this.#live(nowMs)) {
      if (visibleAtMs <= nowMs) counts.visible += 1;
      else if (isInFlight) counts.inFlight += 1;
      else counts.delayed += 1;
    }
    return counts;
  }

  /** What is in the queue, for people and probes to see; nothing changes by it. */
  peek(): readonly Message[] {
    return [...this.#live(this.#clock.now())];
  }
}

const expired = (handle: string): AwsError =>
  invalidValue(`Value ${handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`);
