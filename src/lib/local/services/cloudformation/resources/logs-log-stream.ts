import { defineResourceType, deleteIfThere } from '../resource-type.js';
import type { LogsLogStreamProperties } from '../schema/resource-properties.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-logstream.html */
export const logsLogStream = defineResourceType<LogsLogStreamProperties>({
  type: 'AWS::Logs::LogStream',
  effective: ['LogGroupName', 'LogStreamName'],
  nameProperty: 'LogStreamName',
  nameWithin: 'LogGroupName',

  async create(request) {
    const name = request.properties.LogStreamName ?? request.generateName({ maxLength: 512 });
    await request.calls['cloudwatch-logs'].CreateLogStream({
      logGroupName: request.properties.LogGroupName,
      logStreamName: name,
    });
    return { physicalId: name };
  },

  async delete({ calls, physicalId, properties }) {
    await deleteIfThere(() =>
      calls['cloudwatch-logs'].DeleteLogStream({ logGroupName: properties.LogGroupName, logStreamName: physicalId }),
    );
  },
});
