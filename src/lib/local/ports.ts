// What services are to each other beyond their operations: places to read from, and places to deliver to. Whoever owns an ARN offers the
// port; whoever has only an ARN asks the registry (`environment.ports`), and needs to know nothing of the owner.
import type { BatchRecord, EventAddress } from '../batching/batch.js';
import type { WindowPart } from '../batching/tumbling-window.js';
import type { Arn } from './kit/arn.js';

/** The registry of ports. A service that is not loaded yet is loaded when one of its ARNs is asked for. */
export interface Ports {
  /** What is read by this ARN; undefined if no service here has such a source. */
  eventSource(arn: string): Promise<EventSource | undefined>;
  /** What is delivered to by this ARN; undefined if no service here takes deliveries for it. */
  destination(arn: string): Promise<Destination | undefined>;
}

/** In whose name something is delivered. */
export interface Sender {
  region: string;
  accountId: string;
  /** The service as resource policies name it, without `.amazonaws.com`: `logs`, `sns`. */
  service: string;
  /** What it is sent for, such as a log group. */
  sourceArn: string;
}

export interface MessageAttribute {
  DataType: string;
  StringValue?: string | undefined;
  BinaryValue?: Uint8Array | undefined;
}

export interface Message {
  body: Uint8Array;
  /** A stream's partition key, an object's key, the group of a queue's message. */
  key?: string;
  /** Where a copy is known by an id of its own. */
  deduplicationId?: string;
  /** What goes beside the body, where the resource has a place for it. */
  attributes?: Readonly<Record<string, MessageAttribute>>;
}

/** A kind of resource that takes messages. How a message looks is its sender's matter. */
export interface Destination {
  /** Whether an ARN is well formed for such a resource; the service in it is the owner's already. */
  accepts(arn: Arn): boolean;
  /** Most bytes of one message. */
  mostBytes: number;
  /** @throws AwsError the owner's, if the resource is not there or does not let the sender in */
  check(arn: string, sender: Sender): Promise<void>;
  /** @throws AwsError the owner's; throttles among them, and the sender decides whether to send again */
  deliver(arn: string, message: Message, sender: Pick<Sender, 'region'>): Promise<void>;
}

/** A kind of resource whose records or messages functions are invoked with. */
export interface EventSource {
  /** Its name in sentences, such as `Amazon Kinesis`. */
  title: string;
  /** Whether an ARN is well formed for such a resource; the service in it is the owner's already. */
  accepts(arn: Arn): boolean;
  /** The one key that filter patterns may name, and whose value they see as JSON, if the source has such a rule. */
  filterKey?: string;
  /** The starting positions that it has; all of them unless given. */
  positions?: readonly ReadFrom['type'][];
  /** @throws AwsError ResourceNotFoundException if it is not there */
  open(arn: string, region: string): Promise<ShardSource | QueueSource>;
}

export type ReadFrom =
  | { type: 'LATEST' | 'TRIM_HORIZON' }
  | { type: 'AT_TIMESTAMP'; timestampMs: number }
  | { type: 'AFTER_SEQUENCE_NUMBER'; sequenceNumber: string };

export interface SourceShard {
  ShardId: string;
  ParentShardId?: string | undefined;
  AdjacentParentShardId?: string | undefined;
  isClosed: boolean;
}

/**
 * Records in shards, each in order. Its calls reject as the API does: ResourceNotFoundException, ExpiredIteratorException, throttles.
 * A source gets only its own records back; they are methods, so that each source may name its own kind of record.
 */
export interface ShardSource {
  kind: 'shards';
  /** What has the shards: a consumer's stream. */
  streamArn: string;
  list(): Promise<SourceShard[]>;
  iterator(shardId: string, from: ReadFrom): Promise<string | undefined>;
  /** `next` is undefined at the end of a closed shard. */
  records(shardId: string, iterator: string): Promise<{ records: BatchRecord[]; next: string | undefined }>;
  /** Calls `notify` soon after records arrive, and when the shards or the status change. The answer unsubscribes. */
  onChange(notify: () => void): () => void;
  /** The event that a function is invoked with, as AWS has it. */
  toEvent(records: readonly BatchRecord[], address: EventAddress, window?: WindowPart): Buffer;
  /** Bytes that a record takes in the event, a little too many rather than too few. */
  eventBytes(record: BatchRecord, address: EventAddress): number;
  /** What a filter pattern sees of a record; undefined if no pattern can match it. */
  filterable(record: BatchRecord): object | undefined;
  /** A record in text, for fault hooks to match. */
  textOf(record: BatchRecord): string;
  /** The member of a failure record that says where the batch lies, such as `KinesisBatchInfo`. */
  batchInfo: string;
}

/** Messages without an order, each to be taken, and deleted once it is done. */
export interface QueueSource {
  kind: 'queue';
  /** How long what was taken stays hidden. */
  visibilitySeconds(): number;
  /** Whether groups are done in order. */
  isFifo: boolean;
  /** Messages that it has, hidden ones too. */
  count(): number;
  /**
   * Takes messages, and hides them from others until they are deleted or released. A single one may be larger than `mostBytes`.
   * Waits for the first one for `waitMs`, without it until the signal.
   */
  receive(
    wish: { most: number; mostBytes: number; waitMs: number | undefined },
    signal: AbortSignal,
  ): Promise<QueuedMessage[]>;
  delete(messages: readonly QueuedMessage[]): Promise<void>;
  /** Gives messages back at once. */
  release(messages: readonly QueuedMessage[]): Promise<void>;
  /** Calls `notify` soon after messages become visible. The answer unsubscribes. */
  onChange(notify: () => void): () => void;
  toEvent(messages: readonly QueuedMessage[], address: EventAddress): Buffer;
  filterable(message: QueuedMessage): object;
}

export interface QueuedMessage {
  /** What a function reports as `itemIdentifier`. */
  id: string;
  /** Messages of one group are done in order; undefined where there is no order. */
  group?: string | undefined;
  body: string;
}
