// The whole wire against boto3's own models and parsers: every operation of every service, both ways.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFaults } from '../../src/lib/local/faults.js';
import type { PlainRoute } from '../../src/lib/local/wire/dispatch.js';
import { type Server, startServer } from '../../src/lib/local/wire/server.js';
import { catalog } from '../../src/lib/local/wire/service-model.js';
import { comparable } from '../local/wire/sample.js';
import { describeWith } from './needs.js';
import { pythonTools } from './python.js';
import { awsEnvironment, fixture, run } from './tools.js';

/** Where the models of boto3 and of the SDK for JavaScript differ, and why; everything else must agree. */
const DIFFERENCES: Record<string, RegExp[]> = {
  s3: [
    // Deprecated operations that share method and path with the ones that replaced them.
    /^(Get|Put)Bucket(Lifecycle|Notification) went to (Get|Put)Bucket(LifecycleConfiguration|NotificationConfiguration)/,
    // Told apart from ListBuckets only by S3 Express' own host name.
    /^ListDirectoryBuckets went to ListBuckets/,
    // A number in one model, text in the other; the same on the wire.
    /^(GetObjectAttributes|ListParts) input \.PartNumberMarker/,
  ],
  // Newer than the JavaScript client's model.
  'dynamodb-streams': [/^GetShardIterator input \.Timestamp/],
  // The JavaScript client's model lacks it.
  'api-gateway': [/^GetSdkTypes output \.position/],
};

async function* noEvents(): AsyncGenerator<never> {}

/** Dates and bytes as the script writes them in JSON. */
function revive(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$date' in value) return new Date(value.$date as number);
  if ('$bytes' in value) return Buffer.from(value.$bytes as string, 'hex');
  return value;
}

describeWith(['python3'], "boto3's models", () => {
  let server: Server;
  let bin: string;
  let output: object = {};
  let seen: { operation?: string; input?: unknown } = {};

  /** Tells what the last operation was, and takes the output of the next one. */
  const echo: PlainRoute = (request) => {
    if (request.path !== '/_echo') return undefined;
    const reply = async () => {
      const body = await request.body(64 * 1024 * 1024);
      const told = { status: 200, headers: {}, body: JSON.stringify(seen) };
      const next = JSON.parse(body.toString('utf8'), revive) as { output: Record<string, unknown>; streams: string[] };
      output = next.output;
      for (const name of next.streams) next.output[name] = noEvents();
      seen = {};
      return told;
    };
    return { openTo: 'direct', reply };
  };

  beforeAll(async () => {
    bin = await pythonTools('boto3');
    const services = Object.fromEntries(
      catalog.map(({ id }) => [
        id,
        new Proxy(
          {},
          {
            get: (_, operation: string) => async (input: unknown) => {
              seen = { operation, input: await comparable(input) };
              return output;
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
      log: () => {},
      plainRoutes: [echo],
    });
  }, 180_000);
  afterAll(() => server.close());

  test('every operation is understood, and its answer as well', async () => {
    const out = await run(join(bin, 'python'), [fixture('wire_everything.py')], { env: awsEnvironment(server.url) });
    const reports = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { service: string; operations: number; problems: string[] });
    expect(reports.map(({ service }) => service).sort()).toEqual(catalog.map(({ id }) => id).sort());
    const unexpected = reports.flatMap(({ service, problems }) =>
      problems
        .filter((problem) => !DIFFERENCES[service]?.some((known) => known.test(problem)))
        .map((problem) => `${service}: ${problem}`),
    );
    expect(unexpected).toEqual([]);
    expect(reports.reduce((sum, { operations }) => sum + operations, 0)).toBeGreaterThan(1_000);
  }, 120_000);
});
