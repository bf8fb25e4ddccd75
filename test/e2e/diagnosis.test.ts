import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { PutSubscriptionFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteStreamCommand, PutRecordCommand, waitUntilStreamNotExists } from '@aws-sdk/client-kinesis';
import { AddPermissionCommand, CreateEventSourceMappingCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from './free-port.js';
import { type StandingEndpoint, standEndpoint } from './standing-endpoint.js';

let standing: StandingEndpoint;
beforeAll(async () => {
  standing = await standEndpoint();
  await standing.makeStream('orders', 2);
  await standing.makeFunction('echo', 'export const handler = async ({ id }) => { console.log("got", id); };');
});
afterAll(() => standing.close());

describe('looks for the cause', () => {
  const findings = async (text: string) =>
    (await standing.run(text)).verdict.findings.map(({ weight, text: said, evidence = [] }) => [
      weight,
      said,
      evidence.join('\n'),
    ]);
  const SOURCE = 'export const handler = async (event) => { process.stdout.write(JSON.stringify(event) + "\\n"); };';
  const check = (name: string, hop: string) => `
deploy: [{ invoke: ${name}, payload: { id: prime } }]
recorders: { sink: {} }
send: { invoke: ${name}, payload: { id: "{marker}" }, count: 2, rate: 100/s }
hops: [{ logged: { log: /aws/lambda/${name} } }, { next: ${hop} }]
expect: { within: 200ms, warmUp: 1s }`;

  it('behind a log group whose filter leads straight to a function', async () => {
    await standing.makeFunction('source', SOURCE);
    const sink = await standing.makeFunction(
      'sink',
      'export const handler = async () => { throw new Error("no room"); };',
    );
    await standing.run(check('source', '{ http: sink }')); // its log group is there now
    const logs = await standing.clients.logs();
    const subscribe = (filterPattern: string) =>
      logs.send(
        new PutSubscriptionFilterCommand({
          logGroupName: '/aws/lambda/source',
          filterName: 'to-sink',
          filterPattern,
          destinationArn: sink,
        }),
      );
    const lambda = await standing.clients.lambda();
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: 'sink',
        StatementId: 'logs',
        Action: 'lambda:InvokeFunction',
        Principal: 'logs.amazonaws.com',
      }),
    );
    await subscribe('{ $.nope = * }');
    expect((await findings(check('source', '{ http: sink }')))[0]).toEqual([
      'cause',
      'The subscription filter to-sink does not match the line that was lost: $.nope = * is false: the line has no nope.',
      expect.stringContaining('pattern  { $.nope = * }'),
    ]);
    await subscribe('{ $.id = * }');
    expect((await findings(check('source', '{ function: sink }')))[0]).toEqual([
      'cause',
      expect.stringMatching(/^sink failed (once|\d+ times) during this run\.$/),
      expect.stringContaining('no room'),
    ]);
    expect(await findings(check('source', '{ function: echo }'))).toContainEqual([
      'hint',
      expect.stringContaining('No subscription filter of /aws/lambda/source leads to the function: to-sink leads to '),
      '',
    ]);
  });

  it('in the line that a filter should match, where a function writes several for an event', async () => {
    await standing.makeFunction(
      'talker',
      `export const handler = async ({ id }) => {
  process.stdout.write('got ' + id + '\\n');
  process.stdout.write(JSON.stringify({ id }) + '\\n');
};`,
    );
    await standing.makeStream('talk', 1);
    const lambda = await standing.clients.lambda();
    await lambda.send(new InvokeCommand({ FunctionName: 'talker', Payload: Buffer.from('{}') }));
    const subscribe = async (filterPattern: string) =>
      (await standing.clients.logs()).send(
        new PutSubscriptionFilterCommand({
          logGroupName: '/aws/lambda/talker',
          filterName: 'narrow',
          filterPattern,
          destinationArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/talk',
          roleArn: 'arn:aws:iam::000000000000:role/any',
        }),
      );
    await vi.waitFor(() => subscribe('{ $.nope = * }'));
    const text = `
send: { invoke: talker, payload: { id: "{marker}" }, count: 2, rate: 100/s }
hops: [{ logged: { log: /aws/lambda/talker } }, { filtered: { stream: talk } }]
expect: { within: 300ms, warmUp: 500ms }`;
    expect(await findings(text)).toEqual([
      [
        'cause',
        expect.stringContaining('the line has no nope'),
        expect.stringMatching(/^pattern {2}\{ \$\.nope = \* \}\nline {5}\{"id":"pe2e/),
      ],
    ]);
    await subscribe('{ $.id = * }');
    standing.addFault({ at: 'logs.deliver', kind: 'drop', times: 1000 });
    const [first] = await findings(text);
    expect(first?.slice(0, 2)).toEqual([
      'hint',
      expect.stringMatching(/^The subscription filter matches the line that was lost/),
    ]);
    standing.clearFaults();
  });

  it('behind a log group that no filter reads, in the function that wrote to it', async () => {
    await standing.makeFunction('poster', SOURCE.replace('};', 'console.error("ERROR", "the table is gone"); };'));
    expect(await findings(check('poster', '{ http: sink }'))).toEqual([
      ['hint', 'poster logged errors during this run.', expect.stringContaining('the table is gone')],
      ['hint', expect.stringMatching(/^Nothing has come to the recorder at /), ''],
    ]);
  });

  it('behind the stream that events are put into', async () => {
    const straight = 'send: { put: orders, payload: "{marker}", count: 2 }\nhops: [{ handled: { function: echo } }]';
    const impatient = `${straight}\nexpect: { within: 200ms, warmUp: 300ms }`;
    expect(await findings(impatient)).toEqual([['cause', 'No event source mapping reads the stream orders.', '']]);
    const lambda = await standing.clients.lambda();
    await lambda.send(
      new CreateEventSourceMappingCommand({
        EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/orders',
        FunctionName: 'echo',
        StartingPosition: 'LATEST',
        Enabled: false,
      }),
    );
    expect((await findings(impatient))[0]?.slice(0, 2)).toEqual([
      'cause',
      expect.stringMatching(/^The event source mapping to echo is Disabled: /),
    ]);
  });

  it('in what the function that is invoked answered', async () => {
    await standing.makeFunction(
      'grumbler',
      'export const handler = async ({ id }) => { console.log(id); if (id !== "prime") throw new Error("too late"); };',
    );
    const { verdict } = await standing.run(`
deploy: [{ invoke: grumbler, payload: { id: prime } }]
send: { invoke: grumbler, payload: { id: "{marker}" }, count: 2, rate: 100/s }
hops: [{ logged: { log: /aws/lambda/grumbler } }]
expect: { within: 500ms, warmUp: 500ms, lost: 2 }`);
    expect(verdict.reasons.map(({ kind }) => kind)).toEqual(['not-warm']);
    expect(verdict.findings).toEqual([
      {
        hop: 'logged',
        weight: 'cause',
        text: expect.stringMatching(/^\d+ invocations failed; the first: grumbler failed: Error: too late$/),
      },
    ]);
  });

  it('of a decoy that came through, in the filter that lets it', async () => {
    await standing.makeFunction('wide', SOURCE);
    await standing.makeStream('filtered', 1);
    const text = (count: number) => `
deploy: [{ invoke: wide, payload: { id: prime } }]
send: { invoke: wide, payload: { kind: order, id: "{marker}" }, count: ${count}, rate: 100/s }
decoys: [{ payload: { kind: test, id: "{marker}" }, last: logged, count: 1 }]
hops: [{ logged: { log: /aws/lambda/wide } }, { filtered: { stream: filtered } }]
expect: { within: 5s, warmUp: 2s }`;
    const lambda = await standing.clients.lambda();
    await lambda.send(new InvokeCommand({ FunctionName: 'wide', Payload: Buffer.from('{}') }));
    const logs = await standing.clients.logs();
    await vi.waitFor(() =>
      logs.send(
        new PutSubscriptionFilterCommand({
          logGroupName: '/aws/lambda/wide',
          filterName: 'too-wide',
          filterPattern: '{ $.kind = * }',
          destinationArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/filtered',
          roleArn: 'arn:aws:iam::000000000000:role/any',
        }),
      ),
    );
    expect(await findings(text(2))).toEqual([
      [
        'cause',
        "The subscription filter too-wide matches the decoy's line.",
        expect.stringMatching(/^pattern {2}\{ \$\.kind = \* \}\nline {5}\{"kind":"test","id":"pe2e/),
      ],
    ]);
  });

  it('behind a function that is watched itself: its failures', async () => {
    await standing.makeStream('jobs', 1);
    await standing.makeFunction(
      'worker',
      `export const handler = async ({ Records }) => {
  for (const { kinesis } of Records) console.log(Buffer.from(kinesis.data, 'base64').toString());
  throw new Error('the table is gone');
};`,
    );
    const lambda = await standing.clients.lambda();
    await lambda.send(
      new CreateEventSourceMappingCommand({
        EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/jobs',
        FunctionName: 'worker',
        StartingPosition: 'LATEST',
        MaximumRetryAttempts: 1,
      }),
    );
    const report = await standing.run(`
recorders: { sink: {} }
send: { put: jobs, payload: "{marker}", count: 2, rate: 100/s }
hops: [{ handled: { function: worker } }, { stored: { http: sink } }]
expect: { within: 2s, warmUp: 2s, duplicated: 0 }`);
    expect(report.verdict.firstLossyHop).toBe('handled');
    expect(report.verdict.findings[0]).toMatchObject({
      hop: 'handled',
      weight: 'cause',
      text: expect.stringMatching(/^worker failed \d+ times during this run\.$/),
      evidence: [expect.stringContaining('the table is gone')],
    });
  });

  it('of a function that cannot even be loaded', async () => {
    await standing.makeStream('broken', 1);
    await standing.makeFunction('unreadable', 'export const handler = )');
    const lambda = await standing.clients.lambda();
    await lambda.send(
      new CreateEventSourceMappingCommand({
        EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/broken',
        FunctionName: 'unreadable',
        StartingPosition: 'LATEST',
      }),
    );
    const [first] = await findings(`
send: { put: broken, payload: "{marker}", count: 1 }
hops: [{ handled: { function: unreadable } }]
expect: { within: 500ms, warmUp: 1500ms }`);
    expect(first).toEqual([
      'cause',
      expect.stringMatching(/^unreadable failed (once|\d+ times) during this run\.$/),
      expect.stringContaining('SyntaxError'),
    ]);
  });

  it('where what came has no marker, and where nothing that can be looked at failed', async () => {
    const port = await freePort();
    let handOn = '';
    const relay = createServer(async (request, response) => {
      await text(request);
      await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: handOn });
      response.end();
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    const found = async (body: string) => {
      handOn = body;
      const { verdict } = await standing.run(
        `
recorders: { sink: { format: json } }
send: { post: "http://127.0.0.1:${(relay.address() as AddressInfo).port}/", payload: { id: "{marker}" }, count: 2, rate: 100/s }
hops: [{ stored: { http: sink } }]
expect: { within: 200ms, warmUp: 300ms }`,
        { addresses: new Map([['sink', { base: undefined, host: '127.0.0.1', port }]]) },
      );
      return verdict.findings.map(({ weight, text: said, evidence }) => [weight, said, evidence]);
    };
    expect(await found('{"id":"redacted"}')).toEqual([
      [
        'hint',
        expect.stringMatching(/^\d+ rows came to stored without a marker: is \{marker\} left out on the way there/),
        ['the first  {"id":"redacted"}'],
      ],
    ]);
    expect(await found('[]')).toEqual([
      ['hint', expect.stringMatching(/^Nothing that can be looked at failed on the way to stored: /), undefined],
    ]);
    relay.close();
  });

  it('of a stream that was made anew under the probe', async () => {
    await standing.makeStream('fleeting', 1);
    const kinesis = await standing.clients.kinesis();
    const StreamName = 'fleeting';
    const relay = createServer(async (request, response) => {
      const body = await text(request);
      if (/e1z/.test(body)) {
        await kinesis.send(new DeleteStreamCommand({ StreamName }));
        await waitUntilStreamNotExists({ client: kinesis, maxWaitTime: 20, minDelay: 1 }, { StreamName });
        await standing.makeStream(StreamName, 1);
      }
      await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'x', Data: Buffer.from(body) }));
      response.end();
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    const report = await standing.run(`
send: { post: "http://127.0.0.1:${(relay.address() as AddressInfo).port}/", payload: "{marker}", count: 2, rate: 100/s }
hops: [{ taken: { stream: fleeting } }]
expect: { within: 1s }`);
    relay.close();
    expect(report.verdict.reasons[0]).toMatchObject({ kind: 'unread', hop: 'taken' });
    expect(report.lostEvents.map(({ n }) => n)).toContain(1);
    expect(report.verdict.findings[0]).toMatchObject({
      weight: 'cause',
      text: expect.stringMatching(/^The stream fleeting was made anew during the run, at /),
    });
  });
});
