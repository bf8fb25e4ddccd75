import type { FunctionConfiguration, LoggingConfig, VpcConfigResponse } from '@aws-sdk/client-lambda';
import type { Answer } from '../../wire/handlers.js';

/** One version of a function: `$LATEST`, which changes, or a published one, which does not. */
export interface FunctionVersion {
  version: string;
  runtime: string;
  role: string;
  handler: string;
  description: string;
  timeoutSeconds: number;
  memoryMb: number;
  variables: Record<string, string> | undefined;
  layers: LayerUse[];
  logging: Required<Pick<LoggingConfig, 'LogFormat' | 'LogGroup'>> & LoggingConfig;
  codeSha256: string;
  codeSize: number;
  unpackedBytes: number;
  revisionId: string;
  lastModifiedMs: number;
  /** Kept and shown, without effect here. */
  inert: Pick<
    Answer<FunctionConfiguration>,
    'TracingConfig' | 'EphemeralStorage' | 'Architectures' | 'SnapStart' | 'KMSKeyArn' | 'DeadLetterConfig'
  > & { VpcConfig?: VpcConfigResponse };
}

export interface LayerUse {
  arn: string;
  codeSha256: string;
  codeSize: number;
  unpackedBytes: number;
}

export interface Alias {
  name: string;
  version: string;
  description: string;
  /** Share of invocations that other versions take, 0 to 1. */
  weights: Record<string, number>;
  revisionId: string;
}

export interface PolicyStatement {
  Sid: string;
  Effect: 'Allow';
  Principal: unknown;
  Action: string;
  Resource: string;
  Condition?: Record<string, Record<string, string>>;
}

export interface Policy {
  statements: PolicyStatement[];
  revisionId: string;
}

export interface FunctionUrl {
  id: string;
  authType: 'NONE' | 'AWS_IAM';
  invokeMode: 'BUFFERED' | 'RESPONSE_STREAM';
  cors: Record<string, unknown> | undefined;
  createdMs: number;
  modifiedMs: number;
}

/** How asynchronous invocations of one version or alias are treated. */
export interface AsyncConfig {
  maximumRetryAttempts: number | undefined;
  maximumEventAgeSeconds: number | undefined;
  onSuccess: string | undefined;
  onFailure: string | undefined;
  modifiedMs: number;
}

/** What a version or an alias asked to be kept ready. */
export interface ProvisionedConcurrency {
  executions: number;
  modifiedMs: number;
}

export interface LambdaFunction {
  name: string;
  latest: FunctionVersion;
  published: FunctionVersion[];
  /** Numbers are never used twice. */
  lastPublished: number;
  aliases: Map<string, Alias>;
  reservedConcurrency: number | undefined;
  /** By version or alias. */
  provisioned: Map<string, ProvisionedConcurrency>;
  tags: Map<string, string>;
  /** By qualifier; the unqualified function's under `''`. */
  policies: Map<string, Policy>;
  urls: Map<string, FunctionUrl>;
  asyncConfigs: Map<string, AsyncConfig>;
}

export interface LayerVersion {
  name: string;
  version: number;
  codeSha256: string;
  codeSize: number;
  unpackedBytes: number;
  description: string;
  license: string | undefined;
  runtimes: string[];
  architectures: string[];
  createdMs: number;
  policy: Policy | undefined;
}

/** What one region holds, but for event source mappings, which live. */
export interface LambdaState {
  region: string;
  functions: Map<string, LambdaFunction>;
  layers: Map<string, { versions: LayerVersion[]; lastVersion: number }>;
}

export const createState = (region: string): LambdaState => ({ region, functions: new Map(), layers: new Map() });
