import { defineOperation } from '../../../define-operation.js';

import { invalidParameter } from '../lambda-error.js';
import type { PolicyStatement } from '../lambda-state.js';
import type { LambdaStore } from '../lambda-store.js';
import { findLayerVersion, layerVersionArn } from '../layers.js';
import { principalOf, showPolicy, withoutStatement, withStatement } from '../resource-policy.js';

/** https://docs.aws.amazon.com/lambda/latest/api/API_AddLayerVersionPermission.html */
const CONSTRAINTS = {
  StatementId: { min: 1, max: 100, pattern: '[a-zA-Z0-9-_]+' },
  Action: { max: 22, pattern: 'lambda:GetLayerVersion' },
  Principal: { pattern: '\\d{12}|\\*|arn:(aws[a-zA-Z-]*):iam::\\d{12}:root' },
  OrganizationId: { max: 34, pattern: 'o-[a-z0-9]{10,32}' },
};

export const addLayerVersionPermission = defineOperation('lambda', 'AddLayerVersionPermission').as({
  constraints: CONSTRAINTS,
  run(store: LambdaStore, input, context) {
    const version = findLayerVersion(store, context, input.LayerName, input.VersionNumber);
    if (input.OrganizationId !== undefined && input.Principal !== '*') {
      throw invalidParameter('The principal must be * when an organization is given (OrganizationId).');
    }
    const statement: PolicyStatement = {
      Sid: input.StatementId,
      Effect: 'Allow',
      Principal: principalOf(input.Principal, context),
      Action: input.Action,
      Resource: layerVersionArn(context, version),
      ...(input.OrganizationId && { Condition: { StringEquals: { 'aws:PrincipalOrgID': input.OrganizationId } } }),
    };
    version.policy = withStatement(version.policy, statement, input.RevisionId);
    return { Statement: JSON.stringify(statement), RevisionId: version.policy.revisionId };
  },
});

export const removeLayerVersionPermission = defineOperation('lambda', 'RemoveLayerVersionPermission').as({
  run(store: LambdaStore, input, context) {
    const version = findLayerVersion(store, context, input.LayerName, input.VersionNumber);
    version.policy = withoutStatement(version.policy, input.StatementId, input.RevisionId);
    return {};
  },
});

export const getLayerVersionPolicy = defineOperation('lambda', 'GetLayerVersionPolicy').as({
  run(store: LambdaStore, input, context) {
    const { policy } = findLayerVersion(store, context, input.LayerName, input.VersionNumber);
    return showPolicy(policy, 'No policy is associated with the given resource.');
  },
});
