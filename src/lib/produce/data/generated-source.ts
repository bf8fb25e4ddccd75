import { type KeyPlan, keyChooser, keyFromField } from '../partition-keys.js';
import type { RecordSource } from '../record-source.js';
import { padText } from './padding.js';
import { Random } from './random.js';
import type { MakeRecord } from './schema.js';

export interface GeneratedSourceOptions {
  prepare(random: Random): MakeRecord;
  seed: number;
  keys: KeyPlan;
  /** Pad each record to this many bytes. */
  sizeBytes: number | undefined;
  /** The time that record n tells, given when it is due: milliseconds since the epoch. */
  timeOf(n: number, dueMs: number): number;
  worker: number;
  workers: number;
}

/** Data made on the spot, without end. Record n follows from the seed and n alone, whichever worker makes it. */
export function generatedSource(options: GeneratedSourceOptions): RecordSource {
  const { seed, keys, sizeBytes, worker, workers } = options;
  const random = new Random(seed);
  const make = options.prepare(new Random(seed));
  const chooseKey = keys.kind === 'field' ? undefined : keyChooser(keys);
  const path = keys.kind === 'field' ? keys.path : [];
  const moment = { n: 0, epochMs: 0 };
  let scratch = Buffer.allocUnsafeSlow(64 * 1024);
  let made = 0;
  return {
    next(draft, dueMs) {
      const n = made++ * workers + worker;
      moment.n = n;
      moment.epochMs = options.timeOf(n, dueMs);
      random.startRecord(n);
      let text = make(random, moment);
      if (sizeBytes !== undefined) text = padText(text, sizeBytes);
      // A UTF-16 unit takes three bytes of UTF-8 at most.
      if (text.length * 3 > scratch.length) scratch = Buffer.allocUnsafeSlow(text.length * 4);
      draft.n = n;
      draft.bytes = scratch;
      draft.start = 0;
      draft.end = scratch.write(text, 0, 'utf8');
      draft.partitionKey = chooseKey ? chooseKey(random) : keyFromField(JSON.parse(text), path, text);
      draft.dueMs = undefined;
      return 'ready';
    },
    refill: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
