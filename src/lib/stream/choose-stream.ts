import { OperationError, UsageError } from '../shared/errors.js';
import { nearMatches, slipOf } from '../shared/near-matches.js';
import type { KinesisControl } from '../target/kinesis-control.js';
import type { Target } from '../target/target.js';
import { createStream } from './create-stream.js';
import { listStreamNames } from './list-streams.js';
import { waitUntilActive } from './wait-until-active.js';

/** The stream that is made where there is none and nobody named one. */
const DEFAULT_STREAM = 'transactions';

export interface StreamRequest {
  /** The command's argument: a name, or a stream's ARN. */
  named?: string | undefined;
  /** PIPECTL_STREAM. */
  variable?: string | undefined;
  /** `stream:` of pipectl.yaml. */
  fromFile?: string | undefined;
  target: Pick<Target, 'kind' | 'region'>;
  /** On the local target a stream that is missing is made, with so many shards; undefined never makes one. */
  shardsIfMade?: number | undefined;
  /** Whether a missing stream whose name is like another's is an error where it would be made: a reader's slip of the key makes no stream. */
  refuseNear?: boolean | undefined;
  /** Makes the stream even where its name looks like a slip for another's (`--create`). */
  create?: boolean | undefined;
  signal?: AbortSignal | undefined;
  /** Told before a stream is made. */
  onMaking?(name: string, shards: number): void;
}

export interface ChosenStream {
  name: string;
  why: string;
  /** True when this call made it. */
  made: boolean;
}

/**
 * Which stream a command works on: the one named; else PIPECTL_STREAM's, the file's, the only one there is; on the local target, where
 * there is none, `transactions` is made. The stream is ACTIVE when this resolves.
 * @throws UsageError when there are several and none is named
 * @throws OperationError when the stream is not there
 */
export async function chooseStream(kinesis: KinesisControl, request: StreamRequest): Promise<ChosenStream> {
  const wanted = wantedStream(request);
  if (wanted) refuseOtherRegion(wanted.text, request.target);
  if (wanted) return ready(kinesis, wanted.name, wanted.why, request);
  const names = await listStreamNames(kinesis, request.signal);
  const [only] = names;
  if (only !== undefined && names.length === 1) return ready(kinesis, only, 'the only one there is', request);
  if (only !== undefined) {
    throw new UsageError(`There are ${names.length} streams: ${listed(names)}.`, {
      hint: 'Name one, or set PIPECTL_STREAM or `stream:` in pipectl.yaml.',
    });
  }
  return ready(kinesis, DEFAULT_STREAM, 'the default, there was none', request);
}

function wantedStream(request: StreamRequest): { text: string; name: string; why: string } | undefined {
  const { named, variable, fromFile } = request;
  const wanted = (text: string, why: string) => ({ text, name: streamNameOf(text), why });
  if (named !== undefined) return wanted(named, 'named');
  if (variable) return wanted(variable, 'PIPECTL_STREAM');
  return fromFile === undefined ? undefined : wanted(fromFile, '`stream` in pipectl.yaml');
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html */
export const isStreamName = (text: string): boolean => /^[a-zA-Z0-9_.-]{1,128}$/.test(text);

/**
 * The name in a stream's ARN, or the name itself.
 * @throws UsageError for what cannot be the name of a stream
 */
export function streamNameOf(text: string): string {
  const name = /^arn:[\w-]+:kinesis:[^:]*:\d{12}:stream\/([^/]+)$/.exec(text)?.[1] ?? text;
  if (isStreamName(name)) return name;
  throw new UsageError(`"${text}" cannot be the name of a stream.`, {
    hint: 'Up to 128 letters, digits, dots, dashes and underscores.',
  });
}

/**
 * @param text a name, which is in any region, or an ARN
 * @throws UsageError for an ARN of another region than the target's: a stream of the same name may be there
 */
export function refuseOtherRegion(text: string, { region }: Pick<Target, 'region'>): void {
  const ofArn = /^arn:[\w-]+:kinesis:([^:]*):/.exec(text)?.[1];
  if (ofArn === undefined || ofArn === region) return;
  throw new UsageError(`${text} is in ${ofArn}, and this talks to ${region}.`, { hint: `Add --region ${ofArn}.` });
}

async function ready(
  kinesis: KinesisControl,
  name: string,
  why: string,
  request: StreamRequest,
): Promise<ChosenStream> {
  const { signal, shardsIfMade: shards } = request;
  const options = { ...(signal && { signal }) };
  if (await waitUntilActive(kinesis, name, options)) return { name, why, made: false };
  if (request.target.kind !== 'local' || shards === undefined) throw await missingStream(kinesis, name, why, signal);
  if (request.refuseNear && nearMatches(name, await listStreamNames(kinesis, signal)).length > 0)
    throw await missingStream(kinesis, name, why, signal);
  if (!request.create) await refuseSlip(kinesis, name, signal);
  request.onMaking?.(name, shards);
  await createStream(kinesis, name, { mode: 'PROVISIONED', shards }, options);
  return { name, why, made: true };
}

/** @throws OperationError for a name that looks like a slip of the keys for the name of a stream that is there */
export async function refuseSlip(kinesis: KinesisControl, name: string, signal?: AbortSignal): Promise<void> {
  const meant = slipOf(name, await listStreamNames(kinesis, signal));
  if (meant === undefined) return;
  throw new OperationError(`Stream "${name}" not found in ${kinesis.where}.`, {
    hint: `Did you mean "${meant}"? To create "${name}", add --create.`,
  });
}

/** The error for a stream that is not there: with the names like it, and how to make it. */
export async function missingStream(
  kinesis: KinesisControl,
  name: string,
  why: string,
  signal?: AbortSignal,
): Promise<OperationError> {
  const names = await listStreamNames(kinesis, signal);
  const near = nearMatches(name, names);
  const told = why === 'named' ? '' : ` (${why})`;
  const provision = `To create it: pipectl provision ${name} --shards 1`;
  if (names.length === 0) {
    const what = why === 'named' ? `Stream "${name}" not found` : 'No streams found';
    return new OperationError(`${what} in ${kinesis.where}.`, { hint: provision });
  }
  return new OperationError(`Stream "${name}"${told} not found in ${kinesis.where}.`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.map((one) => `"${one}"`).join(' or ')}? ${provision}`
        : `Available: ${listed(names)}. ${provision}`,
  });
}

const listed = (names: readonly string[]): string =>
  names.length <= 8 ? names.join(', ') : `${names.slice(0, 8).join(', ')} and ${names.length - 8} more`;
