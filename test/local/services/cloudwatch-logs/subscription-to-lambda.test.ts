import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { AddPermissionCommand, type AddPermissionCommandInput } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LambdaFixture, startLambda } from '../lambda/start-lambda.js';

const CODE = `
import { gunzipSync } from 'node:zlib';
export const handler = async ({ awslogs }) => {
  console.log('RECEIVED ' + gunzipSync(Buffer.from(awslogs.data, 'base64')).toString());
};`;
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:receiver';

let parts: LambdaFixture;
let serial = 0;
const CANNOT =
  'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.';
const SOURCE = 'arn:aws:logs:us-east-1:000000000000:log-group:/source:*';

beforeAll(async () => {
  parts = await startLambda();
  await parts.create('receiver', { 'index.mjs': CODE });
  await parts.lambda.send(
    new AddPermissionCommand({
      FunctionName: 'receiver',
      StatementId: 'logs',
      Action: 'lambda:InvokeFunction',
      Principal: 'logs.us-east-1.amazonaws.com',
      SourceArn: SOURCE,
      SourceAccount: '000000000000',
    }),
  );
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
    message: CANNOT,
  });
  expect(parts.lines.join('\n')).toContain(`${ARN}-not was refused: Function not found`);
  await expect(subscribe({ roleArn: 'arn:aws:iam::000000000000:role/r' })).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'destinationArn for vendor lambda cannot be used with roleArn',
  });
  await expect(subscribe({ destinationArn: 'arn:aws:es:us-east-1:000000000000:domain/d' })).rejects.toMatchObject({
    message: expect.stringContaining('es destinations are not implemented'),
  });
});

it('refuses the log group of the function itself, and a function of another account, in the words of AWS', async () => {
  await parts.logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/receiver' })).catch(() => {});
  await expect(subscribe({ logGroupName: '/aws/lambda/receiver' })).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'The log group provided is reserved for the function logs of the destination function.',
  });
  await expect(subscribe({ destinationArn: ARN.replace('000000000000', '111111111111') })).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message:
      'Cross-account lambda invocation passing is not allowed. You must use DestinationPolicies to create cross account lambda triggers.',
  });
});

it.each<[string, Partial<AddPermissionCommandInput> | undefined, boolean]>([
  ['no permission', undefined, false],
  ['the service of every region', { Principal: 'logs.amazonaws.com' }, true],
  ['the service of another region', { Principal: 'logs.eu-west-1.amazonaws.com' }, false],
  ['another service', { Principal: 's3.amazonaws.com' }, false],
  ['another action', { Action: 'lambda:GetFunction' }, false],
  ['any action', { Action: 'lambda:*' }, true],
  ['this group', { SourceArn: SOURCE }, true],
  ['any group', { SourceArn: 'arn:aws:logs:*:*:*:*' }, true],
  ['groups that begin alike', { SourceArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/sou*:*' }, true],
  ['this group, without the :* that AWS adds', { SourceArn: SOURCE.slice(0, -2) }, false],
  ['another group', { SourceArn: SOURCE.replace('/source', '/other') }, false],
  ['another account', { SourceAccount: '111111111111' }, false],
])('subscribes where the policy of the function allows it: %s', async (_, permission, allowed) => {
  const name = `permitted-${(serial += 1)}`;
  await parts.create(name, { 'index.mjs': CODE });
  if (permission) {
    await parts.lambda.send(
      new AddPermissionCommand({
        FunctionName: name,
        StatementId: 'logs',
        Action: 'lambda:InvokeFunction',
        Principal: 'logs.amazonaws.com',
        ...permission,
      }),
    );
  }
  const subscribed = subscribe({ filterName: 'permitted', destinationArn: ARN.replace('receiver', name) });
  if (allowed) await subscribed;
  else await expect(subscribed).rejects.toMatchObject({ name: 'InvalidParameterException', message: CANNOT });
});
