import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll } from 'vitest';
import { type Endpoint, type EndpointOptions, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { type Clients, createClients } from '../../src/lib/target/clients.js';
import type { KinesisControl } from '../../src/lib/target/kinesis-control.js';
import type { KinesisWire } from '../../src/lib/target/kinesis-wire.js';
import { localTarget } from '../local-target.js';

interface Parts {
  endpoint: Endpoint;
  /** The SDK's client, for what a test does by itself. */
  kinesis: KinesisClient;
  /** What the code under test talks through. */
  control: KinesisControl;
  wire: KinesisWire;
}

/** A real endpoint for the tests of one file, and clients to it. */
export function localKinesis(options: EndpointOptions = {}): Parts {
  const parts = {} as Parts;
  let clients: Clients;
  beforeAll(async () => {
    parts.endpoint = await startEndpoint({ port: 0, ...options });
    clients = createClients(localTarget(parts.endpoint.url));
    parts.kinesis = await clients.kinesis();
    parts.control = clients.kinesisControl();
    parts.wire = await clients.kinesisWire();
  });
  afterAll(async () => {
    clients.close();
    await parts.endpoint.close();
  });
  return parts;
}
