import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { packEnvelopes } from '../../../../src/lib/local/services/cloudwatch-logs/envelope.js';

it('splits what is larger than the destination takes, and keeps the order', () => {
  const events = Array.from({ length: 25 }, (_, n) => ({
    timestamp: 1_700_000_000_000 + n,
    sequence: n + 1,
    ingestionTime: 1_700_000_000_000,
    logStreamName: 's',
    message: `${n} ${randomBytes(6000).toString('base64')}`,
  }));
  const content = { owner: '000000000000', logGroup: 'g', logStream: 's', subscriptionFilters: ['f'], events };
  const packed = packEnvelopes(content, 40_000);
  expect(packed.length).toBeGreaterThan(3);
  expect(Math.max(...packed.map(({ bytes }) => bytes.byteLength))).toBeLessThanOrEqual(40_000);
  expect(packed.reduce((sum, { eventCount }) => sum + eventCount, 0)).toBe(25);
  const delivered = packed.flatMap(
    ({ bytes }) => (JSON.parse(gunzipSync(bytes).toString()) as { logEvents: { message: string }[] }).logEvents,
  );
  expect(delivered.map(({ message }) => message)).toEqual(events.map(({ message }) => message));
});
