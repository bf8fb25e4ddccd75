// pipectl's DynamoDB and dynalite, each a process of its own, reached by the same bytes over the same sockets.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

export interface Server {
  name: string;
  /** Resolves with status and body. */
  call(operation: string, input: object): Promise<{ status: number; body: string }>;
  /** Processor time that the process has used, in microseconds. */
  cpuMicros(): number;
  stop(): void;
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export const startServers = (): Promise<Server[]> =>
  Promise.all([
    start('pipectl', (port) => ['--import', 'tsx', path('serve.ts'), String(port)]),
    start('dynalite', (port) => [
      path('../node_modules/dynalite/cli.js'),
      '--port',
      String(port),
      '--createTableMs',
      '10',
    ]),
  ]);

async function start(name: string, args: (port: number) => string[]): Promise<Server> {
  const port = await freePort();
  const child = spawn(process.execPath, args(port), { stdio: ['ignore', 'ignore', 'inherit'] });
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const server: Server = {
    name,
    call: (operation, input) => call(port, agent, operation, JSON.stringify(input)),
    cpuMicros: () => cpuMicros(child),
    stop() {
      agent.destroy();
      child.kill();
    },
  };
  for (let tries = 0; ; tries += 1) {
    const answer = await server.call('ListTables', {}).catch(() => undefined);
    if (answer?.status === 200) return server;
    if (tries > 600) throw new Error(`${name} did not answer in 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function cpuMicros({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

function call(port: number, agent: Agent, operation: string, body: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const req = request(
      {
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: '/',
        agent,
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `DynamoDB_20120810.${operation}`,
          'content-length': Buffer.byteLength(body),
          'x-amz-date': '20260101T000000Z',
          authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
        },
      },
      (res) => {
        const parts: Buffer[] = [];
        res.on('data', (part: Buffer) => parts.push(part));
        res.on('error', reject);
        res.on('end', () => resolve({ status: res.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
      },
    );
    req.on('error', reject);
    req.end(body);
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Creates a table with the keys `pk` and `sk`, both strings, and waits until it is ACTIVE. */
export async function createTable(server: Server, TableName: string, more: object = {}): Promise<void> {
  const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
  const input = {
    TableName,
    AttributeDefinitions: [attribute('pk'), attribute('sk')],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    ...more,
  };
  const created = await server.call('CreateTable', input);
  if (created.status !== 200) throw new Error(`${server.name}: ${created.body}`);
  while (!(await server.call('DescribeTable', { TableName })).body.includes('"TableStatus":"ACTIVE"')) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
