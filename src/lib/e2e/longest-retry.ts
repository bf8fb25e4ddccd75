import type { EventSourceMappingConfiguration, LambdaClient } from '@aws-sdk/client-lambda';
import type { Check } from './check-file/check.js';
import { eventSourceOf } from './diagnosis/event-source.js';
import { listMappings } from './diagnosis/list-mappings.js';
import type { Session } from './open-session.js';
import type { ProbeSpec } from './probes/probes.js';

/** AWS's default. https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
const DEFAULT_TIMEOUT_SECONDS = 3;

/**
 * How long after its first attempt a batch may still be retried, by the settings of the event source mappings on the path: of the most patient of
 * them, in milliseconds. 0 where there is none, or where they may not be looked at.
 */
export async function longestRetryMs({ options, resolver }: Session): Promise<number> {
  const lambda = await options.clients.lambda();
  let longest = 0;
  for (const probe of readByFunctions(options.check)) {
    const source = await eventSourceOf(probe, resolver);
    const mappings = source ? await listMappings(lambda, source).catch(() => []) : [];
    for (const mapping of mappings) longest = Math.max(longest, await retryMs(mapping, lambda));
  }
  return longest;
}

/** What is watched, and the stream that events are put into. */
const readByFunctions = ({ send, hops }: Check): ProbeSpec[] => [
  ...(send.kind === 'put' ? [{ kind: 'stream' as const, stream: send.stream }] : []),
  ...hops.map(({ probe }) => probe),
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
