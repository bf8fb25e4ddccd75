import { UsageError } from '../shared/errors.js';
import { nearMatches } from '../shared/near-matches.js';
import { type AwsProfiles, readAwsProfiles } from './aws-profiles.js';
import type { Target } from './target.js';

const LOCAL_PORT = 4566;
const DEFAULT_REGION = 'us-east-1';
const DEFAULT_URL = `http://127.0.0.1:${LOCAL_PORT}`;

/** The target flags as they were typed. */
export interface TargetFlags {
  local?: boolean | undefined;
  localstack?: boolean | undefined;
  aws?: boolean | undefined;
  'endpoint-url'?: string | undefined;
  region?: string | undefined;
  profile?: string | undefined;
}

/** What `pipectl.yaml` says about the target: `target` is `local`, `localstack`, `aws` or a URL. */
export interface TargetSettings {
  target?: string | undefined;
  region?: string | undefined;
  profile?: string | undefined;
}

type Place = Pick<Target, 'kind' | 'endpointUrl' | 'why'>;

/**
 * Decides which cloud a command talks to: flags, then PIPECTL_TARGET, then AWS_ENDPOINT_URL, then `target:` in pipectl.yaml, then the
 * local endpoint. AWS is chosen only by its name in one of these.
 * @throws UsageError for combinations that contradict each other, and for AWS without a region
 */
export function resolveTarget(flags: TargetFlags, env: NodeJS.ProcessEnv, file: TargetSettings = {}): Target {
  const place = choosePlace(flags, env, file);
  const profile = chooseProfile(place, flags, env, file);
  if (place.kind === 'aws') refuseEndpointOfProfile(place, profile ?? 'default', env);
  const region = chooseRegion(place, profile, flags, env, file);
  // As in the AWS CLI: keys in the environment are outranked by --profile alone.
  const usesKeys = place.kind === 'aws' && flags.profile === undefined && hasKeys(env);
  return { ...place, region, profile: usesKeys ? undefined : profile };
}

function choosePlace(flags: TargetFlags, env: NodeJS.ProcessEnv, file: TargetSettings): Place {
  const variableUrl = endpointVariable(env);
  const named = (['local', 'localstack', 'aws'] as const).filter((name) => flags[name]);
  const [kind, second] = named;
  if (kind && second) {
    throw new UsageError(`--${kind} and --${second} contradict each other.`, { hint: 'Keep the one you mean.' });
  }
  const url = flags['endpoint-url'];
  if (url !== undefined && (kind === 'local' || kind === 'aws')) {
    throw new UsageError(`--endpoint-url and --${kind} contradict each other.`, {
      hint:
        kind === 'aws'
          ? 'For a VPC endpoint set AWS_ENDPOINT_URL_KINESIS (or the like), which the AWS SDK reads by itself.'
          : 'Keep the one you mean.',
    });
  }
  if (kind) return namedPlace(kind, `--${kind}`, url ?? variableUrl, url ? '--endpoint-url' : 'AWS_ENDPOINT_URL');
  if (url !== undefined)
    return { kind: 'endpoint', endpointUrl: checkUrl(url, '--endpoint-url'), why: '--endpoint-url' };

  const fromVariable = env.PIPECTL_TARGET;
  if (fromVariable) return writtenPlace(fromVariable, 'PIPECTL_TARGET', variableUrl);
  if (variableUrl !== undefined) {
    return { kind: 'endpoint', endpointUrl: checkUrl(variableUrl, 'AWS_ENDPOINT_URL'), why: 'AWS_ENDPOINT_URL' };
  }
  if (file.target !== undefined) return writtenPlace(file.target, 'target in pipectl.yaml', undefined);
  return { kind: 'local', endpointUrl: DEFAULT_URL, why: 'the default' };
}

const endpointVariable = (env: NodeJS.ProcessEnv): string | undefined =>
  ignoresEndpoints(env) ? undefined : env.AWS_ENDPOINT_URL || undefined;

/** Whether AWS's own switch takes what the environment and the AWS configuration say of endpoints out of force. */
const ignoresEndpoints = (env: NodeJS.ProcessEnv): boolean =>
  env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === 'true';

/** What leads the SDK to endpoints of single services on AWS, VPC endpoints for example: `AWS_ENDPOINT_URL_KINESIS=…`. */
export function serviceEndpoints(env: NodeJS.ProcessEnv, profile: string | undefined): string[] {
  if (ignoresEndpoints(env)) return [];
  const names = Object.keys(env).filter((name) => name.startsWith('AWS_ENDPOINT_URL_') && env[name]);
  const { services } = readAwsProfiles(env).get(profile || env.AWS_PROFILE || 'default') ?? {};
  const ofProfile = services === undefined ? [] : [`[services ${services}] of the AWS profile`];
  return [...names.map((name) => `${name}=${env[name]}`), ...ofProfile];
}

function writtenPlace(text: string, where: string, variableUrl: string | undefined): Place {
  if (text === 'local' || text === 'localstack' || text === 'aws') {
    return namedPlace(text, `${where}=${text}`, variableUrl, 'AWS_ENDPOINT_URL');
  }
  if (/^https?:/i.test(text)) return { kind: 'endpoint', endpointUrl: checkUrl(text, where), why: where };
  throw new UsageError(`${where}: "${text}" is not a target.`, {
    hint: 'Write local, localstack, aws, or the URL of an endpoint.',
  });
}

function namedPlace(
  kind: 'local' | 'localstack' | 'aws',
  why: string,
  url: string | undefined,
  urlFrom: string,
): Place {
  if (kind === 'local') return { kind, endpointUrl: DEFAULT_URL, why };
  if (kind === 'localstack') {
    if (url === undefined) return { kind, endpointUrl: DEFAULT_URL, why };
    return { kind, endpointUrl: checkUrl(url, urlFrom), why: `${why}, at ${urlFrom}` };
  }
  if (url !== undefined) {
    // The SDK itself obeys the variable: "AWS" would silently be the endpoint it names.
    throw new UsageError(`${why} asks for AWS, but AWS_ENDPOINT_URL sends every call to ${url}.`, {
      hint: 'Unset AWS_ENDPOINT_URL to talk to AWS.',
    });
  }
  return { kind, endpointUrl: undefined, why };
}

/** The DNS suffixes of AWS's partitions, dual stack among them, as the SDK has them. */
const AWS_DOMAINS = [
  'amazonaws.com',
  'amazonaws.com.cn',
  'amazonaws.eu',
  'amazonwebservices.com.cn',
  'amazonwebservices.eu',
  'api.aws',
  'api.aws.scloud',
  'ic.gov',
  'sc2s.sgov.gov',
  'adc-e.uk',
];

function isOfAws(hostname: string): boolean {
  const name = hostname.replace(/\.$/, ''); // the root's own dot
  return AWS_DOMAINS.some((domain) => name === domain || name.endsWith(`.${domain}`));
}

function checkUrl(text: string, what: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError(`${what}: "${text}" is not a URL.`, { hint: 'Write it whole: http://127.0.0.1:4566' });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new UsageError(`${what}: "${text}" is not an http or https URL.`, {
      hint: 'Write it whole: http://127.0.0.1:4566',
    });
  }
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new UsageError(`${what}: an endpoint is called by its scheme, host, port and path alone.`, {
      hint: `Write ${url.protocol}//${url.host}${url.pathname.replace(/\/$/, '')}; keys go into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    });
  }
  if (isOfAws(url.hostname)) {
    throw new UsageError(`${what}: ${url.hostname} is AWS itself.`, { hint: 'Use --aws to talk to AWS.' });
  }
  return url.href.replace(/\/$/, '');
}

function chooseProfile(
  place: Place,
  flags: TargetFlags,
  env: NodeJS.ProcessEnv,
  file: TargetSettings,
): string | undefined {
  const isAws = place.kind === 'aws';
  const readsProfiles = isAws || place.kind === 'endpoint';
  if (flags.profile !== undefined && !readsProfiles) {
    throw new UsageError(`--profile has no meaning for the target ${place.kind} (${place.why}).`, {
      hint: 'Add --aws, or leave --profile out.',
    });
  }
  const named: [string, string | undefined][] = [['--profile', flags.profile]];
  if (isAws) named.push(['AWS_PROFILE', env.AWS_PROFILE]);
  // A build server's keys stand for the profile that a developer's machine has.
  if (isAws && !hasKeys(env)) named.push(['profile in pipectl.yaml', file.profile]);
  const [where, profile] = named.find(([, name]) => name) ?? [];
  if (profile !== undefined && profile !== 'default') refuseUnknown(profile, where ?? '', readAwsProfiles(env));
  if (isAws && profile === undefined) refuseHalfAKey(env);
  return profile;
}

const hasKeys = (env: NodeJS.ProcessEnv): boolean => Boolean(env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY);

/** LocalStack has people make such a profile: "AWS" would silently be what it names. */
function refuseEndpointOfProfile(place: Place, profile: string, env: NodeJS.ProcessEnv): void {
  const { endpointUrl, ignoresEndpointUrls } = readAwsProfiles(env).get(profile) ?? {};
  if (endpointUrl === undefined || ignoresEndpointUrls || ignoresEndpoints(env)) return;
  throw new UsageError(
    `${place.why} asks for AWS, but endpoint_url of the AWS profile ${profile} sends every call to ${endpointUrl}.`,
    { hint: `Take another profile; or talk to that endpoint with --endpoint-url ${endpointUrl}.` },
  );
}

/** The SDK would say no more than that it "could not load credentials". */
function refuseUnknown(profile: string, where: string, profiles: AwsProfiles): void {
  if (profiles.has(profile)) return;
  const names = [...profiles.keys()];
  const near = nearMatches(profile, names);
  const listed = names.length > 0 ? `There are ${names.slice(0, 8).join(', ')}.` : '';
  throw new UsageError(`There is no AWS profile ${profile} (${where}).`, {
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : listed || 'Make it with `aws configure sso`.',
  });
}

/** The SDK passes over half a key in silence and takes whatever identity it finds next. */
function refuseHalfAKey(env: NodeJS.ProcessEnv): void {
  const [id, secret] = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  if (Boolean(env.AWS_ACCESS_KEY_ID) === Boolean(env.AWS_SECRET_ACCESS_KEY)) return;
  const [there, missing] = env.AWS_ACCESS_KEY_ID ? [id, secret] : [secret, id];
  throw new UsageError(`${there} is set, and ${missing} is not.`, { hint: 'Set both, or neither.' });
}

function chooseRegion(
  place: Place,
  profile: string | undefined,
  flags: TargetFlags,
  env: NodeJS.ProcessEnv,
  file: TargetSettings,
): string {
  const region = flags.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined) ?? file.region;
  if (region !== undefined) return checkRegion(region);
  if (place.kind !== 'aws') return DEFAULT_REGION;
  const ofProfile = readAwsProfiles(env).get(profile ?? 'default')?.region;
  if (ofProfile !== undefined) return checkRegion(ofProfile);
  throw new UsageError('AWS needs a region, and nothing names one.', {
    hint: 'Add --region eu-west-1, set AWS_REGION, or put `region` into pipectl.yaml or the AWS profile.',
  });
}

/** A region becomes part of a host name: anything else in it is a slip, or worse. */
function checkRegion(region: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(region)) return region;
  throw new UsageError(`"${region}" is not a region.`, {
    hint: 'Write it like us-east-1 or eu-west-1, in small letters.',
  });
}
