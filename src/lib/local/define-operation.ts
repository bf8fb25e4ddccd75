// One operation of a local service: what goes in and out is typed by the SDK's client, what it checks and leaves out is data.
import type { AllHandlers, Handler, OperationContext, ServiceId, ServiceModules } from './wire/handlers.js';
import type { Constraint, Constraints } from './wire/validate.js';

/** The operations of a service, by their names in the SDK's client. */
export type OperationOf<Id extends ServiceId> = keyof AllHandlers<ServiceModules[Id]> & string;

type Input<Id extends ServiceId, Name extends OperationOf<Id>> =
  Handler<Id, Name> extends (input: infer In, context: OperationContext) => unknown ? In : never;
type Output<Id extends ServiceId, Name extends OperationOf<Id>> =
  Handler<Id, Name> extends (input: never, context: OperationContext) => infer Out ? Out : never;
type MemberOf<Input> = keyof Input & string;

export interface OperationDefinition<Id extends ServiceId, Name extends OperationOf<Id>, State> {
  /** AWS's documented bounds of members; checked before `run`, and answered in AWS's words with the service's own code. */
  constraints?: { readonly [Member in keyof Input<Id, Name>]?: Constraint };
  /** Members that AWS takes and this endpoint does not: a request that has one is refused by its name. `Outer.Inner` for nested ones. */
  notHere?: readonly (MemberOf<Input<Id, Name>> | `${MemberOf<Input<Id, Name>>}.${string}`)[];
  /** What this operation leaves out, a sentence each, in Markdown; OMISSIONS.md is written from them. */
  gaps?: readonly string[];
  /** @throws AwsError with AWS's code and AWS's own sentence */
  run(state: State, input: Input<Id, Name>, context: OperationContext): Output<Id, Name>;
}

/** An operation as `defineService` takes it. */
export interface Operation<Id extends ServiceId, State> {
  readonly service: Id;
  readonly name: OperationOf<Id>;
  readonly constraints: Constraints;
  readonly notHere: readonly string[];
  readonly gaps: readonly string[];
  readonly run: (state: State, input: never, context: OperationContext) => unknown;
}

/**
 * Defines one operation of a service, for the list in its `defineService`: `defineOperation('sts', 'AssumeRole').as({ … })`. In two
 * steps, so that the types of the named operation are known where the definition is read. The type of `state` in `run` is the
 * service's own. Shapes and required members have been checked by the wire when `run` is called, the rest of it by the frame.
 */
export const defineOperation = <Id extends ServiceId, Name extends OperationOf<Id>>(
  service: Id,
  name: Name,
): { as<State = unknown>(definition: OperationDefinition<Id, Name, State>): Operation<Id, State> } => ({
  as: ({ constraints = {}, notHere = [], gaps = [], run }) => ({
    service,
    name,
    constraints: constraints as Constraints,
    notHere,
    gaps,
    run,
  }),
});
