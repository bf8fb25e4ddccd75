import type { BucketLocationConstraint } from '@aws-sdk/client-s3';
import { defineResourceType, deleteIfThere } from '../resource-type.js';
import { anything, boolean, object, oneOf, tags, text } from '../shape.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html */
export const s3Bucket = defineResourceType({
  type: 'AWS::S3::Bucket',
  properties: {
    BucketName: text.replaces(),
    VersioningConfiguration: object({ Status: oneOf('Enabled', 'Suspended').required() }),
    // Accepted and kept in the stack; the endpoint's small S3 acts on none of these (see OMISSIONS.md).
    AbacStatus: anything,
    AccelerateConfiguration: anything,
    AccessControl: text,
    AnalyticsConfigurations: anything,
    BucketEncryption: anything,
    CorsConfiguration: anything,
    IntelligentTieringConfigurations: anything,
    InventoryConfigurations: anything,
    LifecycleConfiguration: anything,
    LoggingConfiguration: anything,
    MetadataConfiguration: anything,
    MetadataTableConfiguration: anything,
    MetricsConfigurations: anything,
    NotificationConfiguration: anything,
    ObjectLockConfiguration: anything,
    ObjectLockEnabled: boolean,
    OwnershipControls: anything,
    PublicAccessBlockConfiguration: anything,
    ReplicationConfiguration: anything,
    WebsiteConfiguration: anything,
    Tags: tags,
  },
  attributes: ['Arn', 'DomainName', 'DualStackDomainName', 'RegionalDomainName', 'WebsiteURL'],
  nameProperty: 'BucketName',

  async create(request) {
    const { calls, properties, region } = request;
    const name = properties.BucketName ?? request.generateName({ maxLength: 63, lowerCase: true });
    await calls.s3.CreateBucket({
      Bucket: name,
      ...(region !== 'us-east-1' && {
        CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint },
      }),
    });
    request.initiated(name);
    if (properties.VersioningConfiguration) {
      await calls.s3.PutBucketVersioning({
        Bucket: name,
        VersioningConfiguration: properties.VersioningConfiguration,
      });
    }
    return { physicalId: name, attributes: attributesOf(name, region) };
  },

  async update(request) {
    const { calls, physicalId: name, properties, region } = request;
    if (request.changed('VersioningConfiguration')) {
      await calls.s3.PutBucketVersioning({
        Bucket: name,
        VersioningConfiguration: properties.VersioningConfiguration ?? { Status: 'Suspended' },
      });
    }
    return { physicalId: name, attributes: attributesOf(name, region) };
  },

  async delete({ calls, physicalId }) {
    await deleteIfThere(() => calls.s3.DeleteBucket({ Bucket: physicalId }));
  },
});

const attributesOf = (name: string, region: string) => ({
  Arn: `arn:aws:s3:::${name}`,
  DomainName: `${name}.s3.amazonaws.com`,
  DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
  RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
  WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com`,
});
