import { randomUUID } from 'node:crypto';
import type { ServiceEnvironment } from '../../service.js';
import { invalidParameter, omitted } from './lambda-error.js';

const LAMBDA = /^arn:aws[a-zA-Z-]*:lambda:([a-z0-9-]+):\d{12}:function:\S+$/;
const S3 = /^arn:aws[a-zA-Z-]*:s3:::(\S+)$/;

/** Which kinds of destination a place may name. */
export type DestinationKind = 'lambda' | 's3';

/**
 * Checks a destination's ARN.
 * @throws AwsError for one that AWS would not take, and for one that the local endpoint has no service for
 */
export function checkDestination(arn: string, kinds: readonly DestinationKind[]): void {
  if (/^arn:aws[a-zA-Z-]*:sqs:/.test(arn)) throw omitted('SQS, so a queue cannot be a destination');
  if (/^arn:aws[a-zA-Z-]*:sns:/.test(arn)) throw omitted('SNS, so a topic cannot be a destination');
  if (/^arn:aws[a-zA-Z-]*:events:/.test(arn)) throw omitted('EventBridge, so an event bus cannot be a destination');
  const kind = LAMBDA.test(arn) ? 'lambda' : S3.test(arn) ? 's3' : undefined;
  if (kind === undefined || !kinds.includes(kind)) {
    throw invalidParameter(`The destination ARN ${arn} is invalid; it may name ${kinds.join(', ')}.`);
  }
}

/**
 * Hands a record to a destination. One that fails is told in the endpoint's log: there is nobody else to tell.
 * @param from names the sender: a function under `async/`, or a mapping and its shard; in a bucket it is part of the key
 */
export async function sendToDestination(
  environment: ServiceEnvironment,
  region: string,
  arn: string,
  record: object,
  from: string,
): Promise<void> {
  const text = JSON.stringify(record);
  const calls = environment.calls(region);
  try {
    if (LAMBDA.test(arn)) {
      await calls.lambda.Invoke({ FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(text) });
    } else {
      const now = new Date(environment.clock.now()).toISOString();
      await calls.s3.PutObject({
        Bucket: S3.exec(arn)?.[1] ?? '',
        Key: `aws/lambda/${from}/${now.slice(0, 10).replaceAll('-', '/')}/${now.slice(0, 19).replaceAll(':', '.')}-${randomUUID()}`,
        Body: text,
      });
    }
  } catch (error) {
    environment.log(`${from}: a record did not reach ${arn}: ${error instanceof Error ? error.message : error}`);
  }
}
