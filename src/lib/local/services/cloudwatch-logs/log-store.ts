import type { Clock } from '../../../shared/clock.js';
import { arnOf } from '../../kit/arn.js';
import type { Holder, MemoryBudget } from '../../kit/memory-budget.js';
import { AwsError } from '../../wire/aws-error.js';
import { billedBytes, checkStandard, type LogGroup, type LogStream } from './log-group.js';
import { SortedEvents, type StoredEvent } from './sorted-events.js';

const DAY_MS = 86_400_000;
/** What an event costs beside its message: the object, two places in arrays. */
const EVENT_OVERHEAD_BYTES = 120;

/** What one PutLogEvents brought. */
interface Arrival {
  group: LogGroup;
  stream: LogStream;
  events: StoredEvent[];
}

/** The log groups of one region. */
export class LogStore implements Holder {
  readonly groups = new Map<string, LogGroup>();
  readonly #clock: Clock;
  readonly #arnPrefix: string;
  readonly #memory: MemoryBudget;
  #sequence = 0;
  /** Arrival order, for taking the oldest away when memory runs out. */
  #arrivals: Arrival[] = [];
  #arrivalsGone = 0;

  constructor(options: { clock: Clock; region: string; accountId: string; memory: MemoryBudget }) {
    this.#clock = options.clock;
    this.#memory = options.memory;
    this.#memory.join(this);
    this.#arnPrefix = arnOf('logs', options, 'log-group:');
  }

  /** @throws AwsError ResourceAlreadyExistsException */
  createGroup(name: string): LogGroup {
    if (this.groups.has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    }
    const group: LogGroup = {
      name,
      arn: this.#arnPrefix + name,
      creationTime: this.#clock.now(),
      retentionInDays: undefined,
      logGroupClass: 'STANDARD',
      kmsKeyId: undefined,
      deletionProtected: false,
      tags: new Map(),
      streams: new Map(),
      events: new SortedEvents(),
      storedBytes: 0,
      subscriptionFilters: new Map(),
      metricFilters: new Map(),
    };
    this.groups.set(name, group);
    return group;
  }

  /** @throws AwsError ResourceNotFoundException */
  group(name: string): LogGroup {
    const group = this.groups.get(name);
    if (!group) throw noGroup();
    return group;
  }

  /** The group that `logGroupIdentifier` names: by its name, or by its ARN, which is of this account and region. */
  find(identifier: string): LogGroup | undefined {
    if (!identifier.startsWith('arn:')) return this.groups.get(identifier);
    return identifier.startsWith(this.#arnPrefix)
      ? this.groups.get(identifier.slice(this.#arnPrefix.length))
      : undefined;
  }

  /**
   * A group by its name or by `logGroupIdentifier`; exactly one of the two is given.
   * @throws AwsError
   */
  groupOf(input: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined }): LogGroup {
    const { logGroupName, logGroupIdentifier } = input;
    if (logGroupName !== undefined && logGroupIdentifier !== undefined) {
      throw new AwsError('ValidationException', 'LogGroup name and LogGroup ARN are mutually exclusive parameters.');
    }
    if (logGroupName === undefined && logGroupIdentifier === undefined) {
      throw new AwsError('InvalidParameterException', 'Either logGroupName or logGroupIdentifier must be provided.');
    }
    const group = this.find(logGroupName ?? logGroupIdentifier ?? '');
    if (!group) throw noGroup();
    return group;
  }

  /**
   * A group of the Standard class, which alone has filters and Live Tail.
   * @throws AwsError
   * @see https://github.com/turbot/steampipe-plugin-aws/issues/2758 for AWS's words
   */
  standardGroup(name: string): LogGroup {
    const group = this.group(name);
    checkStandard(group);
    return group;
  }

  deleteGroup(group: LogGroup): void {
    this.groups.delete(group.name);
    for (const stream of group.streams.values()) this.#release(stream);
    this.#arrivals = this.#arrivals.slice(this.#arrivalsGone).filter((arrival) => arrival.group !== group);
    this.#arrivalsGone = 0;
  }

  /** @throws AwsError ResourceAlreadyExistsException */
  createStream(group: LogGroup, name: string): LogStream {
    if (group.streams.has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
    }
    const stream: LogStream = {
      name,
      arn: `${group.arn}:log-stream:${name}`,
      creationTime: this.#clock.now(),
      lastIngestionTime: undefined,
      events: new SortedEvents(),
    };
    group.streams.set(name, stream);
    return stream;
  }

  /** @throws AwsError ResourceNotFoundException */
  stream(group: LogGroup, name: string): LogStream {
    const stream = group.streams.get(name);
    if (!stream) throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
    return stream;
  }

  deleteStream(group: LogGroup, stream: LogStream): void {
    group.streams.delete(stream.name);
    group.events.removeStream(stream.name);
    group.storedBytes -= this.#release(stream);
    this.#arrivals = this.#arrivals.slice(this.#arrivalsGone).filter((arrival) => arrival.stream !== stream);
    this.#arrivalsGone = 0;
  }

  /** Stores events, which are in the order of their timestamps, and takes the oldest of all away when memory runs out. */
  append(
    group: LogGroup,
    stream: LogStream,
    events: readonly { timestamp: number; message: string }[],
  ): readonly StoredEvent[] {
    const ingestionTime = this.#clock.now();
    stream.lastIngestionTime = ingestionTime;
    const stored = events.map(({ timestamp, message }): StoredEvent => {
      this.#sequence += 1;
      return { timestamp, message, ingestionTime, sequence: this.#sequence, logStreamName: stream.name };
    });
    for (const event of stored) {
      group.events.insert(event);
      stream.events.insert(event);
      group.storedBytes += billedBytes(event.message);
      this.#memory.count(heldBytes(event));
    }
    this.#arrivals.push({ group, stream, events: stored });
    this.trim(group);
    this.#memory.makeRoom(0);
    return stored;
  }

  /** Takes away what the group's retention has outlived. AWS does it within days; here it is gone at once. */
  trim(group: LogGroup): void {
    if (group.retentionInDays === undefined) return;
    const expired = group.events.indexFrom(this.#clock.now() - group.retentionInDays * DAY_MS);
    for (const event of group.events.removeFirst(expired)) {
      group.streams.get(event.logStreamName)?.events.remove(event);
      group.storedBytes -= billedBytes(event.message);
      this.#memory.count(-heldBytes(event));
    }
    if (expired > 0) this.#dropExpiredArrivals();
  }

  /** What has expired needs no place among the arrivals any more; those at the front are the oldest. */
  #dropExpiredArrivals(): void {
    const isExpired = ({ group, events }: Arrival): boolean =>
      group.retentionInDays !== undefined &&
      (events.at(-1)?.timestamp ?? 0) < this.#clock.now() - group.retentionInDays * DAY_MS;
    for (
      let head = this.#arrivals[this.#arrivalsGone];
      head && isExpired(head);
      head = this.#arrivals[this.#arrivalsGone]
    ) {
      this.#arrivalsGone += 1;
    }
    this.#compactArrivals();
  }

  #compactArrivals(): void {
    if (this.#arrivalsGone > 1024 && this.#arrivalsGone * 2 > this.#arrivals.length) {
      this.#arrivals = this.#arrivals.slice(this.#arrivalsGone);
      this.#arrivalsGone = 0;
    }
  }

  /** Lets a stream's events go; answers the bytes that AWS counted for them. */
  #release(stream: LogStream): number {
    let bytes = 0;
    for (const event of stream.events.removeFirst(stream.events.length)) {
      bytes += billedBytes(event.message);
      this.#memory.count(-heldBytes(event));
    }
    return bytes;
  }

  oldestMs(): number | undefined {
    return this.#arrivals[this.#arrivalsGone]?.events.at(-1)?.ingestionTime;
  }

  dropOldest(): void {
    const oldest = this.#arrivals[this.#arrivalsGone];
    if (!oldest) return;
    this.#arrivalsGone += 1;
    for (const event of oldest.events) this.#forget(oldest, event);
    this.#compactArrivals();
  }

  /** Lets one event go, unless its stream or its age took it before. */
  #forget({ group, stream }: Arrival, event: StoredEvent): void {
    if (!stream.events.remove(event)) return;
    group.events.remove(event);
    group.storedBytes -= billedBytes(event.message);
    this.#memory.count(-heldBytes(event));
  }
}

const heldBytes = (event: StoredEvent): number => event.message.length + EVENT_OVERHEAD_BYTES;

const noGroup = (): AwsError => new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
