import { AwsError } from '../../wire/aws-error.js';
import { type Compression, compressObject } from './compress-object.js';
import type { HoseRecord, Stage } from './hose-record.js';
import { type KeyRules, objectKey } from './object-key.js';
import { type BufferHints, bytesOf, RecordBuffer } from './record-buffer.js';
import { DAY_MS, insist, type StreamContext } from './stream-context.js';

export interface BucketWish {
  bucketArn: string;
  rules: KeyRules;
  hints: BufferHints;
  compression: Compression;
  /** What follows every record. */
  delimiter: Uint8Array;
  /** How long a bucket that does not take an object is tried. */
  retryMs?: number;
}

/** The end of a delivery stream: writes records as objects, those of each partition together. */
export class BucketStage implements Stage {
  readonly #context: StreamContext;
  readonly #wish: BucketWish;
  readonly #buffers = new Map<string, RecordBuffer>();
  readonly #writes = new Set<Promise<void>>();
  #heldBytes = 0;

  constructor(context: StreamContext, wish: BucketWish) {
    this.#context = context;
    this.#wish = wish;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  push(record: HoseRecord): void {
    this.#heldBytes += record.data.byteLength;
    const id = record.partition ? JSON.stringify(record.partition) : '';
    let buffer = this.#buffers.get(id);
    if (!buffer) {
      buffer = new RecordBuffer(this.#context.environment.clock, this.#wish.hints, (records) => {
        this.#buffers.delete(id);
        this.#write(records);
      });
      this.#buffers.set(id, buffer);
    }
    buffer.push(record);
    if (!buffer.isEmpty) this.#buffers.set(id, buffer);
  }

  async drain(): Promise<void> {
    for (const buffer of [...this.#buffers.values()]) buffer.flush();
    await Promise.all(this.#writes);
  }

  #write(records: readonly HoseRecord[]): void {
    const { delimiter } = this.#wish;
    const parts = records.flatMap(({ data }) => (delimiter.byteLength > 0 ? [data, delimiter] : [data]));
    const body = Buffer.concat(parts);
    const oldestMs = Math.min(...records.map(({ arrivedMs }) => arrivedMs));
    const write = writeObject(this.#context, this.#wish, { body, oldestMs, partition: records[0]?.partition });
    const done = write.then((written) => {
      if (!written) this.#tellLoss(records.length);
      this.#heldBytes -= bytesOf(records);
      this.#writes.delete(done);
    });
    this.#writes.add(done);
  }

  #tellLoss(count: number): void {
    const { environment, name } = this.#context;
    environment.log(`firehose: ${name} lost ${count} records: ${this.#wish.bucketArn} did not take them`);
  }
}

interface ObjectOf {
  body: Buffer;
  oldestMs: number;
  partition?: Readonly<Record<string, string>> | undefined;
}

/** @returns false if the bucket did not take it for as long as it is tried */
async function writeObject(context: StreamContext, wish: BucketWish, of: ObjectOf): Promise<boolean> {
  const { environment, name, version, region } = context;
  const { bucketArn, rules, compression, retryMs = DAY_MS } = wish;
  const { body, ...rest } = of;
  let packed: Buffer | undefined;
  let key = '';
  return insist(
    async () => {
      // Made once: an object whose first try was answered too late is written over, not written twice.
      key ||= objectKey(rules, { streamName: name, version, ...rest });
      packed ??= await compressObject(
        body,
        compression,
        key
          .split('/')
          .at(-1)
          ?.replace(/\.zip$/, '') ?? name,
      );
      const fault = environment.faults.take('firehose.deliver', () => key);
      if (fault?.kind === 'error')
        throw new AwsError(fault.code ?? 'SlowDown', fault.message ?? 'Please reduce your request rate.');
      const bucket = await environment.ports.destination(bucketArn);
      if (!bucket) throw new AwsError('NoSuchBucket', `no bucket is at ${bucketArn}`);
      await bucket.deliver(bucketArn, { body: packed, key }, { region });
    },
    context,
    { service: 'S3', forMs: retryMs },
  );
}
