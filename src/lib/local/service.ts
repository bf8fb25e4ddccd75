import type { Clock } from '../shared/clock.js';
import type { Activity } from './activity.js';
import type { FaultHooks } from './faults.js';
import type { Intervals } from './intervals.js';
import type { ItemFailures } from './item-failures.js';
import type { Limits } from './limits.js';
import type { Destination, EventSource, Ports } from './ports.js';
import type { PlainRoute } from './wire/dispatch.js';
import type { Calls, Handlers, ServiceId } from './wire/handlers.js';

/** What every service of the endpoint is given at start-up. Services reach each other by `calls` or by a typed port, never by import. */
export interface ServiceEnvironment {
  /** The account every resource lives in. */
  accountId: string;
  clock: Clock;
  faults: FaultHooks;
  /** Where a service says what it still has to do behind a request's back. */
  activity: Activity;
  /** Where a mapping says which items of a batch a function reported as failed. */
  itemFailures: ItemFailures;
  limits: Limits;
  /** The bound of buffering intervals and batching windows. */
  intervals: Intervals;
  /** Bytes that stored records may take; each service has its own share, and a default, where this is undefined. */
  memoryBytes?: number | undefined;
  /** Resource types that stacks may have though nothing here acts on them: names, `*` for any letters. */
  inertTypes?: readonly string[] | undefined;
  /** A private folder of this endpoint (function code, objects); removed when it closes. */
  dataDir: string;
  /** Where this endpoint answers, for what runs outside this process (functions). Known only after it listens. */
  endpointUrl(): string;
  /** The self-made certificate that clients of the endpoint must trust, in PEM; undefined in clear text. */
  certificate?(): string | undefined;
  /** Other services' operations, in process, as a caller in `region`. */
  calls(region: string): Calls;
  /** What can be read from and delivered to, by ARN. */
  ports: Ports;
  /** One line of the endpoint's own log. */
  log(line: string): void;
}

/** A service as the endpoint assembles it: operations, and what must end when the endpoint does. */
export interface LocalService<Id extends ServiceId> {
  handlers: Handlers<Id>;
  /** Plain HTTP that the service answers beside its operations, such as function URLs; asked before any operation. */
  routes?: readonly PlainRoute[];
  eventSources?: readonly EventSource[];
  destinations?: readonly Destination[];
  /** Takes nothing more and hands on what it has taken, while all of the endpoint still works. */
  drain?(): Promise<void>;
  close?(): Promise<void>;
}

/** State kept for each region apart, made on first use. */
export function perRegion<State>(make: (region: string) => State): {
  in(region: string): State;
  all(): IterableIterator<State>;
} {
  const states = new Map<string, State>();
  return {
    in(region) {
      let state = states.get(region);
      if (state === undefined) states.set(region, (state = make(region)));
      return state;
    },
    all: () => states.values(),
  };
}
