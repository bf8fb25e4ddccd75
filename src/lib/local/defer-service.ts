import type { LocalService } from './service.js';
import type { PlainRoute } from './wire/dispatch.js';
import type { OperationContext, ServiceId } from './wire/handlers.js';
import { notImplemented } from './wire/not-implemented.js';

type AnyHandler = (input: unknown, context: OperationContext) => unknown;

/** A service as the endpoint holds it: loaded or not. */
export interface DeferredService extends LocalService<ServiceId> {
  /** Loads it now, for one that will need it at once. */
  load(): Promise<LocalService<ServiceId>>;
}

/**
 * A service that its first request loads. A run uses two or three of them, and each costs 10 to 50 ms to load: together
 * more than the endpoint's whole start may take. Its plain routes answer from then on: before, there is nothing they could lead to.
 */
export function deferService(id: ServiceId, start: () => Promise<LocalService<ServiceId>>): DeferredService {
  let loading: Promise<LocalService<ServiceId>> | undefined;
  let service: LocalService<ServiceId> | undefined;
  const load = async (): Promise<LocalService<ServiceId>> => {
    loading ??= start();
    service = await loading;
    return service;
  };
  const handlerOf = (from: LocalService<ServiceId>, operation: string): AnyHandler | undefined =>
    (from.handlers as Record<string, AnyHandler | undefined>)[operation];
  const handlers = new Proxy({} as LocalService<ServiceId>['handlers'], {
    get(_, operation: string) {
      if (service) return handlerOf(service, operation);
      return async (input: unknown, context: OperationContext) => {
        const handler = handlerOf(await load(), operation);
        if (!handler) throw notImplemented(id, operation);
        return handler(input, context);
      };
    },
  });
  const answer: PlainRoute = (request) => {
    for (const route of service?.routes ?? []) {
      const reply = route(request);
      if (reply) return reply;
    }
    return undefined;
  };
  return {
    handlers,
    routes: [answer],
    load,
    async drain() {
      await (await loading)?.drain?.();
    },
    async close() {
      await (await loading)?.close?.();
    },
  };
}
