import { stringifyExact, withExactNumbers } from '../shared/exact-numbers.js';
import { type Field, selectFields } from './select-fields.js';
import { keyOf, type TailItem } from './tail-item.js';

/** The value of an item as JSON on one line: what is JSON keeps every digit and the order in which it was written. */
export function valueText(item: TailItem, fields: readonly Field[] | undefined): string {
  if (item.layers.at(-1) !== 'json') return JSON.stringify(item.value);
  if (fields) return stringifyExact(selectFields(exactValue(item), fields));
  // In valid JSON a line break stands between tokens only, where no space is needed.
  return /[\r\n]/.test(item.text) ? item.text.replace(/\s*[\r\n]\s*/g, '') : item.text;
}

/** The value with numbers that keep all their digits, for what takes it apart. */
export const exactValue = (item: TailItem): unknown =>
  item.layers.at(-1) === 'json' ? withExactNumbers(item.text, item.value) : item.value;

/**
 * An item with everything that is known of it, what `--json` prints: `shardId`, `sequenceNumber`, `partitionKey`, `explicitHashKey`, `subSequenceNumber`,
 * `outsideShard`, `arrivedAt`, `layers`, `schema`, `log`, `problem`, `data`.
 */
export function envelopeText(item: TailItem, fields: readonly Field[] | undefined): string {
  const { record } = item;
  const about = JSON.stringify({
    shardId: record.shardId,
    sequenceNumber: record.sequenceNumber,
    partitionKey: keyOf(item),
    explicitHashKey: item.explicitHashKey,
    subSequenceNumber: item.subSequenceNumber,
    outsideShard: item.outsideShard,
    arrivedAt: new Date(record.arrivedMs).toISOString(),
    layers: item.layers,
    schema: item.schema,
    log: item.log,
    problem: item.problem,
  });
  return `${about.slice(0, -1)},"data":${valueText(item, fields)}}`;
}
