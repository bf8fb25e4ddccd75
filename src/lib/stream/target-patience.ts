import { Patience, type PatienceOptions } from '../shared/patience.js';
import { outageOf, targetName } from '../target/outage-of.js';
import type { Target } from '../target/target.js';
import { backoffMs, type ReadPatience } from './read-shard.js';

/** The patience of a command that reads: throttles are waited out, an endpoint that stopped answering for a minute, and all else ends it. */
export function patienceWith(target: Target, options: Omit<PatienceOptions, 'who'>): ReadPatience {
  const where = targetName(target);
  const patience = new Patience({ ...options, who: where });
  return {
    answered: (caller) => patience.answered(caller),
    failed(caller, { kind, cause, message }, tries) {
      if (kind === 'throttled') return backoffMs(tries);
      if (kind === 'passing')
        return patience.failed(
          caller,
          outageOf(cause, target) ?? { what: `${where} does not answer (${message})`, cause },
        );
      // An endpoint that restarts may have its streams back a moment later.
      if (kind === 'gone' && patience.isFailing(caller))
        return patience.failed(caller, { what: `${where} answers without the stream (${message})`, cause });
      throw cause;
    },
  };
}
