// What a queue can be set to: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
import { AwsError } from '../../wire/aws-error.js';
import { invalidAttributeValue, invalidValue } from './sqs-errors.js';

/** Numbers, by name: the least, the greatest and the default. */
const NUMBERS: Readonly<Record<string, readonly [least: number, most: number, preset: number]>> = {
  DelaySeconds: [0, 900, 0],
  MaximumMessageSize: [1024, 1_048_576, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  ReceiveMessageWaitTimeSeconds: [0, 20, 0],
  VisibilityTimeout: [0, 43_200, 30],
  KmsDataKeyReusePeriodSeconds: [60, 86_400, 300],
};
const BOOLEANS = new Set(['ContentBasedDeduplication', 'SqsManagedSseEnabled']);
const FIFO_CHOICES: Readonly<Record<string, readonly string[]>> = {
  DeduplicationScope: ['messageGroup', 'queue'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
};
const FIFO_ONLY = new Set(['ContentBasedDeduplication', ...Object.keys(FIFO_CHOICES)]);
const TEXTS = new Set(['Policy', 'KmsMasterKeyId', 'RedrivePolicy', 'RedriveAllowPolicy']);

export interface RedrivePolicy {
  deadLetterTargetArn: string;
  maxReceiveCount: number;
}

/** A queue's settings, with their defaults. */
export class QueueAttributes {
  readonly isFifo: boolean;
  readonly #set = new Map<string, string>();

  constructor(options: { isFifo: boolean }) {
    this.isFifo = options.isFifo;
  }

  /** Takes all or none; an empty value goes back to the default. @throws AwsError for a name that is none, or a value out of range */
  change(given: Readonly<Record<string, string | undefined>>): void {
    const entries = Object.entries(given).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    for (const [name, value] of entries) this.#check(name, value);
    for (const [name, value] of entries) {
      if (name === 'FifoQueue') continue;
      if (value === '') this.#set.delete(name);
      else this.#set.set(name, value);
    }
  }

  #check(name: string, value: string): void {
    const range = NUMBERS[name];
    const isKnown = range !== undefined || BOOLEANS.has(name) || TEXTS.has(name) || FIFO_ONLY.has(name);
    if (name === 'FifoQueue' && value === String(this.isFifo)) return;
    if (!isKnown || (FIFO_ONLY.has(name) && !this.isFifo)) {
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
    if (value === '' && (TEXTS.has(name) || name === 'ReceiveMessageWaitTimeSeconds')) return;
    if (range && (!/^\d+$/.test(value) || Number(value) < range[0] || Number(value) > range[1])) {
      throw invalidAttributeValue(name);
    }
    if (BOOLEANS.has(name) && value !== 'true' && value !== 'false') throw invalidAttributeValue(name);
    const choices = FIFO_CHOICES[name];
    if (choices && !choices.includes(value)) throw invalidAttributeValue(name);
    if (name === 'RedrivePolicy' && value !== '') readRedrivePolicy(value);
    if (name === 'Policy' && value !== '') parseObject(value, name);
  }

  number(name: keyof typeof NUMBERS & string): number {
    const set = this.#set.get(name);
    return set === undefined ? (NUMBERS[name]?.[2] ?? 0) : Number(set);
  }

  is(name: string): boolean {
    return this.#set.get(name) === 'true';
  }

  text(name: string): string | undefined {
    return this.#set.get(name);
  }

  get redrivePolicy(): RedrivePolicy | undefined {
    const text = this.#set.get('RedrivePolicy');
    return text === undefined ? undefined : readRedrivePolicy(text);
  }

  /** Whether `wanted` says anything that differs from what is set: a queue may be created twice, if both times are the same. */
  differsFrom(wanted: Readonly<Record<string, string | undefined>>): string | undefined {
    const has = this.list();
    return Object.entries(wanted).find(([name, value]) => value !== undefined && (has[name] ?? '') !== value)?.[0];
  }

  /** As GetQueueAttributes gives them back. */
  list(): Record<string, string> {
    const numbers = Object.keys(NUMBERS)
      .filter((name) => name !== 'KmsDataKeyReusePeriodSeconds' || this.#set.has('KmsMasterKeyId'))
      .map((name) => [name, String(this.number(name))]);
    const fifo = this.isFifo
      ? {
          FifoQueue: 'true',
          ContentBasedDeduplication: 'false',
          DeduplicationScope: 'queue',
          FifoThroughputLimit: 'perQueue',
        }
      : {};
    const encryption = this.#set.has('KmsMasterKeyId') ? 'false' : 'true';
    return {
      ...Object.fromEntries(numbers),
      ...fifo,
      SqsManagedSseEnabled: encryption,
      ...Object.fromEntries(this.#set),
    };
  }
}

function readRedrivePolicy(text: string): RedrivePolicy {
  const { deadLetterTargetArn, maxReceiveCount } = parseObject(text, 'RedrivePolicy');
  const count = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string') {
    throw invalidValue(
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: Redrive policy does not contain mandatory attribute: deadLetterTargetArn.`,
    );
  }
  if (maxReceiveCount === undefined) {
    throw invalidValue(
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: Redrive policy does not contain mandatory attribute: maxReceiveCount.`,
    );
  }
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    throw invalidValue(
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: Invalid value for maxReceiveCount: ${maxReceiveCount}, valid values are from 1 to 1000 both inclusive.`,
    );
  }
  return { deadLetterTargetArn, maxReceiveCount: count };
}

function parseObject(text: string, name: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw invalidValue(
    `Value ${text} for parameter ${name} is invalid. Reason: Redrive policy is not a valid JSON map.`.replace(
      'Redrive policy',
      name,
    ),
  );
}
