import { createHash } from 'node:crypto';
import {
  AddLayerVersionPermissionCommand,
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionUrlConfigCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  DeleteFunctionUrlConfigCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetLayerVersionPolicyCommand,
  GetPolicyCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListProvisionedConcurrencyConfigsCommand,
  ListVersionsByFunctionCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
  RemoveLayerVersionPermissionCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionUrlConfigCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';
import { signedFor } from '../../wire/raw-request.js';
import { type LambdaFixture, ROLE, startLambda, until, zip } from './start-lambda.js';

let fixture: LambdaFixture;
const clock = new DrivenClock();
beforeAll(async () => {
  fixture = await startLambda({ clock });
});
afterAll(() => fixture.close());

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:';
const answering = (text: string): Record<string, string> => ({
  'index.js': `exports.handler = async () => ${JSON.stringify(text)}`,
});

test('a function is pending when created, active when asked for, and shown as AWS shows it', async () => {
  const code = await zip(answering('hi'));
  const made = await fixture.create(
    'shown',
    {},
    { Code: { ZipFile: code }, Tags: { a: 'b' }, Environment: { Variables: { KEY: 'v' } } },
  );
  expect(made).toMatchObject({ State: 'Pending', StateReasonCode: 'Creating' });
  await waitUntilFunctionActiveV2({ client: fixture.lambda, maxWaitTime: 5 }, { FunctionName: 'shown' });
  const { Configuration, Code, Tags } = await fixture.lambda.send(new GetFunctionCommand({ FunctionName: 'shown' }));
  expect(Configuration).toMatchObject({
    FunctionName: 'shown',
    FunctionArn: `${ARN}shown`,
    Runtime: 'nodejs22.x',
    Role: ROLE,
    Handler: 'index.handler',
    CodeSize: code.length,
    CodeSha256: createHash('sha256').update(code).digest('base64'),
    Timeout: 3,
    MemorySize: 128,
    LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
    Version: '$LATEST',
    Environment: { Variables: { KEY: 'v' } },
    TracingConfig: { Mode: 'PassThrough' },
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: ['x86_64'],
    EphemeralStorage: { Size: 512 },
    LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/shown' },
  });
  expect(Tags).toEqual({ a: 'b' });
  const download = await fetch(Code?.Location ?? '');
  expect(Buffer.from(await download.arrayBuffer()).equals(code)).toBe(true);
});

test('code and configuration change for the next invocation, each with a new revision', async () => {
  await fixture.create('changed', answering('one'));
  expect((await fixture.invoke('changed')).payload).toBe('one');
  const updated = await fixture.lambda.send(
    new UpdateFunctionCodeCommand({ FunctionName: 'changed', ZipFile: await zip(answering('two')) }),
  );
  expect(updated.LastUpdateStatus).toBe('InProgress');
  await waitUntilFunctionUpdatedV2({ client: fixture.lambda, maxWaitTime: 5 }, { FunctionName: 'changed' });
  expect((await fixture.invoke('changed')).payload).toBe('two');
  await fixture.lambda.send(
    new UpdateFunctionCodeCommand({
      FunctionName: 'changed',
      ZipFile: await zip({ 'index.js': 'exports.handler = async () => process.env.WHO' }),
    }),
  );
  const configured = await fixture.lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: 'changed', Environment: { Variables: { WHO: 'me' } } }),
  );
  expect((await fixture.invoke('changed')).payload).toBe('me');
  await expect(
    fixture.lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: 'changed', Timeout: 5, RevisionId: updated.RevisionId }),
    ),
  ).rejects.toMatchObject({ name: 'PreconditionFailedException' });
  await fixture.lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: 'changed', Timeout: 5, RevisionId: configured.RevisionId }),
  );
});

test('what the endpoint does not do is refused where it is asked for', async () => {
  await fixture.create('asked', answering('x'));
  for (const command of [
    new InvokeCommand({ FunctionName: 'asked', TenantId: 't' }),
    new InvokeCommand({ FunctionName: 'asked', DurableExecutionName: 'd' }),
    new InvokeWithResponseStreamCommand({ FunctionName: 'asked', TenantId: 't' }),
    new PublishVersionCommand({ FunctionName: 'asked', PublishTo: 'LATEST_PUBLISHED' }),
  ]) {
    await expect(fixture.lambda.send(command as InvokeCommand)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining('The local endpoint does not have'),
    });
  }
});

test('a deleted function is not found, by any of its names', async () => {
  await fixture.create('deleted', answering('x'));
  await fixture.lambda.send(new DeleteFunctionCommand({ FunctionName: 'deleted' }));
  for (const name of ['deleted', `${ARN}deleted`, '000000000000:function:deleted']) {
    await expect(
      fixture.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
    ).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Function not found: ${ARN}deleted`,
      Type: 'User',
    });
  }
  await expect(fixture.lambda.send(new InvokeCommand({ FunctionName: 'deleted' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test.each([
  [
    'a name that is there',
    { FunctionName: 'refused' },
    'ResourceConflictException',
    /^Function already exist: refused$/,
  ],
  ['no role', { Role: 'nobody' }, 'ValidationException', /'role' failed to satisfy constraint/],
  ['a time-out of 901 s', { Timeout: 901 }, 'ValidationException', /'timeout'.*less than or equal to 900/],
  ['64 MB', { MemorySize: 64 }, 'ValidationException', /'memorySize'.*greater than or equal to 128/],
  [
    'what is no zip',
    { Code: { ZipFile: Buffer.from('text') } },
    'InvalidParameterValueException',
    /^Could not unzip uploaded file/,
  ],
  ['an empty upload', { Code: { ZipFile: Buffer.alloc(0) } }, 'InvalidParameterValueException', /non-empty zip/],
  ['no handler', { Handler: undefined }, 'InvalidParameterValueException', /Handler are mandatory/],
  [
    'a reserved variable',
    { Environment: { Variables: { AWS_REGION: 'x' } } },
    'InvalidParameterValueException',
    /reserved keys.*AWS_REGION/,
  ],
  [
    'a variable of one letter',
    { Environment: { Variables: { A: 'x' } } },
    'ValidationException',
    /'environment\.variables' failed to satisfy constraint: Map keys must/,
  ],
  ['another architecture', { Architectures: ['sparc'] }, 'ValidationException', /'architectures'.*\[x86_64, arm64\]/],
  [
    '5 KB of variables',
    { Environment: { Variables: { LONG: 'x'.repeat(5000) } } },
    'InvalidParameterValueException',
    /exceeded the 4KB limit/,
  ],
  [
    'a runtime it does not run',
    { Runtime: 'java21' },
    'InvalidParameterValueException',
    /does not have the runtime java21/,
  ],
  [
    'an image',
    { PackageType: 'Image', Code: { ImageUri: 'x' } },
    'InvalidParameterValueException',
    /does not have functions from container images/,
  ],
  [
    'a missing object',
    { Code: { S3Bucket: 'no-such-bucket', S3Key: 'k' } },
    'InvalidParameterValueException',
    /Error occurred while GetObject\. S3 Error Code: NoSuchBucket/,
  ],
  ['a name with a blank', { FunctionName: 'a b' }, 'ValidationException', /'functionName'/],
] as const)('CreateFunction refuses %s', async (_what, wrong, name, message) => {
  await fixture.create('refused', answering('x')).catch(() => {});
  await expect(fixture.create('refused-too', answering('x'), wrong as object)).rejects.toMatchObject({
    name,
    message: expect.stringMatching(message),
  });
});

test('paging goes over all functions once', async () => {
  for (let i = 0; i < 5; i++) await fixture.create(`page-${i}`, answering('x'));
  const names: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await fixture.lambda.send(new ListFunctionsCommand({ MaxItems: 2, Marker }));
    expect(page.Functions?.length).toBeLessThanOrEqual(2);
    names.push(...(page.Functions ?? []).map(({ FunctionName = '' }) => FunctionName));
    Marker = page.NextMarker;
  } while (Marker);
  expect(names.filter((name) => name.startsWith('page-'))).toHaveLength(5);
  expect(new Set(names).size).toBe(names.length);
});

test('versions keep their code; aliases lead to them, by weight too', async () => {
  await fixture.create('versioned', answering('v1'));
  const first = await fixture.lambda.send(
    new PublishVersionCommand({ FunctionName: 'versioned', Description: 'the first' }),
  );
  expect(first).toMatchObject({ Version: '1', FunctionArn: `${ARN}versioned:1`, Description: 'the first' });
  const again = await fixture.lambda.send(new PublishVersionCommand({ FunctionName: 'versioned' }));
  expect(again.Version).toBe('1');
  await fixture.lambda.send(
    new UpdateFunctionCodeCommand({ FunctionName: 'versioned', ZipFile: await zip(answering('v2')), Publish: true }),
  );
  expect((await fixture.invoke('versioned:1')).payload).toBe('v1');
  expect(await fixture.invoke('versioned', {}, { Qualifier: '2' })).toMatchObject({ payload: 'v2', version: '2' });
  await fixture.lambda.send(new CreateAliasCommand({ FunctionName: 'versioned', Name: 'live', FunctionVersion: '1' }));
  expect(await fixture.invoke(`${ARN}versioned:live`)).toMatchObject({ payload: 'v1', version: '1' });
  await fixture.lambda.send(
    new UpdateAliasCommand({
      FunctionName: 'versioned',
      Name: 'live',
      RoutingConfig: { AdditionalVersionWeights: { 2: 1 } },
    }),
  );
  expect((await fixture.invoke('versioned:live')).payload).toBe('v2');
  await expect(
    fixture.lambda.send(new UpdateAliasCommand({ FunctionName: 'versioned', Name: 'live', FunctionVersion: '2' })),
  ).rejects.toMatchObject({ message: expect.stringContaining('version 2 is already included in routing') });
  const { Aliases } = await fixture.lambda.send(new ListAliasesCommand({ FunctionName: 'versioned' }));
  expect(Aliases).toMatchObject([
    { Name: 'live', FunctionVersion: '1', RoutingConfig: { AdditionalVersionWeights: { 2: 1 } } },
  ]);
  await expect(
    fixture.lambda.send(new DeleteFunctionCommand({ FunctionName: 'versioned', Qualifier: '1' })),
  ).rejects.toMatchObject({ name: 'ResourceConflictException' });
  await expect(
    fixture.lambda.send(new CreateAliasCommand({ FunctionName: 'versioned', Name: 'none', FunctionVersion: '9' })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: `Function not found: ${ARN}versioned:9` });
  await fixture.lambda.send(new DeleteAliasCommand({ FunctionName: 'versioned', Name: 'live' }));
  await fixture.lambda.send(new DeleteFunctionCommand({ FunctionName: 'versioned', Qualifier: '1' }));
  const { Versions } = await fixture.lambda.send(new ListVersionsByFunctionCommand({ FunctionName: 'versioned' }));
  expect(Versions?.map(({ Version }) => Version)).toEqual(['$LATEST', '2']);
});

test('Event answers at once; DryRun runs nothing; a payload that is no JSON, or too large, is refused', async () => {
  await fixture.create('invoked', {
    'index.js': 'exports.handler = async (event) => { console.log("ran", event.n); }',
  });
  const event = await fixture.lambda.send(
    new InvokeCommand({ FunctionName: 'invoked', InvocationType: 'Event', Payload: Buffer.from('{"n":7}') }),
  );
  expect(event.StatusCode).toBe(202);
  await until(
    async () =>
      (await fixture.messages('/aws/lambda/invoked')).some((message) => message.includes('ran 7')) || undefined,
  );
  const dry = await fixture.lambda.send(new InvokeCommand({ FunctionName: 'invoked', InvocationType: 'DryRun' }));
  expect(dry.StatusCode).toBe(204);
  for (const [payload, type, name] of [
    ['not json', 'RequestResponse', 'InvalidRequestContentException'],
    [`"${'x'.repeat(6_291_600)}"`, 'RequestResponse', 'RequestEntityTooLargeException'],
    [`"${'x'.repeat(1_048_600)}"`, 'Event', 'RequestEntityTooLargeException'],
  ] as const) {
    await expect(
      fixture.lambda.send(
        new InvokeCommand({ FunctionName: 'invoked', InvocationType: type, Payload: Buffer.from(payload) }),
      ),
    ).rejects.toMatchObject({ name });
  }
  const messages = await fixture.messages('/aws/lambda/invoked');
  expect(messages.filter((message) => message.startsWith('START'))).toHaveLength(1);
});

test('an event that fails is tried twice more, a minute and two minutes later, under one id; then its destination learns of it', async () => {
  await fixture.create('failing', { 'index.js': 'exports.handler = async () => { throw new Error("always") }' });
  await fixture.create('learns', {
    'index.js':
      'exports.handler = async (event) => { process.stdout.write("LEARNT " + JSON.stringify(event) + "\\n") }',
  });
  await fixture.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: 'failing',
      DestinationConfig: { OnFailure: { Destination: `${ARN}learns` } },
    }),
  );
  await fixture.lambda.send(
    new InvokeCommand({ FunctionName: 'failing', InvocationType: 'Event', Payload: Buffer.from('{"k":1}') }),
  );
  const starts = async (): Promise<string[]> =>
    (await fixture.messages('/aws/lambda/failing')).filter((message) => message.startsWith('START'));
  for (const [tries, waitMs] of [
    [1, 60_000],
    [2, 120_000],
    [3, 0],
  ] as const) {
    await until(async () => (await starts()).length === tries || undefined);
    await new Promise((resolve) => setTimeout(resolve, 30));
    clock.advance(waitMs);
  }
  expect(new Set(await starts()).size).toBe(1);
  const [record] = await until(async () => {
    const found = (await fixture.messages('/aws/lambda/learns')).filter((message) => message.startsWith('LEARNT '));
    return found.length > 0 ? found : undefined;
  });
  expect(JSON.parse(record?.slice(7) ?? '')).toMatchObject({
    version: '1.0',
    requestContext: { functionArn: `${ARN}failing:$LATEST`, condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: { k: 1 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'Error', errorMessage: 'always' },
  });
});

test('an event too old for another try, and one for a function that may not run, go to their bucket', async () => {
  const s3 = new S3Client({
    endpoint: fixture.endpoint.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'never-run' }));
  await fixture.create('aging', { 'index.js': 'exports.handler = async () => { throw new Error("always") }' });
  await fixture.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: 'aging',
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::never-run' } },
    }),
  );
  const records = async (count: number) => {
    const keys = await until(async () => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'never-run' }));
      return Contents.length >= count ? Contents.map(({ Key }) => Key) : undefined;
    });
    const bodies = keys.map(async (Key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'never-run', Key }));
      return JSON.parse((await Body?.transformToString()) ?? '');
    });
    return Promise.all(bodies);
  };
  const event = { FunctionName: 'aging', InvocationType: 'Event', Payload: Buffer.from('{"k":2}') } as const;
  await fixture.lambda.send(new InvokeCommand(event));
  // The next try would come a minute after the first, and later than the event may be.
  const [aged] = await records(1);
  expect(aged).toMatchObject({
    requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 1 },
    requestPayload: { k: 2 },
    responsePayload: { errorMessage: 'always' },
  });
  await fixture.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'aging', ReservedConcurrentExecutions: 0 }),
  );
  await fixture.lambda.send(new InvokeCommand(event));
  const conditions = (await records(2)).map(({ requestContext }) => requestContext.condition);
  expect(conditions.sort()).toEqual(['EventAgeExceeded', 'ZeroReservedConcurrency']);
  s3.destroy();
});

test('reserved concurrency: one more than reserved is throttled, with the reason', async () => {
  await fixture.create('reserved', {
    'index.js': 'exports.handler = () => new Promise((done) => setTimeout(done, 500, "slow"))',
  });
  await fixture.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'reserved', ReservedConcurrentExecutions: 1 }),
  );
  const running = fixture.invoke('reserved');
  await new Promise((resolve) => setTimeout(resolve, 50));
  await expect(fixture.invoke('reserved')).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  });
  expect((await running).payload).toBe('slow');
  const { AccountLimit } = await fixture.lambda.send(new GetAccountSettingsCommand({}));
  expect(AccountLimit).toMatchObject({ ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 999 });
  await expect(
    fixture.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'reserved', ReservedConcurrentExecutions: 950 }),
    ),
  ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
});

test('provisioned concurrency is for versions and aliases, and ready when asked for', async () => {
  await fixture.create('provisioned', answering('one'), { Publish: true });
  const put = (Qualifier: string, ProvisionedConcurrentExecutions = 2) =>
    fixture.lambda.send(
      new PutProvisionedConcurrencyConfigCommand({
        FunctionName: 'provisioned',
        Qualifier,
        ProvisionedConcurrentExecutions,
      }),
    );
  const get = () =>
    fixture.lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName: 'provisioned', Qualifier: 'live' }));
  await expect(put('$LATEST')).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: 'Provisioned Concurrency Configs cannot be applied to unpublished function versions.',
  });
  await fixture.lambda.send(
    new CreateAliasCommand({ FunctionName: 'provisioned', Name: 'live', FunctionVersion: '1' }),
  );
  await expect(get()).rejects.toMatchObject({ name: 'ProvisionedConcurrencyConfigNotFoundException' });
  expect(await put('live')).toMatchObject({
    Status: 'IN_PROGRESS',
    RequestedProvisionedConcurrentExecutions: 2,
    AllocatedProvisionedConcurrentExecutions: 0,
  });
  expect(await get()).toMatchObject({ Status: 'READY', AvailableProvisionedConcurrentExecutions: 2 });
  await expect(put('1')).rejects.toMatchObject({ name: 'ResourceConflictException' });
  await expect(put('live', 901)).rejects.toMatchObject({
    message: "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [899].",
  });
  await expect(
    fixture.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'provisioned', ReservedConcurrentExecutions: 1 }),
    ),
  ).rejects.toMatchObject({ message: expect.stringContaining('total provisioned concurrency [2]') });
  const { ProvisionedConcurrencyConfigs } = await fixture.lambda.send(
    new ListProvisionedConcurrencyConfigsCommand({ FunctionName: 'provisioned' }),
  );
  expect(ProvisionedConcurrencyConfigs).toMatchObject([{ FunctionArn: `${ARN}provisioned:live`, Status: 'READY' }]);
  const wanted = { FunctionName: 'provisioned', Qualifier: 'live' };
  await fixture.lambda.send(new DeleteProvisionedConcurrencyConfigCommand(wanted));
  await fixture.lambda.send(new DeleteProvisionedConcurrencyConfigCommand(wanted));
  await put('1', 3);
  await fixture.lambda.send(new DeleteAliasCommand({ FunctionName: 'provisioned', Name: 'live' }));
});

test('permissions of a layer version make its policy', async () => {
  const { LayerVersionArn } = await fixture.lambda.send(
    new PublishLayerVersionCommand({ LayerName: 'granted', Content: { ZipFile: await zip({ 'a.txt': 'a' }) } }),
  );
  const layer = { LayerName: 'granted', VersionNumber: 1 };
  const grant = { ...layer, Action: 'lambda:GetLayerVersion' };
  await expect(fixture.lambda.send(new GetLayerVersionPolicyCommand(layer))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  const { RevisionId } = await fixture.lambda.send(
    new AddLayerVersionPermissionCommand({ ...grant, StatementId: 'one', Principal: '111122223333' }),
  );
  const organization = { ...grant, StatementId: 'all', Principal: '*', OrganizationId: 'o-a1b2c3d4e5' };
  await expect(
    fixture.lambda.send(new AddLayerVersionPermissionCommand({ ...organization, RevisionId: 'stale' })),
  ).rejects.toMatchObject({ name: 'PreconditionFailedException' });
  await fixture.lambda.send(new AddLayerVersionPermissionCommand({ ...organization, RevisionId }));
  await expect(fixture.lambda.send(new AddLayerVersionPermissionCommand(organization))).rejects.toMatchObject({
    name: 'ResourceConflictException',
  });
  const { Policy = '' } = await fixture.lambda.send(new GetLayerVersionPolicyCommand(layer));
  expect(JSON.parse(Policy).Statement).toEqual([
    {
      Sid: 'one',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 'lambda:GetLayerVersion',
      Resource: LayerVersionArn,
    },
    expect.objectContaining({
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    }),
  ]);
  for (const StatementId of ['one', 'all'])
    await fixture.lambda.send(new RemoveLayerVersionPermissionCommand({ ...layer, StatementId }));
  await expect(
    fixture.lambda.send(new RemoveLayerVersionPermissionCommand({ ...layer, StatementId: 'one' })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test.each([
  ['events:us-east-1:000000000000:event-bus/b', /does not have EventBridge/],
  ['dynamodb:us-east-1:000000000000:table/t', /is invalid/],
])('a destination that nothing here could reach is refused: %s', async (arn, message) => {
  await fixture.create('nowhere', answering('x')).catch(() => {});
  await expect(
    fixture.lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: 'nowhere',
        DestinationConfig: { OnFailure: { Destination: `arn:aws:${arn}` } },
      }),
    ),
  ).rejects.toMatchObject({ name: 'InvalidParameterValueException', message: expect.stringMatching(message) });
});

test('what some functions reserved is nobody else’s, and only in their region', async () => {
  const own = await startLambda({ clock });
  for (const name of ['reserves', 'shares']) await own.create(name, answering('x'));
  await own.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'reserves', ReservedConcurrentExecutions: 900 }),
  );
  // By hand, for the SDK's client makes at most 50 calls at once.
  const invoke = async (region: string): Promise<unknown> => {
    const answer = await fetch(`${own.endpoint.url}/2015-03-31/functions/shares/invocations`, {
      method: 'POST',
      headers: signedFor('lambda', region),
    });
    const body = (await answer.json()) as { Reason?: string } | null;
    return body?.Reason ?? answer.status;
  };
  await own.invoke('shares'); // its code lies ready, so that those below come to their wait at once
  // Held, and then answered without a process: what runs is not the point.
  own.endpoint.faults.add({ at: 'lambda.run', kind: 'drop', delayMs: 60_000, times: 100, match: 'shares' });
  const settled: unknown[] = [];
  const all = Array.from({ length: 101 }, () => invoke('us-east-1').then((what) => settled.push(what)));
  await until(() => settled.length > 0 || undefined);
  expect(settled).toEqual(['ConcurrentInvocationLimitExceeded']);
  expect(await invoke('eu-west-1')).toBe(404);
  clock.advance(60_000);
  await Promise.all(all);
  expect(settled.slice(1)).toEqual(Array.from({ length: 100 }, () => 200));
  await own.close();
});

test('permissions make a policy; tags come and go', async () => {
  await fixture.create('guarded', answering('x'));
  const permission = {
    FunctionName: 'guarded',
    StatementId: 'logs',
    Action: 'lambda:InvokeFunction',
    Principal: 'logs.amazonaws.com',
    SourceArn: 'arn:aws:logs:us-east-1:000000000000:log-group:g:*',
  };
  await fixture.lambda.send(new AddPermissionCommand(permission));
  await expect(fixture.lambda.send(new AddPermissionCommand(permission))).rejects.toMatchObject({
    name: 'ResourceConflictException',
  });
  const { Policy } = await fixture.lambda.send(new GetPolicyCommand({ FunctionName: 'guarded' }));
  expect(JSON.parse(Policy ?? '')).toEqual({
    Version: '2012-10-17',
    Id: 'default',
    Statement: [
      {
        Sid: 'logs',
        Effect: 'Allow',
        Principal: { Service: 'logs.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: `${ARN}guarded`,
        Condition: { ArnLike: { 'AWS:SourceArn': permission.SourceArn } },
      },
    ],
  });
  await fixture.lambda.send(new RemovePermissionCommand({ FunctionName: 'guarded', StatementId: 'logs' }));
  await expect(fixture.lambda.send(new GetPolicyCommand({ FunctionName: 'guarded' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await fixture.lambda.send(new TagResourceCommand({ Resource: `${ARN}guarded`, Tags: { a: '1', b: '2' } }));
  await fixture.lambda.send(new UntagResourceCommand({ Resource: `${ARN}guarded`, TagKeys: ['a'] }));
  expect((await fixture.lambda.send(new GetFunctionCommand({ FunctionName: 'guarded' }))).Tags).toEqual({ b: '2' });
});

test('a function URL answers HTTP, text and bytes, with status, headers and cookies', async () => {
  await fixture.create('web', {
    'index.js': `exports.handler = async (event) => {
      if (event.rawPath === '/plain') return { hello: event.queryStringParameters?.name };
      if (event.rawPath === '/throw') throw new Error('x');
      return { statusCode: 201, headers: { 'X-Own': 'yes', 'content-type': 'text/plain' }, cookies: ['a=1; Path=/', 'b=2; HttpOnly'], isBase64Encoded: true, body: Buffer.from(JSON.stringify(event)).toString('base64') };
    };`,
  });
  const { FunctionUrl = '' } = await fixture.lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: 'web', AuthType: 'NONE' }),
  );
  const plain = await fetch(`${FunctionUrl}plain?name=w%C3%B6rld`);
  expect([plain.status, await plain.json()]).toEqual([200, { hello: 'wörld' }]);
  const posted = await fetch(`${FunctionUrl}some/path?a=1&a=2`, {
    method: 'POST',
    body: Buffer.from([1, 2, 255]),
    headers: { 'content-type': 'application/octet-stream', cookie: 'c=d; e=f' },
  });
  expect([posted.status, posted.headers.get('x-own')]).toEqual([201, 'yes']);
  expect(posted.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2; HttpOnly']);
  expect(await posted.json()).toMatchObject({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/some/path',
    rawQueryString: 'a=1&a=2',
    queryStringParameters: { a: '1,2' },
    cookies: ['c=d', 'e=f'],
    headers: { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' },
    requestContext: {
      http: { method: 'POST', path: '/some/path', protocol: 'HTTP/1.1' },
      stage: '$default',
      accountId: 'anonymous',
    },
    body: Buffer.from([1, 2, 255]).toString('base64'),
    isBase64Encoded: true,
  });
  expect((await fetch(`${FunctionUrl}throw`)).status).toBe(502);
  const id = new URL(FunctionUrl).pathname.split('/').at(-2);
  expect(id).toMatch(/^[a-z0-9]{32}$/);
  await fixture.lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName: 'web', AuthType: 'AWS_IAM' }));
  const unsigned = await fetch(FunctionUrl);
  expect([unsigned.status, await unsigned.json()]).toEqual([403, { Message: 'Forbidden' }]);
  await fixture.lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName: 'web' }));
  const gone = await fetch(FunctionUrl);
  expect([gone.status, await gone.json()]).toEqual([404, { Message: null }]);
  expect((await fetch(`${FunctionUrl}plain`, { headers: { origin: 'https://example.com' } })).status).toBe(403);
});

test('a function URL hands on the path and the query as they were sent, and forms in base64', async () => {
  await fixture.create('echo', {
    'index.js': 'exports.handler = async (event) => ({ ...event, trace: process.env._X_AMZN_TRACE_ID })',
  });
  const { FunctionUrl = '' } = await fixture.lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: 'echo', AuthType: 'NONE' }),
  );
  const ask = async (path: string, init?: RequestInit) =>
    (await (await fetch(`${FunctionUrl}${path}`, init)).json()) as { headers: Record<string, string>; trace: string };
  expect(await ask('a%20b%2Fc?x=1%202&flag&y=a+b&x=3')).toMatchObject({
    rawPath: '/a%20b%2Fc',
    rawQueryString: 'x=1%202&flag&y=a+b&x=3',
    queryStringParameters: { x: '1 2,3', flag: '', y: 'a b' },
    requestContext: { http: { path: '/a b/c' } },
  });
  expect(await ask('100%')).toMatchObject({ rawPath: '/100%', requestContext: { http: { path: '/100%' } } });
  expect(await ask('', { method: 'POST', body: new URLSearchParams({ a: '1' }) })).toMatchObject({
    body: Buffer.from('a=1').toString('base64'),
    isBase64Encoded: true,
  });
  const { headers, trace } = await ask('');
  expect(headers['x-amzn-trace-id']).toMatch(/^Root=1-/);
  expect(trace.startsWith(`${headers['x-amzn-trace-id']};Parent=`)).toBe(true);
  const text = { method: 'POST', body: 'é', headers: { 'content-type': 'text/plain; charset=utf-8' } };
  expect(await ask('', text)).toMatchObject({ body: 'é', isBase64Encoded: false });
});

test('a streamed answer: by URL with its prelude, and by InvokeWithResponseStream', async () => {
  await fixture.create('streams', {
    'index.js': `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
      if (event.rawPath) stream = awslambda.HttpResponseStream.from(stream, { statusCode: 202, headers: { 'content-type': 'text/html' } });
      stream.write('<p>'); stream.write('hi'); stream.end('</p>');
    });`,
  });
  const { FunctionUrl = '' } = await fixture.lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: 'streams', AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM' }),
  );
  const page = await fetch(FunctionUrl);
  expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([202, 'text/html', '<p>hi</p>']);
  const { EventStream } = await fixture.lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: 'streams' }));
  let text = '';
  let complete = false;
  for await (const event of EventStream ?? []) {
    if (event.PayloadChunk?.Payload) text += Buffer.from(event.PayloadChunk.Payload).toString();
    if (event.InvokeComplete) complete = true;
  }
  expect([text, complete]).toEqual(['<p>hi</p>', true]);
});

test('layers lie under /opt, later ones over earlier ones, and their packages are found', async () => {
  const layer = async (LayerName: string, text: string): Promise<string> => {
    const { LayerVersionArn = '' } = await fixture.lambda.send(
      new PublishLayerVersionCommand({
        LayerName,
        Content: {
          ZipFile: await zip({
            'nodejs/node_modules/greet/index.js': `module.exports = ${JSON.stringify(text)}`,
            'nodejs/node_modules/greet/package.json': '{}',
            'nodejs/wrapper.js': 'exports.handler = async () => "wrapper"',
            'nodejs/node22/node_modules/versioned/index.js': 'module.exports = 22',
            'nodejs/node22/node_modules/versioned/package.json': '{}',
          }),
        },
        CompatibleRuntimes: ['nodejs22.x'],
      }),
    );
    return LayerVersionArn;
  };
  const [one, two, three] = [await layer('shared', 'one'), await layer('other', 'two'), await layer('shared', 'three')];
  expect([one, two, three].map((arn) => arn.split(':').at(-1))).toEqual(['1', '1', '2']);
  await expect(fixture.create('twice', answering('x'), { Layers: [one, three] })).rejects.toMatchObject({
    message: expect.stringMatching(/^Two different versions of the same layer are not allowed/),
  });
  const made = await fixture.create(
    'layered',
    { 'index.js': 'exports.handler = async () => require("greet")' },
    { Layers: [one, two] },
  );
  expect(made.Layers?.map(({ Arn }) => Arn)).toEqual([one, two]);
  expect((await fixture.invoke('layered')).payload).toBe('two');
  await fixture.create(
    'layered-esm',
    {
      'index.mjs':
        'import greet from "greet"; import v from "versioned"; export const handler = async () => [greet, v]',
    },
    { Layers: [one] },
  );
  expect((await fixture.invoke('layered-esm')).payload).toEqual(['one', 22]);
  await fixture.create(
    'wrapped',
    { 'index.js': 'exports.handler = async () => "not me"' },
    { Layers: [one], Handler: '/opt/nodejs/wrapper.handler' },
  );
  expect((await fixture.invoke('wrapped')).payload).toBe('wrapper');
  await expect(fixture.create('unlayered', answering('x'), { Layers: [`${one}9`] })).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
  });
});

test('package and layers together are no larger than AWS allows', async () => {
  // One package in three roles, which the endpoint keeps once.
  const ZipFile = await zip({ zeros: Buffer.alloc(90_000_000) });
  const publish = async (LayerName: string): Promise<string> =>
    (await fixture.lambda.send(new PublishLayerVersionCommand({ LayerName, Content: { ZipFile } }))).LayerVersionArn ??
    '';
  const [one, two] = [await publish('large-1'), await publish('large-2')];
  await fixture.create('roomy', answering('x'), { Layers: [one, two] });
  const tooLarge = {
    name: 'InvalidParameterValueException',
    message:
      'Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. The actual size is 270000000 bytes.',
  };
  await expect(
    fixture.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'roomy', ZipFile })),
  ).rejects.toMatchObject(tooLarge);
  await fixture.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'roomy', Layers: [one] }));
  await fixture.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'roomy', ZipFile }));
  await expect(
    fixture.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'roomy', Layers: [one, two] })),
  ).rejects.toMatchObject(tooLarge);
});

test.each([
  ['crash', 'Unhandled', { errorType: 'Runtime.ExitError' }],
  ['error', 'Unhandled', { errorType: 'Chosen', errorMessage: 'as told' }],
  ['drop', undefined, null],
] as const)('the fault %s at lambda.run strikes one invocation', async (kind, error, payload) => {
  const name = `faulty-${kind}`;
  await fixture.create(name, answering('fine'));
  fixture.endpoint.faults.add({ at: 'lambda.run', kind, match: name, code: 'Chosen', message: 'as told' });
  const struck = await fixture.invoke(name);
  expect(struck.error).toBe(error);
  if (payload === null) expect(struck.payload).toBeNull();
  else expect(struck.payload).toMatchObject(payload);
  expect((await fixture.invoke(name)).payload).toBe('fine');
});
