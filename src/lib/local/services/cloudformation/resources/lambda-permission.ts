import { randomUUID } from 'node:crypto';
import { defineResourceType, deleteIfThere } from '../resource-type.js';
import { boolean, oneOf, text } from '../shape.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html */
export const lambdaPermission = defineResourceType({
  type: 'AWS::Lambda::Permission',
  properties: {
    FunctionName: text.required(),
    Action: text.required(),
    Principal: text.required(),
    SourceArn: text,
    SourceAccount: text,
    EventSourceToken: text,
    FunctionUrlAuthType: oneOf('NONE', 'AWS_IAM'),
    InvokedViaFunctionUrl: boolean,
    PrincipalOrgID: text,
  },
  attributes: ['Id'],

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
