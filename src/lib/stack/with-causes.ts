import type { Clients } from '../target/clients.js';
import type { ResourceEvent } from './deploy-request.js';
import { firstFailure } from './explain-failure.js';
import { StackFollower } from './follow-stack.js';

/**
 * A stack's events, and where a nested stack failed, in front of that the event in it that says why: the outer one says only that it
 * failed.
 * @param events of one run, oldest first
 */
export async function withCauses(clients: Clients, events: readonly ResourceEvent[]): Promise<ResourceEvent[]> {
  const failed = firstFailure(events);
  const cause = failed && (await causeIn(clients, failed, events[0]?.at ?? failed.at));
  if (!cause) return [...events];
  const at = events.indexOf(failed);
  return [...events.slice(0, at), cause, ...events.slice(at)];
}

/** @param since when the run began: a nested stack has events of earlier ones too */
async function causeIn(clients: Clients, failed: ResourceEvent, since: Date): Promise<ResourceEvent | undefined> {
  if (failed.type !== 'AWS::CloudFormation::Stack' || failed.physicalId === undefined) return undefined;
  const inside = await StackFollower.eventsOf(clients, failed.physicalId);
  const first = firstFailure(inside.filter(({ at }) => at >= since));
  return first && ((await causeIn(clients, first, since)) ?? first);
}
