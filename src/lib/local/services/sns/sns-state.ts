import { arnOf, parseArn } from '../../kit/arn.js';
import { perRegion, type ServiceEnvironment } from '../../service.js';
import type { OperationContext } from '../../wire/handlers.js';
import { noSuchSubscription, noSuchTopic } from './sns-errors.js';
import type { Subscription, Topic } from './topic.js';

/** A message to a person, which nobody sends: kept to be read. */
export interface KeptMessage {
  protocol: string;
  endpoint: string;
  topicArn: string | undefined;
  subject: string | undefined;
  message: string;
  sentMs: number;
}

const MOST_KEPT = 1000;

export class SnsState {
  readonly environment: ServiceEnvironment;
  readonly #regions = perRegion(() => new Map<string, Topic>());
  /** Newest last. */
  readonly kept: KeptMessage[] = [];

  constructor(environment: ServiceEnvironment) {
    this.environment = environment;
  }

  in(region: string): Map<string, Topic> {
    return this.#regions.in(region);
  }

  arnOf(name: string, context: Pick<OperationContext, 'region' | 'accountId'>): string {
    return arnOf('sns', context, name);
  }

  find(arn: string): Topic | undefined {
    const { region = '', resource = '' } = parseArn(arn) ?? {};
    return this.in(region).get(resource);
  }

  /** @throws AwsError NotFound */
  topic(arn: string): Topic {
    const topic = this.find(arn);
    if (!topic) throw noSuchTopic();
    return topic;
  }

  /** @throws AwsError NotFound */
  subscription(arn: string): { topic: Topic; subscription: Subscription } {
    const topic = this.find(arn.slice(0, arn.lastIndexOf(':')));
    const subscription = topic?.subscriptions.get(arn);
    if (!topic || !subscription) throw noSuchSubscription();
    return { topic, subscription };
  }

  /** Keeps what would go to a person, and says so in the log. */
  keep(message: KeptMessage): void {
    this.kept.push(message);
    if (this.kept.length > MOST_KEPT) this.kept.shift();
    const { protocol, endpoint, subject, message: text } = message;
    this.environment.log(`sns: ${protocol} to ${endpoint}: ${subject ?? text.slice(0, 80)}`);
  }
}
