import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Answer } from '../../wire/handlers.js';
import type { FunctionVersion } from './lambda-state.js';

/** A version as every operation that answers a FunctionConfiguration shows it. @param arn with the qualifier that is asked for, if any */
export function describeFunction(name: string, arn: string, version: FunctionVersion): Answer<FunctionConfiguration> {
  return {
    FunctionName: name,
    FunctionArn: arn,
    Runtime: version.runtime as NonNullable<FunctionConfiguration['Runtime']>,
    Role: version.role,
    Handler: version.handler,
    CodeSize: version.codeSize,
    Description: version.description,
    Timeout: version.timeoutSeconds,
    MemorySize: version.memoryMb,
    LastModified: lambdaTime(version.lastModifiedMs),
    CodeSha256: version.codeSha256,
    Version: version.version,
    ...(version.variables === undefined ? {} : { Environment: { Variables: version.variables } }),
    TracingConfig: version.inert.TracingConfig ?? { Mode: 'PassThrough' },
    RevisionId: version.revisionId,
    ...(version.layers.length === 0
      ? {}
      : { Layers: version.layers.map(({ arn: layerArn, codeSize }) => ({ Arn: layerArn, CodeSize: codeSize })) }),
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: version.inert.Architectures ?? ['x86_64'],
    EphemeralStorage: version.inert.EphemeralStorage ?? { Size: 512 },
    SnapStart: version.inert.SnapStart ?? { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: version.logging,
    ...(version.inert.VpcConfig === undefined ? {} : { VpcConfig: version.inert.VpcConfig }),
    ...(version.inert.KMSKeyArn === undefined ? {} : { KMSKeyArn: version.inert.KMSKeyArn }),
    ...(version.inert.DeadLetterConfig === undefined ? {} : { DeadLetterConfig: version.inert.DeadLetterConfig }),
  };
}

/** As AWS answers a creation: it is pending, and by the time anybody asks again it is not. */
export const PENDING = {
  State: 'Pending',
  StateReason: 'The function is being created.',
  StateReasonCode: 'Creating',
} as const;

/** As AWS answers an update of code or configuration. */
export const UPDATING = {
  LastUpdateStatus: 'InProgress',
  LastUpdateStatusReason: 'The function is being created.',
} as const;

/** Lambda's own way of writing a time: `2026-11-21T10:00:00.000+0000`. */
export const lambdaTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000');
