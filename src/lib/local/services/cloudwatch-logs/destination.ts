import { parseArn } from '../../kit/arn.js';
import type { Destination, Sender } from '../../ports.js';
import type { ServiceEnvironment } from '../../service.js';
import { AwsError } from '../../wire/aws-error.js';
import { INVALID } from './constraints.js';

/** Where a subscription filter delivers to. */
export interface FilterDestination {
  vendor: string;
  /** The largest envelope it takes. */
  mostBytes: number;
  /** Hands one envelope over. */
  deliver(envelope: Uint8Array, partitionKey: string): Promise<void>;
  /**
   * Whether the destination is there and takes what comes from this log group; the error is PutSubscriptionFilter's, in AWS's exact
   * words (programs compare them), with the reason as its cause.
   */
  check(controlMessage: Uint8Array, groupName: string, sender: Sender): Promise<void>;
}

/** An asynchronous invocation's payload was limited to 256 KB for years, and the envelope travels in base64. */
const LAMBDA_ENVELOPE_BYTES = 190_000;
/** What filters can name on AWS alone. */
const NOT_HERE = ['logs', 'es', 'opensearch'];
const VENDORS = ['kinesis', 'firehose', 'lambda'];

/**
 * Reads a destination's ARN: a Kinesis stream, a delivery stream or a Lambda function of this region.
 * @throws AwsError InvalidParameterException for what is neither
 */
export async function readDestination(
  arn: string,
  region: string,
  { ports, calls }: Pick<ServiceEnvironment, 'ports' | 'calls'>,
): Promise<FilterDestination> {
  const { service = '', accountId = '' } = parseArn(arn) ?? {};
  if (NOT_HERE.includes(service)) {
    throw new AwsError(
      INVALID,
      `This endpoint delivers to Kinesis streams, delivery streams and Lambda functions; ${service} destinations are not implemented (${arn}).`,
    );
  }
  const port = VENDORS.includes(service) ? await ports.destination(arn) : undefined;
  if (!port) throw new AwsError(INVALID, `Invalid destinationArn: ${arn}`);
  return service === 'lambda'
    ? functionDestination(port, arn, { region, accountId, calls })
    : streamDestination(port, arn, region, service === 'kinesis' ? 'Kinesis' : 'Firehose');
}

function streamDestination(
  port: Destination,
  arn: string,
  region: string,
  kind: 'Kinesis' | 'Firehose',
): FilterDestination {
  const deliver = (body: Uint8Array, key: string): Promise<void> => port.deliver(arn, { body, key }, { region });
  return {
    vendor: kind.toLowerCase(),
    mostBytes: port.mostBytes,
    deliver,
    async check(controlMessage) {
      await deliver(controlMessage, 'CloudwatchLogs').catch((cause: unknown) => {
        throw refusal(
          `Could not deliver test message to specified ${kind} stream. Check if the given ${kind.toLowerCase()} stream is in ACTIVE state.`,
          cause,
        );
      });
    },
  };
}

function functionDestination(
  port: Destination,
  arn: string,
  { region, accountId, calls }: { region: string; accountId: string; calls: ServiceEnvironment['calls'] },
): FilterDestination {
  const cannotExecute = (cause: unknown): never => {
    throw refusal(
      'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
      cause,
    );
  };
  return {
    vendor: 'lambda',
    mostBytes: Math.min(port.mostBytes, LAMBDA_ENVELOPE_BYTES),
    async deliver(envelope) {
      const data = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength).toString('base64');
      await port.deliver(arn, { body: Buffer.from(JSON.stringify({ awslogs: { data } })) }, { region });
    },
    async check(_, groupName, sender) {
      if (accountId !== sender.accountId) {
        throw new AwsError(
          'AccessDeniedException',
          'Cross-account lambda invocation passing is not allowed. You must use DestinationPolicies to create cross account lambda triggers.',
        );
      }
      const { FunctionName, LoggingConfig } = await calls(region)
        .lambda.GetFunctionConfiguration({ FunctionName: arn })
        .catch(cannotExecute);
      if (groupName === (LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`)) {
        throw new AwsError(
          INVALID,
          'The log group provided is reserved for the function logs of the destination function.',
        );
      }
      await port.check(arn, sender).catch(cannotExecute);
    },
  };
}

function refusal(message: string, cause: unknown): AwsError {
  return Object.assign(new AwsError(INVALID, message), { cause });
}
