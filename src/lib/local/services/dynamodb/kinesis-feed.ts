import { createHash, randomUUID } from 'node:crypto';
import type { ServiceEnvironment } from '../../service.js';
import { AwsError } from '../../wire/aws-error.js';
import { itemText } from './item-text.js';
import type { KeyAttributes } from './key-order.js';
import { pickAttributes } from './project-index.js';
import { attributesOf, type Change, type ChangeFeed } from './table-items.js';
import { itemBytes, sameMap } from './value.js';

export type Precision = 'MILLISECOND' | 'MICROSECOND';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 10_000;

/**
 * Sends a table's changes to a Kinesis stream, in their order.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html
 */
export class KinesisFeed implements ChangeFeed {
  readonly streamArn: string;
  precision: Precision | undefined;
  status: 'ENABLING' | 'ACTIVE' | 'DISABLING' | 'DISABLED' | 'UPDATING' = 'ENABLING';
  readonly #table: { name: string; key: KeyAttributes };
  readonly #region: string;
  readonly #environment: ServiceEnvironment;
  readonly #closed = new AbortController();
  /** What is still to be sent, the oldest first. */
  readonly #waiting: { key: string; body: Buffer }[] = [];
  #isSending = false;

  constructor(
    table: { name: string; key: KeyAttributes },
    { streamArn, region, precision }: { streamArn: string; region: string; precision: Precision | undefined },
    environment: ServiceEnvironment,
  ) {
    this.#table = table;
    this.streamArn = streamArn;
    this.#region = region;
    this.precision = precision;
    this.#environment = environment;
  }

  append({ before, after }: Change, { nowMs, byService }: { nowMs: number; byService: boolean }): void {
    const stored = after ?? before;
    if (!stored || (before && after && sameMap(before.item, after.item))) return;
    const keys = pickAttributes(stored.item, attributesOf(this.#table.key));
    const isMicro = this.precision === 'MICROSECOND';
    const images = [after && `"NewImage":${itemText(after.item)},`, before && `"OldImage":${itemText(before.item)},`];
    const body =
      `{"awsRegion":"${this.#region}","eventID":"${randomUUID()}","eventName":"${before ? (after ? 'MODIFY' : 'REMOVE') : 'INSERT'}",` +
      `"userIdentity":${byService ? '{"type":"Service","principalId":"dynamodb.amazonaws.com"}' : 'null'},"recordFormat":"application/json",` +
      `"tableName":"${this.#table.name}","dynamodb":{"ApproximateCreationDateTime":${isMicro ? nowMs * 1000 : nowMs},` +
      `${isMicro ? '"ApproximateCreationDateTimePrecision":"MICROSECOND",' : ''}"Keys":${itemText(keys)},${images.filter(Boolean).join('')}` +
      `"SizeBytes":${itemBytes(keys) + (before?.bytes ?? 0) + (after?.bytes ?? 0)}},"eventSource":"aws:dynamodb"}`;
    const key = createHash('md5').update(itemText(keys)).digest('hex');
    this.#waiting.push({ key, body: Buffer.from(body) });
    if (!this.#isSending) void this.#send();
  }

  close(): void {
    this.#closed.abort();
  }

  async #send(): Promise<void> {
    this.#isSending = true;
    const { activity, clock, ports, log } = this.#environment;
    const done = activity.begin(`changes of table ${this.#table.name} on their way to ${this.streamArn}`);
    let retryMs = FIRST_RETRY_MS;
    for (let next = this.#waiting[0]; next && !this.#closed.signal.aborted; next = this.#waiting[0]) {
      try {
        const destination = await ports.destination(this.streamArn);
        if (!destination) break;
        await destination.deliver(this.streamArn, next, { region: this.#region });
        this.#waiting.shift();
        retryMs = FIRST_RETRY_MS;
      } catch (error) {
        if (!(error instanceof AwsError) || error.code === 'ResourceNotFoundException') {
          log(`dynamodb: changes of table ${this.#table.name} cannot reach ${this.streamArn}: ${error}`);
          this.#waiting.shift();
          continue;
        }
        await clock.sleep(retryMs, this.#closed.signal).catch(() => {});
        retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
      }
    }
    this.#isSending = false;
    done();
  }
}
