import type { AllServices } from './calls.js';
import type { Limits } from './limits.js';
import type { ServiceEnvironment } from './service.js';
import type { PlainRoute } from './wire/dispatch.js';

export const STATUS_PATH = '/_pipectl/status';

/** What `GET /_pipectl/status` answers: who this is, how it runs, and which services it has. */
export interface EndpointStatus {
  program: 'pipectl';
  pid: number;
  /** ISO 8601, of the system's clock. */
  startedAt: string;
  limits: Limits;
  /** The bound of buffering intervals and batching windows, if it has one. */
  maxBufferingMs?: number;
  /** Resident memory of the whole process. */
  residentBytes: number;
  /** The services it has, by their SDK clients' names. */
  services: string[];
}

/** The endpoint's own page: readiness for whoever starts it, and a way to tell it from anything else that has the port. */
export function statusRoute(
  services: AllServices,
  { limits, intervals: { mostMs } }: Pick<ServiceEnvironment, 'limits' | 'intervals'>,
): PlainRoute {
  const startedAt = new Date().toISOString();
  return ({ method, path }) => {
    if (path !== STATUS_PATH || method !== 'GET') return undefined;
    const status = (): EndpointStatus => ({
      program: 'pipectl',
      pid: process.pid,
      startedAt,
      limits,
      ...(mostMs !== undefined && { maxBufferingMs: mostMs }),
      residentBytes: process.memoryUsage.rss(),
      services: Object.keys(services),
    });
    const headers = { 'content-type': 'application/json' };
    return { openTo: 'link', reply: () => ({ status: 200, headers, body: JSON.stringify(status()) }) };
  };
}
