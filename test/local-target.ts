import type { Target } from '../src/lib/target/target.js';

/** The local endpoint at a URL, as `--local` would find it. */
export const localTarget = (endpointUrl: string): Target => ({
  kind: 'local',
  endpointUrl,
  region: 'us-east-1',
  profile: undefined,
  why: 'the test',
});
