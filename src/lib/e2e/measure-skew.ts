import type { Clock } from '../shared/clock.js';
import type { Target } from '../target/target.js';

const TIMEOUT_MS = 2000;
/** A Date header is whole seconds, and comes a while after it was written: what is less may be nothing. */
const LEAST_SKEW_MS = 2000;

/**
 * How far the target's clock is ahead of `clock`, in milliseconds, by the Date header of whatever it answers. Requests are taken by AWS with
 * clocks that differ by minutes, but a probe that asked for what happened "since now" would then see nothing.
 * @returns 0 where they agree to two seconds, where both run on this machine, and where nobody says
 */
export async function measureSkew(target: Target, clock: Clock, signal: AbortSignal): Promise<number> {
  if (target.kind === 'local') return 0;
  const domain = target.region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const beganAtMs = clock.now();
  const answer = await fetch(target.endpointUrl ?? `https://sts.${target.region}.${domain}/`, {
    method: 'HEAD',
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }).catch(() => undefined);
  const serverMs = Date.parse(answer?.headers.get('date') ?? '');
  const middle = (beganAtMs + clock.now()) / 2;
  // On average the header was written half a second after the second that it names.
  const skewMs = serverMs + 500 - middle;
  return Math.abs(skewMs) >= LEAST_SKEW_MS ? Math.round(skewMs) : 0;
}
