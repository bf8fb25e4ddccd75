import type { Stack } from '@aws-sdk/client-cloudformation';
import type { Clock } from '../shared/clock.js';
import { formatDuration } from '../shared/duration.js';
import { OperationError } from '../shared/errors.js';
import { describeStack } from '../stack/describe-stack.js';
import type { Clients } from '../target/clients.js';
import { destroyCommand } from './target-words.js';

/** On stacks that a check has made: the session that will take them down, or `kept`. */
const OWNER_TAG = 'pipectl:e2e';
const KEPT = 'kept';

const WAIT_MS = 300_000;
const POLL_MS = 1000;

/** Who made a stack: this session, another run that is still at it, a run that kept it, or no check at all. */
export type Standing = 'missing' | 'ours' | 'another-run' | 'kept' | 'foreign';

export interface Claim {
  clients: Clients;
  clock: Clock;
  sessionId: string;
  signal: AbortSignal;
  onWaiting(text: string): void;
}

export const ownerTag = (sessionId: string, keep: boolean): Record<string, string> => ({
  [OWNER_TAG]: keep ? KEPT : sessionId,
});

/**
 * Says whether a stack may be deployed by this session. While another run of a check has it standing, waits for that run to end: two runs over
 * one endpoint go one after the other.
 * @returns `missing` or `ours`: it is this session's to make and to take down; `kept`: a check's to update; `foreign`: to be restored afterwards
 * @throws OperationError when another run has it for too long
 */
export async function claimStack(stackName: string, claim: Claim): Promise<Standing> {
  const { clients, clock, signal } = claim;
  const until = clock.now() + WAIT_MS;
  let told = false;
  for (;;) {
    const stack = await describeStack(clients, stackName, signal);
    const standing = standingOf(stack, claim.sessionId);
    if (standing !== 'another-run') return standing;
    if (clock.now() >= until) {
      throw new OperationError(`The stack ${stackName} belongs to another run of e2e, which does not end.`, {
        hint: `If that run was killed, remove what it left: ${destroyCommand([stackName], clients.target)}`,
      });
    }
    if (!told)
      claim.onWaiting(
        `another run of e2e has the stack ${stackName}; waiting up to ${formatDuration(WAIT_MS)} for it to end (was it killed? ${destroyCommand([stackName], clients.target)})`,
      );
    told = true;
    await clock.sleep(POLL_MS, signal);
  }
}

export function standingOf(stack: Stack | undefined, sessionId: string): Standing {
  if (!stack) return 'missing';
  const owner = stack.Tags?.find(({ Key }) => Key === OWNER_TAG)?.Value;
  if (owner === sessionId) return 'ours';
  if (owner === undefined) return 'foreign';
  return owner === KEPT ? 'kept' : 'another-run';
}
