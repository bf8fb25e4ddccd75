import { defineOperation } from '../../../define-operation.js';
import { globalArnOf } from '../../../kit/arn.js';
import { uniqueId } from '../../../kit/unique-id.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Sessions } from '../sessions.js';

const ROLE_ARN = /^arn:aws[\w-]*:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/;

export const assumeRole = defineOperation('sts', 'AssumeRole').as({
  constraints: {
    RoleArn: { min: 20, max: 2048 },
    RoleSessionName: { min: 2, max: 64, pattern: '[\\w+=,.@-]*' },
    DurationSeconds: { range: [900, 43_200] },
  },
  gaps: ['Any role can be assumed, whether it exists or not. Its trust policy is not read.'],
  run(sessions: Sessions, input, context) {
    const [, accountId = context.accountId, roleName = ''] = ROLE_ARN.exec(input.RoleArn) ?? [];
    if (roleName === '') throw new AwsError('ValidationError', `${input.RoleArn} is invalid`);
    const assumed = {
      userId: `${uniqueId('AROA')}:${input.RoleSessionName}`,
      arn: globalArnOf('sts', { ...context, accountId }, `assumed-role/${roleName}/${input.RoleSessionName}`),
    };
    return {
      Credentials: sessions.issue(assumed, input.DurationSeconds ?? 3600),
      AssumedRoleUser: { AssumedRoleId: assumed.userId, Arn: assumed.arn },
      PackedPolicySize: input.Policy === undefined ? 0 : Math.min(100, Math.ceil(input.Policy.length / 20.48)),
      ...(input.SourceIdentity !== undefined && { SourceIdentity: input.SourceIdentity }),
    };
  },
});
