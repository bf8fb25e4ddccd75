import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll } from 'vitest';
import { type Endpoint, type EndpointOptions, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { createClients } from '../../src/lib/target/clients.js';

/** A real endpoint for the tests of one file, and a client to it. */
export function localKinesis(options: EndpointOptions = {}): { endpoint: Endpoint; kinesis: KinesisClient } {
  const parts = {} as { endpoint: Endpoint; kinesis: KinesisClient };
  beforeAll(async () => {
    parts.endpoint = await startEndpoint({ port: 0, ...options });
    const clients = createClients({
      kind: 'local',
      endpointUrl: parts.endpoint.url,
      region: 'us-east-1',
      profile: undefined,
      why: 'the test',
    });
    parts.kinesis = await clients.kinesis();
  });
  afterAll(async () => {
    parts.kinesis.destroy();
    await parts.endpoint.close();
  });
  return parts;
}
