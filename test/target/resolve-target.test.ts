import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/lib/shared/errors.js';
import {
  resolveTarget,
  serviceEndpoints,
  type TargetFlags,
  type TargetSettings,
} from '../../src/lib/target/resolve-target.js';

const LOCAL = 'http://127.0.0.1:4566';
type Case = [
  flags: TargetFlags,
  env: NodeJS.ProcessEnv,
  file: TargetSettings,
  kind: string,
  url: string | undefined,
  why: string,
];

describe('which target', () => {
  it.each<Case>([
    [{}, {}, {}, 'local', LOCAL, 'the default'],
    [{ local: true }, { PIPECTL_TARGET: 'aws' }, { target: 'aws' }, 'local', LOCAL, '--local'],
    [{ localstack: true }, {}, {}, 'localstack', LOCAL, '--localstack'],
    [
      { localstack: true },
      { AWS_ENDPOINT_URL: 'http://localstack:4566' },
      {},
      'localstack',
      'http://localstack:4566',
      '--localstack, at AWS_ENDPOINT_URL',
    ],
    [
      { localstack: true, 'endpoint-url': 'http://ls:1' },
      {},
      {},
      'localstack',
      'http://ls:1',
      '--localstack, at --endpoint-url',
    ],
    [{ aws: true, region: 'eu-west-1' }, {}, { target: 'local' }, 'aws', undefined, '--aws'],
    [
      { 'endpoint-url': 'http://127.0.0.1:9000/' },
      { PIPECTL_TARGET: 'aws' },
      {},
      'endpoint',
      'http://127.0.0.1:9000',
      '--endpoint-url',
    ],
    [{}, { PIPECTL_TARGET: 'localstack' }, { target: 'local' }, 'localstack', LOCAL, 'PIPECTL_TARGET=localstack'],
    [{}, { PIPECTL_TARGET: 'http://x:1' }, {}, 'endpoint', 'http://x:1', 'PIPECTL_TARGET'],
    [{}, { AWS_ENDPOINT_URL: 'http://x:2' }, { target: 'local' }, 'endpoint', 'http://x:2', 'AWS_ENDPOINT_URL'],
    [
      {},
      { AWS_ENDPOINT_URL: 'http://x:2', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
      {},
      'local',
      LOCAL,
      'the default',
    ],
    [{}, {}, { target: 'http://x:3' }, 'endpoint', 'http://x:3', 'target in pipectl.yaml'],
    [{}, {}, { target: 'aws', region: 'eu-north-1' }, 'aws', undefined, 'target in pipectl.yaml=aws'],
  ])('%j, %j, %j -> %s', (flags, env, file, kind, endpointUrl, why) => {
    expect(resolveTarget(flags, env, file)).toMatchObject({ kind, endpointUrl, why });
  });

  it.each<[string, TargetFlags, NodeJS.ProcessEnv, string]>([
    ['two targets', { local: true, aws: true }, {}, '--local and --aws contradict each other.'],
    ['a URL and AWS', { aws: true, 'endpoint-url': 'http://x' }, {}, '--endpoint-url and --aws contradict each other.'],
    [
      'a URL and local',
      { local: true, 'endpoint-url': 'http://x' },
      {},
      '--endpoint-url and --local contradict each other.',
    ],
    [
      'AWS while the SDK would go elsewhere',
      { aws: true, region: 'eu-west-1' },
      { AWS_ENDPOINT_URL: LOCAL },
      '--aws asks for AWS, but AWS_ENDPOINT_URL sends every call to',
    ],
    ['AWS by the back door', { 'endpoint-url': 'https://kinesis.us-east-1.amazonaws.com' }, {}, 'is AWS itself.'],
    ['AWS by the variable', {}, { AWS_ENDPOINT_URL: 'https://kinesis.us-east-1.api.aws' }, 'is AWS itself.'],
    ["AWS with the root's dot", { 'endpoint-url': 'https://kinesis.us-east-1.amazonaws.com.' }, {}, 'is AWS itself.'],
    [
      'AWS in another partition',
      { 'endpoint-url': 'https://kinesis.eusc-de-east-1.amazonaws.eu' },
      {},
      'is AWS itself.',
    ],
    ['half a URL', { 'endpoint-url': 'localhost:4566' }, {}, 'is not an http or https URL.'],
    ['a URL with a password', { 'endpoint-url': 'http://me:pw@127.0.0.1:1' }, {}, 'by its scheme, host, port and path'],
    ['a URL with a query', { 'endpoint-url': 'http://127.0.0.1:1/?x' }, {}, 'by its scheme, host, port and path'],
    ['no URL', { 'endpoint-url': '4566' }, {}, '"4566" is not a URL.'],
    ['an unknown word', {}, { PIPECTL_TARGET: 'moon' }, 'PIPECTL_TARGET: "moon" is not a target.'],
    ['a profile without AWS', { profile: 'prod' }, {}, '--profile has no meaning for the target local'],
    ['AWS without a region', { aws: true }, { HOME: '/nowhere' }, 'AWS needs a region'],
    [
      'a profile that is nowhere, before its region is missed',
      { aws: true, profile: 'nosuch' },
      { HOME: '/nowhere' },
      'There is no AWS profile nosuch (--profile).',
    ],
    [
      'the same from the environment',
      { aws: true, region: 'eu-west-1' },
      { HOME: '/nowhere', AWS_PROFILE: 'nosuch' },
      'There is no AWS profile nosuch (AWS_PROFILE).',
    ],
    [
      'half a key',
      { aws: true, region: 'eu-west-1' },
      { HOME: '/nowhere', AWS_ACCESS_KEY_ID: 'AKIA' },
      'AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not.',
    ],
    ['a region that AWS would not find in a signature', { region: 'EU-WEST-1' }, {}, '"EU-WEST-1" is not a region.'],
    ['a region that is a host', { aws: true, region: 'x.evil.example' }, {}, 'is not a region.'],
  ])('refuses %s', (_, flags, env, message) => {
    expect(() => resolveTarget(flags, env)).toThrow(UsageError);
    expect(() => resolveTarget(flags, env)).toThrow(message);
  });
});

describe('which region and profile', () => {
  it.each<[TargetFlags, NodeJS.ProcessEnv, TargetSettings, string]>([
    [{}, {}, {}, 'us-east-1'],
    [{ region: 'ap-south-1' }, { AWS_REGION: 'eu-west-1' }, { region: 'eu-west-3' }, 'ap-south-1'],
    [{}, { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' }, { region: 'eu-west-3' }, 'eu-west-1'],
    [{}, { AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-2' }, { region: 'eu-west-3' }, 'eu-west-2'],
    [{}, {}, { region: 'eu-west-3' }, 'eu-west-3'],
  ])('%j, %j, %j -> %s', (flags, env, file, region) => {
    expect(resolveTarget(flags, env, file).region).toBe(region);
  });

  it("takes the profile's region on AWS, as the AWS CLI does", () => {
    const config = join(mkdtempSync(join(tmpdir(), 'pipectl-test-')), 'config');
    writeFileSync(config, '[default]\nregion = us-west-1\n\n[profile prod]\noutput = json\nregion=eu-central-1\n');
    const env = { AWS_CONFIG_FILE: config };
    expect(resolveTarget({ aws: true }, env)).toMatchObject({ region: 'us-west-1', profile: undefined });
    expect(resolveTarget({ aws: true, profile: 'prod' }, env)).toMatchObject({
      region: 'eu-central-1',
      profile: 'prod',
    });
    expect(resolveTarget({ aws: true }, { ...env, AWS_PROFILE: 'prod' })).toMatchObject({ region: 'eu-central-1' });
    expect(resolveTarget({ aws: true }, env, { profile: 'prod' })).toMatchObject({ region: 'eu-central-1' });
  });

  it('takes keys of the environment before AWS_PROFILE and the file, and --profile before them, as the AWS CLI does', () => {
    const config = join(mkdtempSync(join(tmpdir(), 'pipectl-test-')), 'config');
    writeFileSync(config, '[profile prod]\nregion = eu-central-1\n');
    const keys = { AWS_CONFIG_FILE: config, AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x' };
    expect(resolveTarget({ aws: true }, { ...keys, AWS_PROFILE: 'prod' })).toMatchObject({
      region: 'eu-central-1',
      profile: undefined,
    });
    expect(resolveTarget({ aws: true, profile: 'prod' }, keys)).toMatchObject({ profile: 'prod' });
    const onBuildServer = resolveTarget({ aws: true, region: 'eu-west-1' }, keys, { profile: 'on-my-desk' });
    expect(onBuildServer).toMatchObject({ profile: undefined });
  });

  it('refuses AWS where the profile leads to another endpoint', () => {
    const config = join(mkdtempSync(join(tmpdir(), 'pipectl-test-')), 'config');
    writeFileSync(
      config,
      '[default]\nregion = eu-west-1\n[profile ls]\nregion = us-east-1\nendpoint_url = http://127.0.0.1:4566\n' +
        '[profile one]\nregion = us-east-1\nservices = s\n[services s]\nkinesis =\n  endpoint_url = http://127.0.0.1:9\n',
    );
    const env = { AWS_CONFIG_FILE: config };
    const message =
      '--aws asks for AWS, but endpoint_url of the AWS profile ls sends every call to http://127.0.0.1:4566.';
    expect(() => resolveTarget({ aws: true, profile: 'ls' }, env)).toThrow(message);
    expect(() => resolveTarget({ aws: true }, { ...env, AWS_PROFILE: 'ls' })).toThrow(message);
    const ignored = { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
    expect(resolveTarget({ aws: true, profile: 'ls' }, ignored)).toMatchObject({ kind: 'aws', profile: 'ls' });
    expect(resolveTarget({ aws: true, profile: 'one' }, env)).toMatchObject({ kind: 'aws', profile: 'one' });
    expect(resolveTarget({ aws: true }, env)).toMatchObject({ region: 'eu-west-1' });
  });

  it("tells the endpoints of single services, unless AWS's switch takes them out of force", () => {
    const env = { AWS_ENDPOINT_URL_KINESIS: 'https://vpce-1', AWS_ENDPOINT_URL: 'http://x', AWS_ENDPOINT_URL_S3: '' };
    const config = join(mkdtempSync(join(tmpdir(), 'pipectl-test-')), 'config');
    writeFileSync(
      config,
      '[profile vpc]\nservices = mine\n[services mine]\nkinesis =\n  endpoint_url = https://vpce-2\n',
    );
    expect(serviceEndpoints({ ...env, AWS_CONFIG_FILE: config }, 'vpc')).toEqual([
      'AWS_ENDPOINT_URL_KINESIS=https://vpce-1',
      '[services mine] of the AWS profile',
    ]);
    expect(serviceEndpoints({ AWS_CONFIG_FILE: config }, undefined)).toEqual([]);
    expect(serviceEndpoints({ ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'TRUE' }, 'vpc')).toEqual([]);
  });

  it('knows a profile from either file, and tells of those like it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pipectl-test-'));
    writeFileSync(join(folder, 'config'), '[profile prod-admin]\nregion = eu-west-2\n[sso-session corp]\n');
    writeFileSync(join(folder, 'credentials'), '[ci]\naws_access_key_id = x\n');
    const env = {
      AWS_REGION: 'eu-west-1',
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    };
    const hintOf = (profile: string): string | undefined => {
      try {
        resolveTarget({ aws: true, profile }, env);
        return undefined;
      } catch (error) {
        return (error as UsageError).hint;
      }
    };
    expect(hintOf('ci')).toBeUndefined();
    expect(hintOf('prod-admin')).toBeUndefined();
    expect(hintOf('prod')).toBe('Did you mean prod-admin?');
    expect(hintOf('corp')).toBe('There are prod-admin, ci.');
  });

  it('leaves AWS_PROFILE to AWS: the local endpoint takes test credentials', () => {
    expect(resolveTarget({}, { AWS_PROFILE: 'prod' }).profile).toBeUndefined();
  });
});
