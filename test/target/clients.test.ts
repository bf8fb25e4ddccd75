import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { type Clients, createClients } from '../../src/lib/target/clients.js';
import { credentialsInWords } from '../../src/lib/target/environment-keys.js';
import { explainSdkError } from '../../src/lib/target/explain-sdk-error.js';
import type { Target } from '../../src/lib/target/target.js';

let endpoint: Endpoint;
let clients: Clients;
beforeAll(async () => {
  endpoint = await startEndpoint({ port: 0 });
});
afterAll(() => endpoint.close());
afterEach(() => {
  clients?.close();
  vi.unstubAllEnvs();
});

const HOSTILE = `[default]
use_fips_endpoint = true
use_dualstack_endpoint = true
defaults_mode = moon
retry_mode = moon
endpoint_url = http://127.0.0.1:1
`;

const local = (): Target => ({
  kind: 'local',
  endpointUrl: endpoint.url,
  region: 'us-east-1',
  profile: undefined,
  why: 'the test',
});

describe("what a person's environment says of AWS does not keep anybody from another endpoint", () => {
  it.each<[string, Record<string, string>]>([
    ['FIPS', { AWS_USE_FIPS_ENDPOINT: 'true' }],
    ['dual stack', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }],
    ['an unknown mode', { AWS_DEFAULTS_MODE: 'moon' }],
    ['empty keys', { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }],
    ['half a key', { AWS_ACCESS_KEY_ID: 'AKIA' }],
    ['a profile that is nowhere', { AWS_PROFILE: 'nosuch' }],
    ['such a profile beside keys', { AWS_PROFILE: 'nosuch', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }],
    ['an endpoint of one service', { AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:1' }],
    ['a configuration full of it', {}],
  ])('%s', async (_, variables) => {
    const config = join(mkdtempSync(join(tmpdir(), 'pipectl-test-')), 'config');
    writeFileSync(config, HOSTILE);
    for (const name of ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_CONFIG_FILE', config);
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    clients = createClients(local(), { maxAttempts: 1 });
    expect(await clients.kinesisControl().call('ListStreams', {})).toMatchObject({ StreamNames: [] });
    expect(await (await clients.kinesis()).send(new ListStreamsCommand({}))).toMatchObject({ StreamNames: [] });
    expect(await (await clients.lambda()).send(new ListFunctionsCommand({}))).toMatchObject({ Functions: [] });
    expect(await (await clients.s3()).send(new ListBucketsCommand({}))).toMatchObject({ Buckets: [] });
  });
});

describe('on AWS', () => {
  const aws = (profile?: string): Target => ({ ...local(), kind: 'aws', endpointUrl: undefined, profile });

  it('keys of the environment go before AWS_PROFILE, as in the AWS CLI, and a profile that was asked for before them', async () => {
    vi.stubEnv('AWS_PROFILE', 'nosuch');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIA');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    vi.stubEnv('AWS_SESSION_TOKEN', 'y');
    clients = createClients(aws());
    const { credentials } = (await clients.lambda()).config;
    expect(await credentials()).toMatchObject({ accessKeyId: 'AKIA', secretAccessKey: 'x', sessionToken: 'y' });
    expect(credentialsInWords(aws())).toBe('AWS_ACCESS_KEY_ID');
    expect(credentialsInWords(aws('prod'))).toBe('profile prod');
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    expect(credentialsInWords(aws())).toBe('what the AWS SDK finds');
  });

  it('says whose keys have expired', () => {
    const expired = Object.assign(new Error('The security token included in the request is expired'), {
      name: 'ExpiredTokenException',
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
    const hint = (target: Target) => explainSdkError(expired, target)?.hint;
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIA');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    expect(hint(aws())).toMatch(/^They are those of AWS_ACCESS_KEY_ID: set fresh ones, or unset them/);
    expect(hint(aws('prod'))).toMatch(/^Sign in \(`aws sso login --profile prod`\)/);
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    expect(hint(aws())).toMatch(/^Sign in \(`aws sso login`\)/);
  });

  it('says what is wrong where there is no such endpoint', async () => {
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true');
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', 'https://vpce-1.example');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIA');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    clients = createClients(aws(), { maxAttempts: 1 });
    const failure = await (await clients.lambda()).send(new ListFunctionsCommand({})).catch((error) => error);
    expect(explainSdkError(failure, aws())).toMatchObject({
      message:
        'The AWS SDK has no endpoint to talk to: Invalid Configuration: FIPS and custom endpoint are not supported.',
      hint: expect.stringContaining('AWS_USE_FIPS_ENDPOINT'),
    });
  });
});
