import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  LabelParameterVersionCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../../src/lib/local/start-endpoint.js';

let endpoint: Endpoint;
let ssm: SSMClient;
beforeAll(async () => {
  endpoint = await startEndpoint({ port: 0 });
  ssm = new SSMClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  ssm.destroy();
  await endpoint.close();
});

const put = (Name: string, Value: string, more: Partial<PutParameterCommandInput> = {}) =>
  ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }));
const get = async (Name: string) => (await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }))).Parameter;

describe('parameters', () => {
  it('have versions', async () => {
    expect(await put('/app/url', 'one')).toMatchObject({ Version: 1, Tier: 'Standard' });
    await expect(put('/app/url', 'two')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    expect(await put('/app/url', 'two', { Overwrite: true })).toMatchObject({ Version: 2 });
    expect(await get('/app/url')).toMatchObject({
      Name: '/app/url',
      Value: 'two',
      Version: 2,
      Type: 'String',
      DataType: 'text',
      ARN: 'arn:aws:ssm:us-east-1:000000000000:parameter/app/url',
    });
    expect(await get('/app/url:1')).toMatchObject({ Value: 'one', Selector: ':1' });
    await ssm.send(
      new LabelParameterVersionCommand({ Name: '/app/url', ParameterVersion: 1, Labels: ['stable', '1bad'] }),
    );
    expect(await get('/app/url:stable')).toMatchObject({ Value: 'one' });
    await expect(get('/app/url:9')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
    const { Parameters } = await ssm.send(new GetParameterHistoryCommand({ Name: '/app/url' }));
    expect(Parameters?.map(({ Value, Labels }) => [Value, Labels])).toEqual([
      ['one', ['stable']],
      ['two', []],
    ]);
  });

  it('are found by ARN, many at a time, and by path', async () => {
    for (const name of ['/tree/a', '/tree/b', '/tree/deep/c', 'plain']) await put(name, name);
    expect(await get('arn:aws:ssm:us-east-1:000000000000:parameter/tree/a')).toMatchObject({ Value: '/tree/a' });
    expect(await get('arn:aws:ssm:us-east-1:000000000000:parameter/plain')).toMatchObject({ Value: 'plain' });
    const many = await ssm.send(new GetParametersCommand({ Names: ['plain', '/tree/none', '/tree/a'] }));
    expect(many.Parameters?.map(({ Name }) => Name)).toEqual(['plain', '/tree/a']);
    expect(many.InvalidParameters).toEqual(['/tree/none']);
    const byPath = async (more: object) => {
      const names: (string | undefined)[] = [];
      let NextToken: string | undefined;
      do {
        const page = await ssm.send(
          new GetParametersByPathCommand({ Path: '/tree', MaxResults: 2, ...more, ...(NextToken && { NextToken }) }),
        );
        names.push(...(page.Parameters ?? []).map(({ Name }) => Name));
        ({ NextToken } = page);
      } while (NextToken);
      return names;
    };
    expect(await byPath({})).toEqual(['/tree/a', '/tree/b']);
    expect(await byPath({ Recursive: true })).toEqual(['/tree/a', '/tree/b', '/tree/deep/c']);
  });

  it('by path are filtered, and a label gives its version; a filter nobody has is refused', async () => {
    await put('/f/plain', 'one');
    await put('/f/plain', 'two', { Overwrite: true });
    await put('/f/secret', 'x', { Type: 'SecureString' });
    await ssm.send(new LabelParameterVersionCommand({ Name: '/f/plain', ParameterVersion: 1, Labels: ['prod'] }));
    const by = async (Key: string, ...Values: string[]) =>
      (
        await ssm.send(new GetParametersByPathCommand({ Path: '/f', ParameterFilters: [{ Key, Values }] }))
      ).Parameters?.map(({ Name, Version }) => `${Name} ${Version}`);
    expect(await by('Type', 'SecureString')).toEqual(['/f/secret 1']);
    expect(await by('Label', 'prod')).toEqual(['/f/plain 1']);
    await expect(by('Name', 'x')).rejects.toMatchObject({ name: 'InvalidFilterKey' });
  });

  it('that are secure come in clear only when asked for so', async () => {
    await put('/secure/token', 's3cret', { Type: 'SecureString' });
    const read = async (WithDecryption?: boolean) =>
      (await ssm.send(new GetParameterCommand({ Name: '/secure/token', WithDecryption }))).Parameter?.Value;
    expect(await read(true)).toBe('s3cret');
    expect(await read()).toMatch(/^AQICAH[\w+/]+=*$/);
    expect(await read(false)).not.toContain('s3cret');
    const { Parameters: many } = await ssm.send(new GetParametersCommand({ Names: ['/secure/token'] }));
    expect(many?.[0]?.Value).toMatch(/^AQICAH/);
    const { Parameters: history } = await ssm.send(new GetParameterHistoryCommand({ Name: '/secure/token' }));
    expect(history?.[0]?.Value).toMatch(/^AQICAH/);
  });

  it('with a policy are refused, for nothing would carry it out', async () => {
    const Policies = '[{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"2030-01-01T00:00:00.000Z"}}]';
    await expect(put('/expires', 'x', { Tier: 'Advanced', Policies })).rejects.toThrow(/policies are not supported/);
  });

  it('are described with filters, tagged, and deleted', async () => {
    await put('/d/secret', 's3cret', { Type: 'SecureString', Tags: [{ Key: 'team', Value: 'data' }] });
    expect(await get('/d/secret')).toMatchObject({ Type: 'SecureString', Value: 's3cret' });
    const { Parameters } = await ssm.send(
      new DescribeParametersCommand({
        ParameterFilters: [
          { Key: 'Type', Values: ['SecureString'] },
          { Key: 'Name', Option: 'BeginsWith', Values: ['/d/'] },
          { Key: 'tag:team', Values: ['data'] },
        ],
      }),
    );
    expect(Parameters).toMatchObject([{ Name: '/d/secret', KeyId: 'alias/aws/ssm' }]);
    await ssm.send(
      new AddTagsToResourceCommand({
        ResourceType: 'Parameter',
        ResourceId: '/d/secret',
        Tags: [{ Key: 'x', Value: 'y' }],
      }),
    );
    const { TagList } = await ssm.send(
      new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: '/d/secret' }),
    );
    expect(TagList).toEqual([
      { Key: 'team', Value: 'data' },
      { Key: 'x', Value: 'y' },
    ]);
    await ssm.send(new DeleteParameterCommand({ Name: '/d/secret' }));
    await expect(get('/d/secret')).rejects.toMatchObject({ name: 'ParameterNotFound' });
    await put('/d/other', 'x');
    const gone = await ssm.send(new DeleteParametersCommand({ Names: ['/d/other', '/d/none'] }));
    expect(gone).toMatchObject({ DeletedParameters: ['/d/other'], InvalidParameters: ['/d/none'] });
  });

  it.each<[string, Partial<PutParameterCommandInput>, string]>([
    ['a name with spaces', { Name: 'no spaces' }, 'ValidationException'],
    ['a path without its first slash', { Name: 'a/b' }, 'ValidationException'],
    ['a reserved name', { Name: '/aws/x' }, 'ValidationException'],
    ['too many levels', { Name: '/a'.repeat(16) }, 'HierarchyLevelLimitExceededException'],
    ['a value too long', { Value: 'x'.repeat(4097) }, 'ValidationException'],
    ['a value that does not match', { AllowedPattern: '\\d+', Value: 'abc' }, 'ParameterPatternMismatchException'],
    [
      'a pattern that never ends',
      { AllowedPattern: '^(a+)+$', Value: `${'a'.repeat(60)}!` },
      'InvalidAllowedPatternException',
    ],
    ['no type', { Type: undefined }, 'ValidationException'],
  ])('are refused with %s', async (_, change, name) => {
    await expect(put('/refused', 'x', change)).rejects.toMatchObject({ name });
  });

  it('take tags under the limits of AWS, all of them or none', async () => {
    await put('tagged', 'x', { Tags: [{ Key: 'team', Value: 'data' }] });
    const add = (Tags: { Key: string; Value: string }[]) =>
      ssm.send(new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: 'tagged', Tags }));
    const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: 'x' }));
    await expect(add(many)).rejects.toMatchObject({ name: 'TooManyTagsError' });
    await expect(
      add([
        { Key: 'good', Value: 'x' },
        { Key: 'aws:bad', Value: 'x' },
      ]),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    const list = new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: 'tagged' });
    expect((await ssm.send(list)).TagList).toEqual([{ Key: 'team', Value: 'data' }]);
    await expect(put('reserved', 'x', { Tags: [{ Key: 'aws:bad', Value: 'x' }] })).rejects.toThrow('aws:');
    expect(await get('reserved').catch(({ name }) => name)).toBe('ParameterNotFound');
  });

  it('are listed with tokens of one list alone', async () => {
    for (const name of ['/paged/a', '/paged/b']) await put(name, 'x');
    const byPath = new GetParametersByPathCommand({ Path: '/paged', MaxResults: 1 });
    const { NextToken } = await ssm.send(byPath);
    expect(NextToken).toBeDefined();
    await expect(ssm.send(new DescribeParametersCommand({ NextToken }))).rejects.toMatchObject({
      name: 'InvalidNextToken',
    });
  });
});
