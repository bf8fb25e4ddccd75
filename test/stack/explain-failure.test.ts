import { describe, expect, it } from 'vitest';
import type { ResourceEvent } from '../../src/lib/stack/deploy-request.js';
import { explainFailure } from '../../src/lib/stack/explain-failure.js';

const explain = (reason: string, properties?: object) =>
  explainFailure('Deploying', 'app', { status: 'ROLLBACK_COMPLETE', reason: undefined }, [
    {
      logicalId: 'Filter',
      type: 'AWS::Logs::SubscriptionFilter',
      status: 'CREATE_FAILED',
      reason,
      properties: properties && JSON.stringify(properties),
    } as ResourceEvent,
  ]);
const MISSING = 'The specified log group does not exist.';

describe('why a subscription filter failed, and what to do', () => {
  it.each<[string, object | undefined, RegExp]>([
    [MISSING, { LogGroupName: '/aws/lambda/loader' }, /first invocation: pipectl invoke loader, then deploy again/],
    [MISSING, { LogGroupName: '/app/orders' }, /^Create the log group \/app\/orders first/],
    [MISSING, undefined, /invoke it once, then deploy again/],
    [
      'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
      { LogGroupName: '/app/orders' },
      /needs an AWS::Lambda::Permission for logs\.amazonaws\.com .* DependsOn/,
    ],
  ])('%s %j', (reason, properties, hint) => {
    const error = explain(reason, properties);
    expect(error.message).toBe(
      `Deploying app failed (ROLLBACK_COMPLETE). Filter (AWS::Logs::SubscriptionFilter): ${reason}`,
    );
    expect(error.hint).toMatch(hint);
  });

  it('has no advice where there is none', () => {
    expect(explain('Resource limit exceeded.').hint).toBeUndefined();
  });
});
