import { defineOperation } from '../../../define-operation.js';
import { globalArnOf } from '../../../kit/arn.js';
import type { Sessions } from '../sessions.js';

export const getSessionToken = defineOperation('sts', 'GetSessionToken').as({
  constraints: { DurationSeconds: { range: [900, 129_600] } },
  run(sessions: Sessions, input, context) {
    const root = { userId: context.accountId, arn: globalArnOf('iam', context, 'root') };
    return { Credentials: sessions.issue(root, input.DurationSeconds ?? 43_200) };
  },
});
