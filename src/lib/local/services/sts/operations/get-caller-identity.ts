import { defineOperation } from '../../../define-operation.js';
import { globalArnOf } from '../../../kit/arn.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { OperationContext } from '../../../wire/handlers.js';
import type { Sessions } from '../sessions.js';

/** The account itself, or the role that the request's temporary credentials stand for. */
export const getCallerIdentity = defineOperation('sts', 'GetCallerIdentity').as({
  run(sessions: Sessions, _input, context) {
    const { accountId } = context;
    const key = accessKeyOf(context);
    const session = key === undefined ? undefined : sessions.find(key);
    if (session === 'expired') {
      throw new AwsError('ExpiredToken', 'The security token included in the request is expired', { status: 403 });
    }
    return session
      ? { UserId: session.userId, Account: accountId, Arn: session.arn }
      : { UserId: accountId, Account: accountId, Arn: globalArnOf('iam', context, 'root') };
  },
});

/** The access key that signed the request, from the Authorization header. */
function accessKeyOf({ headers }: OperationContext): string | undefined {
  const { authorization } = headers;
  return typeof authorization === 'string' ? /Credential=([^/,\s]+)\//.exec(authorization)?.[1] : undefined;
}
