import { AwsError } from '../../wire/aws-error.js';
import type { Calls } from '../../wire/handlers.js';
import { INVALID } from './constraints.js';
import { type LogSource, letsLogsInvoke } from './lambda-permission.js';

/** Where a subscription filter delivers to. */
export interface Destination {
  vendor: 'kinesis' | 'lambda';
  /** The largest envelope it takes. */
  mostBytes: number;
  /** Hands one envelope over. */
  deliver(envelope: Uint8Array, partitionKey: string): Promise<void>;
  /**
   * Whether the destination is there and takes what comes from this log group; the error is PutSubscriptionFilter's, in AWS's exact
   * words (programs compare them), with the reason as its cause.
   */
  check(controlMessage: Uint8Array, group: LogSource & { name: string }): Promise<void>;
}

/**
 * Reads a destination's ARN: a Kinesis stream or a Lambda function of this region.
 * @throws AwsError InvalidParameterException for what is neither
 */
export function readDestination(arn: string, calls: Calls): Destination {
  const [, , service = '', , accountId = '', resource = ''] = arn.split(':');
  if (service === 'kinesis' && resource.startsWith('stream/')) return kinesisDestination(arn, calls);
  if (service === 'lambda' && resource === 'function') return lambdaDestination(arn, accountId, calls);
  if (service === 'firehose' || service === 'logs' || service === 'es' || service === 'opensearch') {
    throw new AwsError(
      INVALID,
      `This endpoint delivers to Kinesis streams and Lambda functions; ${service} destinations are not implemented (${arn}).`,
    );
  }
  throw new AwsError(INVALID, `Invalid destinationArn: ${arn}`);
}

function kinesisDestination(arn: string, calls: Calls): Destination {
  const put = async (Data: Uint8Array, PartitionKey: string): Promise<void> => {
    await calls.kinesis.PutRecord({ StreamARN: arn, Data, PartitionKey });
  };
  return {
    vendor: 'kinesis',
    mostBytes: 1_048_576 - 256,
    deliver: put,
    async check(controlMessage) {
      await put(controlMessage, 'CloudwatchLogs').catch((cause: unknown) => {
        throw refusal(
          'Could not deliver test message to specified Kinesis stream. Check if the given kinesis stream is in ACTIVE state.',
          cause,
        );
      });
    },
  };
}

function lambdaDestination(arn: string, accountId: string, calls: Calls): Destination {
  return {
    vendor: 'lambda',
    // An asynchronous invocation's payload was limited to 256 KB for years, and the envelope travels in base64.
    mostBytes: 190_000,
    async deliver(envelope) {
      const data = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength).toString('base64');
      await calls.lambda.Invoke({
        FunctionName: arn,
        InvocationType: 'Event',
        Payload: Buffer.from(JSON.stringify({ awslogs: { data } })),
      });
    },
    async check(_, group) {
      if (accountId !== group.accountId) {
        throw new AwsError(
          'AccessDeniedException',
          'Cross-account lambda invocation passing is not allowed. You must use DestinationPolicies to create cross account lambda triggers.',
        );
      }
      const { FunctionName, LoggingConfig } = await calls.lambda
        .GetFunctionConfiguration({ FunctionName: arn })
        .catch((cause: unknown) => {
          throw refusal(CANNOT_EXECUTE, cause);
        });
      if (group.name === (LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`)) {
        throw new AwsError(
          INVALID,
          'The log group provided is reserved for the function logs of the destination function.',
        );
      }
      const policy = await calls.lambda.GetPolicy({ FunctionName: arn }).then(
        (answer) => answer.Policy ?? '{}',
        () => '{}',
      );
      if (!letsLogsInvoke(policy, group)) {
        throw refusal(
          CANNOT_EXECUTE,
          new Error(`its policy does not let logs.amazonaws.com invoke it for ${group.arn} (lambda add-permission)`),
        );
      }
    },
  };
}

const CANNOT_EXECUTE =
  'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.';

function refusal(message: string, cause: unknown): AwsError {
  return Object.assign(new AwsError(INVALID, message), { cause });
}
