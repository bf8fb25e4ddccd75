/**
 * Which of AWS's limits hold. `on`: those of shards, and the ones per day. `all`: the call rates too, of the control plane and of
 * GetShardIterator, which an account shares among everything that runs in it.
 */
export const LIMITS = ['on', 'off', 'all'] as const;

export type Limits = (typeof LIMITS)[number];
