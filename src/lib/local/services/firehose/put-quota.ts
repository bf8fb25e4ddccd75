import type { ServiceEnvironment } from '../../service.js';

interface Rates {
  records: number;
  calls: number;
  bytes: number;
}

const MEBIBYTE = 1024 * 1024;
/** Of one delivery stream, each second, direct puts alone. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const LARGE: Rates = { records: 500_000, calls: 2000, bytes: 5 * MEBIBYTE };
const SMALL: Rates = { records: 100_000, calls: 1000, bytes: MEBIBYTE };
const LARGE_REGIONS = new Set(['us-east-1', 'us-west-2', 'eu-west-1']);

/** What may still be put into a delivery stream in this second. */
export class PutQuota {
  readonly #environment: Pick<ServiceEnvironment, 'clock' | 'limits'>;
  readonly #rates: Rates;
  #filledMs: number;
  #left: Rates;

  constructor(environment: Pick<ServiceEnvironment, 'clock' | 'limits'>, region: string) {
    this.#environment = environment;
    this.#rates = LARGE_REGIONS.has(region) ? LARGE : SMALL;
    this.#left = { ...this.#rates };
    this.#filledMs = environment.clock.now();
  }

  /** Takes one call from the quota. @returns false if it has none left */
  takeCall(): boolean {
    return this.#take({ records: 0, calls: 1, bytes: 0 });
  }

  /** Takes one record from the quota. @returns false if it has no room for it */
  takeRecord(bytes: number): boolean {
    return this.#take({ records: 1, calls: 0, bytes });
  }

  #take({ records, calls, bytes }: Rates): boolean {
    const { clock, limits } = this.#environment;
    if (limits === 'off') return true;
    const now = clock.now();
    const passed = Math.max(0, now - this.#filledMs) / 1000;
    const refill = (left: number, rate: number): number => Math.min(rate, left + passed * rate);
    this.#filledMs = now;
    const left = {
      records: refill(this.#left.records, this.#rates.records),
      calls: refill(this.#left.calls, this.#rates.calls),
      bytes: refill(this.#left.bytes, this.#rates.bytes),
    };
    const fits = left.records >= records && left.calls >= calls && left.bytes >= bytes;
    this.#left = fits
      ? { records: left.records - records, calls: left.calls - calls, bytes: left.bytes - bytes }
      : left;
    return fits;
  }
}
