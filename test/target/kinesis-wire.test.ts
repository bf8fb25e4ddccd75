import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createClients } from '../../src/lib/target/clients.js';
import { openKinesisWire } from '../../src/lib/target/kinesis-wire.js';
import type { Target } from '../../src/lib/target/target.js';

let server: Server;
let seen: IncomingHttpHeaders[];
let answer: (call: number) => { status: number; date?: string; body: string };

beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    seen.push(request.headers);
    request.resume().on('end', () => {
      const { status, date, body } = answer(seen.length);
      response.statusCode = status;
      if (date !== undefined) response.setHeader('date', date);
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  vi.unstubAllEnvs();
  return new Promise((resolve) => server.close(resolve));
});

function stubKeys(): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIA1');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', undefined);
}

const open = async (port = (server.address() as AddressInfo).port, timeoutMs?: number, path = '') => {
  const target: Target = {
    kind: 'endpoint',
    endpointUrl: `http://127.0.0.1:${port}${path}`,
    region: 'us-east-1',
    profile: undefined,
    why: 'the test',
  };
  return openKinesisWire(target, await createClients(target).kinesisAccess(), {
    connections: 2,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
};

it('sends the body as it is, and gives back status and bytes, whatever they are', async () => {
  answer = () => ({ status: 400, body: '{"__type":"ValidationException"}' });
  const wire = await open();
  const { status, body } = await wire.call('PutRecords', '{"a":1}');
  expect([status, body.toString()]).toEqual([400, '{"__type":"ValidationException"}']);
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ 'x-amz-target': 'Kinesis_20131202.PutRecords', 'content-length': '7' });
  wire.close();
});

it('takes the time of the service where the clock here is wrong', async () => {
  const tomorrow = new Date(Date.now() + 86_400_000);
  answer = (call) => ({ status: call === 1 ? 400 : 200, date: tomorrow.toUTCString(), body: '{}' });
  const wire = await open();
  expect((await wire.call('PutRecords', '{}')).status).toBe(200);
  expect((await wire.call('PutRecords', '{}')).status).toBe(200);
  const days = seen.map((headers) => String(headers['x-amz-date']).slice(0, 8));
  const day = tomorrow.toISOString().slice(0, 10).replaceAll('-', '');
  expect(days).toEqual([new Date().toISOString().slice(0, 10).replaceAll('-', ''), day, day]);
  wire.close();
});

it('rejects with the reason when its signal aborts', async () => {
  answer = () => ({ status: 200, body: '{}' });
  const wire = await open();
  await expect(wire.call('GetRecords', '{}', AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  wire.close();
});

it("finds AWS's own endpoint of a region by the SDK's rules", async () => {
  stubKeys();
  const clients = createClients({
    kind: 'aws',
    endpointUrl: undefined,
    region: 'cn-north-1',
    profile: undefined,
    why: 'the test',
  });
  expect((await clients.kinesisAccess()).endpoint.href).toBe('https://kinesis.cn-north-1.amazonaws.com.cn/');
  clients.close();
});

it('goes where the SDK would: to FIPS, and to the endpoint of a VPC', async () => {
  const endpointWith = async (name: string, value: string): Promise<string> => {
    stubKeys();
    vi.stubEnv(name, value);
    const clients = createClients({
      kind: 'aws',
      endpointUrl: undefined,
      region: 'us-east-1',
      profile: undefined,
      why: 'the test',
    });
    const { endpoint } = await clients.kinesisAccess();
    clients.close();
    vi.stubEnv(name, undefined);
    return endpoint.href;
  };
  expect(await endpointWith('AWS_USE_FIPS_ENDPOINT', 'true')).toBe('https://kinesis-fips.us-east-1.amazonaws.com/');
  expect(await endpointWith('AWS_USE_DUALSTACK_ENDPOINT', 'true')).toBe('https://kinesis.us-east-1.api.aws/');
  const vpc = 'https://vpce-0abc.kinesis.us-east-1.vpce.amazonaws.com/';
  expect(await endpointWith('AWS_ENDPOINT_URL_KINESIS', vpc)).toBe(vpc);
  expect(await endpointWith('AWS_ENDPOINT_URL_KINESIS', 'https://gateway/aws')).toBe('https://gateway/aws/');
});

it('keeps the path of an endpoint behind a gateway, as the SDK does', async () => {
  answer = () => ({ status: 200, body: '{}' });
  const paths: (string | undefined)[] = [];
  server.on('request', ({ url }) => paths.push(url));
  for (const path of ['', '/', '/aws', '/aws/']) {
    const wire = await open(undefined, undefined, path);
    await wire.call('ListStreams', '{}');
    wire.close();
  }
  expect(paths).toEqual(['/', '/', '/aws/', '/aws/']);
});

it('takes the keys of the environment, its session too, and test keys where there are none', async () => {
  const target: Target = {
    kind: 'localstack',
    endpointUrl: 'http://127.0.0.1:4566',
    region: 'us-east-1',
    profile: undefined,
    why: 'the test',
  };
  const keys = async () => (await createClients(target).kinesisAccess()).credentials();
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  expect(await keys()).toEqual({ accessKeyId: 'test', secretAccessKey: 'test' });
  stubKeys();
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  expect(await keys()).toEqual({ accessKeyId: 'AKIA1', secretAccessKey: 'secret', sessionToken: 'token' });
});

it('gives up an endpoint that stays silent, and says so', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const wire = await open(port, 50);
  await expect(wire.call('PutRecords', '{}')).rejects.toMatchObject({ code: 'EANSWERTIMEOUT' });
  wire.close();
  silent.closeAllConnections();
  silent.close();
});

it('rejects when the answer is cut off in the middle', async () => {
  const cutter = createServer((request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('{"a":');
    request.resume().on('end', () => setTimeout(() => response.destroy(), 10));
  }).listen(0, '127.0.0.1');
  await once(cutter, 'listening');
  const wire = await open((cutter.address() as AddressInfo).port);
  await expect(wire.call('GetRecords', '{}')).rejects.toMatchObject({ code: 'ECONNRESET' });
  wire.close();
  cutter.close();
});

it('keeps its connections, and no more of them than it was told', async () => {
  answer = () => ({ status: 200, body: '{}' });
  const sockets = new Set<unknown>();
  server.on('connection', (socket) => sockets.add(socket));
  const wire = await open();
  await Promise.all(Array.from({ length: 20 }, () => wire.call('PutRecords', '{}')));
  expect(sockets.size).toBe(2);
  wire.close();
});
