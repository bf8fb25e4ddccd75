// Input as nobody should send it: an answer in AWS's shape with a 4xx, from a server that goes on answering.
import { connect } from 'node:http2';
import { createConnection } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createFaults } from '../../../src/lib/local/faults.js';
import { type Server, startServer } from '../../../src/lib/local/wire/server.js';
import { catalog } from '../../../src/lib/local/wire/service-model.js';
import { kinesisJson, type RawAnswer, rawRequest, signedFor } from './raw-request.js';

const HEADERS_TIMEOUT_MS = 400;
const BODY_TIMEOUT_MS = 300;
const MIB = 1024 * 1024;

let server: Server;
let received: unknown;
const faults = createFaults();
const logged: string[] = [];

beforeAll(async () => {
  const accept = (input: unknown): object => {
    received = input;
    return {};
  };
  const services = Object.fromEntries(catalog.map(({ id }) => [id, new Proxy({}, { get: () => accept })]));
  server = await startServer(services, {
    port: 0,
    tls: false,
    accountId: '000000000000',
    faults,
    signal: new AbortController().signal,
    log: (line) => logged.push(line),
    headersTimeoutMs: HEADERS_TIMEOUT_MS,
    bodyTimeoutMs: BODY_TIMEOUT_MS,
  });
});
afterAll(() => server.close());

afterEach(async () => {
  const answer = await rawRequest(server.url, { headers: kinesisJson('ListStreams'), body: '{}' });
  expect(answer.status, 'the server still answers').toBe(200);
  expect(logged, 'no operation failed').toEqual([]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

const putRecords = (body: string | Uint8Array, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  rawRequest(server.url, { headers: { ...kinesisJson('PutRecords'), ...headers }, body });

/** The code of an error answer, in whichever protocol it came. */
function codeOf({ text, headers }: RawAnswer): string {
  const xml = /<Code>([^<]+)<\/Code>/.exec(text)?.[1];
  return xml ?? String(headers['x-amzn-errortype']);
}

describe('JSON', () => {
  const deep = (levels: number, open: string, close: string): string => open.repeat(levels) + close.repeat(levels);

  test.each([
    ['nothing', ''],
    ['malformed', '{"StreamName"'],
    ['cut off', '{"StreamName":"s","Records":[{"Data":"AAAA","Partitio'],
    ['two documents', '{}{}'],
  ])('%s is not JSON, and that is all that is said', async (_, body) => {
    const answer = await putRecords(body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({ __type: 'SerializationException' });
  });

  test.each([
    ['a list on top', '[]'],
    ['null on top', 'null'],
    ['text on top', '"x"'],
    ['a structure for a list', '{"StreamName":"s","Records":{}}'],
    ['a list for a structure', '{"StreamName":"s","Records":[[]]}'],
    ['a number for text', '{"StreamName":5,"Records":[]}'],
    ['text for a structure', '{"StreamName":"s","Records":["x"]}'],
    ['null in a list', '{"Records":[null]}'],
    ['a number for a blob', '{"Records":[{"Data":1,"PartitionKey":"k"}]}'],
    ['base64 with foreign characters', '{"Records":[{"Data":"!!!!","PartitionKey":"k"}]}'],
    ['base64 without padding', '{"Records":[{"Data":"AAE","PartitionKey":"k"}]}'],
    ['base64 for URLs', '{"Records":[{"Data":"_-_-","PartitionKey":"k"}]}'],
    ['base64 with a space', '{"Records":[{"Data":"AA A","PartitionKey":"k"}]}'],
    ['base64 with data after its padding', '{"Records":[{"Data":"AA==AA==","PartitionKey":"k"}]}'],
    ['nested a million deep', deep(1_000_000, '[', ']')],
  ])('%s', async (_, body) => {
    const answer = await putRecords(body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ __type: 'SerializationException', Message: expect.any(String) });
  });

  test.each([
    ['GetRecords', '{"ShardIterator":"i","Limit":"5"}', 'STRING_VALUE can not be converted to an Integer'],
    ['GetRecords', '{"ShardIterator":"i","Limit":true}', 'TRUE_VALUE can not be converted to an Integer'],
    ['GetRecords', '{"ShardIterator":5}', 'NUMBER_VALUE can not be converted to a String'],
    ['GetRecords', '{"ShardIterator":[]}', 'Start of list found where not expected'],
    ['GetRecords', '{"ShardIterator":{}}', 'Start of structure or map found where not expected.'],
    ['PutRecords', '{"Records":"x"}', 'Expected list or null'],
    ['PutRecords', '{"Records":{}}', 'Start of structure or map found where not expected.'],
    ['PutRecords', '{"Records":["x"]}', 'Expected null'],
    ['AddTagsToStream', '{"Tags":1}', 'Expected map or null'],
    ['AddTagsToStream', '{"Tags":[]}', 'Start of list found where not expected'],
    ['GetRecords', '{"ShardIterator":"i","Limit":1e999}', 'NUMBER_VALUE can not be converted to an Integer'],
    [
      'DeleteStream',
      '{"StreamName":"s","EnforceConsumerDeletion":"yes"}',
      'STRING_VALUE can not be converted to a Boolean',
    ],
    [
      'GetShardIterator',
      '{"ShardId":"s","ShardIteratorType":"LATEST","Timestamp":"soon"}',
      'STRING_VALUE can not be converted to milliseconds since epoch',
    ],
    [
      'GetShardIterator',
      '{"ShardId":"s","ShardIteratorType":"LATEST","Timestamp":1e300}',
      'NUMBER_VALUE can not be converted to milliseconds since epoch',
    ],
    ['AddTagsToStream', '{"Tags":{"a":{}}}', 'Start of structure or map found where not expected.'],
    ['PutRecords', '{"Records":[{"Data":"AAAA"},{"Data":7}]}', 'NUMBER_VALUE can not be converted to a Blob'],
  ])('%s %s says what', async (operation, body, says) => {
    const answer = await rawRequest(server.url, { headers: kinesisJson(operation), body });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({ __type: 'SerializationException', Message: says });
  });

  test('every missing member is named, at its place', async () => {
    const headers = { ...signedFor('dynamodb'), 'x-amz-target': 'DynamoDB_20120810.CreateTable' };
    const answer = await rawRequest(server.url, { headers, body: '{"KeySchema":[{"AttributeName":"a"}]}' });
    expect(JSON.parse(answer.text)).toMatchObject({
      __type: 'ValidationException',
      message:
        "2 validation errors detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'keySchema.1.member.keyType' failed to satisfy constraint: Member must not be null",
    });
  });

  test('ten of many missing members are named', async () => {
    const answer = await putRecords(
      `{"StreamName":"s","Records":[${Array.from({ length: 20 }, () => '{}').join(',')}]}`,
    );
    expect(JSON.parse(answer.text).message).toMatch(/^10 validation errors detected: ([^;]+; ){9}[^;]+$/);
  });

  const many = (count: number, item: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => item(index)).join(',');

  test.each([
    ['a million keys', `{${many(1_000_000, (index) => `"k${index}":1`)}}`],
    [
      'a million keys where blanks and escapes stand between',
      `{"a\\\\":1 , ${many(300_000, (index) => `"\\"${index}" : 1`)}}`,
    ],
    ['a million empty structures', `{"Records":[${many(1_000_000, () => '{}')}]}`],
    ['two million numbers', `{"Limit":[${many(2_000_000, () => '1')}]}`],
  ])('%s', async (_, body) => {
    const answer = await putRecords(body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ Message: expect.stringContaining('more than ') });
  });

  test('marks inside texts are no keys', async () => {
    const data = '{"a":[1,2]},'.repeat(100_000);
    expect((await putRecords(`{"StreamName":${JSON.stringify(data)},"Records":[]}`)).status).toBe(200);
  });

  const attribute = (value: string): Promise<RawAnswer> =>
    rawRequest(server.url, {
      headers: { ...signedFor('dynamodb'), 'x-amz-target': 'DynamoDB_20120810.PutItem' },
      body: `{"TableName":"t","Item":{"a":${value}}}`,
    });

  test('values nested beyond the bound', async () => {
    const answer = await attribute(deep(50_000, '{"L":[', ']}'));
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ Message: expect.stringContaining('nested deeper than') });
    expect((await attribute(deep(40, '{"L":[', ']}'))).status).toBe(200);
  });

  test.each(['{}', '{"S":"x","N":"1"}', '{"Q":"x"}'])('a union of not exactly one member: %s', async (value) => {
    const answer = await attribute(value);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).message).toContain('exactly one of the supported datatypes');
  });

  test('__proto__ is a key like any other', async () => {
    await rawRequest(server.url, {
      headers: kinesisJson('AddTagsToStream'),
      body: '{"StreamName":"s","__proto__":{"polluted":1},"Tags":{"__proto__":"x","constructor":"y"}}',
    });
    const { Tags } = received as { Tags: object };
    expect(Object.entries(Tags)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  test.each([
    ['UTF-16', Buffer.from('{"StreamName":"s","Records":[]}', 'utf16le')],
    ['Latin-1', Buffer.from('{"StreamName":"é","Records":[]}', 'latin1')],
    ['zero bytes', Buffer.alloc(100)],
  ])('a body in %s', async (_, body) => {
    expect(codeOf(await putRecords(body))).toBe('SerializationException');
  });
});

describe('CBOR', () => {
  const cbor = (...bytes: (number | string | Buffer)[]): Promise<RawAnswer> =>
    putRecords(Buffer.concat(bytes.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part)))), {
      'content-type': 'application/x-amz-cbor-1.1',
    });
  const RECORDS = [0xa1, 0x67, 'Records'] as const;

  test.each([
    ['cut off', [0xa1, 0x67, 'Rec']],
    ['an array of four billion', [...RECORDS, 0x9a, 0xff, 0xff, 0xff, 0xff]],
    ['an array of 2^63', [...RECORDS, 0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['a map of four billion', [0xba, 0xff, 0xff, 0xff, 0xff]],
    ['text of four gigabytes', [0xa1, 0x7a, 0xff, 0xff, 0xff, 0xff]],
    ['bytes of 2^63', [...RECORDS, 0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['an open map', [0xbf, 0x67, 'Records', 0x80]],
    ['an open array', [...RECORDS, 0x9f, 0xa0]],
    ['open text', [0xa1, 0x7f, 0x61, 'a']],
    ['chunks of another type', [0xa1, 0x7f, 0x41, 'a', 0xff, 0x80]],
    ['a break on top', [0xff]],
    ['a break for a value', [0xa1, 0x67, 'Records', 0xff]],
    ['a key that is no text', [0xa1, 0x01, 0x80]],
    ['a reserved length', [0x1c]],
    ['a simple value nobody knows', [0xa1, 0x67, 'Records', 0xf8, 0xff]],
    ['bytes after the end', [...RECORDS, 0x80, 0x00]],
    ['text for a list', [...RECORDS, 0x61, 'x']],
    ['a tag without a value', [0xc1]],
    ['text that is no UTF-8', [...RECORDS, 0x81, 0xa1, 0x6c, 'PartitionKey', 0x62, 0xc3, 0x28]],
    ['a member whose name is no UTF-8', [0xa1, 0x61, 0xff, 0x80]],
    [
      'a time beyond time',
      [...RECORDS, 0x81, 0xa1, 0x64, 'Data', 0xc1, 0xfb, 0x7f, 0xef, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ],
    ['nested deep', new Array(100_000).fill(0x81)],
    ['a million empty maps', [...RECORDS, 0x9a, 0x00, 0x0f, 0x42, 0x40, Buffer.alloc(1_000_000, 0xa0)]],
    ['an open map of a million keys', [0xbf, Buffer.alloc(2_000_000, 0x60), 0xff]],
    ['two million numbers', [0xa1, 0x65, 'Limit', 0x9f, Buffer.alloc(2_000_000, 0x01), 0xff]],
    ['tags in tags', new Array(100_000).fill(0xc1)],
  ])('%s', async (_, bytes) => {
    const answer = await cbor(...(bytes as (number | string | Buffer)[]));
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/x-amz-cbor-1.1');
    expect(codeOf(answer)).toBe('SerializationException');
  });
});

describe('XML', () => {
  const deleteObjects = (body: string | Uint8Array): Promise<RawAnswer> =>
    rawRequest(server.url, { path: '/bucket?delete', headers: signedFor('s3'), body });

  const bomb = `<!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from(
    { length: 9 },
    (_, level) => `<!ENTITY lol${level + 1} "${`&lol${level || ''};`.repeat(10)}">`,
  ).join('')}]><Delete><Object><Key>&lol9;</Key></Object></Delete>`;

  test.each([
    ['not XML', 'hello'],
    ['nothing but space', ' '],
    ['cut off', '<Delete><Object><Key>a</Key>'],
    ['crossed', '<Delete><Object></Delete></Object>'],
    ['two roots', '<Delete/><Delete/>'],
    ['text after the root', '<Delete/>x'],
    ['an entity bomb', bomb],
    [
      'a file from this machine',
      '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Delete><Object><Key>&f;</Key></Object></Delete>',
    ],
    ['an entity nobody defined', '<Delete><Object><Key>&lol;</Key></Object></Delete>'],
    ['a character beyond Unicode', '<Delete><Object><Key>&#x110000;</Key></Object></Delete>'],
    ['a comment without end', '<Delete><!-- '],
    ['a tag without end', '<Delete'],
    ['an attribute without end', '<Delete a="'],
    ['nested deep', '<a>'.repeat(100_000)],
    ['a million elements', `<Delete>${'<a/>'.repeat(1_000_000)}</Delete>`],
    ['a million attributes', `<Delete ${Array.from({ length: 1_000_000 }, (_, n) => `a${n}=""`).join(' ')}/>`],
    ['not UTF-8', Buffer.from('<Delete><Object><Key>é</Key></Object></Delete>', 'latin1')],
    ['a structure for text', '<Delete><Object><Key><Key/></Key></Object></Delete>'],
    ['text for a boolean', '<Delete><Object><Key>k</Key></Object><Quiet>maybe</Quiet></Delete>'],
  ])('%s', async (_, body) => {
    const answer = await deleteObjects(body);
    expect(answer.status).toBe(400);
    expect(codeOf(answer)).toBe('MalformedXML');
  });

  test('a well-formed body with everything XML allows', async () => {
    const body = `<?xml version="1.0"?><!-- c --><s3:Delete xmlns:s3="x" a='1'><Object><Key>a<![CDATA[<b>]]>&amp;&#x63;&#100;</Key
      ></Object><Object><Key/></Object></s3:Delete>`;
    expect((await deleteObjects(body)).status).toBe(200);
    expect(received).toMatchObject({ Delete: { Objects: [{ Key: 'a<b>&cd' }, { Key: '' }] } });
  });
});

describe('AWS Query forms', () => {
  const publish = (parameters: string): Promise<RawAnswer> =>
    rawRequest(server.url, {
      headers: { ...signedFor('cloudformation'), 'content-type': 'application/x-www-form-urlencoded' },
      body: `Action=CreateStack&Version=2010-05-15&${parameters}`,
    });

  test('keys that aim at the prototype, and a giant index, are just keys', async () => {
    const answer = await publish(
      'StackName=s&__proto__.polluted=1&constructor.prototype.polluted=1&Tags.member.999999999.Key=b&Tags.member.999999999.Value=2' +
        '&Tags.member.1.Key=a&Tags.member.1.Value=1',
    );
    expect(answer.status).toBe(200);
    expect(received).toEqual({
      StackName: 's',
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
  });

  test.each([
    ['nested deep', `StackName=s&${'a.'.repeat(100_000)}=1`],
    [
      'a million names in few parameters',
      `StackName=s&${Array.from({ length: 18_000 }, (_, n) => `${`k${n}.`.repeat(25)}=`).join('&')}`,
    ],
    ['parameters without number', `StackName=s&${Array.from({ length: 60_000 }, (_, n) => `k${n}=`).join('&')}`],
    ['text for a number', 'StackName=s&TimeoutInMinutes=soon'],
    ['text for a boolean', 'StackName=s&DisableRollback=1'],
    ['a structure for text', 'StackName.x=1'],
  ])('%s', async (_, parameters) => {
    const answer = await publish(parameters);
    expect(answer.status).toBe(400);
    expect(codeOf(answer)).toBe('MalformedInput');
    expect(answer.text).toContain('<Type>Sender</Type>');
  });

  test('more parameters than are worth parsing', async () => {
    const answer = await publish(`StackName=s${'&a'.repeat(1_000_000)}`);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'MalformedInput']);
  });

  test('a missing member, in the words of the service', async () => {
    const answer = await publish('TemplateURL=x');
    expect(codeOf(answer)).toBe('ValidationError');
    expect(answer.text).toContain(
      "1 validation error detected: Value null at 'stackName' failed to satisfy constraint",
    );
  });
});

describe('requests that mean nothing', () => {
  test.each([
    ['POST', 400, { __type: 'UnknownOperationException' }],
    ...['GET', 'PUT', 'DELETE'].map((method): [string, number, object] => [
      method,
      403,
      {
        __type: 'AccessDeniedException',
        Message: 'Unable to determine service/operation name to be authorized',
      },
    ]),
  ] as [string, number, object][])(
    '%s signed for kinesis that names no operation',
    async (method, status, expected) => {
      for (const type of ['application/x-www-form-urlencoded', 'application/x-amz-json-1.1']) {
        const headers = { ...signedFor('kinesis'), 'content-type': type };
        const answer = await rawRequest(server.url, { method, headers, ...(method === 'POST' && { body: '{}' }) });
        expect([answer.status, JSON.parse(answer.text)]).toEqual([status, expected]);
      }
    },
  );

  test.each([
    ['an unknown operation', { ...kinesisJson('Nope') }, 400, 'UnknownOperationException'],
    ['an operation of every object', { ...kinesisJson('constructor') }, 400, 'UnknownOperationException'],
    ['a target without a dot', { 'x-amz-target': 'x' }, 501, 'NotImplementedException'],
    ['a service that is not here', { 'x-amz-target': 'AWSEvents.PutEvents' }, 501, 'NotImplementedException'],
    [
      'an RPC v2 path that is none',
      { ...signedFor('kinesis'), 'smithy-protocol': 'rpc-v2-cbor' },
      501,
      'NotImplementedException',
    ],
    ['a REST service that is not here', signedFor('sqs'), 501, 'NotImplementedException'],
    ['a signature of nothing', { authorization: 'AWS4-HMAC-SHA256 Credential=////' }, 403, 'AccessDeniedException'],
  ])('%s', async (_, headers, status, code) => {
    const answer = await rawRequest(server.url, { headers: headers as Record<string, string>, body: '{}' });
    expect(answer.status).toBe(status);
    expect(codeOf(answer)).toBe(code);
  });

  test.each([
    ['//', 404, 'UnknownOperationException'],
    [`/${'a/'.repeat(5_000)}`, 404, 'UnknownOperationException'],
    ['/?x-id', 404, 'UnknownOperationException'],
    ['/bucket?%', 404, 'UnknownOperationException'],
    ['/%E0%A4%A', 400, 'InvalidURI'],
    ['/%', 400, 'InvalidURI'],
    ['/%zz/key', 400, 'InvalidURI'],
    ['/bucket/%zz', 400, 'InvalidURI'],
    ['/bucket/%ff', 400, 'InvalidURI'],
  ])('a path like %s', async (path, status, code) => {
    const answer = await rawRequest(server.url, { method: 'PATCH', path, headers: signedFor('s3') });
    expect(answer.status).toBe(status);
    expect(codeOf(answer)).toBe(code);
  });

  const HEAD = 'POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: Kinesis_20131202.ListStreams\r\n';
  test.each([
    ['another protocol', '\x16\x03\x01 hello\r\n\r\n', 400, 'BadRequest'],
    ['two lengths', `${HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`, 400, 'BadRequest'],
    [
      'a length and chunks',
      `${HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'BadRequest',
    ],
    ['a chunk that is longer than its size', `${HEAD}transfer-encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`, 400, ''],
    ['a header with a NUL', `${HEAD}x: a\0b\r\n\r\n`, 400, 'BadRequest'],
    ['headers of a megabyte', `${HEAD}x: ${'y'.repeat(MIB)}\r\n\r\n`, 431, 'RequestHeaderSectionTooLarge'],
  ])('%s', async (_, bytes, status, code) => {
    const text = await rawSocket(bytes);
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    if (code !== '') expect(text).toContain(`"__type":"${code}"`);
  });

  test('a body that is cut off', async () => {
    const text = await rawSocket(`${HEAD}content-length: 50\r\n\r\n{"a":`, { end: true });
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain('"__type":"IncompleteBody"');
  });

  test('more headers than Node counts, none of which is lost', async () => {
    const many = Array.from({ length: 1300 }, (_, index) => `x${index}: 1\r\n`).join('');
    const text = await rawSocket(
      `POST / HTTP/1.1\r\nhost: localhost\r\n${many}x-amz-target: Kinesis_20131202.ListStreams\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('a whole URL in the request line counts before the Host header', async () => {
    const ask = (url: string, host: string): Promise<string> =>
      rawSocket(
        `POST ${url} HTTP/1.1\r\nhost: ${host}\r\nx-amz-target: Kinesis_20131202.ListStreams\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}`,
      );
    expect(await ask('http://localhost:4566/', 'evil.example')).toMatch(/^HTTP\/1\.1 200 /);
    expect(await ask('http://evil.example/', 'localhost')).toMatch(/^HTTP\/1\.1 403 /);
  });

  test('a request without a host', async () => {
    expect(await rawSocket('POST / HTTP/1.0\r\nconnection: close\r\n\r\n')).toContain('403');
  });
});

describe('sizes', () => {
  test('a body announced too large is refused at once', async () => {
    const answer = await putRecords('{}', { 'content-length': String(17 * MIB) });
    expect(answer.status).toBe(413);
    expect(codeOf(answer)).toBe('RequestEntityTooLargeException');
  });

  test('a body that turns out too large is refused when it does', async () => {
    const headers = { ...kinesisJson('PutRecords'), 'transfer-encoding': 'chunked' };
    const answer = await rawRequest(server.url, { headers, body: Buffer.alloc(17 * MIB, 32) });
    expect(answer.status).toBe(413);
  });

  test('a gzip bomb', async () => {
    const answer = await putRecords(gzipSync(Buffer.alloc(64 * MIB)), { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(413);
  });

  test('gzip that is none', async () => {
    expect(codeOf(await putRecords('{}', { 'content-encoding': 'gzip' }))).toBe('SerializationException');
  });

  test('gzip as the SDKs send it', async () => {
    const body = gzipSync('{"StreamName":"zipped","Records":[]}');
    expect((await putRecords(body, { 'content-encoding': 'gzip' })).status).toBe(200);
    expect(received).toMatchObject({ StreamName: 'zipped' });
  });

  test.each([
    ['no size', 'zz\r\nabc'],
    ['a size beyond its chunk', '2\r\nabcd\r\n0\r\n\r\n'],
    ['no last chunk', '3\r\nabc\r\n'],
    ['a line without end', 'a'.repeat(20_000)],
  ])('aws-chunked framing with %s', async (_, body) => {
    const headers = { ...signedFor('s3'), 'content-encoding': 'aws-chunked' };
    const answer = await rawRequest(server.url, { path: '/bucket?delete', headers, body });
    expect(answer.status).toBe(400);
  });
});

describe('time', () => {
  test('a connection that says nothing is closed', async () => {
    await expect(rawSocket('')).resolves.toBe('');
  });

  test('headers that never end are cut off', async () => {
    expect(await rawSocket('POST / HTTP/1.1\r\nhost: localhost\r\nx-slow: ')).toContain('408');
  });

  test('an HTTP/2 connection that asks for nothing is closed, and one that has lost its way', async () => {
    const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
    const settings = '\0\0\0\x04\0\0\0\0\0';
    const unreadable = '\0\0\x05\x01\x05\0\0\0\x01\xff\xff\xff\xff\xff';
    await rawSocket(preface);
    await rawSocket(preface + settings + unreadable);
  });

  test('an HTTP/2 connection whose request is worked on is left alone', async () => {
    faults.add({ at: 'kinesis.PutRecords', kind: 'delay', delayMs: 2.5 * HEADERS_TIMEOUT_MS });
    const session = connect(server.url);
    const stream = session.request({ ':method': 'POST', ':path': '/', ...kinesisJson('PutRecords') });
    const status = new Promise((resolve, reject) => {
      stream.on('response', (headers) => resolve(headers[':status']));
      stream.on('error', reject);
    });
    stream.resume();
    stream.end('{"StreamName":"slow","Records":[]}');
    expect(await status).toBe(200);
    session.destroy();
  });

  test('a body that never ends is answered, and the connection closed', async () => {
    const head = Object.entries(kinesisJson('PutRecords')).map(([name, value]) => `${name}: ${value}\r\n`);
    const text = await rawSocket(
      `POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n${head.join('')}\r\n{"Str`,
    );
    expect(text).toContain('HTTP/1.1 400');
    expect(text).toContain('RequestTimeout');
    expect(text).toContain('connection: close');
  });
});

/** Sends bytes as they are and gathers what comes until the server closes the connection. */
function rawSocket(bytes: string, options: { end?: boolean } = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port: server.port, allowHalfOpen: options.end ?? false });
    let text = '';
    socket.on('data', (part) => {
      text += part.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
    if (options.end) socket.on('end', () => socket.destroy());
    if (options.end) socket.end(bytes, 'latin1');
    else socket.write(bytes, 'latin1');
  });
}
