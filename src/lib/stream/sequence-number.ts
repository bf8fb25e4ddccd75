// The number AWS gives each record: 186 bits, written as 56 decimal digits. It grows along a shard, and a child shard's numbers are
// greater than its parents'. AWS documents only that much; its layout is known from what it hands out, from the top:
//
//   4 bits  always 2
//  36 bits  second in which the shard was created
//   4 bits  low digit of the shard's index
//  64 bits  ordinal of the record in its shard
//   8 bits  0 for a record
//  36 bits  second in which the record arrived
//  32 bits  the shard's index
//   4 bits  version, 2

const ORDINAL_AT = 80n;
const PROGRESS_AT = 72n;
const SECOND_AT = 36n;
const INDEX_AT = 4n;
const VERSION = 2n;

/** The ordinal in the ending sequence number of a closed shard. */
const LAST_ORDINAL = (1n << 63n) - 1n;

export interface SequenceNumberParts {
  /** Seconds since the epoch at which the shard was created. */
  shardCreatedSec: number;
  /** The number in the shard's id. */
  shardIndex: number;
  /** Place of the record in its shard; 0 comes before the first record. `Infinity` stands for the end of a closed shard. */
  ordinal: number;
  /** True for a number just behind the record with this ordinal and before the next one: how far a reader has come. */
  behind: boolean;
  /** Seconds since the epoch at which the record arrived. */
  arrivedSec: number;
}

/** From one record's number to the next, when both arrived in the same second. */
const STEP = 1n << ORDINAL_AT;
/** Digits of a number's lower half, and the first number that does not fit in it. */
const HALF_DIGITS = 28;
const HALF = 10n ** BigInt(HALF_DIGITS);

/**
 * Writes the sequence numbers of one shard. Numbers are mostly asked for one after the other: then only the lower half is converted
 * anew, which takes half the time of converting 186 bits.
 */
export class SequenceNumbers {
  readonly shardCreatedSec: number;
  readonly #shard: bigint;
  readonly #index: bigint;
  /** The number written last. */
  #ordinal = -1;
  #arrivedSec = -1;
  #upper = '';
  #lower = 0n;

  constructor(shardIndex: number, shardCreatedSec: number) {
    this.shardCreatedSec = shardCreatedSec;
    const head = (2n << 40n) | (BigInt(shardCreatedSec) << 4n) | BigInt(shardIndex & 0xf);
    this.#shard = head << 144n;
    this.#index = (BigInt(shardIndex) << INDEX_AT) | VERSION;
  }

  /** The number of the record with this ordinal. */
  at(ordinal: number, arrivedSec: number): string {
    this.#lower += STEP;
    if (ordinal !== this.#ordinal + 1 || arrivedSec !== this.#arrivedSec || this.#lower >= HALF) {
      const value = this.#in(arrivedSec) + (BigInt(ordinal) << ORDINAL_AT);
      this.#upper = (value / HALF).toString();
      this.#lower = value % HALF;
      this.#arrivedSec = arrivedSec;
    }
    this.#ordinal = ordinal;
    return this.#upper + this.#lower.toString().padStart(HALF_DIGITS, '0');
  }

  /** A number greater than that of the record with this ordinal and smaller than any later record's. */
  behind(ordinal: number, arrivedSec: number): string {
    return (this.#in(arrivedSec) + (BigInt(ordinal) << ORDINAL_AT) + (1n << PROGRESS_AT)).toString();
  }

  /** The shard's StartingSequenceNumber. */
  starting(): string {
    return this.at(0, this.shardCreatedSec);
  }

  /** The EndingSequenceNumber of the shard once it is closed. */
  ending(closedSec: number): string {
    return (this.#in(closedSec) + (LAST_ORDINAL << ORDINAL_AT)).toString();
  }

  #in(arrivedSec: number): bigint {
    return this.#shard | (BigInt(arrivedSec) << SECOND_AT) | this.#index;
  }
}

/** Reads a sequence number of this layout; undefined for any other number, an older AWS layout or text. */
export function parseSequenceNumber(text: string): SequenceNumberParts | undefined {
  if (!/^[1-9]\d{55}$/.test(text)) return undefined;
  const value = BigInt(text);
  if (value >> 184n !== 2n || (value & 0xfn) !== VERSION) return undefined;
  const field = (at: bigint, bits: bigint): bigint => (value >> at) & ((1n << bits) - 1n);
  const ordinal = field(ORDINAL_AT, 64n);
  const shardIndex = Number(field(INDEX_AT, 32n));
  if (ordinal > LAST_ORDINAL || field(144n, 4n) !== BigInt(shardIndex & 0xf)) return undefined;
  return {
    shardCreatedSec: Number(field(148n, 36n)),
    shardIndex,
    ordinal: ordinal === LAST_ORDINAL ? Number.POSITIVE_INFINITY : Number(ordinal),
    behind: field(PROGRESS_AT, 8n) > 0n,
    arrivedSec: Number(field(SECOND_AT, 36n)),
  };
}

/** The first number of the oldest layout, 125 bits with a 1 at the top; AWS reads smaller ones as if that bit were set. */
const OLDEST = 1n << 124n;
/** The last second since the epoch that AWS takes for the creation of a shard. */
const LATEST_SEC = 16_025_174_999n;

/**
 * Reads a number of the oldest layout, which no stream of today hands out, as AWS does to say what is wrong with it.
 * @returns the shard it encodes, and the number as AWS shows it; undefined for any other number
 */
export function parseOldestSequenceNumber(text: string): { shardIndex: number; shown: string } | undefined {
  const given = BigInt(text);
  const value = given < OLDEST ? given + OLDEST : given;
  if (value >= OLDEST * 2n || ((value >> 88n) & 0xf_ffff_ffffn) > LATEST_SEC) return undefined;
  return { shardIndex: Number(value & 0xffffn), shown: value.toString() };
}

/** `shardId-000000000007` for 7. */
export const shardIdOf = (index: number): string => `shardId-${String(index).padStart(12, '0')}`;

/** 7 for `shardId-000000000007`; undefined for what is no shard id. */
export function shardIndexOf(shardId: string): number | undefined {
  const match = /^shardId-(\d{12})$/.exec(shardId);
  return match ? Number(match[1]) : undefined;
}
