import { expect, it } from 'vitest';
import { arnOf, bucketArnOf, globalArnOf, parseArn, partitionOf } from '../../../src/lib/local/kit/arn.js';

it.each([
  ['us-east-1', 'aws'],
  ['eu-central-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['us-iso-east-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['us-isof-south-1', 'aws-iso-f'],
  ['eu-isoe-west-1', 'aws-iso-e'],
  ['eusc-de-east-1', 'aws-eusc'],
])('%s is a region of %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});

it('makes the ARNs of resources with a region, without one, and of buckets', () => {
  const place = { region: 'cn-north-1', accountId: '000000000000' };
  expect(arnOf('kinesis', place, 'stream/orders')).toBe('arn:aws-cn:kinesis:cn-north-1:000000000000:stream/orders');
  expect(globalArnOf('iam', place, 'role/loader')).toBe('arn:aws-cn:iam::000000000000:role/loader');
  expect(bucketArnOf('us-gov-west-1', 'files/a')).toBe('arn:aws-us-gov:s3:::files/a');
});

it('reads an ARN, colons of the resource included, and nothing else', () => {
  expect(parseArn('arn:aws:lambda:eu-west-1:000000000000:function:a:live')).toEqual({
    partition: 'aws',
    service: 'lambda',
    region: 'eu-west-1',
    accountId: '000000000000',
    resource: 'function:a:live',
  });
  expect(parseArn('arn:aws:s3:::files')).toMatchObject({ region: '', accountId: '', resource: 'files' });
  for (const text of ['', 'orders', 'arn:aws', 'arn:aws:s3:::', 'arn:other:s3:::files']) {
    expect(parseArn(text)).toBeUndefined();
  }
});
