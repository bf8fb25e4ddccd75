import { randomUUID } from 'node:crypto';
import type { Calls, Handlers, OperationContext, ServiceId } from './wire/handlers.js';
import { notImplemented } from './wire/not-implemented.js';

export type AllServices = { [Id in ServiceId]?: Handlers<Id> };

type AnyHandler = (input: unknown, context: OperationContext) => unknown;

/** The operations of all services, for calls from one service to another in this process: no wire, no signature, no fault hooks. */
export function createCalls(services: AllServices, accountId: string, closing: AbortSignal): (region: string) => Calls {
  const byRegion = new Map<string, Calls>();
  return (region) => {
    let calls = byRegion.get(region);
    if (!calls) {
      calls = new Proxy({} as Calls, {
        get: (_, id: string) => serviceCalls(services, id as ServiceId, region, accountId, closing),
      });
      byRegion.set(region, calls);
    }
    return calls;
  };
}

function serviceCalls(
  services: AllServices,
  id: ServiceId,
  region: string,
  accountId: string,
  signal: AbortSignal,
): object {
  return new Proxy(
    {},
    {
      get: (_, operation: string) => async (input: unknown) => {
        const handler = (services[id] as Record<string, AnyHandler> | undefined)?.[operation];
        if (!handler) throw notImplemented(id, operation);
        return handler(input, { requestId: randomUUID(), region, accountId, signal, origin: 'internal', headers: {} });
      },
    },
  );
}
