import type { EventSourceMappingConfiguration, LambdaClient } from '@aws-sdk/client-lambda';
import { streamNameIn } from './arn-parts.js';
import type { Check } from './check-file/check.js';
import { listMappings } from './diagnosis/list-mappings.js';
import type { Session } from './open-session.js';

/** AWS's default. https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
const DEFAULT_TIMEOUT_SECONDS = 3;

/**
 * How long after its first attempt a batch may still be retried, by the settings of the event source mappings on the path: of the most patient of
 * them, in milliseconds. 0 where there is none, or where they may not be looked at.
 */
export async function longestRetryMs({ options, resolver }: Session): Promise<number> {
  const lambda = await options.clients.lambda();
  let longest = 0;
  for (const reference of streamsOf(options.check)) {
    const stream = await resolver.resolve(reference);
    const mappings = await listMappings(lambda, streamNameIn(stream) ?? stream).catch(() => []);
    for (const mapping of mappings) longest = Math.max(longest, await retryMs(mapping, lambda));
  }
  return longest;
}

const streamsOf = ({ send, hops }: Check): string[] => [
  ...(send.kind === 'put' ? [send.stream] : []),
  ...hops.flatMap(({ probe }) => (probe.kind === 'stream' ? [probe.stream] : [])),
];

/** https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html: -1 and nothing at all mean without end. */
async function retryMs(mapping: EventSourceMappingConfiguration, lambda: LambdaClient): Promise<number> {
  const { MaximumRetryAttempts: attempts = -1, MaximumRecordAgeInSeconds: age = -1 } = mapping;
  const oldest = age > 0 ? age * 1000 : Number.POSITIVE_INFINITY;
  if (attempts < 0) return oldest;
  const { GetFunctionConfigurationCommand } = await import('@aws-sdk/client-lambda');
  const found = await lambda
    .send(new GetFunctionConfigurationCommand({ FunctionName: mapping.FunctionArn }))
    .catch(() => undefined);
  const attemptSeconds = found?.Timeout ?? DEFAULT_TIMEOUT_SECONDS;
  // AWS does not say how long it waits between attempts; doubled from a second, as its SDKs do, is on the safe side.
  const pauseSeconds = 2 ** attempts - 1;
  const seconds = (mapping.MaximumBatchingWindowInSeconds ?? 0) + (attempts + 1) * attemptSeconds + pauseSeconds;
  return Math.min(seconds * 1000, oldest);
}
