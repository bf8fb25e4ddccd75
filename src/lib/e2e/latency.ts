/** Milliseconds; by nearest rank, so each figure is one that an event really took. */
export interface Latency {
  p50: number;
  p95: number;
  p99: number;
  max: number;
  mean: number;
}

/** @returns undefined when there is nothing to measure */
export function summarizeLatency(samplesMs: readonly number[]): Latency | undefined {
  if (samplesMs.length === 0) return undefined;
  const sorted = [...samplesMs].sort((a, b) => a - b);
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return {
    p50: rank(0.5),
    p95: rank(0.95),
    p99: rank(0.99),
    max: sorted.at(-1) ?? 0,
    mean: sorted.reduce((sum, sample) => sum + sample, 0) / sorted.length,
  };
}

/** How many samples fell at or below `upToMs` and above the bucket before. */
export interface LatencyBucket {
  upToMs: number;
  count: number;
}

/** Buckets of 1, 2 and 5 times the powers of ten, from the first that holds something to the last. */
export function bucketLatency(samplesMs: readonly number[]): LatencyBucket[] {
  const counts = new Map<number, number>();
  for (const sample of samplesMs) {
    const bound = boundFor(sample);
    counts.set(bound, (counts.get(bound) ?? 0) + 1);
  }
  const bounds = [...counts.keys()].sort((a, b) => a - b);
  const last = bounds.at(-1);
  const buckets: LatencyBucket[] = [];
  for (let bound = bounds[0]; bound !== undefined && last !== undefined && bound <= last; bound = next(bound))
    buckets.push({ upToMs: bound, count: counts.get(bound) ?? 0 });
  return buckets;
}

function boundFor(sample: number): number {
  let bound = 1;
  while (bound < sample) bound = next(bound);
  return bound;
}

function next(bound: number): number {
  const power = 10 ** Math.floor(Math.log10(bound));
  const lead = Math.round(bound / power);
  return lead === 1 ? 2 * power : lead === 2 ? 5 * power : 10 * power;
}
