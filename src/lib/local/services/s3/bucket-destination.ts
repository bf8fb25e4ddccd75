import { randomUUID } from 'node:crypto';
import type { Destination } from '../../ports.js';
import type { ServiceEnvironment } from '../../service.js';

/** Of one PutObject. https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html */
const MOST_BYTES = 5 * 1024 ** 3;

/** Buckets as destinations: a message is an object, its key the object's. */
export const bucketDestination = ({ calls }: ServiceEnvironment): Destination => ({
  accepts: ({ resource }) => !resource.includes('/'),
  mostBytes: MOST_BYTES,
  async check(arn, { region }) {
    await calls(region).s3.HeadBucket({ Bucket: bucketOf(arn) });
  },
  async deliver(arn, { body, key = randomUUID() }, { region }) {
    await calls(region).s3.PutObject({ Bucket: bucketOf(arn), Key: key, Body: body });
  },
});

const bucketOf = (arn: string): string => arn.split(':::')[1] ?? '';
