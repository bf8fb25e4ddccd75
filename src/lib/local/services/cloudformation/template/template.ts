import type { Value, ValueMap } from './value.js';

export interface ParameterDeclaration {
  type: string;
  default?: string;
  description?: string;
  noEcho: boolean;
  allowedValues?: string[];
  allowedPattern?: string;
  constraintDescription?: string;
  minLength?: number;
  maxLength?: number;
  minValue?: number;
  maxValue?: number;
}

/** What becomes of a resource that leaves its stack, or is replaced in it. */
export type RemovalPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';

export interface ResourceDeclaration {
  type: string;
  properties: ValueMap;
  dependsOn: string[];
  condition?: string;
  deletionPolicy: RemovalPolicy;
  updateReplacePolicy: RemovalPolicy;
  metadata?: Value;
}

export interface OutputDeclaration {
  value: Value;
  description?: string;
  condition?: string;
  exportName?: Value;
}

/** What parameters must be together, beyond what each must be alone. */
export interface RuleDeclaration {
  /** The assertions count only where this holds. */
  condition?: Value;
  assertions: { assert: Value; description?: string }[];
}

/** A template, read and checked for its form; what it refers to is checked by `checkReferences`. Order is the author's. */
export interface Template {
  description?: string;
  metadata?: Value;
  parameters: Map<string, ParameterDeclaration>;
  mappings: ValueMap;
  conditions: Map<string, Value>;
  /** Those the template names; what they stand for is written out already. */
  transforms: string[];
  /** As its transforms wrote it out. */
  processed: ValueMap;
  /** Read before the parameters had values: what the transforms need these for is left out. */
  isDraft: boolean;
  /** True with `Transform: AWS::LanguageExtensions`, which some functions need. */
  hasLanguageExtensions: boolean;
  rules: Map<string, RuleDeclaration>;
  resources: Map<string, ResourceDeclaration>;
  outputs: Map<string, OutputDeclaration>;
}
