import type { BucketLocationConstraint, CORSRule, ObjectOwnership, ServerSideEncryption } from '@aws-sdk/client-s3';
import { bucketArnOf, dnsSuffixOf } from '../../../kit/arn.js';
import { tagList } from '../resource-tags.js';
import { defineResourceType, deleteIfThere, isThere, type ResourceRequest } from '../resource-type.js';
import { AlreadyExists } from '../run/failure-reason.js';
import type { S3BucketProperties } from '../schema/resource-properties.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html */
export const s3Bucket = defineResourceType<S3BucketProperties>({
  type: 'AWS::S3::Bucket',
  effective: [
    'BucketName',
    'VersioningConfiguration',
    'BucketEncryption',
    'CorsConfiguration',
    'OwnershipControls',
    'PublicAccessBlockConfiguration',
    'Tags',
  ],
  attributes: ['Arn', 'DomainName', 'DualStackDomainName', 'RegionalDomainName', 'WebsiteURL'],
  nameProperty: 'BucketName',

  async create(request) {
    const { calls, region } = request;
    const name = request.properties.BucketName ?? request.generateName({ maxLength: 63, lowerCase: true });
    // In us-east-1 S3 gives a bucket a second time to whoever owns it.
    if (await isThere(() => calls.s3.HeadBucket({ Bucket: name }))) throw new AlreadyExists('AWS::S3::Bucket', name);
    await calls.s3.CreateBucket({
      Bucket: name,
      ...(region !== 'us-east-1' && {
        CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint },
      }),
    });
    request.initiated(name);
    await configure(name, {}, request);
    const TagSet = tagList(request);
    if (TagSet) await calls.s3.PutBucketTagging({ Bucket: name, Tagging: { TagSet } });
    return { physicalId: name, attributes: attributesOf(name, region) };
  },

  async update(request) {
    const { calls, physicalId: name, previous, region } = request;
    await configure(name, previous, request);
    const TagSet = tagList(request);
    if (TagSet) await calls.s3.PutBucketTagging({ Bucket: name, Tagging: { TagSet } });
    else await calls.s3.DeleteBucketTagging({ Bucket: name });
    return { physicalId: name, attributes: attributesOf(name, region) };
  },

  async delete({ calls, physicalId }) {
    await deleteIfThere(() => calls.s3.DeleteBucket({ Bucket: physicalId }));
  },
});

/** Brings the bucket's settings from what they were to what they should be; a setting that left the template is taken away. */
async function configure(
  Bucket: string,
  before: S3BucketProperties,
  { calls: { s3 }, properties: wanted }: ResourceRequest<S3BucketProperties>,
): Promise<void> {
  const {
    VersioningConfiguration: versioning,
    BucketEncryption: encryption,
    CorsConfiguration: cors,
    OwnershipControls: ownership,
    PublicAccessBlockConfiguration: access,
  } = wanted;
  if (versioning ?? before.VersioningConfiguration)
    await s3.PutBucketVersioning({ Bucket, VersioningConfiguration: versioning ?? { Status: 'Suspended' } });

  if (encryption)
    await s3.PutBucketEncryption({ Bucket, ServerSideEncryptionConfiguration: { Rules: encryptionRules(encryption) } });
  else if (before.BucketEncryption) await s3.DeleteBucketEncryption({ Bucket });

  if (cors) await s3.PutBucketCors({ Bucket, CORSConfiguration: { CORSRules: corsRules(cors) } });
  else if (before.CorsConfiguration) await s3.DeleteBucketCors({ Bucket });

  if (ownership) {
    const Rules = ownership.Rules.map((rule) => ({ ObjectOwnership: rule.ObjectOwnership as ObjectOwnership }));
    await s3.PutBucketOwnershipControls({ Bucket, OwnershipControls: { Rules } });
  } else if (before.OwnershipControls) await s3.DeleteBucketOwnershipControls({ Bucket });

  if (access) await s3.PutPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: access });
  else if (before.PublicAccessBlockConfiguration) await s3.DeletePublicAccessBlock({ Bucket });
}

const encryptionRules = ({
  ServerSideEncryptionConfiguration: rules,
}: NonNullable<S3BucketProperties['BucketEncryption']>) =>
  rules.map(({ BucketKeyEnabled, ServerSideEncryptionByDefault: chosen }) => ({
    BucketKeyEnabled,
    ApplyServerSideEncryptionByDefault: chosen && {
      SSEAlgorithm: chosen.SSEAlgorithm as ServerSideEncryption,
      KMSMasterKeyID: chosen.KMSMasterKeyID,
    },
  }));

/** CloudFormation and S3 have other names for three of the members. */
const corsRules = ({ CorsRules: rules }: NonNullable<S3BucketProperties['CorsConfiguration']>): CORSRule[] =>
  rules.map(({ ExposedHeaders, Id, MaxAge, ...rest }) => ({
    ...rest,
    ExposeHeaders: ExposedHeaders,
    ID: Id,
    MaxAgeSeconds: MaxAge,
  }));

const attributesOf = (name: string, region: string) => ({
  Arn: bucketArnOf(region, name),
  DomainName: `${name}.s3.${dnsSuffixOf(region)}`,
  DualStackDomainName: `${name}.s3.dualstack.${region}.${dnsSuffixOf(region)}`,
  RegionalDomainName: `${name}.s3.${region}.${dnsSuffixOf(region)}`,
  WebsiteURL: `http://${name}.s3-website-${region}.${dnsSuffixOf(region)}`,
});
