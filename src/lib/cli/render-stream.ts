import { formatByteSize } from '../shared/byte-size.js';
import { formatDuration } from '../shared/duration.js';
import type { DescribedShard, DescribedStream } from '../stream/describe-stream.js';
import { hexOfHashKey } from '../stream/hash-key.js';
import { modeInWords } from '../stream/plan-stream.js';
import type { RateSample, ShardRate } from '../stream/watch-rates.js';
import type { Output } from './output.js';
import { type Column, renderTable } from './render-table.js';

/**
 * One stream: what it is, its shards, its consumers. In a pipe, its shards alone, a line each, with whole hash keys.
 * @param withClosed in a terminal, shows the shards that a reshard has closed, not only how many there are
 */
export function renderStream(stream: DescribedStream, withClosed: boolean, out: Output): string {
  if (!out.isTTY) return renderTable(stream.shards, PIPED_SHARDS, out);
  const { bold, dim } = out.style;
  const facts = [
    modeInWords(stream.mode),
    `${stream.openShards} open shard${stream.openShards === 1 ? '' : 's'}`,
    `keeps ${stream.retentionHours}h`,
    stream.maxRecordKiB === undefined ? undefined : `records up to ${formatByteSize(stream.maxRecordKiB * 1024)}`,
    stream.encryption === 'NONE' ? 'not encrypted' : `encrypted with ${stream.encryption}`,
  ].filter((fact) => fact !== undefined);
  const tags = Object.entries(stream.tags);
  const consumers =
    stream.consumers.length > 0
      ? renderTable(stream.consumers, CONSUMERS, out)
      : `${dim(stream.unknown.includes('consumers') ? 'This endpoint does not tell consumers.' : 'No consumers with enhanced fan-out.')}\n`;
  return [
    `${bold(stream.name)}  ${stream.status}\n`,
    `${facts.join(', ')}\n`,
    stream.arn === undefined ? '' : `${dim(stream.arn)}\n`,
    tags.length === 0 ? '' : `${dim(`tags ${tags.map((pair) => pair.join('=')).join(', ')}`)}\n`,
    '\n',
    renderShards(stream, withClosed, out),
    '\n',
    consumers,
  ].join('');
}

/** What a live block has besides its shards: the header, the sum, the line of what is hidden, and the cursor's. */
const ROWS_AROUND = 4;

/** The open ones: what a stream is made of now. AWS lists closed shards until their last record expires, and a reshard closes many. */
function renderShards({ shards, retentionHours }: DescribedStream, withClosed: boolean, out: Output): string {
  const shown = withClosed ? shards : shards.filter(({ open }) => open);
  const hidden = shards.length - shown.length;
  const note = `and ${hidden} closed shard${hidden === 1 ? '' : 's'}, listed until their records expire (${retentionHours}h): --all shows them`;
  return `${renderTable(shown, shardColumns(out), out)}${hidden > 0 ? `${out.style.dim(note)}\n` : ''}`;
}

const shardColumns = (out: Output): Column<DescribedShard>[] => [
  {
    header: 'SHARD',
    value: ({ id }) => id,
    paint: (text, { open }) => (open ? text : out.style.dim(text)),
  },
  { header: 'STATE', value: stateOf, paint: (text, { open }) => (open ? out.style.green(text) : out.style.dim(text)) },
  { header: 'HASH KEYS (HEX)', value: hexRange },
  { header: 'SHARE', value: ({ share }) => percent(share), align: 'right' },
  { header: 'PARENTS', value: ({ parents }) => parents.map(shortId).join(' ') || undefined },
];

const PIPED_SHARDS: Column<DescribedShard>[] = [
  { header: 'SHARD', value: ({ id }) => id },
  { header: 'STATE', value: stateOf },
  { header: 'START', value: ({ startHashKey }) => startHashKey },
  { header: 'END', value: ({ endHashKey }) => endHashKey },
  { header: 'SHARE', value: ({ share }) => share.toFixed(6) },
  { header: 'PARENTS', value: ({ parents }) => parents.join(',') || undefined },
];

const CONSUMERS: Column<DescribedStream['consumers'][number]>[] = [
  { header: 'CONSUMER', value: ({ name }) => name },
  { header: 'STATUS', value: ({ status }) => status },
  { header: 'ARN', value: ({ arn }) => arn, flexible: true },
];

/** `shardId-000000000012` -> `…012` */
const shortId = (id: string): string => id.replace(/^shardId-0*(?=\d{3})/, '…');

function stateOf({ open }: DescribedShard): string {
  return open ? 'open' : 'closed';
}

/** Of ten thousand shards each has 0.01 %; a split by hand may leave one next to nothing. */
function percent(share: number): string {
  if (share >= 0.00995) return `${(share * 100).toFixed(1)} %`;
  return share >= 0.00005 ? `${(share * 100).toFixed(2)} %` : '<0.01 %';
}

/** The first 8 of 32 digits are enough to see where a shard lies. */
function hexRange({ startHashKey, endHashKey }: DescribedShard): string {
  const short = (key: string): string => hexOfHashKey(BigInt(key)).slice(0, 8);
  return `${short(startHashKey)}…${short(endHashKey)}`;
}

/** The rates of one second: a table with its sum in a terminal, a line a shard with the time in a pipe. */
export function renderRates({ at, shards }: RateSample, out: Output): string {
  if (!out.isTTY) {
    const columns: Column<ShardRate>[] = [{ header: 'AT', value: () => at.toISOString() }, ...PIPED_RATES];
    return renderTable(shards, columns, out);
  }
  const sum = (pick: (rate: ShardRate) => number): number => shards.reduce((total, rate) => total + pick(rate), 0);
  const all: ShardRate = {
    shard: 'all',
    recordsPerSecond: sum((rate) => rate.recordsPerSecond),
    bytesPerSecond: sum((rate) => rate.bytesPerSecond),
    behindMs: undefined,
    throttled: false,
  };
  // A block that is drawn over in place must fit on the screen.
  const busiest = [...shards]
    .sort((a, b) => b.recordsPerSecond - a.recordsPerSecond)
    .slice(0, Math.max(1, out.height - ROWS_AROUND));
  const shown = shards.filter((rate) => busiest.includes(rate));
  const hidden = shards.length - shown.length;
  const rest = hidden > 0 ? `${out.style.dim(`and ${hidden} shards with less; a pipe shows all`)}\n` : '';
  return `${renderTable([...shown, all], ratesColumns(out), out)}${rest}`;
}

const ratesColumns = (out: Output): Column<ShardRate>[] => [
  { header: 'SHARD', value: ({ shard }) => shard },
  { header: 'RECORDS/S', value: ({ recordsPerSecond }) => recordsPerSecond.toFixed(0), align: 'right' },
  { header: 'BYTES/S', value: ({ bytesPerSecond }) => formatByteSize(bytesPerSecond), align: 'right' },
  { header: 'NOTE', value: noteOf, paint: (text) => out.style.yellow(text) },
];

const PIPED_RATES: Column<ShardRate>[] = [
  { header: 'SHARD', value: ({ shard }) => shard },
  { header: 'RECORDS/S', value: ({ recordsPerSecond }) => recordsPerSecond.toFixed(1) },
  { header: 'BYTES/S', value: ({ bytesPerSecond }) => bytesPerSecond.toFixed(0) },
  { header: 'NOTE', value: noteOf },
];

function noteOf({ behindMs, throttled }: ShardRate): string {
  if (throttled) return 'read throttled';
  return behindMs === undefined ? '' : `${formatDuration(behindMs)} behind: the rate is higher`;
}
