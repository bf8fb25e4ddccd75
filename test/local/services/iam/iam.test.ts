import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetInstanceProfileCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
  paginateListRoles,
  RemoveRoleFromInstanceProfileCommand,
  SetDefaultPolicyVersionCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../../src/lib/local/start-endpoint.js';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const ALLOW = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'kinesis:*', Resource: '*' }],
});

let endpoint: Endpoint;
let iam: IAMClient;

beforeAll(async () => {
  endpoint = await startEndpoint({ port: 0 });
  iam = new IAMClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  iam.destroy();
  await endpoint.close();
});

const createRole = (RoleName: string, more: object = {}) =>
  iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST, ...more }));

describe('roles', () => {
  it('come back as they were made, the trust policy percent-encoded', async () => {
    const { Role } = await createRole('loader', {
      Path: '/service/',
      Description: 'loads',
      Tags: [{ Key: 'team', Value: 'data' }],
    });
    expect(Role).toMatchObject({
      RoleName: 'loader',
      Path: '/service/',
      Arn: 'arn:aws:iam::000000000000:role/service/loader',
      RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
      MaxSessionDuration: 3600,
      Tags: [{ Key: 'team', Value: 'data' }],
    });
    const got = await iam.send(new GetRoleCommand({ RoleName: 'loader' }));
    expect(decodeURIComponent(got.Role?.AssumeRolePolicyDocument ?? '')).toBe(TRUST);
    expect(got.Role?.CreateDate).toEqual(Role?.CreateDate);
  });

  it('are known by name whatever its case, and found only by the exact one', async () => {
    await createRole('CaseRole');
    await expect(createRole('caserole')).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
      message: 'Role with name caserole already exists.',
      $metadata: { httpStatusCode: 409 },
    });
    await expect(iam.send(new GetRoleCommand({ RoleName: 'caserole' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The role with name caserole cannot be found.',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('are refused with a broken name or document', async () => {
    await expect(createRole('no spaces')).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining("Value 'no spaces' at 'roleName' failed to satisfy constraint"),
    });
    await expect(createRole('r', { AssumeRolePolicyDocument: '{' })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: 'This policy contains invalid Json',
    });
  });

  it('are not deleted while something hangs on them', async () => {
    await createRole('busy');
    await iam.send(new PutRolePolicyCommand({ RoleName: 'busy', PolicyName: 'p', PolicyDocument: ALLOW }));
    await iam.send(
      new AttachRolePolicyCommand({
        RoleName: 'busy',
        PolicyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
      }),
    );
    const remove = () => iam.send(new DeleteRoleCommand({ RoleName: 'busy' }));
    await expect(remove()).rejects.toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must detach all policies first.',
    });
    expect((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'busy' }))).AttachedPolicies).toEqual([
      {
        PolicyName: 'AWSLambdaBasicExecutionRole',
        PolicyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
      },
    ]);
    await iam.send(
      new DetachRolePolicyCommand({
        RoleName: 'busy',
        PolicyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
      }),
    );
    await expect(remove()).rejects.toMatchObject({ message: 'Cannot delete entity, must delete policies first.' });
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName: 'busy', PolicyName: 'p' }));
    expect(decodeURIComponent(PolicyDocument ?? '')).toBe(ALLOW);
    expect((await iam.send(new ListRolePoliciesCommand({ RoleName: 'busy' }))).PolicyNames).toEqual(['p']);
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'busy', PolicyName: 'p' }));
    await remove();
    await expect(remove()).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });

  it('are listed in pages, by path', async () => {
    for (const name of ['page-3', 'page-1', 'page-2']) await createRole(name, { Path: '/pages/' });
    const names: (string | undefined)[] = [];
    let pages = 0;
    for await (const { Roles } of paginateListRoles({ client: iam, pageSize: 2 }, { PathPrefix: '/pages/' })) {
      pages += 1;
      names.push(...(Roles ?? []).map(({ RoleName }) => RoleName));
    }
    expect(names).toEqual(['page-1', 'page-2', 'page-3']);
    expect(pages).toBe(2);
    await expect(iam.send(new ListRolesCommand({ Marker: 'made up' }))).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  it('are listed without a gap when one is deleted between two pages, and a marker is good for its own list alone', async () => {
    for (const name of ['gap-1', 'gap-2', 'gap-3']) await createRole(name, { Path: '/gaps/' });
    const list = (Marker?: string) => iam.send(new ListRolesCommand({ PathPrefix: '/gaps/', MaxItems: 1, Marker }));
    const first = await list();
    await iam.send(new DeleteRoleCommand({ RoleName: 'gap-1' }));
    expect((await list(first.Marker)).Roles?.map(({ RoleName }) => RoleName)).toEqual(['gap-2']);
    await expect(iam.send(new ListPoliciesCommand({ Marker: first.Marker }))).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  it('have at most 50 tags, none of them twice or of AWS', async () => {
    const tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    await createRole('many-tags', { Tags: tags });
    const add = (...Tags: { Key: string; Value: string }[]) =>
      iam.send(new TagRoleCommand({ RoleName: 'many-tags', Tags }));
    await add({ Key: 'k1', Value: 'again' });
    await expect(add({ Key: 'k50', Value: '' })).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for TagsPerRole: 50',
    });
    await expect(add({ Key: 'aws:x', Value: '' })).rejects.toMatchObject({ name: 'InvalidInputException' });
    await expect(add({ Key: 'a', Value: '1' }, { Key: 'a', Value: '2' })).rejects.toThrow('Duplicate tag keys found.');
  });

  it('change their tags and their trust', async () => {
    await createRole('tagged');
    await iam.send(
      new TagRoleCommand({
        RoleName: 'tagged',
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      }),
    );
    await iam.send(new UntagRoleCommand({ RoleName: 'tagged', TagKeys: ['a'] }));
    expect((await iam.send(new ListRoleTagsCommand({ RoleName: 'tagged' }))).Tags).toEqual([{ Key: 'b', Value: '2' }]);
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'tagged', PolicyDocument: ALLOW }));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'tagged' }));
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(ALLOW);
  });
});

describe('managed policies', () => {
  it('have versions, a default, and the roles they are attached to', async () => {
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'reader', PolicyDocument: ALLOW }));
    const PolicyArn = Policy?.Arn ?? '';
    expect(PolicyArn).toBe('arn:aws:iam::000000000000:policy/reader');
    const { PolicyVersion } = await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: TRUST }));
    expect(PolicyVersion).toMatchObject({ VersionId: 'v2', IsDefaultVersion: false });
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    await expect(iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' }))).rejects.toMatchObject({
      message: 'Cannot delete the default version of a policy.',
    });
    const got = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    expect(decodeURIComponent(got.PolicyVersion?.Document ?? '')).toBe(ALLOW);

    await createRole('reads');
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'reads', PolicyArn }));
    const { PolicyRoles } = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
    expect(PolicyRoles?.map(({ RoleName }) => RoleName)).toEqual(['reads']);
    const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: 'Local', OnlyAttached: true }));
    expect(Policies).toMatchObject([{ PolicyName: 'reader', AttachmentCount: 1, DefaultVersionId: 'v2' }]);

    await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete a policy attached to entities.',
    });
    await iam.send(new DetachRolePolicyCommand({ RoleName: 'reads', PolicyArn }));
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    await iam.send(new DeletePolicyCommand({ PolicyArn }));
    await expect(iam.send(new AttachRolePolicyCommand({ RoleName: 'reads', PolicyArn }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: `Policy ${PolicyArn} does not exist or is not attachable.`,
    });
  });
});

describe('instance profiles', () => {
  it('hold one role, which cannot be deleted meanwhile', async () => {
    await createRole('machine');
    const InstanceProfileName = 'machines';
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: 'machine' }));
    const { InstanceProfile } = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName }));
    expect(InstanceProfile).toMatchObject({
      Arn: 'arn:aws:iam::000000000000:instance-profile/machines',
      Roles: [{ RoleName: 'machine' }],
    });
    await expect(iam.send(new DeleteRoleCommand({ RoleName: 'machine' }))).rejects.toMatchObject({
      message: 'Cannot delete entity, must remove roles from instance profile first.',
    });
    await expect(iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
    });
    await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName: 'machine' }));
    await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName }));
  });
});
