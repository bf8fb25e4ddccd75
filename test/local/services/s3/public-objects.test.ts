// What may be read without a signature.
import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../../src/lib/local/start-endpoint.js';
import { rawRequest } from '../../wire/raw-request.js';

let endpoint: Endpoint;
let s3: S3Client;
beforeAll(async () => {
  endpoint = await startEndpoint();
  s3 = new S3Client({
    region: 'us-east-1',
    endpoint: endpoint.url,
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'site' }));
  for (const Key of ['open/a', 'closed/a']) await s3.send(new PutObjectCommand({ Bucket: 'site', Key, Body: Key }));
});
afterAll(async () => {
  s3.destroy();
  await endpoint.close();
});

const unsigned = (path: string, method = 'GET', headers = {}) => rawRequest(endpoint.url, { method, path, headers });
const allow = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::site/open/*' };
const deny = { Effect: 'Deny', Principal: '*' };
const put = (policy: unknown) =>
  s3.send(new PutBucketPolicyCommand({ Bucket: 'site', Policy: JSON.stringify(policy) }));

test.each<[string, unknown]>([
  ['everybody', { Statement: [allow] }],
  ['everybody, by AWS', { Statement: { ...allow, Principal: { AWS: ['*'] } } }],
  [
    'every reader',
    { Statement: [{ ...allow, Action: ['s3:PutObject', 'S3:Get*'], Resource: ['arn:aws-cn:s3:::s?te/*n/*'] }] },
  ],
  [
    'everybody, and closes others',
    { Statement: [allow, { ...deny, Action: 's3:*', Resource: 'arn:aws:s3:::site/closed/*' }] },
  ],
])('a policy opens objects to %s', async (_, policy) => {
  await put(policy);
  expect(await unsigned('/site/open/a')).toMatchObject({ status: 200, text: 'open/a' });
  expect(await unsigned('/site/open/a', 'HEAD')).toMatchObject({ status: 200 });
  expect(await unsigned('/site/open/none')).toMatchObject({ status: 404 });
  const embedded = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' };
  for (const [path, method, headers] of [
    ['/site/closed/a'],
    ['/site/open/a', 'GET', embedded],
    ['/site/open/a', 'PUT'],
    ['/site/open/a?tagging'],
    ['/site?list-type=2'],
  ] as [string, string?, object?][]) {
    expect(await unsigned(path, method, headers), path).toMatchObject({ status: 403 });
  }
});

test.each<[string, unknown]>([
  ['another prefix', { Statement: [{ ...allow, Resource: 'arn:aws:s3:::site/shut/*' }] }],
  ['the bucket alone', { Statement: [{ ...allow, Resource: 'arn:aws:s3:::site' }] }],
  ['one account', { Statement: [{ ...allow, Principal: { AWS: '000000000000' } }] }],
  ['a service', { Statement: [{ ...allow, Principal: { Service: '*' } }] }],
  ['all but one', { Statement: [{ ...allow, Principal: undefined, NotPrincipal: '*' }] }],
  ['those who meet a condition', { Statement: [{ ...allow, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }] }],
  ['writers', { Statement: [{ ...allow, Action: 's3:PutObject' }] }],
  ['everybody, and denies it', { Statement: [allow, { ...allow, Effect: 'Deny', Condition: { Bool: { a: 'b' } } }] }],
  ['everybody, and denies the rest', { Statement: [allow, { ...deny, NotAction: 's3:PutObject', Resource: '*' }] }],
  ['nobody', null],
  ['nobody in particular', { Statement: [null, 'x'] }],
])('a policy for %s opens nothing', async (_, policy) => {
  await put(policy);
  for (const method of ['GET', 'HEAD']) expect(await unsigned('/site/open/a', method)).toMatchObject({ status: 403 });
});

test('RestrictPublicBuckets closes what a policy opens; what is not there is not told', async () => {
  await put({ Statement: [allow] });
  const PublicAccessBlockConfiguration = { RestrictPublicBuckets: true };
  await s3.send(new PutPublicAccessBlockCommand({ Bucket: 'site', PublicAccessBlockConfiguration }));
  expect(await unsigned('/site/open/a')).toMatchObject({ status: 403 });
  expect(await unsigned('/nosuch/key')).toMatchObject({ status: 403 });
});
