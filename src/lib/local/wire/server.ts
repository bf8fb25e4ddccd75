import type { AllServices } from '../calls.js';
import type { FaultHooks } from '../faults.js';

export interface ServerOptions {
  port: number;
  tls: boolean;
  accountId: string;
  faults: FaultHooks;
  signal: AbortSignal;
  log(line: string): void;
}

export interface Server {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** One port for every service and protocol. */
export async function startServer(_services: AllServices, _options: ServerOptions): Promise<Server> {
  throw new Error('the wire is being laid');
}
