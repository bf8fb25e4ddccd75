// ARNs: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
export interface Arn {
  partition: string;
  /** The service's namespace, such as `logs`. */
  service: string;
  /** Empty where the resource has none, as in IAM and S3. */
  region: string;
  /** Empty for an S3 bucket. */
  accountId: string;
  /** All that follows, colons included. */
  resource: string;
}

/** Where a resource is: a request's context, or a part of one. */
export interface ArnPlace {
  region: string;
  accountId: string;
}

/** The SDKs' partitions by the beginnings of their regions' names; every other region is of `aws`. */
const PARTITIONS: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['eu-isoe-', 'aws-iso-e'],
  ['eusc-', 'aws-eusc'],
];

/** The partition of a region: `aws-cn` of `cn-north-1`. */
export const partitionOf = (region: string): string =>
  PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';

/** The ARN of a resource of a region. */
export const arnOf = (service: string, { region, accountId }: ArnPlace, resource: string): string =>
  `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;

/** The ARN of a resource that has an account and no region, as all of IAM's have. */
export const globalArnOf = (service: string, { region, accountId }: ArnPlace, resource: string): string =>
  `arn:${partitionOf(region)}:${service}::${accountId}:${resource}`;

/** The ARN of a bucket, or of what is in it: it has neither a region nor an account. */
export const bucketArnOf = (region: string, resource: string): string => `arn:${partitionOf(region)}:s3:::${resource}`;

const ARN = /^arn:(aws[a-z-]*):([^:]+):([^:]*):([^:]*):(.+)$/s;

/** Reads an ARN; undefined for what is none. */
export function parseArn(text: string): Arn | undefined {
  const [, partition = '', service = '', region = '', accountId = '', resource = ''] = ARN.exec(text) ?? [];
  return partition === '' ? undefined : { partition, service, region, accountId, resource };
}
