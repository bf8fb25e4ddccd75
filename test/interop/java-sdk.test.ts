// The AWS SDK for Java 2 from Maven, on which the KCL rests. It speaks CBOR, and HTTP/2 without asking for it: under TLS too it sends no ALPN.
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { classPathOf } from './maven.js';
import { describeWith } from './needs.js';
import { run } from './tools.js';

describeWith(['mvn', 'java'], 'the AWS SDK for Java 2', () => {
  let endpoint: Endpoint;
  let classPath: string;

  beforeAll(async () => {
    classPath = await classPathOf('java', 'Reader.java');
  }, 240_000);
  afterEach(() => endpoint.close());

  test.each([
    ['cleartext HTTP/2, its default', 'HTTP2', false],
    ['HTTP/2 under TLS', 'HTTP2', true],
    ['HTTP/1.1 under TLS', 'HTTP1_1', true],
  ])(
    'writes, reads and is pushed records over %s',
    async (_, protocol, tls) => {
      endpoint = await startEndpoint({ port: 0, tls });
      const printed = await run('java', ['-cp', classPath, 'Reader', endpoint.url, protocol]);
      expect(JSON.parse(printed.trim().split('\n').at(-1) ?? '')).toEqual({
        failed: 0,
        read: 10,
        key: 'e-acute',
        data: [0, 255, 9],
        fresh: true,
        samePushed: true,
        children: 'shardId-000000000001 shardId-000000000002',
        missing: 'Stream nowhere under account 000000000000 not found.',
      });
    },
    90_000,
  );
});
