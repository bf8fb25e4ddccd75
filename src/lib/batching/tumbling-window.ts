import type { BatchRecord } from './batch.js';

/** State above this ends its window. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html */
const STATE_BYTES = 1_048_576;
/** How long after its end a window waits for records that arrived before it. Ours; AWS waits up to two minutes. */
const GRACE_MS = 1_000;

/** What an event says of the window it belongs to. */
export interface WindowPart {
  window: { start: string; end: string };
  state: unknown;
  shardId: string;
  eventSourceARN: string;
  isFinalInvokeForWindow: boolean;
  isWindowTerminatedEarly: boolean;
}

/** A window's turn to be part of a batch. */
export interface WindowTurn {
  window: TumblingWindow;
  shardId: string;
  /** Nothing more comes: the function is to do with the state what it is for. */
  isFinal: boolean;
}

/** A stretch of a shard, by the times its records arrived, over which the function adds up a state. */
export class TumblingWindow {
  readonly #startMs: number;
  readonly #endMs: number;
  #state: unknown = {};
  #stateBytes = 2;

  /** The window that a time falls into: windows lie side by side since 1970. */
  constructor(arrivedMs: number, seconds: number) {
    const lengthMs = seconds * 1000;
    this.#startMs = Math.floor(arrivedMs / lengthMs) * lengthMs;
    this.#endMs = this.#startMs + lengthMs;
  }

  /** When it ends if nothing comes after it. */
  get overAtMs(): number {
    return this.#endMs + GRACE_MS;
  }

  /** Bytes that the state takes in an event. */
  get stateBytes(): number {
    return this.#stateBytes;
  }

  get outgrown(): boolean {
    return this.#stateBytes > STATE_BYTES;
  }

  /** Whether a record is no later than the window. */
  holds({ arrivedMs }: Pick<BatchRecord, 'arrivedMs'>): boolean {
    return arrivedMs < this.#endMs;
  }

  /** What the function answered, for the next batch to go on with. */
  keep(state: unknown): void {
    this.#state = state;
    this.#stateBytes = Buffer.byteLength(JSON.stringify(state));
  }

  part(shardId: string, eventSourceARN: string, isFinal: boolean): WindowPart {
    return {
      window: { start: wholeSecond(this.#startMs), end: wholeSecond(this.#endMs) },
      state: this.#state,
      shardId,
      eventSourceARN,
      isFinalInvokeForWindow: isFinal,
      isWindowTerminatedEarly: isFinal && this.outgrown,
    };
  }
}

const wholeSecond = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
