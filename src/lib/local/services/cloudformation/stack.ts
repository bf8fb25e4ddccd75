import type { Capability, ResourceStatus, StackStatus, Tag } from '@aws-sdk/client-cloudformation';
import type { UnfinishedRollback } from './run/update-run.js';
import type { RemovalPolicy, Template } from './template/template.js';
import type { Value, ValueMap } from './template/value.js';

/** A parameter as it was given and as it is used. */
export interface ParameterValue {
  given: string;
  /** For SSM parameters: what the given name led to. */
  resolved?: string;
  /** What `Ref` gives: a list for CommaDelimitedList and List<…>. */
  value: Value;
  noEcho: boolean;
}

/** A resource as it stands. */
export interface StackResource {
  logicalId: string;
  type: string;
  physicalId: string | undefined;
  status: ResourceStatus;
  reason: string | undefined;
  updatedAt: Date;
  /** As its service was given them. */
  properties: ValueMap;
  attributes: ValueMap;
  /** Logical ids this one refers to or depends on; it is deleted before them. */
  dependsOn: string[];
  deletionPolicy: RemovalPolicy;
  updateReplacePolicy: RemovalPolicy;
  metadata: Value | undefined;
}

export interface StackOutputValue {
  key: string;
  value: string;
  description: string | undefined;
  exportName: string | undefined;
}

export interface StackEventEntry {
  id: string;
  at: Date;
  logicalId: string;
  physicalId: string | undefined;
  type: string;
  status: ResourceStatus;
  reason: string | undefined;
  /** JSON text. */
  properties: string | undefined;
  token: string | undefined;
}

/** What a stack was last asked to be. */
export interface StackDefinition {
  template: Template;
  templateText: string;
  parameters: Map<string, ParameterValue>;
  tags: Tag[];
  capabilities: Capability[];
  notificationArns: string[];
  roleArn: string | undefined;
}

export interface Stack {
  id: string;
  name: string;
  region: string;
  definition: StackDefinition;
  status: StackStatus;
  reason: string | undefined;
  createdAt: Date;
  updatedAt: Date | undefined;
  deletedAt: Date | undefined;
  resources: Map<string, StackResource>;
  outputs: StackOutputValue[];
  /** Exports of other stacks that this one uses. */
  imports: Set<string>;
  /** Oldest first. */
  /** Counts the stacks of a region, in the order in which they were made. */
  serial: number;
  /** Oldest first; none ever goes. */
  events: StackEventEntry[];
  /** The stack that this one is a resource of. */
  parentId: string | undefined;
  terminationProtection: boolean;
  disableRollback: boolean;
  timeoutMinutes: number | undefined;
  changeSetId: string | undefined;
  /** The ClientRequestToken of what is under way, which its events carry. */
  token: string | undefined;
  /** Settles when what is under way has ended, whichever way. */
  underWay: Promise<void>;
  /** What a failed rollback has yet to undo, for ContinueUpdateRollback. */
  unfinishedRollback: UnfinishedRollback | undefined;
}
