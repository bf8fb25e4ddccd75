import { AwsError } from '../../wire/aws-error.js';
import type { Calls } from '../../wire/handlers.js';

/** Where a subscription filter delivers to. */
export interface Destination {
  vendor: 'kinesis' | 'lambda';
  /** The largest envelope it takes. */
  mostBytes: number;
  /** Hands one envelope over. */
  deliver(envelope: Uint8Array, partitionKey: string): Promise<void>;
  /** Whether the destination is there and takes the control message; the error is PutSubscriptionFilter's. */
  check(controlMessage: Uint8Array): Promise<void>;
}

/**
 * Reads a destination's ARN: a Kinesis stream or a Lambda function of this region.
 * @throws AwsError InvalidParameterException for what is neither
 */
export function readDestination(arn: string, calls: Calls): Destination {
  const [, , service = '', , , resource = ''] = arn.split(':');
  if (service === 'kinesis' && resource.startsWith('stream/')) return kinesisDestination(arn, calls);
  if (service === 'lambda' && resource === 'function') return lambdaDestination(arn, calls);
  if (service === 'firehose' || service === 'logs' || service === 'es' || service === 'opensearch') {
    throw new AwsError(
      'InvalidParameterException',
      `This endpoint delivers to Kinesis streams and Lambda functions; ${service} destinations are not implemented (${arn}).`,
    );
  }
  throw new AwsError('InvalidParameterException', `Invalid destinationArn: ${arn}`);
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
      try {
        await put(controlMessage, 'CloudwatchLogs');
      } catch (error) {
        throw new AwsError(
          'InvalidParameterException',
          `Could not deliver test message to specified Kinesis stream. Check if the given kinesis stream is in ACTIVE state. (${reasonOf(error)})`,
        );
      }
    },
  };
}

function lambdaDestination(arn: string, calls: Calls): Destination {
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
    async check() {
      try {
        await calls.lambda.GetFunctionConfiguration({ FunctionName: arn });
      } catch (error) {
        throw new AwsError(
          'InvalidParameterException',
          `Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function. (${reasonOf(error)})`,
        );
      }
    },
  };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
