import { describe, expect, it } from 'vitest';
import { describeChange, planStream } from '../../src/lib/stream/plan-stream.js';
import type { StreamState } from '../../src/lib/stream/stream-state.js';
import { parseStreamWish, type StreamSpec } from '../../src/lib/stream/stream-wish.js';

const AS_IT_IS: StreamState = {
  name: 'orders',
  status: 'ACTIVE',
  mode: 'PROVISIONED',
  openShards: 2,
  retentionHours: 48,
  maxRecordKiB: 1024,
  tags: { team: 'web' },
};

const plan = (spec: StreamSpec, state: StreamState | undefined = AS_IT_IS): string[] =>
  planStream(parseStreamWish('orders', spec), state).map(describeChange);

describe('the plan', () => {
  it.each<[string, StreamSpec, string[]]>([
    ['nothing asked for', {}, []],
    ['everything as it is', { shards: 2, retention: '2d', maxRecordSize: '1MiB', tags: { team: 'web' } }, []],
    ['one step up', { shards: 4 }, ['shards 2 -> 4']],
    ['several steps up', { shards: 9 }, ['shards 2 -> 9, by way of 4, 8']],
    ['down', { shards: 1 }, ['shards 2 -> 1']],
    ['to on-demand', { onDemand: true }, ['mode provisioned -> on-demand']],
    ['longer', { retention: '7d' }, ['retention 48h -> 168h']],
    ['shorter says what is lost', { retention: '24h' }, ['retention 48h -> 24h; records older than 24h go']],
    ['larger records', { maxRecordSize: '4MiB' }, ['maximum record size 1.0 MiB -> 4.0 MiB']],
    [
      'a tag changed and one new; others stay',
      { tags: { team: 'data', cost: '7' } },
      ['tag team web -> data', 'tag cost (none) -> 7'],
    ],
  ])('%s', (_, spec, changes) => {
    expect(plan(spec)).toEqual(changes);
  });

  it('gives a new stream one shard, and then what it lacks', () => {
    expect(planStream(parseStreamWish('orders', {}), undefined).map(describeChange)).toEqual(['new, 1 shard']);
    expect(
      planStream(parseStreamWish('orders', { shards: 3, retention: '48h' }), undefined).map(describeChange),
    ).toEqual(['new, 3 shards', 'retention 24h -> 48h']);
    expect(planStream(parseStreamWish('orders', { onDemand: true }), undefined).map(describeChange)).toEqual([
      'new, on-demand',
    ]);
  });

  it('leaves on-demand before it counts shards', () => {
    expect(plan({ shards: 1 }, { ...AS_IT_IS, mode: 'ON_DEMAND', openShards: 4 })).toEqual([
      'mode on-demand -> provisioned',
      'shards 4 -> 1, by way of 2',
    ]);
  });

  it('refuses what AWS would not allow within a day, and says how far it goes', () => {
    expect(() => plan({ shards: 4096 }, { ...AS_IT_IS, openShards: 1 })).toThrow('takes 12 steps');
    expect(() => plan({ shards: 4096 }, { ...AS_IT_IS, openShards: 1 })).toThrow(
      expect.objectContaining({ hint: 'Go as far as 1024 today.' }),
    );
  });
});

describe('what can be asked of a stream', () => {
  it.each<[StreamSpec, string]>([
    [{ shards: 2, onDemand: true }, '--shards and --on-demand exclude each other.'],
    [{ shards: 0 }, '--shards: a stream has from 1 to 10000 shards.'],
    [{ retention: '23h' }, '--retention: "23h" is not a retention'],
    [{ retention: '366d' }, '--retention: "366d" is not a retention'],
    [{ retention: '24.5h' }, '--retention: "24.5h" is not a retention'],
    [{ retention: 'long' }, '--retention: "long" is not a duration.'],
    [{ maxRecordSize: '512KiB' }, '--max-record-size: "512KiB" is not a record size'],
    [{ maxRecordSize: '11MiB' }, '--max-record-size: "11MiB" is not a record size'],
    [{ maxRecordSize: '1MB' }, '--max-record-size: "1MB" is not a record size'],
    [{ tags: { 'aws:x': '1' } }, '--tag: "aws:x" begins with aws:'],
    [{ tags: { x: 'y'.repeat(257) } }, 'a value at most 256'],
  ])('%j is refused', (spec, message) => {
    expect(() => parseStreamWish('orders', spec)).toThrow(message);
  });

  it('names the place in the file', () => {
    expect(() => parseStreamWish('orders', { retention: '1h' }, 'streams.orders.')).toThrow(
      'streams.orders.retention:',
    );
  });

  it('refuses a name that AWS would not take', () => {
    expect(() => parseStreamWish('my orders', {})).toThrow('"my orders" cannot be the name of a stream.');
  });
});
