import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type Endpoint, type EndpointOptions, startEndpoint } from '../../../../src/lib/local/start-endpoint.js';

/** A real endpoint on a free port and real clients over the wire. */
export interface StackFixture {
  endpoint: Endpoint;
  cloudformation: CloudFormationClient;
  kinesis: KinesisClient;
  logs: CloudWatchLogsClient;
  lambda: LambdaClient;
  iam: IAMClient;
  /** The stack once nothing is in progress any more. */
  settled(stackNameOrId: string): Promise<Stack>;
  /** `LOGICALID STATUS`, oldest first. */
  history(stackNameOrId: string): Promise<string[]>;
  close(): Promise<void>;
}

export async function startStackFixture(options: EndpointOptions = {}): Promise<StackFixture> {
  const endpoint = await startEndpoint({ port: 0, ...options });
  const settings = {
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
  };
  const cloudformation = new CloudFormationClient(settings);
  const clients = {
    cloudformation,
    kinesis: new KinesisClient(settings),
    logs: new CloudWatchLogsClient(settings),
    lambda: new LambdaClient(settings),
    iam: new IAMClient(settings),
  };
  return {
    endpoint,
    ...clients,
    async settled(name) {
      for (;;) {
        const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: name }));
        const stack = Stacks?.[0];
        if (stack && !stack.StackStatus?.endsWith('_IN_PROGRESS')) return stack;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async history(name) {
      const { StackEvents } = await cloudformation.send(new DescribeStackEventsCommand({ StackName: name }));
      return (StackEvents ?? [])
        .map(({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`)
        .reverse();
    },
    async close() {
      for (const client of Object.values(clients)) client.destroy();
      await endpoint.close();
    },
  };
}
