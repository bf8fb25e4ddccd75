import { arnOf } from '../../kit/arn.js';
import { ChangeBell } from '../../kit/change-bell.js';
import { MemoryBudget } from '../../kit/memory-budget.js';
import { SealedTokens } from '../../kit/sealed-tokens.js';
import { perRegion, type ServiceEnvironment } from '../../service.js';
import type { OperationContext } from '../../wire/handlers.js';
import { invalidArgument, streamNotFound } from './aws-errors.js';
import type { Stream } from './stream.js';
import type { CallBuckets } from './token-bucket.js';

const DEFAULT_MEMORY_BYTES = 512 * 1024 * 1024;
/** How long a stream stays in CREATING, UPDATING and DELETING. AWS takes seconds to minutes; a person or a test should not wait, but must see the state in between. */
export const TRANSITION_MS = 30;

/** What one region holds. */
export interface KinesisRegion {
  streams: Map<string, Stream>;
  /** The account's commitment to a minimum throughput, which unlocks warm throughput; undefined when there never was one. */
  commitment: { startedMs: number; endsMs?: number | undefined } | undefined;
  readonly callBuckets: CallBuckets;
}

/** How an operation names its stream. */
export interface StreamReference {
  StreamName?: string | undefined;
  StreamARN?: string | undefined;
  StreamId?: string | undefined;
}

/** Everything the operations share. */
export class KinesisState {
  readonly environment: ServiceEnvironment;
  readonly limited: boolean;
  /** Whether calls have a rate, beside what shards take and give. */
  readonly ratesLimited: boolean;
  readonly memory: MemoryBudget;
  readonly tokens = new SealedTokens();
  readonly changes: ChangeBell;
  readonly #regions = perRegion<KinesisRegion>(() => ({
    streams: new Map(),
    commitment: undefined,
    callBuckets: new Map(),
  }));

  constructor(environment: ServiceEnvironment) {
    this.environment = environment;
    this.changes = new ChangeBell(environment.activity);
    this.limited = environment.limits !== 'off';
    this.ratesLimited = environment.limits === 'all';
    this.memory = new MemoryBudget(environment.memoryBytes ?? DEFAULT_MEMORY_BYTES, (bound) =>
      environment.log(
        `kinesis: stored records reached ${bound}; from now on the oldest are dropped before their retention ends (--memory sets the bound)`,
      ),
    );
  }

  get nowMs(): number {
    return this.environment.clock.now();
  }

  region(name: string): KinesisRegion {
    return this.#regions.in(name);
  }

  /** Whether the account has the minimum throughput billing commitment in this region now. */
  hasCommitment(regionName: string): boolean {
    const { commitment } = this.region(regionName);
    return commitment !== undefined && (commitment.endsMs ?? Number.POSITIVE_INFINITY) > this.nowMs;
  }

  arnOf(streamName: string, region: string): string {
    return arnOf('kinesis', { region, accountId: this.environment.accountId }, `stream/${streamName}`);
  }

  /**
   * The stream that a request names by name, ARN or both.
   * @throws AwsError InvalidArgumentException when it names none or two, ResourceNotFoundException when there is no such stream
   */
  stream(reference: StreamReference, context: OperationContext): Stream {
    const stream = this.findStream(reference, context);
    if (!stream) throw streamNotFound(nameIn(reference), accountIn(reference, context));
    return stream;
  }

  /** As `stream`, but undefined when there is no such stream. */
  findStream(reference: StreamReference, context: OperationContext): Stream | undefined {
    const stream = this.region(context.region).streams.get(nameIn(reference));
    return reference.StreamARN === undefined || reference.StreamARN === stream?.arn ? stream : undefined;
  }

  /** Carries out `change` once the stream has been in a passing state for a moment, and makes it ACTIVE; unless it is deleted by then. */
  settle(stream: Stream, change: () => void): void {
    this.environment.clock.after(TRANSITION_MS, () => {
      if (stream.status === 'DELETING') return;
      change();
      stream.status = 'ACTIVE';
      this.changes.ring(stream.arn);
    });
  }

  /** UPDATING now, the change and ACTIVE a moment later. */
  update(stream: Stream, change: () => void): void {
    stream.status = 'UPDATING';
    this.changes.ring(stream.arn);
    this.settle(stream, change);
  }

  close(): void {
    for (const region of this.#regions.all()) for (const stream of region.streams.values()) stream.close();
  }
}

/** The account that a request means: that of the ARN where it gives one. */
export const accountIn = ({ StreamARN }: StreamReference, context: OperationContext): string =>
  StreamARN?.split(':')[4] || context.accountId;

/** The stream's name in a request that gives a name, an ARN or both. */
export function nameIn({ StreamName, StreamARN, StreamId }: StreamReference): string {
  if (StreamId !== undefined) throw invalidArgument('StreamId is reserved for future use and must not be provided.');
  if (StreamARN === undefined) {
    if (StreamName === undefined) throw invalidArgument('Either StreamName or StreamARN must be provided.');
    return StreamName;
  }
  const name = StreamARN.slice(StreamARN.indexOf('/') + 1);
  if (StreamName !== undefined && StreamName !== name) {
    throw invalidArgument(`StreamName ${StreamName} and StreamARN ${StreamARN} name different streams.`);
  }
  return name;
}
