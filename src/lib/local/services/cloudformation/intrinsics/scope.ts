import type { Value } from '../template/value.js';

/** Which output `Fn::GetStackOutput` asks for. */
export interface StackOutputQuery {
  stackName: string;
  outputName: string;
  /** Where the other stack is; by default where this one is. */
  region: string | undefined;
  roleArn: string | undefined;
}

/** What names in a template mean while one stack is being worked on. */
export interface Scope {
  /** The value of a parameter or pseudo parameter; undefined when the template declares none of that name. */
  parameter(name: string): Value | undefined;
  /** True for a parameter declared NoEcho. */
  isSecret(name: string): boolean;
  /** Whether a condition holds. */
  condition(name: string): boolean;
  mapping(map: string, key: string, second: string): Value | undefined;
  /** What `Ref` of a resource gives; undefined when there is no such resource. */
  reference(logicalId: string): string | undefined;
  /** What `Fn::GetAtt` gives. */
  attribute(logicalId: string, name: string): Value;
  /** The value of another stack's export. */
  imported(exportName: string): string;
  /** The value of an output of any stack, exported or not. */
  stackOutput(query: StackOutputQuery): string;
  /** Availability zones of a region. */
  zones(region: string): string[];
}

/** `Ref: AWS::NoValue`: the property, item or argument it stands for is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** Thrown by a scope that plans ahead: the value exists only once its resource does. */
export class NotYetKnown extends Error {}
