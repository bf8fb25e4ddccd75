import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../shared/clock.js';
import type { LocalService, ServiceEnvironment } from '../../service.js';
import { AwsError } from '../../wire/aws-error.js';
import type { OperationContext } from '../../wire/handlers.js';
import { validate } from '../../wire/validate.js';

/** Who a set of temporary credentials stands for. */
interface Session {
  userId: string;
  arn: string;
  expiresAt: number;
}

const ROLE_SESSION_NAME = { min: 2, max: 64, pattern: '[\\w+=,.@-]*' };
const ROLE_ARN = /^arn:aws[\w-]*:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/;
/** Sessions that are remembered; expired ones go first, then the oldest. */
const MOST_SESSIONS = 10_000;

/**
 * STS: who am I, and temporary credentials. Signatures are not checked, and any role can be assumed whether it exists or not; what the
 * credentials stand for is remembered, so that GetCallerIdentity answers as AWS does.
 */
export function createSts({ accountId, clock }: ServiceEnvironment): LocalService<'sts'> {
  const sessions = new Map<string, Session>();
  const issue = (session: Omit<Session, 'expiresAt'>, durationSeconds: number) => {
    const credentials = temporaryCredentials(clock, durationSeconds);
    if (sessions.size >= MOST_SESSIONS) makeRoom(sessions, clock.now());
    sessions.set(credentials.AccessKeyId, { ...session, expiresAt: credentials.Expiration.getTime() });
    return credentials;
  };
  return {
    handlers: {
      GetCallerIdentity(_, context) {
        const key = accessKeyOf(context);
        const session = key === undefined ? undefined : sessions.get(key);
        if (session && session.expiresAt <= clock.now()) {
          throw new AwsError('ExpiredToken', 'The security token included in the request is expired', { status: 403 });
        }
        return session
          ? { UserId: session.userId, Account: accountId, Arn: session.arn }
          : { UserId: accountId, Account: accountId, Arn: `arn:aws:iam::${accountId}:root` };
      },

      AssumeRole(input) {
        validate(
          input,
          {
            RoleArn: { min: 20, max: 2048 },
            RoleSessionName: ROLE_SESSION_NAME,
            DurationSeconds: { range: [900, 43_200] },
          },
          'ValidationError',
        );
        const [, account = accountId, roleName = ''] = ROLE_ARN.exec(input.RoleArn) ?? [];
        if (roleName === '') throw new AwsError('ValidationError', `${input.RoleArn} is invalid`);
        const assumed = {
          userId: `${uniqueId('AROA')}:${input.RoleSessionName}`,
          arn: `arn:aws:sts::${account}:assumed-role/${roleName}/${input.RoleSessionName}`,
        };
        return {
          Credentials: issue(assumed, input.DurationSeconds ?? 3600),
          AssumedRoleUser: { AssumedRoleId: assumed.userId, Arn: assumed.arn },
          PackedPolicySize: input.Policy === undefined ? 0 : Math.min(100, Math.ceil(input.Policy.length / 20.48)),
          ...(input.SourceIdentity !== undefined && { SourceIdentity: input.SourceIdentity }),
        };
      },

      GetSessionToken(input) {
        validate(input, { DurationSeconds: { range: [900, 129_600] } }, 'ValidationError');
        const root = { userId: accountId, arn: `arn:aws:iam::${accountId}:root` };
        return { Credentials: issue(root, input.DurationSeconds ?? 43_200) };
      },

      GetAccessKeyInfo(input) {
        validate(input, { AccessKeyId: { min: 16, max: 128, pattern: '[\\w]*' } }, 'ValidationError');
        return { Account: accountId };
      },
    },
  };
}

/** The access key that signed the request, from the Authorization header. */
function accessKeyOf({ headers }: OperationContext): string | undefined {
  const { authorization } = headers;
  return typeof authorization === 'string' ? /Credential=([^/,\s]+)\//.exec(authorization)?.[1] : undefined;
}

function temporaryCredentials(clock: Clock, durationSeconds: number) {
  return {
    AccessKeyId: uniqueId('ASIA', 16),
    SecretAccessKey: randomBytes(30).toString('base64'),
    SessionToken: randomBytes(180).toString('base64'),
    // Whole seconds, as on AWS.
    Expiration: new Date(Math.floor(clock.now() / 1000) * 1000 + durationSeconds * 1000),
  };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id as IAM makes them: four letters for the kind, then upper-case letters and digits. */
function uniqueId(prefix: string, length = 17): string {
  return prefix + [...randomBytes(length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

function makeRoom(sessions: Map<string, Session>, now: number): void {
  for (const [key, { expiresAt }] of sessions) if (expiresAt <= now) sessions.delete(key);
  for (const key of sessions.keys()) {
    if (sessions.size < MOST_SESSIONS) break;
    sessions.delete(key);
  }
}
