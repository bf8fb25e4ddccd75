import {
  CreateTopicCommand,
  DeleteTopicCommand,
  ListTopicsCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineOperation } from '../../src/lib/local/define-operation.js';
import { defineService, type ServiceEntry } from '../../src/lib/local/define-service.js';
import { arnOf } from '../../src/lib/local/kit/arn.js';
import { omissions } from '../../src/lib/local/omissions.js';
import { perRegion } from '../../src/lib/local/service.js';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { AwsError } from '../../src/lib/local/wire/aws-error.js';

// A service as one would be added: its operations, its state, its line in the list.
class Topics {
  readonly #regions = perRegion(() => new Set<string>());
  closed = false;

  in(region: string): Set<string> {
    if (this.closed) throw new AwsError('InternalError', 'closed');
    return this.#regions.in(region);
  }
}

const createTopic = defineOperation('sns', 'CreateTopic').as({
  constraints: { Name: { min: 1, max: 256, pattern: '[a-zA-Z0-9_-]+' } },
  notHere: ['DataProtectionPolicy', 'Attributes.FifoTopic'],
  gaps: ['Topics are kept in memory.'],
  run(topics: Topics, input, context) {
    const arn = arnOf('sns', context, input.Name);
    topics.in(context.region).add(arn);
    return { TopicArn: arn };
  },
});

const listTopics = defineOperation('sns', 'ListTopics').as({
  run: (topics: Topics, _input, { region }) => ({ Topics: [...topics.in(region)].map((TopicArn) => ({ TopicArn })) }),
});

const subscribe = defineOperation('sns', 'Subscribe').as({
  run: (_state, input) => ({ SubscriptionArn: `${input.TopicArn}:1` }),
});

let made: Topics[] = [];
const scratch = defineService({
  id: 'sns',
  title: 'Scratch',
  state: () => {
    const topics = new Topics();
    made.push(topics);
    return topics;
  },
  operations: [createTopic, listTopics, subscribe],
  invalid: 'InvalidParameter',
  constraints: { TopicArn: { min: 20 } },
  prepare: (_topics, operation) =>
    operation === 'Subscribe' ? (input) => ({ ...input, TopicArn: String(input.TopicArn).trim() }) : undefined,
  routes: (topics) => [
    ({ path }) =>
      path === '/_scratch'
        ? {
            openTo: 'direct',
            reply: () => ({ status: 200, headers: {}, body: String(topics.in('us-east-1').size) }),
          }
        : undefined,
  ],
  close: (topics) => {
    topics.closed = true;
  },
  gaps: ['**Nothing is delivered.**'],
  gapsOf: { 'Scratch subscriptions': ['They are made and forgotten.'] },
});

let loads = 0;
const entry: ServiceEntry = {
  id: 'sns',
  load: async () => {
    loads += 1;
    return scratch;
  },
};

describe('a service added by its folder and its line', () => {
  let endpoint: Endpoint;
  let sns: SNSClient;
  beforeAll(async () => {
    made = [];
    loads = 0;
    endpoint = await startEndpoint({ services: [entry] });
    sns = clientIn('us-east-1');
  });
  const clients: SNSClient[] = [];
  const clientIn = (region: string): SNSClient => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new SNSClient({ endpoint: endpoint.url, region, credentials, maxAttempts: 1 });
    clients.push(client);
    return client;
  };
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await endpoint.close();
  });

  it('is loaded by its first request, once, and keeps its state', async () => {
    const status = await fetch(`${endpoint.url}/_pipectl/status`).then((answer) => answer.json());
    expect(status).toMatchObject({ services: ['sns'] });
    expect(loads).toBe(0);
    await Promise.all(['a', 'b'].map((Name) => sns.send(new CreateTopicCommand({ Name }))));
    expect(loads).toBe(1);
    expect((await sns.send(new ListTopicsCommand({}))).Topics).toHaveLength(2);
    expect((await clientIn('cn-north-1').send(new ListTopicsCommand({}))).Topics ?? []).toEqual([]);
    expect(await fetch(`${endpoint.url}/_scratch`).then((answer) => answer.text())).toBe('2');
  });

  it('refuses what breaks a constraint, with the code of the service', async () => {
    await expect(sns.send(new CreateTopicCommand({ Name: '' }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringMatching(/^2 validation errors detected: Value '' at 'name' failed to satisfy constraint/),
    });
    await expect(sns.send(new SubscribeCommand({ TopicArn: 'short', Protocol: 'sqs' }))).rejects.toThrow(
      "Value 'short' at 'topicArn'",
    );
  });

  it('hands inputs through what the service prepares', async () => {
    const TopicArn = '  arn:aws:sns:us-east-1:000000000000:a ';
    expect(await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs' }))).toMatchObject({
      SubscriptionArn: 'arn:aws:sns:us-east-1:000000000000:a:1',
    });
  });

  it('refuses members that are not here by their names, and takes their empty forms', async () => {
    const create = (more: object) => sns.send(new CreateTopicCommand({ Name: 'c', ...more }));
    await expect(create({ DataProtectionPolicy: '{}' })).rejects.toThrow(
      'DataProtectionPolicy is not implemented at this endpoint.',
    );
    await expect(create({ Attributes: { FifoTopic: 'true' } })).rejects.toThrow('Attributes.FifoTopic is not');
    await expect(create({ DataProtectionPolicy: '', Attributes: { DisplayName: 'c' } })).resolves.toBeDefined();
  });

  it('answers 501 for an operation that is not in its list, and names it', async () => {
    await expect(
      sns.send(new DeleteTopicCommand({ TopicArn: 'arn:aws:sns:us-east-1:000000000000:a' })),
    ).rejects.toMatchObject({
      name: 'NotImplementedException',
      message: expect.stringContaining('sns DeleteTopic'),
      $metadata: { httpStatusCode: 501 },
    });
  });

  it('is closed with the endpoint', async () => {
    const other = await startEndpoint({ services: [{ ...entry, atStart: true }] });
    const own = made.at(-1);
    expect(own?.closed).toBe(false);
    await other.close();
    expect(own?.closed).toBe(true);
  });

  it('is told of in OMISSIONS.md with its gaps and those of its operations', () => {
    const text = omissions([scratch]);
    expect(text).toContain(
      [
        '## Scratch',
        '',
        '- **Nothing is delivered.**',
        '- **CreateTopic**: Topics are kept in memory.',
        '- **CreateTopic** refuses by name: `DataProtectionPolicy`, `Attributes.FifoTopic`.',
        '- **Operations that are here**: CreateTopic, ListTopics, Subscribe. The other 39 answer 501.',
        '',
        '## Scratch subscriptions',
        '',
        '- They are made and forgotten.',
      ].join('\n'),
    );
  });
});

describe('the types of an operation', () => {
  it('are those of the SDK: names, members and answers', () => {
    // @ts-expect-error no such operation
    defineOperation('sns', 'MakeTopic').as({ run: () => ({}) });
    // @ts-expect-error no such member
    defineOperation('sns', 'CreateTopic').as({ constraints: { TopicName: { min: 1 } }, run: () => ({}) });
    // @ts-expect-error no such member
    defineOperation('sns', 'CreateTopic').as({ notHere: ['Nothing'], run: () => ({}) });
    // @ts-expect-error an ARN is text
    defineOperation('sns', 'CreateTopic').as({ run: () => ({ TopicArn: 1 }) });
    // @ts-expect-error the state of another service
    defineService({ id: 'sns', title: 'Other', state: () => new Map(), operations: [createTopic] });
    // @ts-expect-error the operation of another service
    defineService({ id: 'sqs' as 'sts', title: 'Other', state: () => new Topics(), operations: [createTopic] });
    expect(createTopic).toMatchObject({ service: 'sns', name: 'CreateTopic' });
  });
});
