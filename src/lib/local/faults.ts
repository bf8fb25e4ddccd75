// One-shot or seeded faults, for tests of what a pipeline and its checks do when a hop misbehaves.

/** Where a fault can strike: an operation (`kinesis.PutRecords`), or one of the deliveries between services. */
export type FaultPoint = `${string}.${string}`;

export interface Fault {
  /** `SERVICE.OPERATION` as on the wire, or a delivery point: `logs.deliver` (subscription filter), `mapping.deliver` (event source mapping), `lambda.run` (one invocation). */
  at: FaultPoint;
  /**
   * `error` answers `code`/`message`; `delay` waits `delayMs` first; `drop` does nothing and reports success;
   * `duplicate` does it twice; `reorder` delivers in reverse order; `crash` kills the function's process.
   */
  kind: 'error' | 'delay' | 'drop' | 'duplicate' | 'reorder' | 'crash';
  /** How often it strikes; 1 when left out. */
  times?: number;
  /** Strikes this share of the calls, 0 to 1, drawn from `seed`; every call when left out. */
  probability?: number;
  seed?: number;
  /** Strikes only when the text that is handed on (a message, a payload, a resource name) contains this. */
  match?: string;
  delayMs?: number;
  code?: string;
  message?: string;
}

export interface FaultHooks {
  /** The fault that strikes here and now, if any; taking it counts one of its `times`. `text` is called only when a fault has a `match`. */
  take(at: FaultPoint, text?: () => string): Fault | undefined;
  add(fault: Fault): void;
  /** The faults that can still strike, with how often each has struck: a test that armed them knows what was met. */
  armed(): { fault: Fault; struck: number }[];
  clear(): void;
}

/** A registry of faults. With none set, `take` costs one comparison. */
export function createFaults(): FaultHooks {
  let armed: { fault: Fault; left: number; random: () => number }[] = [];
  return {
    add(fault) {
      armed.push({ fault, left: fault.times ?? 1, random: seeded(fault.seed ?? 1) });
    },
    clear() {
      armed = [];
    },
    armed: () => armed.map(({ fault, left }) => ({ fault, struck: (fault.times ?? 1) - left })),
    take(at, text) {
      if (armed.length === 0) return undefined;
      for (const entry of armed) {
        const { fault } = entry;
        if (fault.at !== at || entry.left <= 0) continue;
        if (fault.match !== undefined && !text?.().includes(fault.match)) continue;
        if (fault.probability !== undefined && entry.random() >= fault.probability) continue;
        entry.left -= 1;
        if (entry.left <= 0) armed = armed.filter((other) => other !== entry);
        return fault;
      }
      return undefined;
    },
  };
}

/** mulberry32: small, seedable, good enough to choose which call a fault strikes. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
