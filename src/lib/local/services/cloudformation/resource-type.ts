import type { Capability } from '@aws-sdk/client-cloudformation';
import type { Clock } from '../../../shared/clock.js';
import type { Calls } from '../../wire/handlers.js';
import type { PackedType } from './schema/pack-format.js';
import { schemaOf } from './schema/schema-of.js';
import type { Value } from './template/value.js';

/** What a resource type is given to work with. */
export interface ResourceRequest<Properties> {
  stackName: string;
  stackId: string;
  logicalId: string;
  region: string;
  accountId: string;
  properties: Properties;
  /** Tags of the stack itself, which a type that can be tagged adds to its own. */
  stackTags: readonly Tag[];
  /** Other services, in this stack's region. */
  calls: Calls;
  clock: Clock;
  /** Aborts when the endpoint closes. */
  signal: AbortSignal;
  /** A name of CloudFormation's own making, `STACK-LOGICALID-RANDOM`, for a resource that was given none. */
  generateName(limits?: NameLimits): string;
  /**
   * To be called as soon as the resource exists, where creating it takes further steps: should one of them fail, the rollback knows
   * what to delete.
   */
  initiated(physicalId: string): void;
  /** What the stack's author acknowledged; a stack in it may need it too. */
  capabilities: readonly Capability[];
  /** To be called before a stack is created that is itself a resource of this one. @throws AwsError when they nest too deep */
  adoptStack(name: string): void;
}

export interface Tag {
  Key: string;
  Value: string;
}

export interface NameLimits {
  maxLength?: number;
  lowerCase?: boolean;
}

export interface ExistingResource<Properties> extends ResourceRequest<Properties> {
  physicalId: string;
}

export interface UpdateRequest<Properties> extends ExistingResource<Properties> {
  previous: Properties;
  /** True when the two differ in that property. */
  changed(...names: (keyof Properties & string)[]): boolean;
  /** The stack's tags before this update. */
  previousStackTags: readonly Tag[];
}

export interface Provisioned {
  /** What `Ref` gives. */
  physicalId: string;
  /** What `Fn::GetAtt` gives, by attribute name. */
  attributes?: Readonly<Record<string, Value | undefined>>;
}

/** What one kind of resource does, through the services' own operations. A file in `resources/` defines one; it is found by itself. */
export interface ResourceBehavior<Properties> {
  /** `AWS::Service::Thing` */
  type: string;
  /** Properties that have effect. The schema's others are checked, kept, and named in the resource's events. */
  effective: readonly (keyof Properties & string)[];
  /** What `Fn::GetAtt` may ask for, if it is not what the schema says; `Outputs.*` stands for whatever comes after the dot. */
  attributes?: readonly string[];
  /** The property that names the resource, if a template may choose the name. */
  nameProperty?: keyof Properties & string;
  /** The property whose value the name is unique within, if it is not unique by itself: a filter's log group. */
  nameWithin?: keyof Properties & string;
  /** What a template that has such a resource must acknowledge; the second is for one whose name the template chooses. */
  capability?: 'CAPABILITY_IAM';
  create(request: ResourceRequest<Properties>): Promise<Provisioned>;
  /** Left out if every change replaces. */
  update?(request: UpdateRequest<Properties>): Promise<Provisioned>;
  delete(request: ExistingResource<Properties>): Promise<void>;
}

/** A resource type as the engine sees it: its behavior, and what AWS's schema says of it. */
export interface ResourceType extends ResourceBehavior<Record<string, unknown>> {
  /** Undefined for a type that has no schema: any property is taken. */
  readonly schema: PackedType | undefined;
  readonly attributes: readonly string[];
  /** Set if the resource is kept and does nothing. */
  readonly isInert?: true;
}

/** Whether `Fn::GetAtt` may ask a type for an attribute. */
export const hasAttribute = ({ attributes }: ResourceType, name: string): boolean =>
  attributes.some(
    (known) => known === name || known === '*' || (known.endsWith('.*') && name.startsWith(known.slice(0, -1))),
  );

/** Keeps the property types of one resource type through its own functions, and forgets them for the engine. */
export function defineResourceType<Properties>(behavior: ResourceBehavior<Properties>): ResourceType {
  const { type, attributes } = behavior;
  return {
    ...(behavior as unknown as ResourceBehavior<Record<string, unknown>>),
    get schema() {
      return schemaOf(type);
    },
    get attributes() {
      return attributes ?? Object.keys(schemaOf(type)?.attributes ?? {});
    },
  };
}

/** Runs a deletion; a resource that is gone already is deleted enough. */
export async function deleteIfThere(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Whether what a call asks for is there. */
export async function isThere(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Services disagree on the name of this error; all of them agree on these words in it. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof Error && /NotFound|NoSuch/.test((error as { code?: string }).code ?? error.name);
