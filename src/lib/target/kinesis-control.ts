// Kinesis' control plane over our own wire: the SDK's client takes 85 ms to load, which is a third of what a short command takes.
import { systemClock } from '../shared/clock.js';
import type { InputOf, OperationName, OutputOf } from '../shared/sdk-operations.js';
import { type AnswerBounds, answeredWithin } from './bound-first-answer.js';
import { callKinesis, isPassing, isThrottle } from './kinesis-call.js';
import type { KinesisWire } from './kinesis-wire.js';

type Sdk = typeof import('@aws-sdk/client-kinesis');
/** The SDK's names of the operations, without those that answer with a stream of events. */
export type ControlOperation = Exclude<OperationName<keyof Sdk>, 'SubscribeToShard'>;

/** A value as AWS's JSON has it: a time is seconds since 1970, a blob is base64. */
type Wired<T> = T extends Date
  ? number
  : T extends Uint8Array
    ? string
    : T extends readonly (infer Item)[]
      ? Wired<Item>[]
      : T extends object
        ? { [K in keyof T]: Wired<T[K]> }
        : T;

export type ControlInput<O extends ControlOperation> = Wired<InputOf<Sdk[`${O}Command`]>>;
export type ControlOutput<O extends ControlOperation> = Wired<OutputOf<Sdk[`${O}Command`]>>;

/** A time of an answer. */
export const timeOf = (seconds: number | undefined): Date | undefined =>
  seconds === undefined ? undefined : new Date(seconds * 1000);

export interface KinesisControl {
  /** Where it calls, for messages: `us-east-1 at http://127.0.0.1:4566`, `eu-west-1 on AWS`. */
  readonly where: string;
  /**
   * One operation, tried again where that may help: a throttled call, a failure of the service, a connection that breaks.
   * @throws KinesisError by the name that AWS gives it, NoAnswer, or the network's error
   */
  call<O extends ControlOperation>(
    operation: O,
    input: ControlInput<O>,
    signal?: AbortSignal,
  ): Promise<ControlOutput<O>>;
}

/**
 * As the SDK's standard mode retries (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html), and longer where a call
 * is throttled: an account shares few of these calls a second, and waiting is all that helps.
 */
const FAILED = { attempts: 3, firstPauseMs: 100 };
const THROTTLED = { attempts: 6, firstPauseMs: 250 };

export function kinesisControl(
  wire: () => Promise<KinesisWire>,
  options: AnswerBounds & { where: string; maxAttempts?: number | undefined },
): KinesisControl {
  const { where, maxAttempts = Number.POSITIVE_INFINITY, ...bounds } = options;
  return {
    where,
    async call<O extends ControlOperation>(operation: O, input: ControlInput<O>, signal?: AbortSignal) {
      const open = await wire();
      for (let attempt = 1; ; attempt += 1) {
        try {
          const answer = await answeredWithin(operation, bounds, signal, (bounded) =>
            callKinesis<ControlOutput<O>>(open, operation, input as object, bounded),
          );
          return withoutNulls(answer);
        } catch (error) {
          signal?.throwIfAborted();
          const patience = isThrottle(error) ? THROTTLED : isPassing(error) ? FAILED : undefined;
          if (!patience || attempt >= Math.min(patience.attempts, maxAttempts)) throw error;
          await systemClock.sleep(jittered(patience.firstPauseMs * 2 ** (attempt - 1)), signal);
        }
      }
    },
  };
}

/** Some endpoints write null for what they do not have, and AWS leaves it out. */
function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)])) as T;
}

/** Half of it at least: the rest keeps commands apart that were refused together. */
const jittered = (mostMs: number): number => mostMs * (0.5 + Math.random() / 2);
