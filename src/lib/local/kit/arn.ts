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

interface Partition {
  name: string;
  /** What host names of services end in. */
  dnsSuffix: string;
}

const AWS: Partition = { name: 'aws', dnsSuffix: 'amazonaws.com' };

/** The SDKs' partitions by the beginnings of their regions' names; every other region is of `aws`. */
const PARTITIONS: readonly (readonly [prefix: string, partition: Partition])[] = [
  ['cn-', { name: 'aws-cn', dnsSuffix: 'amazonaws.com.cn' }],
  ['us-gov-', { name: 'aws-us-gov', dnsSuffix: 'amazonaws.com' }],
  ['us-iso-', { name: 'aws-iso', dnsSuffix: 'c2s.ic.gov' }],
  ['us-isob-', { name: 'aws-iso-b', dnsSuffix: 'sc2s.sgov.gov' }],
  ['us-isof-', { name: 'aws-iso-f', dnsSuffix: 'csp.hci.ic.gov' }],
  ['eu-isoe-', { name: 'aws-iso-e', dnsSuffix: 'cloud.adc-e.uk' }],
  ['eusc-', { name: 'aws-eusc', dnsSuffix: 'amazonaws.eu' }],
];

const find = (region: string): Partition => PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? AWS;

/** The partition of a region: `aws-cn` of `cn-north-1`. */
export const partitionOf = (region: string): string => find(region).name;

/** The suffix of a region's host names: `amazonaws.com.cn` of `cn-north-1`. */
export const dnsSuffixOf = (region: string): string => find(region).dnsSuffix;

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
