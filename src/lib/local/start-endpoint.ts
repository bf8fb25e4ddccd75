import { setMaxListeners } from 'node:events';
import { type Clock, systemClock } from '../shared/clock.js';
import { removeTree } from '../shared/remove-tree.js';
import { createActivity } from './activity.js';
import { type AllServices, createCalls } from './calls.js';
import { createPorts } from './create-ports.js';
import { makeDataFolder, sweepDataFolders } from './data-folder.js';
import { type DeferredService, deferService } from './defer-service.js';
import type { ServiceEntry } from './define-service.js';
import { createFaults, type FaultHooks } from './faults.js';
import { faultsRoute } from './faults-route.js';
import { healthRoute } from './health-route.js';
import { createIntervals } from './intervals.js';
import { createItemFailures, itemFailuresRoute } from './item-failures.js';
import type { Limits } from './limits.js';
import type { ServiceEnvironment } from './service.js';
import { SERVICES } from './services.js';
import { settledRoute } from './settled-route.js';
import { shutdownRoute } from './shutdown-route.js';
import { statusRoute } from './status-route.js';
import type { ServiceId } from './wire/handlers.js';
import { startServer } from './wire/server.js';

export interface EndpointOptions {
  /** 0 takes any free port. */
  port?: number;
  /** AWS's limits; `on` unless said otherwise. */
  limits?: Limits;
  /** Bytes that stored records may take, oldest out first. */
  memoryBytes?: number;
  /** Most milliseconds that services collect before they hand on: buffering intervals, batching windows. AWS's own without it. */
  maxBufferingMs?: number;
  /** Serve TLS with a self-made certificate instead of clear text. */
  tls?: boolean;
  /** A further address to listen on, `0.0.0.0` for all of them. Whoever reaches it can run code here, as functions. */
  host?: string;
  /** Further host names this endpoint is reached by, such as `host.docker.internal`; everything but loopback names is refused otherwise. */
  allowedHosts?: readonly string[];
  clock?: Clock;
  accountId?: string;
  /** Further resource types that stacks may have without effect: names, `*` for any letters. */
  inertTypes?: readonly string[];
  /** Which services there are; all of pipectl's unless said otherwise. */
  services?: readonly ServiceEntry[];
  /** What `POST /_pipectl/shutdown` does; whoever runs the endpoint decides, and without this the request is refused. */
  onShutdown?: () => void;
  log?: (line: string) => void;
}

export interface Endpoint {
  url: string;
  port: number;
  /** With TLS: the self-made certificate that clients must trust, in PEM. */
  certificate?: string;
  faults: FaultHooks;
  close(): Promise<void>;
}

/**
 * Starts the local endpoint: every service, one port, on loopback alone unless `host` says otherwise.
 * @throws the listening error, `EADDRINUSE` among them; nothing is left behind then
 */
export async function startEndpoint(options: EndpointOptions = {}): Promise<Endpoint> {
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // every subscription listens
  const accountId = options.accountId ?? '000000000000';
  const dataDir = await makeDataFolder();
  const faults = createFaults();
  const activity = createActivity();
  const itemFailures = createItemFailures();
  const intervals = createIntervals(options.maxBufferingMs);
  const operations: AllServices = {};
  const services = new Map<ServiceId, DeferredService>();
  const calls = createCalls(operations, accountId, closing.signal);
  let url = '';
  let certificate: string | undefined;
  const environment: ServiceEnvironment = {
    accountId,
    clock: options.clock ?? systemClock,
    faults,
    activity,
    itemFailures,
    limits: options.limits ?? 'on',
    intervals,
    memoryBytes: options.memoryBytes,
    inertTypes: options.inertTypes,
    dataDir,
    endpointUrl: () => url,
    certificate: () => certificate,
    calls,
    ports: createPorts(services),
    log: options.log ?? (() => {}),
  };
  await assemble(options.services ?? SERVICES, environment, services, operations);
  const release = async (): Promise<void> => {
    closing.abort(new Error('the endpoint is closing'));
    for (const service of services.values()) {
      await service.close?.().catch((error: unknown) => environment.log(`a service did not close: ${error}`));
    }
    await removeTree(dataDir);
  };
  const server = await startServer(operations, {
    port: options.port ?? 0,
    ...(options.host !== undefined && { host: options.host }),
    tls: options.tls ?? false,
    accountId,
    faults,
    signal: closing.signal,
    clock: environment.clock,
    allowedHosts: options.allowedHosts ?? [],
    plainRoutes: [
      statusRoute(operations, environment),
      healthRoute(operations, intervals),
      settledRoute(activity),
      itemFailuresRoute(itemFailures),
      faultsRoute(faults),
      shutdownRoute(options.onShutdown),
      ...[...services.values()].flatMap(({ routes }) => routes ?? []),
    ],
    log: environment.log,
  }).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  ({ url, certificate } = server);
  void sweepDataFolders().then((count) => {
    if (count > 0)
      environment.log(`took away the data of ${count} endpoint${count === 1 ? '' : 's'} that ended without a word`);
  });
  return {
    url,
    port: server.port,
    ...(server.certificate !== undefined && { certificate: server.certificate }),
    faults,
    async close() {
      await drain(services.values(), environment.log);
      closing.abort(new Error('the endpoint is closing'));
      await server.close();
      await release();
    },
  };
}

/** Makes the listed services reachable: those that the start needs are loaded, the others by their first request. */
async function assemble(
  entries: readonly ServiceEntry[],
  environment: ServiceEnvironment,
  services: Map<ServiceId, DeferredService>,
  operations: AllServices,
): Promise<void> {
  for (const { id, load, with: others = [] } of entries) {
    const service = deferService(id, async () => {
      const [defined] = await Promise.all([load(), ...others.map((other) => services.get(other)?.load())]);
      return defined.start(environment);
    });
    services.set(id, service);
    Object.assign(operations, { [id]: service.handlers });
  }
  await Promise.all(entries.filter(({ atStart }) => atStart).map(({ id }) => services.get(id)?.load()));
}

/** No destination is waited for longer than this when the endpoint closes. */
const DRAIN_MS = 3000;

/** Has every service hand on what it has taken, while the others still take it. */
async function drain(services: Iterable<DeferredService>, log: (line: string) => void): Promise<void> {
  const giveUp = new AbortController();
  const draining = [...services].map((service) =>
    service.drain?.().catch((error: unknown) => log(`a service did not hand on what it had: ${error}`)),
  );
  const tooLong = systemClock.sleep(DRAIN_MS, giveUp.signal).catch(() => {});
  await Promise.race([Promise.all(draining), tooLong]);
  giveUp.abort();
}
