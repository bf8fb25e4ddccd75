// The one form of a local service. `defineService` makes handlers of a list of operations; start-endpoint starts them from the list in
// services.ts, and scripts/generate-omissions.ts writes OMISSIONS.md from what they leave out.
import type { Operation } from './define-operation.js';
import type { Destination, EventSource } from './ports.js';
import type { LocalService, ServiceEnvironment } from './service.js';
import { AwsError } from './wire/aws-error.js';
import type { PlainRoute } from './wire/dispatch.js';
import type { Handlers, OperationContext, ServiceId } from './wire/handlers.js';
import { type Constraints, validate } from './wire/validate.js';

/** What an operation's input passes on its way to the checks and to `run`. */
export type Prepare = (input: Record<string, unknown>, context: OperationContext) => Record<string, unknown>;

export interface ServiceDefinition<Id extends ServiceId, State> {
  /** The service's name in the wire's catalog: its SDK client's name without `client-`. */
  id: Id;
  /** Its name for people, such as `CloudWatch Logs`. */
  title: string;
  /** Makes what the operations share, when the service starts. */
  state(environment: ServiceEnvironment): State;
  operations: readonly Operation<NoInfer<Id>, State>[];
  /** The code of a violated constraint; `ValidationException` unless the service has another. */
  invalid?: string;
  /** Constraints of members that many of its operations have. */
  constraints?: Constraints;
  /** Made once for each operation: what every input passes first, such as a rate of calls. Undefined for none. */
  prepare?(state: State, operation: string): Prepare | undefined;
  /** Plain HTTP that it answers beside its operations. */
  routes?(state: State): readonly PlainRoute[];
  /** What functions can be invoked with, of what the service owns. */
  eventSources?(state: State, environment: ServiceEnvironment): readonly EventSource[];
  /** What other services can deliver to, of what the service owns. */
  destinations?(state: State, environment: ServiceEnvironment): readonly Destination[];
  /** Takes nothing more and hands on what it has taken. The endpoint asks for it before it closes, while all of it still works. */
  drain?(state: State): Promise<void>;
  /** Ends what must not outlive the endpoint. */
  close?(state: State): Promise<void> | void;
  /** What the service leaves out, in Markdown, an item each; what one operation leaves out stands beside that operation. */
  gaps?: readonly string[];
  /** Further sections of OMISSIONS.md, by title. */
  gapsOf?: Readonly<Record<string, readonly string[]>>;
}

/** A service that has been defined and not yet started. */
export interface Service<Id extends ServiceId = ServiceId> {
  readonly id: Id;
  readonly title: string;
  readonly operations: readonly { name: string; notHere: readonly string[]; gaps: readonly string[] }[];
  readonly gaps: readonly string[];
  readonly gapsOf: Readonly<Record<string, readonly string[]>>;
  start(environment: ServiceEnvironment): LocalService<Id>;
}

/** One line of the list in services.ts. */
export type ServiceEntry = {
  [Id in ServiceId]: {
    id: Id;
    /** Imports it. Called by its first request, so that a run pays only for the services that it uses. */
    load(): Promise<Service<Id>>;
    /** Loads it when the endpoint starts: nearly every run needs it. */
    atStart?: true;
    /** Services that it needs at once; they are loaded beside it. */
    with?: readonly ServiceId[];
  };
}[ServiceId];

/** Defines a service. It holds nothing until it is started, and may be started many times in one process. */
export function defineService<Id extends ServiceId, State>(definition: ServiceDefinition<Id, State>): Service<Id> {
  const { id, title, operations, gaps = [], gapsOf = {} } = definition;
  return {
    id,
    title,
    operations,
    gaps,
    gapsOf,
    start(environment) {
      const state = definition.state(environment);
      const handlers = operations.map((operation) => [operation.name, createHandler(definition, operation, state)]);
      return {
        handlers: Object.fromEntries(handlers) as Handlers<Id>,
        routes: definition.routes?.(state) ?? [],
        eventSources: definition.eventSources?.(state, environment) ?? [],
        destinations: definition.destinations?.(state, environment) ?? [],
        drain: async () => definition.drain?.(state),
        close: async () => definition.close?.(state),
      };
    },
  };
}

type AnyHandler = (input: Record<string, unknown>, context: OperationContext) => unknown;

/** The order is AWS's: rates of calls, then constraints, then what the operation itself looks at. */
function createHandler<Id extends ServiceId, State>(
  definition: ServiceDefinition<Id, State>,
  { name, constraints: own, notHere, run }: Operation<Id, State>,
  state: State,
): AnyHandler {
  const { invalid = 'ValidationException', prepare } = definition;
  const constraints: Constraints = { ...definition.constraints, ...own };
  const isChecked = Object.keys(constraints).length > 0;
  const prepared = prepare?.(state, name);
  return (given, context) => {
    const input = prepared ? prepared(given, context) : given;
    if (isChecked) validate(input, constraints, invalid);
    for (const path of notHere) refuseMember(input, path, invalid);
    return run(state, input as never, context);
  };
}

/** Refuses what a caller asks for by a member that is not here: taken and forgotten, it would be missed later. */
function refuseMember(input: Record<string, unknown>, path: string, code: string): void {
  let value: unknown = input;
  for (const name of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[name];
  if (isAskedFor(value)) throw new AwsError(code, `${path} is not implemented at this endpoint.`);
}

const isAskedFor = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? value instanceof Date || Object.keys(value).length > 0
    : value !== undefined && value !== null && value !== false && value !== '';
