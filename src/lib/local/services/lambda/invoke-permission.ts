// Whether a function's resource policy lets a service invoke it: what a template that lacks its AWS::Lambda::Permission fails at.
import { isLike } from '../../kit/is-like.js';
import type { Sender } from '../../ports.js';

interface Statement {
  Effect?: unknown;
  Principal?: unknown;
  Action?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/**
 * @param policy the JSON that GetPolicy gives
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#LambdaFunctionExample
 */
export function letsInvoke(policy: string, sender: Sender): boolean {
  const { Statement: statements } = JSON.parse(policy) as { Statement?: Statement[] };
  return (statements ?? []).some(
    ({ Effect, Principal, Action, Condition }) =>
      Effect === 'Allow' &&
      isSender(Principal, sender) &&
      ['lambda:InvokeFunction', 'lambda:*', '*'].includes(String(Action)) &&
      Object.entries(Condition ?? {}).every(([operator, wanted]) =>
        Object.entries(wanted).every(([key, value]) => holds(operator, key, String(value), sender)),
      ),
  );
}

function isSender(principal: unknown, { service: name, region }: Sender): boolean {
  if (principal === '*') return true;
  const service = typeof principal === 'object' && principal !== null && 'Service' in principal && principal.Service;
  return service === `${name}.amazonaws.com` || service === `${name}.${region}.amazonaws.com`;
}

/** Conditions on anything but the source are about callers that are no service. */
function holds(operator: string, key: string, value: string, { accountId, sourceArn }: Sender): boolean {
  if (operator === 'StringEquals' && /^aws:SourceAccount$/i.test(key)) return value === accountId;
  if (operator === 'ArnLike' && /^aws:SourceArn$/i.test(key)) return isArnLike(value, sourceArn);
  return false;
}

/** ArnLike compares the six parts of two ARNs one by one; `*` and `?` do not reach beyond their part. */
function isArnLike(pattern: string, arn: string): boolean {
  const parts = (text: string): string[] => {
    const all = text.split(':');
    return [...all.slice(0, 5), all.slice(5).join(':')];
  };
  const wanted = parts(pattern);
  return parts(arn).every((part, index) => isLike(wanted[index] ?? '', part));
}
