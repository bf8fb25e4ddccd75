import { defineService } from '../../define-service.js';
import { publish, publishBatch } from './operations/publish.js';
import {
  confirmSubscription,
  getSubscriptionAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionAttributes,
  subscribe,
  unsubscribe,
} from './operations/subscriptions.js';
import {
  createTopic,
  deleteTopic,
  getTopicAttributes,
  listTagsForResource,
  listTopics,
  setTopicAttributes,
  tagResource,
  untagResource,
} from './operations/topics.js';
import { SnsState } from './sns-state.js';
import { subscriptionRoutes } from './subscription-routes.js';
import { topicDestination } from './topic-destination.js';

/** Simple Notification Service: topics, and what subscribes to them. */
export const sns = defineService({
  id: 'sns',
  title: 'SNS',
  invalid: 'InvalidParameterException',
  state: (environment) => new SnsState(environment),
  operations: [
    confirmSubscription,
    createTopic,
    deleteTopic,
    getSubscriptionAttributes,
    getTopicAttributes,
    listSubscriptions,
    listSubscriptionsByTopic,
    listTagsForResource,
    listTopics,
    publish,
    publishBatch,
    setSubscriptionAttributes,
    setTopicAttributes,
    subscribe,
    tagResource,
    unsubscribe,
    untagResource,
  ],
  routes: (state) => subscriptionRoutes(state),
  destinations: (state) => [topicDestination(state)],
  gaps: [
    '**Policies, encryption, delivery policies and archives** are kept and have no effect: no caller is refused, nothing is encrypted. A queue or function takes a notification without a policy that lets SNS in.',
    '**Signatures** of notifications have the form of a signature and verify with nothing: no one here has AWS’s key.',
    '**Deliveries** are retried after 0.1, 1 and 5 seconds, then go to the dead-letter queue or are named as lost in the log; AWS retries queues and functions for 23 days.',
    '**FIFO topics** deliver to queues.',
  ],
});
