import { randomUUID } from 'node:crypto';
import { parseArn } from '../../kit/arn.js';
import type { ServiceEnvironment } from '../../service.js';
import { invalidParameter, omitted } from './lambda-error.js';

/** What AWS takes and nothing here answers for. */
const NOT_HERE: Record<string, string> = {
  events: 'EventBridge, so an event bus cannot be a destination',
};

/** The services whose resources an asynchronous invocation may name. Buckets keep what failed. */
export const ON_SUCCESS = ['lambda', 'sqs', 'sns', 'events'];
export const ON_FAILURE = [...ON_SUCCESS, 's3'];
/** Those that an event source mapping may name. */
export const ON_MAPPING_FAILURE = ['sqs', 'sns', 's3'];

/**
 * Checks a destination's ARN; none is no mistake.
 * @param services those whose resources the place may name
 * @throws AwsError for one that AWS does not take, and for one that the local endpoint has no service for
 */
export async function checkDestination(
  { ports }: ServiceEnvironment,
  arn: string | undefined,
  services: readonly string[],
): Promise<void> {
  if (!arn) return;
  const { service = '' } = parseArn(arn) ?? {};
  if (services.includes(service)) {
    if (await ports.destination(arn)) return;
    const missing = NOT_HERE[service];
    if (missing !== undefined) throw omitted(missing);
  }
  throw invalidParameter(`The destination ARN ${arn} is invalid; it may name ${services.join(', ')}.`);
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
  try {
    const destination = await environment.ports.destination(arn);
    if (!destination) throw new Error('nothing here takes it');
    const body = Buffer.from(JSON.stringify(record));
    const key = isBucket(arn) ? { key: objectKey(from, environment.clock.now()) } : {};
    await destination.deliver(arn, { body, ...key }, { region });
  } catch (error) {
    environment.log(`${from}: a record did not reach ${arn}: ${error instanceof Error ? error.message : error}`);
  }
}

export const isBucket = (arn: string): boolean => parseArn(arn)?.service === 's3';

/** https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
function objectKey(from: string, nowMs: number): string {
  const now = new Date(nowMs).toISOString();
  return `aws/lambda/${from}/${now.slice(0, 10).replaceAll('-', '/')}/${now.slice(0, 19).replaceAll(':', '.')}-${randomUUID()}`;
}
