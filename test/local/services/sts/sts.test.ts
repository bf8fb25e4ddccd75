import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../../src/lib/local/start-endpoint.js';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';

const clock = new DrivenClock();
let endpoint: Endpoint;
const clients: STSClient[] = [];
const clientFor = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }): STSClient => {
  const client = new STSClient({ endpoint: endpoint.url, region: 'eu-west-1', credentials, maxAttempts: 1 });
  clients.push(client);
  return client;
};

beforeAll(async () => {
  endpoint = await startEndpoint({ port: 0, clock, accountId: '111122223333' });
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await endpoint.close();
});

describe('STS', () => {
  it('says who calls: the account itself, until a role is assumed', async () => {
    const sts = clientFor({ accessKeyId: 'test', secretAccessKey: 'test' });
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '111122223333',
      UserId: '111122223333',
      Arn: 'arn:aws:iam::111122223333:root',
    });

    const { Credentials, AssumedRoleUser } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: 'arn:aws:iam::111122223333:role/service/loader',
        RoleSessionName: 'me',
        DurationSeconds: 900,
      }),
    );
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::111122223333:assumed-role/loader/me');
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    const assumed = clientFor({
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    });
    expect(await assumed.send(new GetCallerIdentityCommand({}))).toMatchObject({
      UserId: AssumedRoleUser?.AssumedRoleId,
      Arn: 'arn:aws:sts::111122223333:assumed-role/loader/me',
    });

    clock.advance(901_000);
    await expect(assumed.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'ExpiredToken',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('gives session tokens for the account', async () => {
    const sts = clientFor({ accessKeyId: 'test', secretAccessKey: 'test' });
    const { Credentials } = await sts.send(new GetSessionTokenCommand({}));
    expect((Credentials?.Expiration?.getTime() ?? 0) - clock.now()).toBeGreaterThan(43_000_000);
  });

  it.each([
    [{ RoleArn: 'arn:aws:iam::111122223333:user/someone', RoleSessionName: 'me' }, /is invalid/],
    [{ RoleArn: 'arn:aws:iam::111122223333:role/r', RoleSessionName: 'no spaces' }, /roleSessionName/],
    [
      { RoleArn: 'arn:aws:iam::111122223333:role/r', RoleSessionName: 'me', DurationSeconds: 60 },
      /greater than or equal to 900/,
    ],
  ])('refuses %o', async (input, message) => {
    const sts = clientFor({ accessKeyId: 'test', secretAccessKey: 'test' });
    await expect(sts.send(new AssumeRoleCommand(input))).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(message),
    });
  });
});
