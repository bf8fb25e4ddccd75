import { arnOf, parseArn } from '../../kit/arn.js';
import { perRegion, type ServiceEnvironment } from '../../service.js';
import type { AwsError } from '../../wire/aws-error.js';
import type { OperationContext } from '../../wire/handlers.js';
import type { Message } from './message.js';
import { Queue } from './queue.js';
import { invalidValue, noSuchQueue } from './sqs-errors.js';

/** A move of dead letters, which is over as soon as it is asked for. */
export interface MoveTask {
  handle: string;
  sourceArn: string;
  destinationArn: string | undefined;
  startedMs: number;
  moved: number;
}

/** All queues, by region and name. */
export class SqsState {
  readonly environment: ServiceEnvironment;
  readonly #regions = perRegion(() => new Map<string, Queue>());
  readonly moves: MoveTask[] = [];

  constructor(environment: ServiceEnvironment) {
    this.environment = environment;
  }

  in(region: string): Map<string, Queue> {
    return this.#regions.in(region);
  }

  create(name: string, { region, accountId }: OperationContext): Queue {
    const queue = new Queue(name, arnOf('sqs', { region, accountId }, name), this.environment.clock);
    this.in(region).set(name, queue);
    return queue;
  }

  /** `http://127.0.0.1:4566/000000000000/orders`: an address that answers here. */
  urlOf(queue: Queue): string {
    return `${this.environment.endpointUrl()}/${this.environment.accountId}/${queue.name}`;
  }

  /** The queue of a URL: of whatever host, its last two parts count. @throws AwsError QueueDoesNotExist */
  byUrl(url: string, { region }: Pick<OperationContext, 'region'>): Queue {
    const queue = this.in(region).get(url.split('/').at(-1) ?? '');
    if (!queue) throw noSuchQueue();
    return queue;
  }

  byArn(arn: string): Queue | undefined {
    const { region = '', resource = '' } = parseArn(arn) ?? {};
    return this.in(region).get(resource);
  }

  /** Where a queue's redrive policy sends what was received too often. */
  deadLettersOf(queue: Queue): ((message: Message) => void) | undefined {
    const policy = queue.attributes.redrivePolicy;
    const target = policy && this.byArn(policy.deadLetterTargetArn);
    return target && ((message) => target.adopt(message, queue.arn));
  }

  /** @throws AwsError for a redrive policy whose queue is not there, or is of the other kind */
  checkRedrive(attributes: Readonly<Record<string, string | undefined>>, isFifo: boolean): void {
    const text = attributes.RedrivePolicy;
    if (!text) return;
    const { deadLetterTargetArn } = JSON.parse(text) as { deadLetterTargetArn: string };
    const target = this.byArn(deadLetterTargetArn);
    const refuse = (reason: string): AwsError =>
      invalidValue(`Value ${text} for parameter RedrivePolicy is invalid. Reason: ${reason}`);
    if (!target) throw refuse('Dead letter target does not exist.');
    if (target.attributes.isFifo !== isFifo) {
      throw refuse(`Dead-letter queue must be same type of queue as the source.`);
    }
  }
}
