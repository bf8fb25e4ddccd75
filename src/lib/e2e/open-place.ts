import { type Clients, createClients } from '../target/clients.js';
import type { Target } from '../target/target.js';
import type { Check } from './check-file/check.js';

/** Where one check runs. */
export interface Place {
  clients: Clients;
  /** Nothing of it outlives the check, so nothing needs to be taken down. */
  disposable: boolean;
  close(): Promise<void>;
}

export interface Places {
  target: Target;
  deploy: boolean;
  keep: boolean;
  /** Clients for the target that stands. */
  shared(): Promise<Clients>;
  /** Starts a local endpoint on a free port. */
  startOwn(): Promise<{ url: string; close(): Promise<void> }>;
}

/** A check that deploys gets a local endpoint of its own, which ends with it; all others share the target that stands. */
export async function openPlace(check: Check, { target, deploy, keep, shared, startOwn }: Places): Promise<Place> {
  if (target.kind !== 'local' || keep || !deploy || check.deploy.length === 0)
    return { clients: await shared(), disposable: false, close: async () => {} };
  const endpoint = await startOwn();
  const clients = createClients({ ...target, endpointUrl: endpoint.url });
  return { clients, disposable: true, close: () => endpoint.close() };
}
