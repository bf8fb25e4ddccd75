import { type ArnPlace, arnOf } from '../../../kit/arn.js';
import { tagChanges, tagMap } from '../resource-tags.js';
import { defineResourceType, deleteIfThere } from '../resource-type.js';
import type { LogsLogGroupProperties } from '../schema/resource-properties.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html */
export const logsLogGroup = defineResourceType<LogsLogGroupProperties>({
  type: 'AWS::Logs::LogGroup',
  effective: ['LogGroupName', 'RetentionInDays', 'KmsKeyId', 'LogGroupClass', 'DeletionProtectionEnabled', 'Tags'],
  nameProperty: 'LogGroupName',

  async create(request) {
    const { calls, properties } = request;
    const name = properties.LogGroupName ?? request.generateName({ maxLength: 512 });
    await calls['cloudwatch-logs'].CreateLogGroup({
      logGroupName: name,
      kmsKeyId: properties.KmsKeyId,
      logGroupClass: properties.LogGroupClass,
      deletionProtectionEnabled: properties.DeletionProtectionEnabled,
      tags: tagMap(request),
    });
    request.initiated(name);
    if (properties.RetentionInDays !== undefined) {
      await calls['cloudwatch-logs'].PutRetentionPolicy({
        logGroupName: name,
        retentionInDays: properties.RetentionInDays,
      });
    }
    return { physicalId: name, attributes: { Arn: groupArnOf(name, request) } };
  },

  async update(request) {
    const { calls, physicalId: name, properties } = request;
    const logs = calls['cloudwatch-logs'];
    if (request.changed('RetentionInDays')) {
      if (properties.RetentionInDays === undefined) await logs.DeleteRetentionPolicy({ logGroupName: name });
      else await logs.PutRetentionPolicy({ logGroupName: name, retentionInDays: properties.RetentionInDays });
    }
    if (request.changed('KmsKeyId')) {
      if (properties.KmsKeyId === undefined) await logs.DisassociateKmsKey({ logGroupName: name });
      else await logs.AssociateKmsKey({ logGroupName: name, kmsKeyId: properties.KmsKeyId });
    }
    if (request.changed('DeletionProtectionEnabled')) {
      await logs.PutLogGroupDeletionProtection({
        logGroupIdentifier: name,
        deletionProtectionEnabled: properties.DeletionProtectionEnabled ?? false,
      });
    }
    const { add, remove } = tagChanges(request);
    const resourceArn = groupArnOf(name, request).replace(/:\*$/, '');
    if (Object.keys(add).length > 0) await logs.TagResource({ resourceArn, tags: add });
    if (remove.length > 0) await logs.UntagResource({ resourceArn, tagKeys: remove });
    return { physicalId: name, attributes: { Arn: groupArnOf(name, request) } };
  },

  async delete({ calls, physicalId }) {
    await deleteIfThere(() => calls['cloudwatch-logs'].DeleteLogGroup({ logGroupName: physicalId }));
  },
});

/** CloudFormation gives the ARN with `:*`, the form that IAM policies for the group's streams want. */
const groupArnOf = (name: string, place: ArnPlace): string => arnOf('logs', place, `log-group:${name}:*`);
