import { parseByteSize } from './byte-size.js';
import { readAmount } from './count.js';
import { UsageError } from './errors.js';

/** How fast to send: so many records or bytes a second, or as fast as the target takes them. */
export type Rate = { unit: 'records' | 'bytes'; perSecond: number } | { unit: 'max' };

const PERIOD_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const BYTES = /^\d+(?:\.\d+)?[kmg]?i?b$/i;

/**
 * Reads a rate: `1000`, `1k` and `1000/s` are records, `30/m` too; `2MB/s` and `512KiB/s` are bytes of data and keys; `max` sets no pace.
 * @throws UsageError when the text is not a rate, or is zero
 */
export function parseRate(text: string, what = 'rate'): Rate {
  if (text === 'max') return { unit: 'max' };
  const { amount, seconds } = splitPeriod(text);
  if (BYTES.test(amount)) {
    const perSecond = parseByteSize(amount, what) / seconds;
    if (perSecond > 0) return { unit: 'bytes', perSecond };
  }
  const perSecond = readCountRate(text);
  if (perSecond !== undefined) return { unit: 'records', perSecond };
  throw invalidRate(text, what, 'Use records (1000/s, 1k, 90/m), bytes (2MB/s, 512KiB/s) or max.');
}

/** Reads how often something happens: `50` and `50/s` are fifty a second, `300/m` is five, `1k` a thousand. @returns times a second; undefined for any other text, and for zero */
export function readCountRate(text: string): number | undefined {
  const { amount, seconds } = splitPeriod(text);
  const perSecond = (readAmount(amount) ?? 0) / seconds;
  return perSecond > 0 ? perSecond : undefined;
}

/** {@link readCountRate} for a flag. @throws UsageError when the text is not a rate above zero */
export function parseCountRate(text: string, what = 'rate'): number {
  const perSecond = readCountRate(text);
  if (perSecond !== undefined) return perSecond;
  throw invalidRate(text, what, 'Use a number for each second, minute or hour: 50/s, 300/m, 1k.');
}

function invalidRate(text: string, what: string, hint: string): UsageError {
  const zero = /^0+(?:\.0+)?\D*$/.test(text);
  return new UsageError(`${what}: ${zero ? 'a rate of zero sends nothing' : `"${text}" is not a valid rate`}.`, {
    hint,
  });
}

function splitPeriod(text: string): { amount: string; seconds: number } {
  const [, amount = '', period = 's'] = /^(.+?)(?:\/([smh]))?$/i.exec(text) ?? [];
  return { amount, seconds: PERIOD_SECONDS[period.toLowerCase()] ?? 1 };
}
