// A real endpoint, a real client, and the steps that every test of log groups takes.
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Endpoint, type EndpointOptions, startEndpoint } from '../../../../src/lib/local/start-endpoint.js';

export interface LogsFixture {
  endpoint: Endpoint;
  logs: CloudWatchLogsClient;
  /** A client beside `logs`, for who wants to destroy it. */
  newClient(): CloudWatchLogsClient;
  /** What the endpoint wrote into its own log. */
  said: string[];
  createGroup(name: string, ...streams: string[]): Promise<void>;
  /** Puts messages, each with the time given or, left out, now. */
  put(group: string, stream: string, messages: readonly string[], timestamp?: number): Promise<object>;
  close(): Promise<void>;
}

export async function startLogs(options: EndpointOptions = {}): Promise<LogsFixture> {
  const said: string[] = [];
  const endpoint = await startEndpoint({ port: 0, log: (line) => said.push(line), ...options });
  const newClient = () =>
    new CloudWatchLogsClient({
      endpoint: endpoint.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
      disableHostPrefix: true,
    });
  const logs = newClient();
  return {
    endpoint,
    logs,
    newClient,
    said,
    async createGroup(logGroupName, ...streams) {
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
      for (const logStreamName of streams) {
        await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      }
    },
    put: (logGroupName, logStreamName, messages, timestamp = options.clock?.now() ?? Date.now()) =>
      logs.send(
        new PutLogEventsCommand({
          logGroupName,
          logStreamName,
          logEvents: messages.map((message) => ({ timestamp, message })),
        }),
      ),
    async close() {
      logs.destroy();
      await endpoint.close();
    },
  };
}
