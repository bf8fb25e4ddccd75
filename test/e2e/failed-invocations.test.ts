import { CreateEventSourceMappingCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StandingEndpoint, standEndpoint } from './standing-endpoint.js';

let standing: StandingEndpoint;
beforeAll(async () => {
  standing = await standEndpoint();
});
afterAll(() => standing.close());

const IDS = `const ids = Records.map(({ kinesis }) => JSON.parse(Buffer.from(kinesis.data, 'base64').toString()).id);`;
const isEvent = '/pe2e.{10}e/.test(ids.join())';

/** A stream whose mapping hands batches to a function of this body; it knows `ids`. */
async function makeWorker(
  name: string,
  body: string,
  retries: number,
  responses: 'ReportBatchItemFailures'[] = [],
): Promise<void> {
  await standing.makeStream(name, 1);
  await standing.makeFunction(name, `export const handler = async ({ Records }) => { ${IDS} ${body} };`);
  const lambda = await standing.clients.lambda();
  await lambda.send(
    new CreateEventSourceMappingCommand({
      EventSourceArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`,
      FunctionName: name,
      StartingPosition: 'TRIM_HORIZON',
      MaximumRetryAttempts: retries,
      FunctionResponseTypes: responses,
    }),
  );
}

const check = (name: string, hop: string, expectations: string): string => `
send: { put: ${name}, payload: { id: "{marker}" }, count: 10, rate: 200/s }
hops: [{ handled: { ${hop} } }]
expect: { ${expectations} }`;

describe('a marker in an invocation that failed is no arrival', () => {
  it.each([
    ['throws with the marker', `throw new Error('cannot forward ' + ids);`],
    ['logs and throws', `console.log(...ids); throw new Error('the table is gone');`],
    ['logs and exits', `console.log(...ids); process.exit(1);`],
    ['logs and hangs', `console.log(...ids); await new Promise(() => { setInterval(() => {}, 1000); });`],
    [
      'logs and rejects later',
      `console.log(...ids); setTimeout(() => Promise.reject(new Error('late')), 1); await new Promise(() => {});`,
    ],
  ])('where the function %s', async (what, body) => {
    const name = what.replaceAll(' ', '-');
    await makeWorker(name, `if (${isEvent}) { ${body} } console.log(...ids);`, 0);
    const lambda = await standing.clients.lambda();
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Timeout: 1 }));
    for (const hop of [`function: ${name}`, `log: /aws/lambda/${name}`]) {
      const report = await standing.run(check(name, hop, 'within: 2s'));
      expect(report.hops[0]).toMatchObject({
        arrived: 0,
        lost: 10,
        duplicated: hop.startsWith('log') ? expect.any(Number) : 0,
      });
      expect(report.hops[0]?.failed).toBeGreaterThan(0);
      expect(report.verdict.reasons[0]).toMatchObject({ kind: 'lost', hop: 'handled' });
      expect(report.verdict.reasons[0]?.text).toMatch(/only in invocations that failed\.$/);
      expect(report.verdict.findings[0]).toMatchObject({
        weight: 'cause',
        text: expect.stringMatching(`^${name} failed (once|\\d+ times) during this run\\.$`),
      });
    }
  });

  it('where the answer names it as a failed item, and no other of its batch', async () => {
    const name = 'reports-items';
    await makeWorker(
      name,
      `console.log(...ids);
       const bad = Records.find((_, index) => /e[3-9]z/.test(ids[index]));
       return { batchItemFailures: bad ? [{ itemIdentifier: bad.kinesis.sequenceNumber }] : [] };`,
      1,
      ['ReportBatchItemFailures'],
    );
    const report = await standing.run(check(name, `function: ${name}`, 'within: 3s'));
    expect(report.hops[0]).toMatchObject({ arrived: 3, lost: 7 });
    expect(report.lostEvents.map(({ n }) => n)).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });

  it('and one that a retry healed is one arrival, told of in the verdict that passed', async () => {
    const body = `console.log(...ids); if (${isEvent} && !globalThis.failed) { globalThis.failed = true; throw new Error('once'); }`;
    await makeWorker('healed', body, 5);
    const report = await standing.run(check('healed', 'function: healed', 'within: 10s, duplicated: 0'));
    expect(report.verdict.reasons).toEqual([]);
    expect(report.hops[0]).toMatchObject({ arrived: 10, failed: 0, duplicated: 0 });
    expect(report.verdict.findings).toEqual([
      {
        hop: 'handled',
        weight: 'hint',
        text: 'healed failed once during this run.',
        evidence: [expect.stringContaining('once')],
      },
    ]);
  });

  it('and an error that a function only logs is none', async () => {
    await makeWorker(
      'grumbles',
      `console.log(...ids); console.error(new Error('survived'), 'Traceback (most recent call last)');`,
      0,
    );
    const report = await standing.run(check('grumbles', 'function: grumbles', 'within: 10s, duplicated: 0'));
    expect(report.verdict.reasons).toEqual([]);
    expect(report.hops[0]).toMatchObject({ arrived: 10 });
    expect(report.verdict.findings).toEqual([]);
  });
});
