/**
 * Latencies in buckets that are under 1 % wide, from a microsecond to half an hour: recording one costs a few nanoseconds, and histograms of
 * several workers add up. (hdr-histogram-js does the same and takes 60 ms to load, and 90 ns for each value, a tenth of a record's budget.)
 */
export class LatencyHistogram {
  /** The counts themselves: plain numbers, to be handed from one thread to another. */
  readonly counts: Float64Array;
  #total = 0;
  #sumUs = 0;
  #maxUs = 0;

  constructor() {
    this.counts = new Float64Array(BUCKETS);
  }

  record(ms: number, times = 1): void {
    const us = ms <= 0 ? 0 : Math.min(MAX_US, Math.round(ms * 1000));
    const index = bucketOf(us);
    this.counts[index] = (this.counts[index] ?? 0) + times;
    this.#total += times;
    this.#sumUs += us * times;
    if (us > this.#maxUs) this.#maxUs = us;
  }

  get count(): number {
    return this.#total;
  }

  /** Milliseconds that this share (0 to 1) of the values does not exceed; 0 when there are none. */
  quantile(share: number): number {
    const wanted = Math.max(1, Math.ceil(share * this.#total));
    let seen = 0;
    for (let index = 0; index < BUCKETS; index++) {
      seen += this.counts[index] ?? 0;
      if (this.#total > 0 && seen >= wanted) return Math.min(highestIn(index), this.#maxUs) / 1000;
    }
    return 0;
  }

  /** The figures people ask for, in milliseconds. */
  summary(): LatencySummary {
    return {
      p50: this.quantile(0.5),
      p90: this.quantile(0.9),
      p95: this.quantile(0.95),
      p99: this.quantile(0.99),
      p999: this.quantile(0.999),
      max: this.#maxUs / 1000,
      mean: this.#total === 0 ? 0 : this.#sumUs / this.#total / 1000,
    };
  }

  /** What another thread needs to add these values to its own. */
  toPlain(): PlainHistogram {
    return { counts: this.counts, total: this.#total, sumUs: this.#sumUs, maxUs: this.#maxUs };
  }

  add(other: PlainHistogram): void {
    for (let index = 0; index < BUCKETS; index++)
      this.counts[index] = (this.counts[index] ?? 0) + (other.counts[index] ?? 0);
    this.#total += other.total;
    this.#sumUs += other.sumUs;
    this.#maxUs = Math.max(this.#maxUs, other.maxUs);
  }
}

export interface PlainHistogram {
  counts: Float64Array;
  total: number;
  sumUs: number;
  maxUs: number;
}

export interface LatencySummary {
  p50: number;
  p90: number;
  p95: number;
  p99: number;
  p999: number;
  max: number;
  mean: number;
}

// Values below 256 have a bucket each; every doubling above has 128.
const SUB_BITS = 7;
const MAX_US = 2 ** 31 - 1;
const BUCKETS = (32 - SUB_BITS) << SUB_BITS;

function bucketOf(us: number): number {
  const shift = Math.max(0, 31 - Math.clz32(us) - SUB_BITS);
  return (shift << SUB_BITS) + (us >>> shift);
}

function highestIn(index: number): number {
  const shift = Math.max(0, (index >> SUB_BITS) - 1);
  return (index - (shift << SUB_BITS) + 1) * 2 ** shift - 1;
}
