import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClients } from '../../src/lib/target/clients.js';
import { openKinesisWire } from '../../src/lib/target/kinesis-wire.js';

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
afterEach(() => new Promise((resolve) => server.close(resolve)));

const open = () => {
  const { port } = server.address() as AddressInfo;
  const clients = createClients({
    kind: 'endpoint',
    endpointUrl: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    profile: undefined,
    why: 'the test',
  });
  return openKinesisWire(clients, { connections: 2 });
};

it('sends the body as it is, and gives back status and bytes, whatever they are', async () => {
  answer = () => ({ status: 400, body: '{"__type":"ValidationException"}' });
  const wire = await open();
  const { status, body } = await wire.call('PutRecords', '{"a":1}');
  expect([status, body.toString()]).toEqual([400, '{"__type":"ValidationException"}']);
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ 'x-amz-target': 'Kinesis_20131202.PutRecords', 'content-length': '7' });
  await wire.close();
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
  await wire.close();
});

it('rejects with the reason when its signal aborts', async () => {
  answer = () => ({ status: 200, body: '{}' });
  const wire = await open();
  await expect(wire.call('GetRecords', '{}', AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  await wire.close();
});

it("finds AWS's own endpoint of a region by the SDK's rules", async () => {
  const clients = createClients({
    kind: 'aws',
    endpointUrl: undefined,
    region: 'cn-north-1',
    profile: undefined,
    why: 'the test',
  });
  const { config } = await clients.kinesis();
  const { url } = config.endpointProvider({ Region: 'cn-north-1', UseFIPS: false, UseDualStack: false });
  expect(url.href).toBe('https://kinesis.cn-north-1.amazonaws.com.cn/');
  clients.close();
});
