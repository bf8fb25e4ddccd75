import type { Outage } from '../shared/patience.js';
import { explainSdkError } from './explain-sdk-error.js';
import { isPassing, KinesisError } from './kinesis-call.js';
import type { Target } from './target.js';

/** The target as sentences name it. */
export const targetName = (target: Target): string => target.endpointUrl ?? `AWS in ${target.region}`;

/** The failure in words, if waiting may mend it: the service failed, or nobody answers. undefined for every other error. */
export function outageOf(error: unknown, target: Target): Outage | undefined {
  if (!isPassing(error)) return undefined;
  const where = targetName(target);
  const what =
    error instanceof KinesisError ? `${where} fails (${error.code}: ${error.message})` : `${where} stopped answering`;
  return { what, hint: explainSdkError(error, target)?.hint, cause: error };
}
