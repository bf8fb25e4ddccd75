import { gunzipSync } from 'node:zlib';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeDeliveryStreamCommand, PutRecordCommand } from '@aws-sdk/client-firehose';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROLE, until } from '../lambda/start-lambda.js';
import { AT_ONCE, BUCKET, type FirehoseFixture, LINES, startFirehose } from './start-firehose.js';

let fixture: FirehoseFixture;
let config: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
beforeAll(async () => {
  fixture = await startFirehose({ maxBufferingMs: 50 });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  config = { endpoint: fixture.endpoint.url, region: 'us-east-1', credentials };
});
afterAll(() => fixture.close());

const arnOf = (name: string) => `arn:aws:firehose:us-east-1:000000000000:deliverystream/${name}`;

test('a subscription filter delivers gzipped envelopes, after a control message', async () => {
  const [logGroupName, logStreamName] = ['/app/orders', 'web'];
  await fixture.logs.send(new CreateLogGroupCommand({ logGroupName }));
  await fixture.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const filter = { logGroupName, filterName: 'all', filterPattern: '', roleArn: ROLE };
  const subscribe = () =>
    fixture.logs.send(new PutSubscriptionFilterCommand({ ...filter, destinationArn: arnOf('logged') }));
  await expect(subscribe()).rejects.toThrow(/Could not deliver test message to specified Firehose stream/);
  await fixture.stream('logged', { Prefix: 'logged/', BufferingHints: AT_ONCE });
  await subscribe();
  const logEvents = [{ timestamp: Date.now(), message: 'paid 42' }];
  await fixture.logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  const envelopes = await until(async () => {
    const bodies = await Promise.all((await fixture.keys('logged/')).map((key) => fixture.object(key)));
    const texts = bodies.map((body) => gunzipSync(body).toString());
    return texts.some((text) => text.includes('paid 42')) ? texts : undefined;
  });
  expect(envelopes.some((text) => text.includes('CONTROL_MESSAGE'))).toBe(true);
});

test('a topic delivers to a delivery stream', async () => {
  const sns = new SNSClient(config);
  await fixture.stream('told', { Prefix: 'told/', BufferingHints: AT_ONCE });
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'news' }));
  const subscription = {
    TopicArn,
    Protocol: 'firehose',
    Endpoint: arnOf('told'),
    Attributes: { SubscriptionRoleArn: ROLE },
  };
  await sns.send(new SubscribeCommand(subscription));
  await sns.send(new PublishCommand({ TopicArn, Message: 'hello' }));
  const key = await until(async () => (await fixture.keys('told/'))[0]);
  expect(JSON.parse((await fixture.object(key)).toString())).toMatchObject({ Type: 'Notification', Message: 'hello' });
  sns.destroy();
});

test('a stack makes a delivery stream, changes it and removes it', async () => {
  const cloudformation = new CloudFormationClient(config);
  const template = (Prefix: string) =>
    JSON.stringify({
      Resources: {
        Hose: {
          Type: 'AWS::KinesisFirehose::DeliveryStream',
          Properties: {
            ExtendedS3DestinationConfiguration: {
              BucketARN: `arn:aws:s3:::${BUCKET}`,
              RoleARN: ROLE,
              Prefix,
              ProcessingConfiguration: LINES,
              BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
            },
          },
        },
      },
      Outputs: { Name: { Value: { Ref: 'Hose' } }, Arn: { Value: { 'Fn::GetAtt': ['Hose', 'Arn'] } } },
    });
  const stack = { StackName: 'cold' };
  const settled = (status: string) =>
    until(async () => {
      const { Stacks } = await cloudformation.send(new DescribeStacksCommand(stack));
      return Stacks?.[0]?.StackStatus === status ? Stacks[0] : undefined;
    });
  await cloudformation.send(new CreateStackCommand({ ...stack, TemplateBody: template('stacked/') }));
  const { Outputs = [] } = await settled('CREATE_COMPLETE');
  const [name = '', arn] = ['Name', 'Arn'].map(
    (key) => Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue,
  );
  expect(arn).toBe(arnOf(name));
  await fixture.firehose.send(new PutRecordCommand({ DeliveryStreamName: name, Record: { Data: Buffer.from('x') } }));
  await until(async () => (await fixture.keys('stacked/'))[0]);

  await cloudformation.send(new UpdateStackCommand({ ...stack, TemplateBody: template('elsewhere/') }));
  await settled('UPDATE_COMPLETE');
  const described = () => fixture.firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }));
  const [destination] = (await described()).DeliveryStreamDescription?.Destinations ?? [];
  expect(destination?.ExtendedS3DestinationDescription?.Prefix).toBe('elsewhere/');

  await cloudformation.send(new DeleteStackCommand(stack));
  await until(async () => (await described().catch(() => undefined)) === undefined || undefined);
  cloudformation.destroy();
});
