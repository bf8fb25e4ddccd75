import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/lib/shared/errors.js';
import { Checkpoint } from '../../src/lib/stream/checkpoint.js';
import type { StreamRecord } from '../../src/lib/stream/delivery.js';
import { checkRange, parsePosition, parseShard, parseUntil } from '../../src/lib/stream/position.js';
import { planShow } from '../../src/lib/tail/plan-show.js';
import { itemRenderer, type RenderOptions } from '../../src/lib/tail/render-item.js';
import { parseFields, selectFields, valueAt } from '../../src/lib/tail/select-fields.js';
import { decodedItems, plainItem } from '../../src/lib/tail/tail-item.js';
import { renderStats, TailStats } from '../../src/lib/tail/tail-stats.js';
import { parseTemplate } from '../../src/lib/tail/template.js';

const NOW = Date.UTC(2026, 10, 20, 12);
const SEQUENCE = '49654321098765432109876543210987654321098765432109876543';
const style = new Chalk({ level: 0 });

describe('positions', () => {
  it.each([
    ['latest', { kind: 'latest' }],
    ['trim-horizon', { kind: 'trim-horizon' }],
    ['TRIM_HORIZON', { kind: 'trim-horizon' }],
    ['beginning', { kind: 'trim-horizon' }],
    ['earliest', { kind: 'trim-horizon' }],
    ['LATEST', { kind: 'latest' }],
    ['5m', { kind: 'time', epochMs: NOW - 300_000 }],
    ['1h30m', { kind: 'time', epochMs: NOW - 5_400_000 }],
    ['2026-11-20T10:00Z', { kind: 'time', epochMs: Date.UTC(2026, 10, 20, 10) }],
    ['2026-11-20T10:00:00.5+01:00', { kind: 'time', epochMs: Date.UTC(2026, 10, 20, 9) + 500 }],
    ['2026-11-20', { kind: 'time', epochMs: Date.UTC(2026, 10, 20) }],
    [`3:${SEQUENCE}`, { kind: 'sequence', shardId: 'shardId-000000000003', sequenceNumber: SEQUENCE }],
    [
      `shardId-000000000012:${SEQUENCE}`,
      { kind: 'sequence', shardId: 'shardId-000000000012', sequenceNumber: SEQUENCE },
    ],
  ])('%s', (text, position) => expect(parsePosition(text, '--from', NOW)).toEqual(position));

  it.each(['', 'newest', '5', '2026-13-40', 'shard:1', '3:12', '2026-11-21T00:00Z'])('refuses %j', (text) => {
    expect(() => parsePosition(text, '--from', NOW)).toThrow(UsageError);
    expect(() => parsePosition(text, '--from', NOW)).toThrow(/^--from: /);
  });

  it.each([
    ['now', NOW],
    ['5m', NOW - 300_000],
    ['2026-11-21T00:00Z', Date.UTC(2026, 10, 21)],
  ])('until %s', (text, epochMs) => expect(parseUntil(text, '--until', NOW)).toBe(epochMs));
  it('refuses an end that is no time', () => expect(() => parseUntil('later')).toThrow(UsageError));

  it.each([
    ['0', 'shardId-000000000000'],
    ['shardId-000000000017', 'shardId-000000000017'],
  ])('shard %s', (text, id) => expect(parseShard(text)).toBe(id));
  it.each(['', 'x', '-1', 'shardId-1'])('refuses the shard %j', (text) =>
    expect(() => parseShard(text)).toThrow(UsageError),
  );
});

describe('fields', () => {
  const value = { id: 7, customer: { city: 'Bern', 'a b': 1 }, items: [{ price: 2 }] };
  it('are picked by their paths', () => {
    expect(selectFields(value, parseFields('id, customer.city,items[0].price,$.no'))).toEqual({
      id: 7,
      'customer.city': 'Bern',
      'items[0].price': 2,
    });
  });
  it('never come from a prototype', () => expect(valueAt(value, ['constructor'])).toBeUndefined());
  it('of what is no object leave it', () => expect(selectFields('text', parseFields('id'))).toBe('text'));
  it.each(['', 'a,,b', 'a b'])('%j is refused', (text) => expect(() => parseFields(text)).toThrow(UsageError));
});

const recordOf = (data: string | Buffer): StreamRecord => ({
  shardId: 'shardId-000000000002',
  sequenceNumber: SEQUENCE,
  partitionKey: 'k1',
  arrivedMs: NOW + 5,
  data: Buffer.from(data),
});

describe('a range', () => {
  const time = { kind: 'time' as const, epochMs: NOW - 60_000 };
  it.each([
    [time, NOW - 600_000, false, /--until is not after --from/],
    [time, NOW - 60_000, true, /--until is not after --from/],
    [{ kind: 'latest' as const }, NOW, false, /nothing older than now is read/],
  ])('%j to %s is refused', (from, until, resumes, message) =>
    expect(() => checkRange(from, until, resumes, NOW)).toThrow(message),
  );
  it.each([
    [time, NOW, false],
    [time, undefined, false],
    [{ kind: 'latest' as const }, NOW, true],
    [{ kind: 'latest' as const }, NOW + 1000, false],
    [{ kind: 'trim-horizon' as const }, NOW - 600_000, false],
  ])('%j to %s is read', (from, until, resumes) => expect(() => checkRange(from, until, resumes, NOW)).not.toThrow());
});

describe('statistics', () => {
  it('name the keys that weigh something, and no others', () => {
    const rendered = (items: number, distinct: number): string => {
      const stats = new TailStats();
      for (let n = 0; n < items; n++)
        stats.addItem({ ...plainItem({ ...recordOf('{}'), partitionKey: `k${n % distinct}` }) });
      return renderStats(stats.result(), style);
    };
    const stats = new TailStats();
    expect(stats.line(style)).toBe('0/s · 0 B/s · 0 records');
    const records = Array.from({ length: 1234 }, () => ({
      ...recordOf('x'.repeat(200)),
      arrivedMs: Date.now() - 90_000,
    }));
    stats.addDelivery({ shardId: 'shardId-000000000002', records, behindMs: 61_000 });
    for (const record of records) stats.addRecord(record, Date.now());
    expect(stats.line(style)).toMatch(/ · 1,234 records · lag 1m 30s, p99 1m 30s · behind 1m 1s$/);
    expect(rendered(1000, 4)).toContain('4; most: k0 25.0 %, k1 25.0 %, k2 25.0 %, k3 25.0 %');
    expect(rendered(1000, 500)).toContain('500; none has 1 % of the items');
  });
});

describe('formats', () => {
  const line = (options: Partial<RenderOptions>, ...data: (string | Buffer)[]): string => {
    const render = itemRenderer({
      format: 'pretty',
      fields: undefined,
      template: undefined,
      showLayers: false,
      style,
      ...options,
    });
    return data
      .flatMap((one) => decodedItems(recordOf(one), () => {}))
      .map(render)
      .join('');
  };

  it('ndjson gives JSON as it came, on one line, and text as a JSON string', () => {
    expect(line({ format: 'ndjson' }, '{"a": 1}', 'hi "you"', '{\n"b":2}')).toBe('{"a": 1}\n"hi \\"you\\""\n{"b":2}\n');
  });

  it('json gives everything that is known', () => {
    expect(JSON.parse(line({ format: 'json' }, '{"a":1}'))).toEqual({
      shardId: 'shardId-000000000002',
      sequenceNumber: SEQUENCE,
      partitionKey: 'k1',
      arrivedAt: '2026-11-20T12:00:00.005Z',
      layers: ['json'],
      data: { a: 1 },
    });
  });

  it('csv has a header once, and quotes where it must', () => {
    expect(line({ format: 'csv' }, '{"a":1,"b":"x,y"}', '{"b":"say \\"hi\\"","c":3}')).toBe(
      'a,b\n1,"x,y"\n,"say ""hi"""\n',
    );
    expect(line({ format: 'csv', fields: parseFields('b,n.m') }, '{"a":1,"n":{"m":[1]}}')).toBe('b,n.m\n,[1]\n');
  });

  it('csv leaves a spreadsheet nothing to run, in cells and in names of columns', () => {
    expect(
      line({ format: 'csv' }, '{"=a":"=HYPERLINK(1)","b":"@x","c":"\\t=1","d":"-1+2","e":"＝1","f":"=\\"1,2\\""}'),
    ).toBe(`'=a,b,c,d,e,f\n'=HYPERLINK(1),'@x,'\t=1,'-1+2,'＝1,"'=""1,2"""\n`);
    expect(line({ format: 'csv' }, '{"a":-1.5,"b":"+49301234","c":"a=b","d":-1e-7}')).toBe(
      'a,b,c,d\n-1.5,+49301234,a=b,-1e-7\n',
    );
  });

  it('csv says what its columns have no place for, once', () => {
    const said: string[] = [];
    line(
      { format: 'csv', onWarning: (text) => said.push(text) },
      '{"a":1}',
      '{"a":2,"b":3}',
      '{"c":3}',
      'text',
      'more',
    );
    expect(said).toEqual([
      expect.stringMatching(/has fields that the first record lacks \(b\); name the columns with --select$/),
      expect.stringMatching(/has no fields, so its row is empty/),
    ]);
    line({ format: 'csv', fields: parseFields('a'), onWarning: (text) => said.push(text) }, '{"a":1,"b":2}');
    line({ format: 'csv', onWarning: (text) => said.push(text) }, 'text', '{"a":1}', '[1]');
    expect(said).toHaveLength(2);
  });

  it('numbers keep all their digits, whatever takes the value apart', () => {
    const text =
      '{"id":12345678901234567890,"f":0.1234567890123456789,"huge":1e400,"s":"12345678901234567890","n":{"i":-9007199254740993}}';
    expect(line({ format: 'ndjson' }, text)).toBe(`${text}\n`);
    expect(line({ format: 'json' }, text)).toContain(`"data":${text}}`);
    expect(line({ format: 'ndjson', fields: parseFields('id,f,huge,s,n.i') }, text)).toBe(
      '{"id":12345678901234567890,"f":0.1234567890123456789,"huge":1e400,"s":"12345678901234567890","n.i":-9007199254740993}\n',
    );
    expect(line({ format: 'csv' }, text)).toContain(
      '12345678901234567890,0.1234567890123456789,1e400,12345678901234567890,"{""i"":-9007199254740993}"',
    );
    expect(line({ format: 'template', template: parseTemplate('{{id}} {{n}} {{f}}') }, text)).toBe(
      '12345678901234567890 {"i":-9007199254740993} 0.1234567890123456789\n',
    );
    expect(line({ format: 'ndjson', fields: parseFields('a') }, '{"a":12345678901.12345678901}')).toBe(
      '{"a":12345678901.12345678901}\n',
    );
    expect(line({ format: 'ndjson', fields: parseFields('a') }, '{"a":[1.50,1e2,0,-0.0,100000000000000000000]}')).toBe(
      '{"a":[1.5,100,0,0,100000000000000000000]}\n',
    );
  });

  it('a field whose name has dots in it is found by that name', () => {
    const data = '{"http.status":200,"http":{"path":"/"}}';
    expect(line({ format: 'ndjson', fields: parseFields('http.status,http.path') }, data)).toBe(
      '{"http.status":200,"http.path":"/"}\n',
    );
    expect(line({ format: 'csv', fields: parseFields('http.status') }, data)).toBe('http.status\n200\n');
    expect(line({ format: 'template', template: parseTemplate('{{http.status}}{{http.path}}') }, data)).toBe('200/\n');
  });

  it('templates name fields and what is about the record', () => {
    expect(
      line(
        { format: 'template', template: parseTemplate('{{@shard}} {{@key}} {{ a.b }}|{{no}}\\t{{@time}}') },
        '{"a":{"b":5}}',
      ),
    ).toBe('shardId-000000000002 k1 5|\t2026-11-20T12:00:00.005Z\n');
  });

  it.each([
    ['{{@bogus}}', /there is no \{\{@bogus\}\}/],
    ['{{name', /"\{\{name" opens or closes nothing/],
    ['name}} x', /"\}\} x" opens or closes nothing/],
    ['{{ }}', /\{\{\}\} names nothing/],
  ])('the template %s is refused', (text, message) => expect(() => parseTemplate(text)).toThrow(message));

  it('pretty shows shard, key and value, layers when asked, and marks what is broken', () => {
    expect(line({}, '{"a":1}')).toMatch(/^2026-11-20 \d\d:\d\d:\d\d\.005 #2 {2}k1 {11}\{"a":1\}\n$/);
    expect(line({ showLayers: true }, Buffer.from(Buffer.from('{"long":"enough"}').toString('base64')))).toContain(
      ' base64>json {"long":"enough"}',
    );
    expect(line({}, Buffer.from('1f8b0800000000', 'hex'))).toMatch(/broken: gzip data, but it is cut short 0x1f8b/);
  });

  it('pretty does not let a record act on the terminal', () => {
    expect(line({}, '\u001b[2J\u001b]0;x\u001b\\')).toContain('\\u001b[2J\\u001b]0;x\\u001b\\');
    expect(line({}, '{"a":"\u009b2J"}')).toContain('{"a":"\\u009b2J"}');
    expect(line({ style: new Chalk({ level: 1 }) }, '\u001b[31mred\u001b[H')).toContain(
      '\u001b[31mred\\u001b[H\u001b[0m',
    );
    expect(line({ format: 'ndjson' }, '{"a":"\u009b2J"}')).toBe('{"a":"\u009b2J"}\n');
    const template = parseTemplate('<{{@data}}>');
    for (const format of ['ndjson', 'json', 'csv', 'template'] as const) {
      const [evil, name] = format === 'template' ? ['\u001b[2J', '\u001b'] : ['{"a":"\u009b2J"}', '\u009b'];
      expect(line({ format, template, isTTY: true }, evil)).not.toContain(name);
      expect(line({ format, template, isTTY: true }, evil)).toMatch(/\\u00(9b|1b\[)2J/);
    }
  });

  it('pretty keeps the lines of a text from passing for records, and cuts what would fill the screen', () => {
    expect(line({}, 'one\n12:00:00.000 #0  k two\n')).toMatch(/one\n {4}12:00:00\.000 #0 {2}k two\n$/);
    const long = line({}, `{"pad":"${'x'.repeat(5000)}"}`);
    expect(long.length).toBeLessThan(4300);
    expect(long).toMatch(/x… \(4\.9 KiB\)\n$/);
    expect(line({ format: 'ndjson', isTTY: true }, `{"pad":"${'x'.repeat(5000)}"}`)).toHaveLength(5011);
  });

  it('colours are on only where the terminal has them', () => {
    const colored = line({ style: new Chalk({ level: 1 }) }, '{"a":"x","n":1,"t":true}');
    expect(colored).toContain('\u001b[');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: taking colours off again
    expect(colored.replace(/\u001b\[\d+m/g, '')).toContain('{"a":"x","n":1,"t":true}');
  });

  it('follow where the output goes, unless one is asked for', () => {
    const out = { isTTY: false, style };
    const request = { raw: false, layers: false };
    expect(planShow({ ...request, raw: true }, out)).toEqual({ kind: 'raw', toTerminal: false });
    expect(() => planShow({ ...request, format: 'template' }, out)).toThrow(UsageError);
    expect(() => planShow({ ...request, format: 'csv', template: () => 'x' }, out)).toThrow(UsageError);
    expect(() => planShow({ ...request, layers: true, format: 'ndjson' }, out)).toThrow(/--layers has no place/);
  });

  it('show layers in a pipe too, where they were asked for', () => {
    const show = planShow({ raw: false, layers: true }, { isTTY: false, style });
    const [item] = decodedItems(recordOf('{"a":1}'), () => {});
    const lines = show.kind === 'lines' && item ? show.render(item) : '{}';
    expect(JSON.parse(lines)).toMatchObject({ layers: ['json'], data: { a: 1 } });
  });
});

describe('without --decode', () => {
  it('nothing is unpacked', () => {
    expect(plainItem(recordOf('{"a":1}'))).toMatchObject({ layers: ['json'], value: { a: 1 } });
    expect(plainItem(recordOf('plain'))).toMatchObject({ layers: ['text'], value: 'plain' });
    expect(plainItem(recordOf(Buffer.from([0x1f, 0x8b, 0])))).toMatchObject({ layers: ['hex'], value: '1f8b00' });
  });
});

describe('checkpoints', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'pipectl-checkpoint-')), 'orders.checkpoint');

  it('come back as they were saved', async () => {
    const fresh = await Checkpoint.open(path, 'orders');
    expect(fresh.positions.size).toBe(0);
    await Promise.all([
      fresh.save(new Map([['shardId-000000000000', { after: '1' }]])),
      fresh.save(
        new Map([
          ['shardId-000000000000', { after: SEQUENCE }],
          ['shardId-000000000001', { ended: true }],
        ]),
      ),
    ]);
    expect([...(await Checkpoint.open(path, 'orders')).positions]).toEqual([
      ['shardId-000000000000', { after: SEQUENCE }],
      ['shardId-000000000001', { ended: true }],
    ]);
  });

  it('where none can be are refused in words', async () => {
    const nowhere = join(tmpdir(), 'pipectl-no-such-folder', 'checkpoint');
    await expect(Checkpoint.open(nowhere, 'orders')).rejects.toThrow(
      `cannot write ${nowhere}: its folder is not there.`,
    );
    await expect(Checkpoint.open(tmpdir(), 'orders')).rejects.toThrow(`cannot read ${tmpdir()}: it is a folder.`);
  });

  it('of another stream, or of nothing, are refused and left alone', async () => {
    await expect(Checkpoint.open(path, 'other')).rejects.toThrow(/belongs to the stream orders/);
    const wrong = `${path}.txt`;
    writeFileSync(wrong, 'my notes');
    await expect(Checkpoint.open(wrong, 'orders')).rejects.toThrow(UsageError);
    expect(readFileSync(wrong, 'utf8')).toBe('my notes');
    await expect(Checkpoint.open('/no/such/folder/x', 'orders')).rejects.toThrow(/cannot write/);
  });
});

it('statistics count rates, sizes, keys and layers', () => {
  const stats = new TailStats();
  const records = Array.from({ length: 10 }, (_, n) => recordOf(JSON.stringify({ n })));
  expect(stats.result()).toMatchObject({ records: 0, sizeBytes: null, lagMs: null });
  expect(renderStats(stats.result(), style)).not.toMatch(/size|lag|keys|layers/);
  stats.addDelivery({ shardId: 'shardId-000000000002', records, behindMs: 1500 });
  for (const record of records) stats.addRecord(record, Date.now());
  for (const record of records) stats.addItem(plainItem(record));
  expect(stats.result()).toMatchObject({
    records: 10,
    items: 10,
    bytes: 70,
    behindMs: 1500,
    sizeBytes: { p50: 7, max: 7, mean: 7 },
    keys: { distinct: 1, exact: true, top: [{ key: 'k1', items: 10, share: 1 }] },
    layers: { json: 10 },
    shards: [{ shardId: 'shardId-000000000002', records: 10, bytes: 70, behindMs: 1500 }],
  });
});
