import { setMaxListeners } from 'node:events';
import { arnOf, parseArn } from '../../kit/arn.js';
import { perRegion, type ServiceEnvironment } from '../../service.js';
import type { OperationContext } from '../../wire/handlers.js';
import { DeliveryStream, type DeliveryStreamWish } from './delivery-stream.js';
import { noSuchStream } from './firehose-errors.js';

type Place = Pick<OperationContext, 'region' | 'accountId'>;

/** All delivery streams, by region and name. */
export class FirehoseState {
  readonly environment: ServiceEnvironment;
  readonly #regions = perRegion(() => new Map<string, DeliveryStream>());
  readonly #ending = new AbortController();
  /** Once the endpoint closes nothing is taken any more: what has been taken is delivered. */
  #isClosing = false;

  constructor(environment: ServiceEnvironment) {
    this.environment = environment;
    setMaxListeners(0, this.#ending.signal); // whatever is being delivered may wait for it
    environment.activity.watch(() => this.#all().flatMap(({ pending }) => pending ?? []));
  }

  /** Aborts when nothing is tried any longer. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  in(region: string): Map<string, DeliveryStream> {
    return this.#regions.in(region);
  }

  arnOf(name: string, place: Place): string {
    return arnOf('firehose', place, `deliverystream/${name}`);
  }

  create(wish: DeliveryStreamWish): DeliveryStream {
    const stream = new DeliveryStream(this, wish);
    this.in(wish.region).set(wish.name, stream);
    stream.start();
    return stream;
  }

  /** @throws AwsError ResourceNotFoundException */
  stream(name: string, { region, accountId }: Place): DeliveryStream {
    const stream = this.in(region).get(name);
    if (!stream) throw noSuchStream(name, accountId);
    return stream;
  }

  /** The delivery stream that takes records. @throws AwsError ResourceNotFoundException for one that is not there yet, or no longer */
  openStream(name: string, place: Place): DeliveryStream {
    const stream = this.stream(name, place);
    if (stream.status !== 'ACTIVE' || this.#isClosing) throw noSuchStream(name, place.accountId);
    return stream;
  }

  byArn(arn: string): DeliveryStream | undefined {
    const { region = '', resource = '' } = parseArn(arn) ?? {};
    return this.in(region).get(resource.slice('deliverystream/'.length));
  }

  /** Delivers what has been taken; then a delivery stream of this name is no longer there. */
  delete(stream: DeliveryStream, region: string): void {
    stream.status = 'DELETING';
    void stream.stop().finally(() => this.in(region).delete(stream.name));
  }

  /** Takes nothing more, and delivers what has been taken. */
  async drain(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#all().map((stream) => stream.stop()));
  }

  close(): void {
    const held = this.#all().filter(({ heldBytes }) => heldBytes > 0);
    for (const { name, heldBytes } of held) {
      this.environment.log(`firehose: ${name} ends with ${heldBytes} bytes that its destination did not take`);
    }
    this.#ending.abort(new Error('the endpoint is closing'));
  }

  #all(): DeliveryStream[] {
    return [...this.#regions.all()].flatMap((streams) => [...streams.values()]);
  }
}
