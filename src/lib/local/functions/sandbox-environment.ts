import { delimiter, join } from 'node:path';
import { asHere } from './aws-paths.js';
import type { FunctionSpec } from './function-spec.js';

/** What varies from process to process of one function. */
export interface SandboxPlace {
  /** Only for runtimes of others: what our bootstraps use is in no variable. */
  runtimeApi: string | undefined;
  endpointUrl: string | undefined;
  /** Who the function is to AWS, where that is not the endpoint's test keys. */
  identity: Readonly<Record<string, string>> | undefined;
  logStream: string;
  /** A folder of this process alone, for HOME and TMPDIR. */
  scratchDir: string;
  /** A file with the endpoint's certificate, where it serves TLS. */
  certificateFile: string | undefined;
}

const TEST_KEYS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_SESSION_TOKEN: 'test' };

/**
 * The whole environment of a function's process. Of the endpoint's own only PATH and
 * LD_LIBRARY_PATH, which its interpreters may need, are handed on: the user's credentials and profile
 * must not reach code that believes itself in AWS.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function functionEnvironment(
  spec: FunctionSpec,
  place: SandboxPlace,
  ofRuntime: Readonly<Record<string, string>>,
): Record<string, string> {
  const environment: Record<string, string> = {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    HOME: place.scratchDir,
    TMPDIR: place.scratchDir,
    LD_LIBRARY_PATH: libraryPath(spec),
    ...ofRuntime,
    ...spec.environment,
    _HANDLER: asHere(spec, spec.handler),
    LAMBDA_TASK_ROOT: spec.codeDir,
    LAMBDA_RUNTIME_DIR: spec.codeDir,
    ...(place.runtimeApi !== undefined && { AWS_LAMBDA_RUNTIME_API: place.runtimeApi }),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: spec.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
    AWS_LAMBDA_LOG_FORMAT: spec.logFormat,
    AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}`,
    AWS_REGION: spec.region,
    AWS_DEFAULT_REGION: spec.region,
    ...(place.identity ?? TEST_KEYS),
    // For the X-Ray SDK, whose daemon nobody is here: a function that has it must not fail for want of it.
    AWS_XRAY_CONTEXT_MISSING: spec.environment.AWS_XRAY_CONTEXT_MISSING ?? 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: spec.environment.AWS_XRAY_DAEMON_ADDRESS ?? '127.0.0.1:2000',
  };
  // A function may set its own, to reach a service elsewhere.
  const endpointUrl = spec.environment.AWS_ENDPOINT_URL ?? place.endpointUrl;
  if (endpointUrl !== undefined) environment.AWS_ENDPOINT_URL = endpointUrl;
  // For Node beside the authorities it knows; for boto3, which asks nobody but the endpoint, instead of them.
  if (place.certificateFile !== undefined) {
    environment.NODE_EXTRA_CA_CERTS = place.certificateFile;
    environment.AWS_CA_BUNDLE = place.certificateFile;
  }
  if (spec.logFormat === 'JSON') environment.AWS_LAMBDA_LOG_LEVEL = spec.applicationLogLevel;
  if (spec.layersDir !== undefined) environment.PATH = `${spec.layersDir}/bin:${environment.PATH}`;
  return environment;
}

/** Where AWS lets a package and its layers have native libraries. */
function libraryPath({ codeDir, layersDir }: FunctionSpec): string {
  const folders = [codeDir, join(codeDir, 'lib'), ...(layersDir === undefined ? [] : [join(layersDir, 'lib')])];
  return [...folders, ...(process.env.LD_LIBRARY_PATH ? [process.env.LD_LIBRARY_PATH] : [])].join(delimiter);
}
