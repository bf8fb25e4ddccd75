import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LambdaFixture, startLambda } from '../lambda/start-lambda.js';

const CODE = `
import { gunzipSync } from 'node:zlib';
export const handler = async ({ awslogs }) => {
  console.log('RECEIVED ' + gunzipSync(Buffer.from(awslogs.data, 'base64')).toString());
};`;
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:receiver';

let parts: LambdaFixture;
beforeAll(async () => {
  parts = await startLambda();
  await parts.create('receiver', { 'index.mjs': CODE });
  await parts.logs.send(new CreateLogGroupCommand({ logGroupName: '/source' }));
  await parts.logs.send(new CreateLogStreamCommand({ logGroupName: '/source', logStreamName: 's' }));
});
afterAll(() => parts.close());

const subscribe = (more: object = {}) =>
  parts.logs.send(
    new PutSubscriptionFilterCommand({
      logGroupName: '/source',
      filterName: 'to-lambda',
      filterPattern: 'ERROR',
      destinationArn: ARN,
      ...more,
    }),
  );

it('hands a function the envelope in awslogs.data', async () => {
  await subscribe();
  const timestamp = Date.now();
  await parts.logs.send(
    new PutLogEventsCommand({
      logGroupName: '/source',
      logStreamName: 's',
      logEvents: ['ERROR one', 'fine', 'ERROR two'].map((message) => ({ timestamp, message })),
    }),
  );
  let received: string | undefined;
  for (const deadline = Date.now() + 8000; received === undefined && Date.now() < deadline; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    received = (await parts.messages('/aws/lambda/receiver')).find((message) => message.includes('RECEIVED '));
  }
  const envelope = JSON.parse(received?.slice(received.indexOf('RECEIVED ') + 'RECEIVED '.length) ?? 'null');
  expect(envelope).toMatchObject({
    messageType: 'DATA_MESSAGE',
    owner: '000000000000',
    logGroup: '/source',
    logStream: 's',
    subscriptionFilters: ['to-lambda'],
    logEvents: [
      { message: 'ERROR one', timestamp },
      { message: 'ERROR two', timestamp },
    ],
  });
});

it('refuses a function that is not there, and a role', async () => {
  await expect(subscribe({ destinationArn: `${ARN}-not` })).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining('Could not execute the lambda function.'),
  });
  await expect(subscribe({ roleArn: 'arn:aws:iam::000000000000:role/r' })).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'destinationArn for vendor lambda cannot be used with roleArn',
  });
  await expect(
    subscribe({ destinationArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/d' }),
  ).rejects.toMatchObject({ message: expect.stringContaining('firehose destinations are not implemented') });
});
