import type { SigningCredentials } from './sign-request.js';
import type { Target } from './target.js';

/** The keys of the environment, where the target takes them: a profile that was asked for goes before them. */
export function keysOfEnvironment(target: Target): SigningCredentials | undefined {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY || target.profile !== undefined) return undefined;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
}

/** Whose identity calls to AWS have, for `--verbose`. */
export function credentialsInWords(target: Target): string {
  if (target.profile !== undefined) return `profile ${target.profile}`;
  return keysOfEnvironment(target) ? 'AWS_ACCESS_KEY_ID' : 'what the AWS SDK finds';
}
