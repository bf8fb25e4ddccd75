import type { Target } from '../target/target.js';

/** Variables that lead the SDK to credentials, apart from the configuration files below HOME. */
const OF_CREDENTIALS =
  /^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|CONFIG_FILE|SHARED_CREDENTIALS_FILE|ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|CONTAINER_.+|EC2_METADATA_.+|CA_BUNDLE)$/;

/**
 * Who a handler is to AWS: on AWS the person who runs pipectl, elsewhere the keys of the environment if there are any.
 * @returns undefined for the test keys
 */
export function handlerIdentity(
  { kind, profile }: Target,
  environment: NodeJS.ProcessEnv,
): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && OF_CREDENTIALS.test(name)) found[name] = value;
  if (kind !== 'aws') return found.AWS_ACCESS_KEY_ID && found.AWS_SECRET_ACCESS_KEY ? keysIn(found) : undefined;
  if (environment.HOME !== undefined) found.HOME = environment.HOME;
  if (profile === undefined) return found;
  // A profile that was asked for goes before the keys of the environment.
  const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, AWS_SESSION_TOKEN: ___, ...rest } = found;
  return { ...rest, AWS_PROFILE: profile };
}

const keysIn = ({ AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN }: Record<string, string>) => ({
  AWS_ACCESS_KEY_ID,
  AWS_SECRET_ACCESS_KEY,
  ...(AWS_SESSION_TOKEN && { AWS_SESSION_TOKEN }),
});
