import { randomBytes } from 'node:crypto';

/** What the traces of this process have in common. */
const TRACES = randomBytes(10).toString('hex');
let traces = 0;

/** A trace that is not sampled, as AWS begins one where the caller did not: the X-Ray SDK wants one at each invocation. */
export function newTrace(nowMs: number): string {
  const number = (++traces).toString(16).padStart(12, '0');
  const time = Math.floor(nowMs / 1000).toString(16);
  return `Root=1-${time}-${TRACES.slice(0, 12)}${number};Parent=${TRACES.slice(12)}${number.slice(-8)};Sampled=0`;
}
