import type { StackPlan } from './stack-plan.js';

/** What to deploy, and how the caller wants to hear about it. */
export interface DeployRequest {
  stackName: string;
  /** A CloudFormation template on this machine, YAML or JSON. */
  templatePath: string;
  /** Values by parameter name; parameters left out keep their previous value, or take the template's default. */
  parameters?: Readonly<Record<string, string>>;
  /** Tags of the stack, which CloudFormation hands on to its resources. */
  tags?: Readonly<Record<string, string>>;
  /** Aborting leaves the stack as it is: CloudFormation goes on with what has begun, and the next deploy continues from there. */
  signal?: AbortSignal;
  /** Hears each step in order. */
  onEvent?: (event: DeployEvent) => void;
}

export type DeployEvent =
  /** A local folder or file was zipped and is in the bucket under its content's hash; `reused` when it was there already. */
  | { kind: 'packaged'; path: string; bucket: string; key: string; bytes: number; reused: boolean }
  /** What CloudFormation is about to do. */
  | { kind: 'plan'; plan: StackPlan }
  /** One line of the stack's own event log. */
  | { kind: 'resource'; event: ResourceEvent }
  /** Something worth a sentence: a failed stack removed to be made anew, an endpoint without change sets. */
  | { kind: 'note'; text: string };

/** One event of a stack, as DescribeStackEvents gives it. */
export interface ResourceEvent {
  stackName: string;
  logicalId: string;
  physicalId: string | undefined;
  type: string;
  status: string;
  reason: string | undefined;
  /** The resource's properties as JSON text, where the endpoint gives them. */
  properties: string | undefined;
  at: Date;
}

/** Whether an event is of the stack as a whole, and not of a resource; a nested stack is a resource. */
export const isOfStackItself = ({ type, logicalId, stackName }: ResourceEvent): boolean =>
  type === 'AWS::CloudFormation::Stack' && logicalId === stackName;

export interface StackOutput {
  key: string;
  value: string;
  description: string | undefined;
  exportName: string | undefined;
}

export interface DeployResult {
  stackName: string;
  stackId: string;
  action: 'created' | 'updated' | 'unchanged';
  plan: StackPlan;
  /** In the template's order. */
  outputs: StackOutput[];
  durationMs: number;
}
