// Filter policies of subscriptions: https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
import { compilePattern, PatternError } from '../../../shared/event-pattern.js';
import type { Notification, NotificationAttribute } from './notification.js';
import { messageFor } from './notification.js';
import { invalidParameter } from './sns-errors.js';

export type FilterScope = 'MessageAttributes' | 'MessageBody';
export type NotificationFilter = (notification: Notification) => boolean;

/** @throws AwsError InvalidParameter for a policy that means nothing */
export function compileFilterPolicy(policy: string, scope: FilterScope): NotificationFilter {
  try {
    const matches = compilePattern(policy);
    if (scope === 'MessageBody') return (notification) => withJson(messageFor(notification, 'default'), matches);
    const nested = Object.entries(JSON.parse(policy) as object).find(
      ([name, rule]) => name !== '$or' && !Array.isArray(rule),
    );
    if (nested) throw new PatternError(`Filter policy scope MessageAttributes does not support nested filter policy`);
    return ({ attributes }) => matches(filterable(attributes));
  } catch (error) {
    if (error instanceof PatternError) throw invalidParameter(`FilterPolicy: ${error.message}`);
    throw error;
  }
}

/** A body that is no JSON object passes no filter. */
function withJson(text: string, matches: (value: object) => boolean): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && matches(value);
  } catch {
    return false;
  }
}

/** Attributes as a pattern sees them: numbers as numbers, String.Array as its members, and nothing binary. */
function filterable(attributes: Notification['attributes']): object {
  const entries = Object.entries(attributes).flatMap(([name, attribute]): [string, unknown][] => {
    const value = plainValue(attribute);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

function plainValue({ DataType, StringValue }: NotificationAttribute): unknown {
  if (StringValue === undefined || DataType.startsWith('Binary')) return undefined;
  if (DataType.startsWith('Number')) return Number(StringValue);
  if (DataType !== 'String.Array') return StringValue;
  try {
    return JSON.parse(StringValue);
  } catch {
    return StringValue;
  }
}
