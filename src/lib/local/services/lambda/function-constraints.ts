// Documented constraints. https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
import type { Constraint, Constraints } from '../../wire/validate.js';

const ROLE: Constraint = { pattern: 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+' };

const RUNTIMES = [
  'nodejs10.x',
  'nodejs12.x',
  'nodejs14.x',
  'nodejs16.x',
  'nodejs18.x',
  'nodejs20.x',
  'nodejs22.x',
  'nodejs24.x',
  'python3.8',
  'python3.9',
  'python3.10',
  'python3.11',
  'python3.12',
  'python3.13',
  'python3.14',
  'java8',
  'java8.al2',
  'java11',
  'java17',
  'java21',
  'java25',
  'dotnet6',
  'dotnet8',
  'dotnet10',
  'ruby3.2',
  'ruby3.3',
  'ruby3.4',
  'provided',
  'provided.al2',
  'provided.al2023',
] as const;

export const ARCHITECTURES: Constraint = { min: 1, max: 1, item: { enum: ['x86_64', 'arm64'] } };

/** What CreateFunction and UpdateFunctionConfiguration have in common. */
export const CONFIGURATION: Constraints = {
  Role: ROLE,
  Description: { max: 256 },
  Handler: { max: 128, pattern: '[^\\s]+' },
  Timeout: { range: [1, 900] },
  MemorySize: { range: [128, 10_240] },
  Runtime: { enum: RUNTIMES },
  Environment: { members: { Variables: { keys: { pattern: '[a-zA-Z]([a-zA-Z0-9_])+' } } } },
  EphemeralStorage: { members: { Size: { range: [512, 10_240] } } },
  LoggingConfig: {
    members: {
      LogFormat: { enum: ['JSON', 'Text'] },
      ApplicationLogLevel: { enum: ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] },
      SystemLogLevel: { enum: ['DEBUG', 'INFO', 'WARN'] },
      LogGroup: { min: 1, max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]+' },
    },
  },
  TracingConfig: { members: { Mode: { enum: ['Active', 'PassThrough'] } } },
};

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html: these keys are the platform's own. */
export const RESERVED_VARIABLES = [
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
] as const;
export const VARIABLES_BYTES = 4096;
