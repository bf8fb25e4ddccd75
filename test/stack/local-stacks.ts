import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import type { DeployEvent } from '../../src/lib/stack/deploy-request.js';
import { type Clients, createClients } from '../../src/lib/target/clients.js';

export interface LocalStacks {
  endpoint: Endpoint;
  clients: Clients;
  /** A folder of this test file's own. */
  folder: string;
  /** Writes a template into the folder and gives its path. */
  template(text: string, name?: string): Promise<string>;
}

/** A real endpoint for the tests of one file, the clients commands use, and a folder to write templates in. */
export function localStacks(): LocalStacks {
  const parts = {
    async template(text, name = 'template.yaml') {
      const path = join(parts.folder, name);
      await writeFile(path, text);
      return path;
    },
  } as LocalStacks;
  beforeAll(async () => {
    parts.endpoint = await startEndpoint({ port: 0 });
    parts.folder = await mkdtemp(join(tmpdir(), 'pipectl-stack-'));
    parts.clients = clientsFor(parts.endpoint.url);
  });
  afterAll(async () => {
    parts.clients.close();
    await parts.endpoint.close();
    await rm(parts.folder, { recursive: true });
  });
  return parts;
}

export const clientsFor = (endpointUrl: string): Clients =>
  createClients({ kind: 'local', endpointUrl, region: 'us-east-1', profile: undefined, why: 'the test' });

/** A listener and what it has heard, one word or sentence an event. */
export function listener(): { heard: string[]; onEvent: (event: DeployEvent) => void } {
  const heard: string[] = [];
  return {
    heard,
    onEvent(event) {
      if (event.kind === 'note') heard.push(event.text);
      else if (event.kind === 'packaged') heard.push(`packaged ${event.path}${event.reused ? ' again' : ''}`);
      else if (event.kind === 'plan') {
        heard.push(`plan ${event.plan.changes.map(({ action, logicalId }) => `${action} ${logicalId}`).join(', ')}`);
      } else if (!event.event.status.endsWith('IN_PROGRESS')) {
        heard.push(`${event.event.logicalId} ${event.event.status}`);
      }
    },
  };
}
