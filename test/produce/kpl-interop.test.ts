import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { KplAggregateWriter } from '../../src/lib/produce/kpl-aggregate-writer.js';
import { describeWith } from '../interop/needs.js';
import { cacheFolder, once, run } from '../interop/tools.js';

/** It imports six, and does not say so. */
const PACKAGES = ['aws_kinesis_agg==1.2.3', 'six==1.17.0'];
const READ = `
import base64, json, sys
record = {'kinesis': {'data': open(sys.argv[1]).read(), 'partitionKey': 'outer', 'sequenceNumber': '1', 'kinesisSchemaVersion': '1.0', 'approximateArrivalTimestamp': 1}, 'eventID': 'e', 'eventSource': 's', 'eventName': 'n', 'eventVersion': 'v', 'eventSourceARN': 'a', 'awsRegion': 'r', 'invokeIdentityArn': 'i'}
from aws_kinesis_agg.deaggregator import deaggregate_records
print(json.dumps([[r['kinesis']['partitionKey'], base64.b64decode(r['kinesis']['data']).hex()] for r in deaggregate_records([record])]))
`;

describeWith(['python3'], "AWS's own deaggregator", () => {
  it('reads our aggregates', { timeout: 180_000 }, async () => {
    const folder = await cacheFolder('python-kpl');
    await once(folder, PACKAGES.join(' '), async () => {
      await run('python3', ['-m', 'venv', folder]);
      await run(join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...PACKAGES]);
    });
    const writer = new KplAggregateWriter(200_000, true);
    const users = Array.from({ length: 400 }, (_, n): [string, Buffer] => [
      `ключ-${n % 150}`,
      n % 7 === 0 ? Buffer.alloc(n, n) : Buffer.from(JSON.stringify({ n, pad: 'é'.repeat(n) })),
    ]);
    users.forEach(([key, data], n) => {
      writer.add(data, 0, data.length, key, Buffer.byteLength(key), n, 0);
    });
    const file = join(mkdtempSync(join(tmpdir(), 'pipectl-kpl-')), 'aggregate');
    writeFileSync(file, writer.finish().toString('base64'));
    const answer = spawnSync(join(folder, 'bin', 'python'), ['-c', READ, file], { encoding: 'utf8' });
    expect(answer.stderr.slice(0, 300)).toBe('');
    expect(JSON.parse(answer.stdout)).toEqual(users.map(([key, data]) => [key, data.toString('hex')]));
  });
});
