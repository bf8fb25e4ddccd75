import type { CreateFunctionRequest } from '@aws-sdk/client-lambda';
import type { Checked } from '../../wire/handlers.js';
import { RESERVED_VARIABLES, VARIABLES_BYTES } from './function-constraints.js';
import { invalidParameter, omitted } from './lambda-error.js';
import type { FunctionVersion } from './lambda-state.js';

/** The members of CreateFunction that UpdateFunctionConfiguration has too, each optional. */
export type Settings = Partial<
  Pick<
    Checked<CreateFunctionRequest>,
    | 'Runtime'
    | 'Role'
    | 'Handler'
    | 'Description'
    | 'Timeout'
    | 'MemorySize'
    | 'Environment'
    | 'LoggingConfig'
    | 'TracingConfig'
    | 'EphemeralStorage'
    | 'SnapStart'
    | 'KMSKeyArn'
    | 'DeadLetterConfig'
    | 'VpcConfig'
    | 'FileSystemConfigs'
    | 'ImageConfig'
    | 'CapacityProviderConfig'
    | 'DurableConfig'
    | 'TenancyConfig'
    | 'CodeSigningConfigArn'
    | 'PackageType'
  >
>;

/** @throws AwsError InvalidParameterValueException for what AWS forbids, and for what the local endpoint cannot do */
export function checkSettings(settings: Settings): void {
  if (settings.PackageType === 'Image' || settings.ImageConfig !== undefined)
    throw omitted('functions from container images');
  if ((settings.FileSystemConfigs?.length ?? 0) > 0) throw omitted('file systems for functions (FileSystemConfigs)');
  if (settings.TenancyConfig !== undefined) throw omitted('tenant isolation (TenancyConfig)');
  if (settings.CapacityProviderConfig !== undefined) throw omitted('managed instances (CapacityProviderConfig)');
  if (settings.DurableConfig !== undefined) throw omitted('durable functions (DurableConfig)');
  if (settings.CodeSigningConfigArn !== undefined) throw omitted('code signing (CodeSigningConfigArn)');
  if (settings.DeadLetterConfig?.TargetArn) {
    throw omitted('dead-letter queues (DeadLetterConfig); an on-failure destination of the event invoke config works');
  }
  if (settings.Runtime !== undefined && !/^(nodejs|python3|provided)/.test(settings.Runtime)) {
    throw omitted(`the runtime ${settings.Runtime} (it runs nodejs*, python3.* and provided.*)`);
  }
  checkVariables(textMap(settings.Environment?.Variables));
  const { LoggingConfig: logging } = settings;
  if (logging?.LogFormat !== 'JSON' && (logging?.ApplicationLogLevel ?? logging?.SystemLogLevel) !== undefined) {
    throw invalidParameter('To configure log levels, set the log format to JSON.');
  }
}

/** A map of texts as the wire hands it on, typed as what it is: its values are never absent. */
export const textMap = (map: Record<string, string | undefined> | undefined): Record<string, string> =>
  (map ?? {}) as Record<string, string>;

function checkVariables(variables: Record<string, string>): void {
  const reserved = Object.keys(variables).filter((key) => (RESERVED_VARIABLES as readonly string[]).includes(key));
  if (reserved.length > 0) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  if (Buffer.byteLength(JSON.stringify(variables)) > VARIABLES_BYTES) {
    throw invalidParameter(
      'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ' +
        JSON.stringify(variables),
    );
  }
}

/** The settings given, over those that were. */
export function applySettings(version: FunctionVersion, settings: Settings): FunctionVersion {
  const { LoggingConfig: logging } = settings;
  const merged = logging === undefined ? version.logging : { ...version.logging, ...logging };
  return {
    ...version,
    runtime: settings.Runtime ?? version.runtime,
    role: settings.Role ?? version.role,
    handler: settings.Handler ?? version.handler,
    description: settings.Description ?? version.description,
    timeoutSeconds: settings.Timeout ?? version.timeoutSeconds,
    memoryMb: settings.MemorySize ?? version.memoryMb,
    variables: settings.Environment === undefined ? version.variables : textMap(settings.Environment.Variables),
    logging:
      merged.LogFormat === 'JSON'
        ? { ApplicationLogLevel: 'INFO', SystemLogLevel: 'INFO', ...merged }
        : { LogFormat: 'Text', LogGroup: merged.LogGroup },
    inert: {
      ...version.inert,
      ...(settings.TracingConfig && { TracingConfig: settings.TracingConfig }),
      ...(settings.EphemeralStorage && { EphemeralStorage: settings.EphemeralStorage }),
      ...(settings.SnapStart && {
        SnapStart: { ApplyOn: settings.SnapStart.ApplyOn ?? 'None', OptimizationStatus: 'Off' as const },
      }),
      ...(settings.KMSKeyArn && { KMSKeyArn: settings.KMSKeyArn }),
      ...(settings.VpcConfig && {
        VpcConfig: {
          SubnetIds: settings.VpcConfig.SubnetIds ?? [],
          SecurityGroupIds: settings.VpcConfig.SecurityGroupIds ?? [],
          VpcId: settings.VpcConfig.SubnetIds?.length ? 'vpc-00000000000000000' : '',
        },
      }),
    },
  };
}
