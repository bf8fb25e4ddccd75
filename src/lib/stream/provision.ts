import { OperationError } from '../shared/errors.js';
import { isNotImplemented } from '../target/explain-sdk-error.js';
import { isKinesisError } from '../target/kinesis-call.js';
import type { KinesisControl } from '../target/kinesis-control.js';
import { applyChange } from './apply-change.js';
import { createStream } from './create-stream.js';
import { describeChange, planStream, type StreamChange } from './plan-stream.js';
import { readStreamState, type StreamState } from './stream-state.js';
import type { StreamWish } from './stream-wish.js';
import { waitUntilActive } from './wait-until-active.js';

/** Against others who change the stream at the same time. */
const MOST_ATTEMPTS = 20;

/** What became of one stream. */
export interface ProvisionedStream {
  name: string;
  /** `drifted` only when nothing was to be changed (`--check`). */
  outcome: 'created' | 'updated' | 'unchanged' | 'drifted';
  changes: StreamChange[];
  /** The stream as it is now; undefined where `--check` found none. */
  state: StreamState | undefined;
}

export interface ProvisionOptions {
  signal: AbortSignal;
  /** Only compares. */
  check?: boolean;
  /** Told of what is going to change, before anything does. */
  onPlan?(name: string, changes: StreamChange[]): void;
  onStep?(text: string): void;
}

/**
 * Makes one stream as it is wished: creates it, or changes what differs. Every step leaves the stream whole, so an interrupted run is
 * continued by the next one.
 * @throws OperationError when the endpoint cannot do a part of it, or says it did and did not
 */
export async function provisionStream(
  kinesis: KinesisControl,
  wish: StreamWish,
  options: ProvisionOptions,
): Promise<ProvisionedStream> {
  const { name } = wish;
  const { signal } = options;
  const found = await settledState(kinesis, name, signal, options.check ?? false);
  const changes = planStream(wish, found);
  if (changes.length === 0) return { name, outcome: 'unchanged', changes, state: found };
  if (options.check) return { name, outcome: 'drifted', changes, state: found };
  options.onPlan?.(name, changes);

  if (!found) {
    options.onStep?.(`${name}: creating`);
    await createStream(kinesis, name, capacityOf(wish), {
      signal,
      tags: wish.tags,
      ...(wish.maxRecordKiB !== undefined && { maxRecordBytes: wish.maxRecordKiB * 1024 }),
    });
  }
  // What an endpoint did not take from CreateStream is tried again by its own call.
  await convergeBesideOthers(kinesis, wish, options);
  const state = await readStreamState(kinesis, name, signal);
  const left = planStream(wish, state);
  if (left.length > 0) {
    throw new OperationError(`${name} is not as it was asked for: ${left.map(describeChange).join('; ')}.`, {
      hint: 'Either somebody else changes it too, or the endpoint took the calls and did not act on them.',
    });
  }
  return { name, outcome: found ? 'updated' : 'created', changes, state };
}

/** A stream that is CREATING or UPDATING is waited for, so that the plan is made from what it will be. */
async function settledState(
  kinesis: KinesisControl,
  name: string,
  signal: AbortSignal,
  asItIs: boolean,
): Promise<StreamState | undefined> {
  if (!asItIs) await waitUntilActive(kinesis, name, { signal });
  return readStreamState(kinesis, name, signal);
}

const capacityOf = ({ mode, shards }: StreamWish): Parameters<typeof createStream>[2] =>
  mode === 'ON_DEMAND' ? { mode } : { mode: 'PROVISIONED', shards: shards ?? 1 };

/** A stream takes one change at a time. What is left of ours when another's is done may be nothing: two runs of one pipeline, say. */
async function convergeBesideOthers(kinesis: KinesisControl, wish: StreamWish, options: ProvisionOptions) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await converge(kinesis, wish, options);
    } catch (error) {
      if (!isKinesisError(error, 'ResourceInUseException') || attempt === MOST_ATTEMPTS) throw error;
      options.onStep?.(`${wish.name}: waiting for another's change`);
      await waitUntilActive(kinesis, wish.name, { signal: options.signal });
    }
  }
}

async function converge(kinesis: KinesisControl, wish: StreamWish, options: ProvisionOptions): Promise<void> {
  const { name } = wish;
  const { signal } = options;
  const refused: string[] = [];
  for (const change of planStream(wish, await readStreamState(kinesis, name, signal))) {
    if (change.what === 'stream') throw new OperationError(`${name} was deleted while it was being changed.`);
    options.onStep?.(`${name}: ${describeChange(change)}`);
    try {
      await applyChange(kinesis, name, change, {
        signal,
        onStep: (text) => options.onStep?.(text),
        arn: () => arnOf(kinesis, name, signal),
      });
    } catch (error) {
      if (change.what === 'shards' && isLimit(error))
        throw await stoppedAt(kinesis, wish.name, change.to, error, signal);
      if (!isNotImplemented(error)) throw error;
      refused.push(describeChange(change));
    }
  }
  if (refused.length > 0) {
    throw new OperationError(`${name}: this endpoint does not implement ${refused.join('; ')}.`, {
      hint: 'Everything else was done. Leave it out, or use another target.',
    });
  }
}

const isLimit = (error: unknown): error is Error => error instanceof Error && error.name === 'LimitExceededException';

/** UpdateShardCount ran into a limit, of the day or of the account: part of the way has been gone. */
async function stoppedAt(
  kinesis: KinesisControl,
  name: string,
  wanted: number,
  cause: Error,
  signal: AbortSignal,
): Promise<OperationError> {
  const now = (await readStreamState(kinesis, name, signal))?.openShards;
  return new OperationError(`${name} has ${now} of ${wanted} shards, and a limit was reached: ${cause.message}`, {
    hint: 'The next run goes on from there, when the limit allows it.',
    cause,
  });
}

async function arnOf(kinesis: KinesisControl, name: string, signal: AbortSignal): Promise<string> {
  const answer = await kinesis.call('DescribeStreamSummary', { StreamName: name }, signal);
  return answer.StreamDescriptionSummary?.StreamARN ?? '';
}
