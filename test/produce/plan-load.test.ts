import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseKeyPlan } from '../../src/lib/produce/partition-keys.js';
import { type LoadRequest, planLoad, shardsForLoad, shardsNeeded } from '../../src/lib/produce/plan-load.js';
import { parseBurst, parseRamp } from '../../src/lib/produce/ramp.js';
import { parseRate } from '../../src/lib/shared/rate.js';

const folder = mkdtempSync(join(tmpdir(), 'pipectl-plan-'));
const large = join(folder, 'large.ndjson');
writeFileSync(large, `${JSON.stringify({ pad: 'x'.repeat(10_000) })}\n`.repeat(20));

const draftOf = (more: Partial<LoadRequest>) =>
  planLoad({
    text: false,
    ordered: false,
    aggregate: false,
    'in-flight': 16,
    attempts: 10,
    workers: 1,
    ...more,
  });

describe('a stream that is made has shards for', () => {
  it.each<[string, Partial<LoadRequest>, number]>([
    ['the rate', { rate: parseRate('900') }, 1],
    ['the rate, and room for chance', { rate: parseRate('3000') }, 4],
    ['the top of a ramp', { ramp: parseRamp('0:3000:60s') }, 4],
    ['a burst', { rate: parseRate('100'), burst: parseBurst('2500:1s:10s') }, 3],
    ['a rate above its burst', { rate: parseRate('2500'), burst: parseBurst('100:1s:10s') }, 3],
    ['a rate of bytes', { rate: parseRate('4MB/s') }, 15],
    ['records padded to a size', { rate: parseRate('500'), size: 10_240 }, 5],
    ['no more records than are sent', { rate: parseRate('1000'), size: 1_000_000, count: 3 }, 3],
    ['what a template makes', { rate: parseRate('500'), template: `{"n":"{{n}}","pad":"${'x'.repeat(5000)}"}` }, 3],
    ['the lines of a file', { rate: parseRate('500'), from: large }, 5],
    ['aggregates, by their bytes alone', { rate: parseRate('10000'), aggregate: true }, 4],
    ['a load without a pace', { rate: parseRate('max') }, 4],
    ['a replay', { from: large, 'time-field': 'at' }, 1],
  ])('%s', async (_what, request, shards) => {
    expect(shardsForLoad(await draftOf(request))).toBe(shards);
  });

  it('a need that nobody knows where no rate is set', async () =>
    expect(shardsNeeded(await draftOf({ rate: parseRate('max') }))).toBeUndefined());
});

it('counts the key as AWS does', async () => {
  const bytes = async (key: string) => (await draftOf({ size: 1000, 'partition-key': parseKeyPlan(key) })).typicalBytes;
  expect(await bytes('random')).toBe(1008);
  expect(await bytes('fixed:größer')).toBe(1008);
  expect(await bytes('zipf:1')).toBe(1001);
});
