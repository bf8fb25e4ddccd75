import { randomUUID } from 'node:crypto';
import { defineResourceType, deleteIfThere } from '../resource-type.js';
import type { LambdaPermissionProperties } from '../schema/resource-properties.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html */
export const lambdaPermission = defineResourceType<LambdaPermissionProperties>({
  type: 'AWS::Lambda::Permission',
  effective: [
    'FunctionName',
    'Action',
    'Principal',
    'SourceArn',
    'SourceAccount',
    'EventSourceToken',
    'FunctionUrlAuthType',
    'InvokedViaFunctionUrl',
    'PrincipalOrgID',
  ],

  async create({ calls, properties, stackName, logicalId }) {
    const statementId = `${stackName}-${logicalId}-${randomUUID().slice(0, 12)}`.slice(-100);
    await calls.lambda.AddPermission({ ...properties, StatementId: statementId });
    return { physicalId: statementId, attributes: { Id: statementId } };
  },

  async delete({ calls, physicalId, properties }) {
    await deleteIfThere(() =>
      calls.lambda.RemovePermission({ FunctionName: properties.FunctionName, StatementId: physicalId }),
    );
  },
});
