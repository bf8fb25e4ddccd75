import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import { type AnswerBounds, boundFirstAnswer, FIRST_ANSWER_MS } from './bound-first-answer.js';
import type { Target } from './target.js';

/** SDK clients for one target. Each is loaded and made on first use: importing all of them would cost a command half a second. */
export interface Clients {
  readonly target: Target;
  kinesis(): Promise<KinesisClient>;
  lambda(): Promise<LambdaClient>;
  logs(): Promise<CloudWatchLogsClient>;
  cloudformation(): Promise<CloudFormationClient>;
  s3(): Promise<S3Client>;
  sts(): Promise<STSClient>;
  /** Ends every open connection, so that the process can exit. */
  close(): void;
}

export interface ClientOptions extends Partial<AnswerBounds> {
  /** How often the SDK itself tries a call; callers that do their own retrying take 1. */
  maxAttempts?: number;
}

export function createClients(target: Target, options: ClientOptions = {}): Clients {
  const made: { destroy(): void }[] = [];
  const bounds: AnswerBounds = { firstAnswerMs: options.firstAnswerMs ?? FIRST_ANSWER_MS, onLate: options.onLate };
  const keep = <C extends Parameters<typeof boundFirstAnswer>[0] & { destroy(): void }>(client: C): C => {
    boundFirstAnswer(client, bounds);
    made.push(client);
    return client;
  };
  const settings = once(() => clientSettings(target, options.maxAttempts));
  return {
    target,
    kinesis: once(async () => keep(new (await import('@aws-sdk/client-kinesis')).KinesisClient(await settings()))),
    lambda: once(async () => keep(new (await import('@aws-sdk/client-lambda')).LambdaClient(await settings()))),
    logs: once(async () =>
      keep(new (await import('@aws-sdk/client-cloudwatch-logs')).CloudWatchLogsClient(await settings())),
    ),
    cloudformation: once(async () =>
      keep(new (await import('@aws-sdk/client-cloudformation')).CloudFormationClient(await settings())),
    ),
    s3: once(async () =>
      keep(
        new (await import('@aws-sdk/client-s3')).S3Client({
          ...(await settings()),
          forcePathStyle: target.kind !== 'aws',
        }),
      ),
    ),
    sts: once(async () => keep(new (await import('@aws-sdk/client-sts')).STSClient(await settings()))),
    close: () => {
      for (const client of made) client.destroy();
    },
  };
}

async function clientSettings(target: Target, maxAttempts: number | undefined) {
  const fromEnvironment =
    process.env.AWS_ACCESS_KEY_ID !== undefined && process.env.AWS_SECRET_ACCESS_KEY !== undefined;
  const handler = await requestHandler(target);
  return {
    region: target.region,
    ...(target.profile !== undefined && { profile: target.profile }),
    ...(target.endpointUrl !== undefined && { endpoint: target.endpointUrl }),
    ...(target.kind !== 'aws' &&
      !fromEnvironment &&
      target.profile === undefined && { credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }),
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(handler && { requestHandler: handler }),
  };
}

/** @returns undefined where each client's own default is right: AWS, and endpoints with a certificate that everybody trusts */
async function requestHandler(target: Target) {
  const agent = { keepAlive: true, maxSockets: 64 };
  const connectionTimeout = 5000; // without it the system waits two minutes for an address where nobody is
  // The SDK's Kinesis client takes HTTP/2 by default, which plain-HTTP endpoints often lack (ERR_HTTP2_ERROR): HTTP/1.1 for `http://`.
  const plain = target.endpointUrl?.startsWith('http://') ?? false;
  if (!plain && target.certificate === undefined) return undefined;
  const { NodeHttpHandler } = await import('@smithy/node-http-handler');
  if (!plain) {
    const { Agent } = await import('node:https');
    return new NodeHttpHandler({ connectionTimeout, httpsAgent: new Agent({ ...agent, ca: target.certificate }) });
  }
  const { Agent } = await import('node:http');
  return new NodeHttpHandler({ connectionTimeout, httpAgent: new Agent(agent) });
}

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};
