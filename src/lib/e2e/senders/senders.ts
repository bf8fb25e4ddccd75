import type { SpecOf } from '../check-file/kind.js';
import { invokeSender } from './open-invoke-sender.js';
import { postSender } from './open-post-sender.js';
import { putSender } from './open-put-sender.js';
import type { SenderKind } from './sender.js';

/** Every kind of sender, in the order of the docs. A new one is its file and its line here. */
export const SENDERS = [invokeSender, putSender, postSender] as const;

/** How events enter the pipeline. */
export type WaySpec = SpecOf<(typeof SENDERS)[number]>;

/** The kind that `send` of a check file chose. */
export function senderOf<Spec extends WaySpec>({ kind }: Spec): SenderKind<WaySpec, unknown> {
  const kinds: readonly SenderKind<WaySpec, unknown>[] = SENDERS;
  const found = kinds.find(({ key }) => key === kind);
  if (!found) throw new Error(`no sender of the kind ${kind}`);
  return found;
}
