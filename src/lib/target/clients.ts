import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { STSClient } from '@aws-sdk/client-sts';
import { type AnswerBounds, boundFirstAnswer, FIRST_ANSWER_MS } from './bound-first-answer.js';
import { keysOfEnvironment } from './environment-keys.js';
import { type KinesisControl, kinesisControl } from './kinesis-control.js';
import { CONNECT_MS, type KinesisAccess, type KinesisWire, openKinesisWire } from './kinesis-wire.js';
import type { SigningCredentials } from './sign-request.js';
import { type Target, whereOf } from './target.js';

/** SDK clients for one target. Each is loaded and made on first use: importing all of them would cost a command half a second. */
export interface Clients {
  readonly target: Target;
  /** For what answers with a stream of events, and for who has other clients of the SDK loaded; all else has `kinesisControl`. */
  kinesis(): Promise<KinesisClient>;
  kinesisControl(): KinesisControl;
  kinesisAccess(): Promise<KinesisAccess>;
  /** The wire that `kinesisControl` talks over, for calls that are tried once. */
  kinesisWire(): Promise<KinesisWire>;
  lambda(): Promise<LambdaClient>;
  logs(): Promise<CloudWatchLogsClient>;
  cloudformation(): Promise<CloudFormationClient>;
  dynamodb(): Promise<DynamoDBClient>;
  dynamodbStreams(): Promise<DynamoDBStreamsClient>;
  s3(): Promise<S3Client>;
  sns(): Promise<SNSClient>;
  sqs(): Promise<SQSClient>;
  sts(): Promise<STSClient>;
  /** Ends every open connection, so that the process can exit. */
  close(): void;
}

export interface ClientOptions extends Partial<AnswerBounds> {
  /** How often the SDK itself tries a call; callers that do their own retrying take 1. */
  maxAttempts?: number;
}

const CONNECTIONS = 64;
/** The bound on the first answer speaks before the wire's own. */
const SLACK_MS = 5000;

export function createClients(target: Target, options: ClientOptions = {}): Clients {
  const made: { destroy(): void }[] = [];
  const bounds: AnswerBounds = { firstAnswerMs: options.firstAnswerMs ?? FIRST_ANSWER_MS, onLate: options.onLate };
  const keep = <C extends Parameters<typeof boundFirstAnswer>[0] & { destroy(): void }>(client: C): C => {
    boundFirstAnswer(client, bounds);
    made.push(client);
    return client;
  };
  const settings = once(() => clientSettings(target, options.maxAttempts));
  const kinesis = once(async () => keep(new (await import('@aws-sdk/client-kinesis')).KinesisClient(await settings())));
  const access = once(() => kinesisAccess(target, kinesis));
  const wire = once(async (): Promise<KinesisWire> => {
    const opened = openKinesisWire(target, await access(), {
      connections: CONNECTIONS,
      timeoutMs: bounds.firstAnswerMs + SLACK_MS,
    });
    made.push({ destroy: () => opened.close() });
    return opened;
  });
  return {
    target,
    kinesis,
    kinesisControl: once(() =>
      kinesisControl(wire, { ...bounds, where: whereOf(target), maxAttempts: options.maxAttempts }),
    ),
    kinesisAccess: access,
    kinesisWire: wire,
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
    dynamodb: once(async () => keep(new (await import('@aws-sdk/client-dynamodb')).DynamoDBClient(await settings()))),
    dynamodbStreams: once(async () =>
      keep(new (await import('@aws-sdk/client-dynamodb-streams')).DynamoDBStreamsClient(await settings())),
    ),
    sns: once(async () => keep(new (await import('@aws-sdk/client-sns')).SNSClient(await settings()))),
    sqs: once(async () => keep(new (await import('@aws-sdk/client-sqs')).SQSClient(await settings()))),
    sts: once(async () => keep(new (await import('@aws-sdk/client-sts')).STSClient(await settings()))),
    close: () => {
      for (const client of made) client.destroy();
    },
  };
}

/** The SDK is loaded only where it has to find something out: the endpoint of a region of AWS, a profile, a role. */
async function kinesisAccess(target: Target, kinesis: () => Promise<KinesisClient>): Promise<KinesisAccess> {
  const known = knownKeys(target);
  if (known && target.endpointUrl !== undefined) {
    return { endpoint: new URL(target.endpointUrl), credentials: async () => known };
  }
  const client = await kinesis();
  const endpoint = target.endpointUrl === undefined ? await endpointOf(client) : new URL(target.endpointUrl);
  return { endpoint, credentials: known ? async () => known : client.config.credentials };
}

/** What is needed of the SDK's own type, which is in a package of its own. */
interface HttpRequest {
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
}

/** Where the SDK would send a call: the region's own endpoint, one for FIPS or dual stack, or what AWS_ENDPOINT_URL_KINESIS names. */
async function endpointOf(client: KinesisClient): Promise<URL> {
  const { ListStreamsCommand } = await import('@aws-sdk/client-kinesis');
  const command = new ListStreamsCommand({});
  let found: URL | undefined;
  command.middlewareStack.add(
    () =>
      ({ request }) => {
        const { protocol, hostname, port, path } = request as HttpRequest;
        found = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
        const output = { StreamNames: [], HasMoreStreams: false, $metadata: {} };
        return Promise.resolve({ response: undefined, output }); // the call goes no further
      },
    { step: 'build', priority: 'high' },
  );
  await client.send(command);
  if (!found) throw new Error('the SDK made no request');
  return found;
}

/** The keys that the SDK need not look for: the environment's, or those that endpoints other than AWS take where nobody gave others. */
function knownKeys(target: Target): SigningCredentials | undefined {
  const takesAny = target.kind !== 'aws' && target.profile === undefined;
  return keysOfEnvironment(target) ?? (takesAny ? { accessKeyId: 'test', secretAccessKey: 'test' } : undefined);
}

/** What a person's AWS configuration says for AWS, and no other endpoint takes: the SDK would refuse to talk to it. */
const NOT_AWS = { useFipsEndpoint: false, useDualstackEndpoint: false } as const;

async function clientSettings(target: Target, maxAttempts: number | undefined) {
  // Handed over even where the SDK would find them: it prefers the profile of AWS_PROFILE, which the AWS CLI does not.
  const credentials = knownKeys(target);
  const handler = await requestHandler(target);
  return {
    region: target.region,
    defaultsMode: 'standard' as const,
    ...(target.profile !== undefined && { profile: target.profile }),
    ...(target.endpointUrl !== undefined && { endpoint: target.endpointUrl, ...NOT_AWS }),
    ...(credentials && { credentials }),
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(handler && { requestHandler: handler }),
  };
}

/** @returns undefined where each client's own default is right: AWS, and endpoints with a certificate that everybody trusts */
async function requestHandler(target: Target) {
  const agent = { keepAlive: true, maxSockets: CONNECTIONS };
  const connectionTimeout = CONNECT_MS;
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
