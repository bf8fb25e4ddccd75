// Every operation and every modelled error of every client, over a real socket: the SDK writes, the wire reads, the wire answers, the
// SDK reads. Values are made from the client's schemas, every member set, and compared on both sides.
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFaults } from '../../../src/lib/local/faults.js';
import { AwsError } from '../../../src/lib/local/wire/aws-error.js';
import type { OperationContext } from '../../../src/lib/local/wire/handlers.js';
import { type Server, startServer } from '../../../src/lib/local/wire/server.js';
import { catalog } from '../../../src/lib/local/wire/service-model.js';
import { comparable, plainHeaders, Sampler } from './sample.js';

type Command = new (input: object) => object;
interface Client {
  send(command: object): Promise<Record<string, unknown>>;
  destroy(): void;
}
type ClientClass = new (config: object) => Client;
type OperationSchema = [kind: 9, namespace: string, name: string, traits: unknown, input: never, output: never];

type ErrorSchema = [kind: -3, namespace: string, name: string];

/** What the endpoint does with the one request that is under way. */
interface Exchange {
  output: Record<string, unknown>;
  error?: AwsError;
  operation?: string;
  headers?: OperationContext['headers'];
  input?: unknown;
}

let exchange: Exchange = { output: {} };
let server: Server;

beforeAll(async () => {
  const services = Object.fromEntries(
    catalog.map(({ id }) => [
      id,
      new Proxy(
        {},
        {
          get: (_, operation: string) => async (input: unknown, context: OperationContext) => {
            exchange.headers = context.headers;
            exchange.operation = operation;
            exchange.input = await comparable(input);
            if (exchange.error) throw exchange.error;
            return exchange.output;
          },
        },
      ),
    ]),
  );
  server = await startServer(services, {
    port: 0,
    tls: false,
    accountId: '000000000000',
    faults: createFaults(),
    signal: new AbortController().signal,
    log: (line) => expect.unreachable(line),
  });
});
afterAll(() => server.close());

/** Each client over its own protocol, and those that other SDKs reach over another. */
const clients: { id: string; protocol: string; via?: unknown }[] = [
  ...catalog,
  { id: 'kinesis', protocol: 'rpcv2Cbor', via: AwsSmithyRpcV2CborProtocol },
  { id: 'dynamodb', protocol: 'rpcv2Cbor', via: AwsSmithyRpcV2CborProtocol },
  { id: 'cloudwatch', protocol: 'rpcv2Cbor', via: AwsSmithyRpcV2CborProtocol },
  { id: 'cloudwatch', protocol: 'awsQuery', via: AwsQueryProtocol },
];

describe.each(clients)('$id over $protocol', ({ id, protocol, via }) => {
  let module: Record<string, unknown>;
  let client: Client;
  let operations: OperationSchema[];
  const sampler = new Sampler();

  beforeAll(async () => {
    module = await import(`@aws-sdk/client-${id}`);
    const [, Class] = Object.entries(module).find(([name]) => /^[A-Z].*Client$/.test(name)) ?? [];
    client = new (Class as ClientClass)({
      ...(via !== undefined && { protocol: via }),
      region: 'us-east-1',
      endpoint: server.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
      disableHostPrefix: true,
      md5: false, // of SQS: the samples' digests are none
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      logger: { debug() {}, info() {}, warn() {}, error() {}, trace() {} },
    });
    operations = Object.values(module).filter(
      (value): value is OperationSchema => Array.isArray(value) && value[0] === 9,
    );
  });
  afterAll(() => client.destroy());

  const send = (name: string, input: object): Promise<Record<string, unknown>> =>
    client.send(new (module[`${name}Command`] as Command)(input));

  test('every input and output arrives whole', async () => {
    for (const [, , name, , inputSchema, outputSchema] of operations) {
      const inputOf = NormalizedSchema.of(inputSchema);
      const outputOf = NormalizedSchema.of(outputSchema);
      const input = plainHeaders(inputOf, sampler.structure(inputOf));
      const output = plainHeaders(outputOf, sampler.structure(outputOf));
      const expectedOutput = await comparable(output);
      const events = outputOf.isUnitSchema() ? '' : outputOf.getEventStreamMember();
      if (events) output[events] = noEvents();
      exchange = { output };
      const answer = await send(name, input).catch((error: Error) => expect.unreachable(`${name}: ${error.message}`));
      expect(exchange.operation, name).toBe(name);
      expect(exchange.headers?.['smithy-protocol']).toBe(protocol === 'rpcv2Cbor' ? 'rpc-v2-cbor' : undefined);
      expect(exchange.input, `${name} input`).toEqual(await comparable(input));
      for (const [member, value] of Object.entries(answer)) {
        if (isSdkStream(value)) answer[member] = await value.transformToByteArray();
      }
      if (events) delete answer[events];
      delete answer.ExpiresString; // the S3 client adds it beside Expires
      expect(await comparable(answer), `${name} output`).toEqual(expectedOutput);
    }
  });

  /** Clients of Query services go by the error code, which two errors may share: either class is right. */
  const classesOf = (schema: ErrorSchema): unknown[] => {
    const code = queryCodeOf(schema);
    const same = Object.values(module).filter((value) => isErrorSchema(value) && queryCodeOf(value) === code);
    const schemas = code ? (same as ErrorSchema[]) : [schema];
    return schemas.map(([, , name]) => module[name]);
  };

  test('every modelled error arrives as its own class with its members', async () => {
    const carrier = operations.find(([, , , , input, output]) => isPlainCarrier(input, output));
    expect(carrier).toBeDefined();
    const [, , name = '', , inputSchema] = carrier ?? [];
    const inputOf = NormalizedSchema.of(inputSchema as never);
    let errors = 0;
    for (const schema of Object.values(module)) {
      if (!isErrorSchema(schema)) continue;
      const shape = NormalizedSchema.of(schema as never);
      const members = plainHeaders(shape, sampler.structure(shape));
      delete members.message;
      delete members.Message;
      exchange = { output: {}, error: new AwsError(schema[2], 'Boom <é>', { members }) };
      const caught: unknown = await send(name, plainHeaders(inputOf, sampler.structure(inputOf))).then(
        () => undefined,
        (error: unknown) => error,
      );
      const classes = classesOf(schema);
      expect(classes, schema[2]).toContain((caught as Error).constructor);
      expect((caught as Error).message).toBe('Boom <é>');
      expect(await comparable({ ...(caught as object) }), schema[2]).toMatchObject(
        (await comparable(members)) as object,
      );
      errors += 1;
    }
    expect(errors).toBeGreaterThan(0);
  });
});

const isErrorSchema = (value: unknown): value is ErrorSchema => Array.isArray(value) && value[0] === -3;
const queryCodeOf = (schema: ErrorSchema): string | undefined =>
  (NormalizedSchema.of(schema as never).getMergedTraits() as { awsQueryError?: [string, number] }).awsQueryError?.[0];

async function* noEvents(): AsyncGenerator<never> {}

const isSdkStream = (value: unknown): value is { transformToByteArray(): Promise<Uint8Array> } =>
  typeof value === 'object' && value !== null && 'transformToByteArray' in value;

/** An operation whose answer the client reads as a document: no HEAD, no body of its own. */
function isPlainCarrier(input: never, output: never): boolean {
  const of = NormalizedSchema.of(output);
  if (of.isUnitSchema() || NormalizedSchema.of(input).isUnitSchema()) return false;
  return ![...of.structIterator()].some(([, member]) => member.getMergedTraits().httpPayload || member.isStreaming());
}
