import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StandingEndpoint, standEndpoint } from './standing-endpoint.js';

let standing: StandingEndpoint;
beforeAll(async () => {
  standing = await standEndpoint();
});
afterAll(() => standing.close());

async function makeRelay(name: string, body: string, patterns: readonly object[] = []): Promise<void> {
  await standing.makeStream(`${name}-in`, 2);
  await standing.makeStream(`${name}-out`, 1);
  await standing.makeFunction(name, `export const handler = async () => { ${body} };`);
  const lambda = await standing.clients.lambda();
  await lambda.send(
    new CreateEventSourceMappingCommand({
      EventSourceArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}-in`,
      FunctionName: name,
      StartingPosition: 'TRIM_HORIZON',
      MaximumRetryAttempts: 0,
      ...(patterns.length > 0 && {
        FilterCriteria: { Filters: patterns.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) },
      }),
    }),
  );
}

const causes = async (name: string) => {
  const { verdict } = await standing.run(`
send: { put: ${name}-in, payload: { id: "{marker}", kind: order, nested: { price: 5 } }, count: 2, rate: 100/s }
hops: [{ taken: { stream: ${name}-in } }, { relayed: { stream: ${name}-out } }]
expect: { within: 500ms, warmUp: 1s }`);
  expect(verdict.firstLossyHop).toBe('relayed');
  return verdict.findings.map(({ weight, text, evidence }) => [weight, text, evidence?.join('\n')]);
};

describe('from a stream through a function to a stream', () => {
  it('the function that fails is the cause', async () => {
    await makeRelay('failing', 'throw new Error("cannot forward");');
    expect((await causes('failing'))[0]).toEqual([
      'cause',
      expect.stringMatching(/^failing failed (once|\d+ times) during this run\.$/),
      expect.stringContaining('cannot forward'),
    ]);
  });

  it.each([
    ['an unequal value', { data: { kind: ['refund'] } }, 'data.kind is "order", and the filter wants ["refund"]'],
    [
      'a nested value',
      { data: { kind: ['order'], nested: { price: [{ numeric: ['>', 10] }] } } },
      'data.nested.price is 5, and the filter wants [{"numeric":[">",10]}]',
    ],
    [
      'a missing key',
      { data: { region: [{ exists: true }] } },
      'the event has no data.region, and the filter wants [{"exists":true}]',
    ],
  ])('filter criteria that keep everything out are the cause: %s', async (what, pattern, why) => {
    const name = what.replaceAll(' ', '-');
    await makeRelay(name, '', [pattern]);
    const [first] = await causes(name);
    expect(first).toEqual([
      'cause',
      `The filter criteria of the event source mapping to ${name} keep the event out: ${why}.`,
      expect.stringMatching(/^pattern {2}\{"data":.*\nrecord {3}\{"id":"pe2e/),
    ]);
  });

  it('filter criteria of which one lets the event through are not', async () => {
    await makeRelay('open', '', [{ data: { kind: ['refund'] } }, { data: { kind: ['order'] } }]);
    expect((await causes('open')).filter(([, text]) => text?.includes('filter criteria'))).toEqual([]);
  });
});
