// A real endpoint with real clients, and the few steps that every test of functions takes.
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  type FunctionConfiguration,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { ZipFile } from 'yazl';
import { type Endpoint, type EndpointOptions, startEndpoint } from '../../../../src/lib/local/start-endpoint.js';

export const ROLE = 'arn:aws:iam::000000000000:role/function-role';

export interface Invoked {
  payload: unknown;
  error: string | undefined;
  /** The tail of the invocation's log. */
  log: string;
  version: string | undefined;
}

export interface LambdaFixture {
  endpoint: Endpoint;
  lambda: LambdaClient;
  kinesis: KinesisClient;
  logs: CloudWatchLogsClient;
  /** What the endpoint wrote into its own log. */
  lines: string[];
  create(
    name: string,
    files: Record<string, string>,
    options?: Partial<CreateFunctionCommandInput>,
  ): Promise<FunctionConfiguration>;
  /** Gives the function other code. */
  update(name: string, files: Record<string, string>): Promise<void>;
  invoke(name: string, payload?: unknown, options?: Partial<InvokeCommandInput>): Promise<Invoked>;
  /** All messages of a log group, in order; none while there is no group. */
  messages(group: string): Promise<string[]>;
  close(): Promise<void>;
}

export async function startLambda(options: EndpointOptions = {}): Promise<LambdaFixture> {
  const lines: string[] = [];
  const endpoint = await startEndpoint({ port: 0, log: (line) => lines.push(line), ...options });
  const config = {
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
  };
  const lambda = new LambdaClient(config);
  const kinesis = new KinesisClient(config);
  const logs = new CloudWatchLogsClient(config);
  return {
    endpoint,
    lambda,
    kinesis,
    logs,
    lines,
    create: async (name, files, more) =>
      lambda.send(
        new CreateFunctionCommand({
          FunctionName: name,
          Runtime: 'nodejs22.x',
          Role: ROLE,
          Handler: 'index.handler',
          Code: { ZipFile: await zip(files) },
          ...more,
        }),
      ),
    async update(name, files) {
      await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: await zip(files) }));
    },
    async invoke(name, payload = {}, more) {
      const answer = await lambda.send(
        new InvokeCommand({
          FunctionName: name,
          Payload: Buffer.from(JSON.stringify(payload)),
          LogType: 'Tail',
          ...more,
        }),
      );
      const text = Buffer.from(answer.Payload ?? []).toString('utf8');
      return {
        payload: text === '' ? undefined : JSON.parse(text),
        error: answer.FunctionError,
        log: Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8'),
        version: answer.ExecutedVersion,
      };
    },
    async messages(group) {
      try {
        const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: group }));
        return events.map(({ message = '' }) => message);
      } catch (error) {
        if ((error as Error).name === 'ResourceNotFoundException') return [];
        throw error;
      }
    },
    async close() {
      for (const client of [lambda, kinesis, logs]) client.destroy();
      await endpoint.close();
    },
  };
}

/** A zip of these files, each with mode 0755 so that a bootstrap among them can run. */
export async function zip(files: Record<string, string | Buffer>): Promise<Buffer> {
  const file = new ZipFile();
  for (const [name, text] of Object.entries(files)) file.addBuffer(Buffer.from(text), name, { mode: 0o100755 });
  file.end();
  const parts: Buffer[] = [];
  for await (const part of file.outputStream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Asks again until the answer is there. @throws Error when `withinMs` are over, with what was seen last */
export async function until<T>(ask: () => Promise<T | undefined> | T | undefined, withinMs = 10_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`still not there after ${withinMs} ms: ${ask}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
