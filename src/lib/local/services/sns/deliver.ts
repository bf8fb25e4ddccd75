import { isLoopbackName } from '../../../shared/loopback.js';
import type { Message } from '../../ports.js';
import { AwsError } from '../../wire/aws-error.js';
import {
  confirmationJson,
  lambdaEvent,
  messageFor,
  type Notification,
  type NotificationLinks,
  notificationJson,
} from './notification.js';
import { postTo } from './post-to.js';
import type { SnsState } from './sns-state.js';
import { confirmUrl, unsubscribeUrl } from './subscription-routes.js';
import type { Subscription, Topic } from './topic.js';

/** Before each further try; AWS's own policy for HTTP endpoints has three tries, 20 seconds apart. */
const PAUSES_MS = [100, 1000, 5000];

/** Hands a notification to every confirmed subscription that wants it; returns at once. */
export function deliverToAll(state: SnsState, topic: Topic, notification: Notification): void {
  for (const subscription of topic.subscriptions.values()) {
    if (subscription.token !== undefined || subscription.filter?.(notification) === false) continue;
    const end = state.environment.activity.begin(`delivery of ${topic.name} to ${subscription.endpoint}`);
    void deliverWithRetries(state, subscription, notification).finally(end);
  }
}

async function deliverWithRetries(
  state: SnsState,
  subscription: Subscription,
  notification: Notification,
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await deliver(state, subscription, notification);
    } catch (error) {
      const pauseMs = PAUSES_MS[attempt];
      if (pauseMs === undefined || isHopeless(error)) return giveUp(state, subscription, notification, error);
      await state.environment.clock.sleep(pauseMs).catch(() => {});
    }
  }
}

/** What is not there, or refuses the message, will not take it a second later. */
const isHopeless = (error: unknown): boolean =>
  error instanceof AwsError && /NotFound|NonExistent|DoesNotExist|AccessDenied|Invalid/.test(error.code);

/** To the dead-letter queue where there is one; a loss is told in the endpoint's log, with its message's id. */
async function giveUp(
  { environment }: SnsState,
  { arn, topicArn, deadLetterArn, endpoint }: Subscription,
  notification: Notification,
  error: unknown,
): Promise<void> {
  const why = error instanceof Error ? error.message : String(error);
  const region = topicArn.split(':')[3] ?? '';
  try {
    const queue = deadLetterArn === undefined ? undefined : await environment.ports.destination(deadLetterArn);
    if (queue && deadLetterArn !== undefined) {
      const body = notificationJson(notification, 'sqs', { unsubscribeUrl: '', certificateUrl: '' });
      await queue.deliver(deadLetterArn, { body: Buffer.from(body) }, { region });
      return;
    }
    environment.log(`sns: message ${notification.id} of ${topicArn} is lost to ${endpoint} (${arn}): ${why}`);
  } catch (failed) {
    environment.log(
      `sns: message ${notification.id} of ${topicArn} is lost to ${endpoint} (${why}), and to its dead-letter queue: ${failed}`,
    );
  }
}

async function deliver(state: SnsState, subscription: Subscription, notification: Notification): Promise<void> {
  const { protocol, endpoint, raw } = subscription;
  const { environment } = state;
  const region = notification.topicArn.split(':')[3] ?? '';
  const links = linksOf(state, subscription);
  if (protocol === 'lambda') {
    return deliverByPort(state, endpoint, { body: lambdaEvent(notification, subscription.arn, links) }, region);
  }
  if (protocol === 'sqs' || protocol === 'firehose') {
    const body = raw ? messageFor(notification, protocol) : notificationJson(notification, protocol, links);
    const { group, deduplicationId } = notification;
    const own = raw ? { attributes: notification.attributes } : {};
    const fifo = {
      ...(group !== undefined && { key: group }),
      ...(deduplicationId !== undefined && { deduplicationId }),
    };
    return deliverByPort(state, endpoint, { body, ...fifo, ...own }, region);
  }
  if (protocol === 'http' || protocol === 'https') {
    const body = raw ? messageFor(notification, protocol) : notificationJson(notification, protocol, links);
    return postTo(endpoint, body, {
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': notification.id,
      'x-amz-sns-topic-arn': notification.topicArn,
      'x-amz-sns-subscription-arn': subscription.arn,
      ...(raw && { 'x-amz-sns-rawdelivery': 'true' }),
    });
  }
  state.keep({
    protocol,
    endpoint,
    topicArn: notification.topicArn,
    subject: notification.subject,
    message: messageFor(notification, protocol),
    sentMs: environment.clock.now(),
  });
}

async function deliverByPort(
  { environment }: SnsState,
  arn: string,
  { body, ...message }: { body: string } & Omit<Message, 'body'>,
  region: string,
): Promise<void> {
  const destination = await environment.ports.destination(arn);
  if (!destination) throw new AwsError('InvalidParameterException', `nothing here takes ${arn}`);
  await destination.deliver(arn, { body: Buffer.from(body), ...message }, { region });
}

/** Asks an HTTP endpoint to confirm; whoever answers there visits the link, or calls ConfirmSubscription with the token. */
export async function askToConfirm(state: SnsState, subscription: Subscription): Promise<void> {
  const { endpoint, topicArn, token = '', arn } = subscription;
  const body = confirmationJson(topicArn, token, confirmUrl(state, topicArn, token), state.environment.clock.now());
  const end = state.environment.activity.begin(`confirmation of ${endpoint}`);
  await postTo(endpoint, body, {
    'x-amz-sns-message-type': 'SubscriptionConfirmation',
    'x-amz-sns-topic-arn': topicArn,
  })
    .catch((error: unknown) => state.environment.log(`sns: ${arn} cannot be confirmed: ${error}`))
    .finally(end);
}

const linksOf = (state: SnsState, subscription: Subscription): NotificationLinks => ({
  unsubscribeUrl: unsubscribeUrl(state, subscription.arn),
  certificateUrl: `${state.environment.endpointUrl()}/SimpleNotificationService.pem`,
});

/** This endpoint sends nothing beyond the machine. */
export const isReachable = (url: string): boolean => {
  try {
    return isLoopbackName(new URL(url).hostname);
  } catch {
    return false;
  }
};
