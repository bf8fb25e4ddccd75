import type { PlainRoute } from '../../wire/dispatch.js';
import type { WireReply } from '../../wire/wire-request.js';
import type { SnsState } from './sns-state.js';

const CONFIRM = '/_pipectl/sns/confirm';
const UNSUBSCRIBE = '/_pipectl/sns/unsubscribe';
const MESSAGES = '/_pipectl/sns/messages';

/** What a subscriber visits to confirm. Its token, which nobody can guess, is the permission. */
export const confirmUrl = ({ environment }: SnsState, topicArn: string, token: string): string =>
  `${environment.endpointUrl()}${CONFIRM}?${new URLSearchParams({ TopicArn: topicArn, Token: token })}`;

export const unsubscribeUrl = ({ environment }: SnsState, arn: string): string =>
  `${environment.endpointUrl()}${UNSUBSCRIBE}?${new URLSearchParams({ SubscriptionArn: arn })}`;

/** Confirms by a link; shows what was sent to people. Links that unsubscribe say what to do instead: anybody could make one. */
export const subscriptionRoutes = (state: SnsState): readonly PlainRoute[] => [
  ({ path, query }) => {
    if (path === CONFIRM) return { openTo: 'direct', reply: () => confirm(state, new Map(query)) };
    if (path === UNSUBSCRIBE) {
      const text = 'To end this subscription: aws sns unsubscribe --subscription-arn ARN';
      return { openTo: 'direct', reply: () => reply(405, { message: text }) };
    }
    if (path === MESSAGES) return { openTo: 'program', reply: () => reply(200, { messages: state.kept }) };
    return undefined;
  },
];

function confirm(state: SnsState, query: ReadonlyMap<string, string>): WireReply {
  const topic = state.find(query.get('TopicArn') ?? '');
  const token = query.get('Token');
  const subscription = [...(topic?.subscriptions.values() ?? [])].find((each) => each.token === token);
  if (!subscription || token === undefined) return reply(400, { message: 'Invalid token' });
  subscription.token = undefined;
  return reply(200, { SubscriptionArn: subscription.arn });
}

const reply = (status: number, value: object): WireReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
