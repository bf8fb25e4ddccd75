import { setMaxListeners } from 'node:events';
import { BucketStage } from './bucket-stage.js';
import { bucketWish, type DestinationSettings } from './destination-settings.js';
import type { FirehoseState } from './firehose-state.js';
import type { HoseRecord, Stage } from './hose-record.js';
import { PutQuota } from './put-quota.js';
import type { StreamContext, Trouble } from './stream-context.js';
import { StreamReader } from './stream-reader.js';

/** As Kinesis has it: AWS takes about a minute; a person or a test should not wait, but must see the state in between. */
const TRANSITION_MS = 30;
/** Above this, what puts is told to slow down, and a stream is not read on. */
const MOST_HELD_BYTES = 256 * 1024 * 1024;
const ROOM_MS = 20;

export interface DeliveryStreamWish {
  name: string;
  arn: string;
  region: string;
  accountId: string;
  settings: DestinationSettings;
  /** The stream that it reads; undefined if records are put. */
  source?: { arn: string; roleArn: string } | undefined;
  tags: Map<string, string>;
}

/** One delivery stream: what it is, and the stages that its records pass. */
export class DeliveryStream {
  readonly name: string;
  readonly arn: string;
  readonly source: { arn: string; roleArn: string } | undefined;
  readonly tags: Map<string, string>;
  readonly createdMs: number;
  readonly quota: PutQuota;
  updatedMs: number | undefined;
  status: 'CREATING' | 'ACTIVE' | 'DELETING' = 'CREATING';
  encryption: { KeyType: string; KeyARN?: string | undefined } | undefined;
  settings: DestinationSettings;
  version = 1;
  readonly #state: FirehoseState;
  readonly #wish: DeliveryStreamWish;
  readonly #reading = new AbortController();
  #reader: StreamReader | undefined;
  #stage: Stage;
  /** Stages of earlier versions that still deliver. */
  readonly #former = new Set<Stage>();
  #lastTrouble = '';
  /** Counts records that came: a stream that works is not one that hangs. */
  #steps = 0;

  constructor(state: FirehoseState, wish: DeliveryStreamWish) {
    this.#state = state;
    this.#wish = wish;
    this.name = wish.name;
    this.arn = wish.arn;
    this.source = wish.source;
    this.tags = wish.tags;
    this.settings = wish.settings;
    this.createdMs = state.environment.clock.now();
    this.quota = new PutQuota(state.environment, wish.region);
    setMaxListeners(0, this.#reading.signal); // every shard's reader may wait for it
    this.#stage = this.#newStage();
  }

  /** Begins to take records, or to read its stream. */
  start(): void {
    const { environment } = this.#state;
    const { source, region } = this.#wish;
    const becomeActive = (): void => {
      environment.clock.after(TRANSITION_MS, () => {
        if (this.status === 'CREATING') this.status = 'ACTIVE';
      });
    };
    if (!source) {
      becomeActive();
      return;
    }
    this.#reader = new StreamReader({
      environment,
      region,
      sourceArn: source.arn,
      take: (records) => this.#read(records),
      onReady: becomeActive,
      signal: this.#reading.signal,
    });
    void this.#reader.run();
  }

  /** Takes records that were put. The caller has checked that there is room. */
  put(records: readonly HoseRecord[]): void {
    this.#steps += 1;
    for (const record of records) this.#stage.push(record);
  }

  get hasRoom(): boolean {
    return this.heldBytes < MOST_HELD_BYTES;
  }

  get heldBytes(): number {
    return [this.#stage, ...this.#former].reduce((sum, { heldBytes }) => sum + heldBytes, 0);
  }

  /** What waits or is under way, in words; undefined if nothing is. */
  get pending(): { id: string; what: string } | undefined {
    const held = this.heldBytes;
    const isBehind = this.#reader !== undefined && !this.#reader.idle && !this.#reading.signal.aborted;
    if (held === 0 && !isBehind) return undefined;
    return { id: `${this.arn} ${this.#steps} ${held}`, what: `delivery stream ${this.name}` };
  }

  /** Takes new settings: what is here already is delivered by the old ones. */
  update(settings: DestinationSettings): void {
    const former = this.#stage;
    this.settings = settings;
    this.version += 1;
    this.updatedMs = this.#state.environment.clock.now();
    this.#stage = this.#newStage();
    this.#former.add(former);
    void former.drain().finally(() => this.#former.delete(former));
  }

  /** Stops reading, and delivers what it has taken. */
  async stop(): Promise<void> {
    this.#reading.abort(new Error('the delivery stream stops'));
    await Promise.all([this.#stage, ...this.#former].map((stage) => stage.drain()));
  }

  #newStage(): Stage {
    return new BucketStage(this.#context(), bucketWish(this.settings.s3, this.#state.environment.intervals));
  }

  #context(): StreamContext {
    const { environment, signal } = this.#state;
    const { name, arn, region, accountId, source } = this.#wish;
    return {
      ...{ environment, region, accountId, name, arn, version: this.version, sourceArn: source?.arn, signal },
      report: (trouble) => this.#report(trouble),
    };
  }

  /** Told once each time that something else is wrong, not at every try. */
  #report({ code, message }: Trouble): void {
    const { environment } = this.#state;
    const text = `${code}: ${message}`;
    if (text !== this.#lastTrouble) environment.log(`firehose: ${this.name}: ${text}`);
    this.#lastTrouble = text;
    const { Enabled, LogGroupName, LogStreamName } = this.settings.s3.CloudWatchLoggingOptions ?? {};
    if (!Enabled || !LogGroupName || !LogStreamName) return;
    const entry = {
      deliveryStreamARN: this.arn,
      destination: this.settings.s3.BucketARN,
      deliveryStreamVersionId: this.version,
      message,
      errorCode: code,
    };
    const logEvents = [{ timestamp: environment.clock.now(), message: JSON.stringify(entry) }];
    const put = { logGroupName: LogGroupName, logStreamName: LogStreamName, logEvents };
    // As on AWS, a log group that is not there is not made.
    environment
      .calls(this.#wish.region)
      ['cloudwatch-logs'].PutLogEvents(put)
      .catch(() => {});
  }

  async #read(records: readonly HoseRecord[]): Promise<void> {
    const { signal } = this.#reading;
    while (!this.hasRoom) await this.#state.environment.clock.sleep(ROOM_MS, signal);
    signal.throwIfAborted();
    this.put(records);
  }
}
