// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub has the same placeholders as JavaScript
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DescribeStacksCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { CreateLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { deployStack, planStack } from '../../src/lib/stack/deploy-stack.js';
import { destroyStack } from '../../src/lib/stack/destroy-stack.js';
import { clientsFor, listener, localStacks } from './local-stacks.js';

const local = localStacks();

const group = (name: string, days = 7): string => `
Parameters:
  Days: { Type: Number, Default: ${days} }
Resources:
  Group: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: ${name}, RetentionInDays: !Ref Days } }
Outputs:
  Name: { Value: !Ref Group, Description: the group, Export: { Name: "${name}-name" } }
`;

async function retention(name: string): Promise<number | undefined> {
  const logs = await local.clients.logs();
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
  return logGroups?.[0]?.retentionInDays;
}

async function statusOf(stackName: string): Promise<string | undefined> {
  const client = await local.clients.cloudformation();
  try {
    return (await client.send(new DescribeStacksCommand({ StackName: stackName }))).Stacks?.[0]?.StackStatus;
  } catch {
    return undefined;
  }
}

describe('a deploy', () => {
  test('creates, then has nothing to do, then updates', async () => {
    const { clients } = local;
    const templatePath = await local.template(group('/deploy/one'));
    const { heard, onEvent } = listener();
    const created = await deployStack(clients, { stackName: 'one', templatePath, onEvent });
    expect(created).toMatchObject({
      action: 'created',
      stackName: 'one',
      plan: { isNew: true, isEmpty: false },
      outputs: [{ key: 'Name', value: '/deploy/one', description: 'the group', exportName: '/deploy/one-name' }],
    });
    expect(heard).toEqual(['plan add Group', 'Group CREATE_COMPLETE', 'one CREATE_COMPLETE']);

    const again = await deployStack(clients, { stackName: 'one', templatePath });
    expect(again).toMatchObject({ action: 'unchanged', plan: { changes: [], isEmpty: true } });
    expect(again.outputs).toEqual(created.outputs);

    const updated = await deployStack(clients, { stackName: 'one', templatePath, parameters: { Days: '14' } });
    expect(updated).toMatchObject({
      action: 'updated',
      plan: { changes: [{ action: 'modify', logicalId: 'Group', because: ['RetentionInDays'] }] },
    });
    expect(await retention('/deploy/one')).toBe(14);
    // A parameter that is not given keeps its value.
    expect(await deployStack(clients, { stackName: 'one', templatePath })).toMatchObject({ action: 'unchanged' });
    expect(await retention('/deploy/one')).toBe(14);
  });

  test('planned only leaves everything as it is, the stack that never was included', async () => {
    const { clients } = local;
    const templatePath = await local.template(group('/plan/only'));
    const plan = await planStack(clients, { stackName: 'planned', templatePath });
    expect(plan).toMatchObject({ isNew: true, isEmpty: false, changes: [{ action: 'add', logicalId: 'Group' }] });
    expect(await statusOf('planned')).toBeUndefined();
    await deployStack(clients, { stackName: 'planned', templatePath });
    expect(await planStack(clients, { stackName: 'planned', templatePath })).toMatchObject({ isEmpty: true });
    const replacing = await local.template(group('/plan/other'));
    expect(await planStack(clients, { stackName: 'planned', templatePath: replacing })).toMatchObject({
      isEmpty: false,
      changes: [{ action: 'replace', because: ['LogGroupName'] }],
    });
    expect(await statusOf('planned')).toBe('CREATE_COMPLETE');
  });

  test('that fails names the resource and the reason, and what to do about the commonest one; the next makes it anew', async () => {
    const { clients } = local;
    const templatePath = await local.template(`
Resources:
  Stream: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }
  Filter:
    Type: AWS::Logs::SubscriptionFilter
    Properties: { LogGroupName: /aws/lambda/unprimed, FilterPattern: "", DestinationArn: !GetAtt Stream.Arn }
`);
    await expect(deployStack(clients, { stackName: 'unprimed', templatePath })).rejects.toMatchObject({
      name: 'OperationError',
      message:
        'Deploying unprimed failed (ROLLBACK_COMPLETE). Filter (AWS::Logs::SubscriptionFilter): The specified log group does not exist. (Service: CloudWatchLogs, Status Code: 400)',
      hint: "The log group /aws/lambda/unprimed appears with the function's first invocation: pipectl invoke unprimed, then deploy again.",
    });
    await expect(planStack(clients, { stackName: 'unprimed', templatePath })).rejects.toThrow(/ROLLBACK_COMPLETE/);

    const logs = await clients.logs();
    await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/unprimed' }));
    const { heard, onEvent } = listener();
    // Without a role CloudWatch Logs takes no filter to a stream: the second failure is another one, and no longer the first.
    await expect(deployStack(clients, { stackName: 'unprimed', templatePath, onEvent })).rejects.not.toThrow(
      /does not exist/,
    );
    expect(heard[0]).toBe('Stack unprimed failed to create earlier; deleting it and creating it again');

    // A mistake in the request, in the local code or in the template is found before anything is deleted.
    expect(await statusOf('unprimed')).toBe('ROLLBACK_COMPLETE');
    const code = '{ Type: AWS::Lambda::Function, Properties: { Code: ./nosuch } }';
    const mistakes: [text: string, parameters: Record<string, string>][] = [
      ['Resources: { S: { Type: AWS::Kinesis::Stream } }', { Typo: '1' }],
      ['Parameters: { Days: { Type: Number } }\nResources: { S: { Type: AWS::Kinesis::Stream } }', {}],
      [`Resources: { F: ${code} }`, {}],
      ['Resources: { S: { Type: AWS::Kinesis::Stream, DependsOn: Nobody } }', {}],
    ];
    for (const [text, parameters] of mistakes) {
      const request = { stackName: 'unprimed', templatePath: await local.template(text, 'wrong.yaml'), parameters };
      await expect(deployStack(clients, request)).rejects.toThrow(/Typo|Days|nosuch|Nobody/);
      expect(await statusOf('unprimed')).toBe('ROLLBACK_COMPLETE');
    }
  });

  test('continues where an interrupted one left off', async () => {
    const { clients } = local;
    const templatePath = await local.template(`
Resources:
  A: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }
  B: { Type: AWS::Kinesis::Stream, DependsOn: A, Properties: { ShardCount: 1 } }
`);
    const interrupt = new AbortController();
    const reason = new Error('Ctrl-C');
    await expect(
      deployStack(clients, {
        stackName: 'interrupted',
        templatePath,
        signal: interrupt.signal,
        onEvent: (event) => {
          if (event.kind === 'resource') interrupt.abort(reason);
        },
      }),
    ).rejects.toThrow(/^(Ctrl-C|Request aborted)$/);
    const { heard, onEvent } = listener();
    const result = await deployStack(clients, { stackName: 'interrupted', templatePath, onEvent });
    expect(result.action).toBe('unchanged');
    expect(await statusOf('interrupted')).toBe('CREATE_COMPLETE');
    expect(heard[0]).toMatch(/^interrupted is CREATE_IN_PROGRESS, begun by an earlier run; waiting for its end$|^plan/);
  });

  test('takes tags, and leaves them alone when none are given', async () => {
    const { clients } = local;
    const client = await clients.cloudformation();
    const templatePath = await local.template(group('/deploy/tagged'));
    await deployStack(clients, { stackName: 'tagged', templatePath, tags: { team: 'a' } });
    await deployStack(clients, { stackName: 'tagged', templatePath });
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'tagged' }));
    expect(Stacks?.[0]?.Tags).toEqual([{ Key: 'team', Value: 'a' }]);
  });
});

describe('wrong words', () => {
  test.each([
    [
      'a parameter the template has not',
      { parameters: { Dais: '1' } },
      /has no parameter "Dais"\.$/,
      'Did you mean Days?',
    ],
    [
      'a template that is not there',
      { templatePath: 'nope.yaml' },
      /Cannot read the template nope.yaml: there is no such file\./,
      undefined,
    ],
  ])('%s is a usage error', async (_, more, message, hint) => {
    const templatePath = await local.template(group('/usage'));
    await expect(deployStack(local.clients, { stackName: 'usage', templatePath, ...more })).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(message),
      hint,
    });
  });

  test('a parameter without a value is asked for by name', async () => {
    const templatePath = await local.template(
      'Parameters: { A: { Type: String }, B: { Type: String } }\nResources: { S: { Type: AWS::Kinesis::Stream } }',
    );
    await expect(
      deployStack(local.clients, { stackName: 'usage', templatePath, parameters: { A: 'x' } }),
    ).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(/needs a value for B\.$/),
      hint: '--parameter B=VALUE',
    });
  });

  test('a mistake in the YAML has its line', async () => {
    const templatePath = await local.template('Resources:\n  A: [1, 2\n');
    await expect(deployStack(local.clients, { stackName: 'usage', templatePath })).rejects.toThrow(
      /, line 3, column 1: /,
    );
  });
});

describe('local code', () => {
  test('is zipped, uploaded once, and runs', async () => {
    const { clients } = local;
    await mkdir(join(local.folder, 'functions', 'hello'), { recursive: true });
    await writeFile(
      join(local.folder, 'functions', 'hello', 'index.mjs'),
      'export const handler = async (event) => `hello ${event.name}`;',
    );
    const templatePath = await local.template(`
# A comment that stays.
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }]
  Hello:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Sub "\${AWS::StackName}-hello"
      Runtime: nodejs22.x
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: functions/hello
`);
    const first = listener();
    await deployStack(clients, { stackName: 'code', templatePath, onEvent: first.onEvent });
    expect(first.heard[0]).toBe('packaged functions/hello');
    const again = listener();
    const second = await deployStack(clients, { stackName: 'code', templatePath, onEvent: again.onEvent });
    expect(again.heard[0]).toBe('packaged functions/hello again');
    expect(second.action).toBe('unchanged');

    const lambda = await clients.lambda();
    const answer = await lambda.send(
      new InvokeCommand({ FunctionName: 'code-hello', Payload: Buffer.from('{"name":"you"}') }),
    );
    expect(Buffer.from(answer.Payload ?? []).toString()).toBe('"hello you"');

    await writeFile(join(local.folder, 'functions', 'hello', 'index.mjs'), 'export const handler = async () => 2;');
    const changed = await deployStack(clients, { stackName: 'code', templatePath });
    expect(changed.plan.changes).toMatchObject([{ action: 'modify', logicalId: 'Hello', because: ['Code'] }]);
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: 'code-hello' }));
    expect(Configuration?.LastUpdateStatus).toBe('Successful');
    const cloudformation = await clients.cloudformation();
    const { TemplateBody } = await cloudformation.send(new GetTemplateCommand({ StackName: 'code' }));
    expect(TemplateBody).toContain('# A comment that stays.');
    expect(TemplateBody).toContain('!Sub "${AWS::StackName}-hello"');
    await destroyStack(clients, { stackName: 'code' });
  });

  test('a template too long for a request goes through the bucket', async () => {
    const templatePath = await local.template(`${group('/long/one')}\n${`# ${'x'.repeat(100)}\n`.repeat(600)}`);
    const { heard, onEvent } = listener();
    const result = await deployStack(local.clients, { stackName: 'long', templatePath, onEvent });
    expect(result.action).toBe('created');
    expect(heard[0]).toBe(`packaged ${templatePath}`);
  });
});

describe('an endpoint without change sets', () => {
  /** Everything goes through to the real endpoint but CreateChangeSet, which is answered as servers answer what they lack. */
  async function withoutChangeSets(): Promise<{ url: string; server: Server }> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      if (body.includes('Action=CreateChangeSet')) {
        response.writeHead(400, { 'content-type': 'text/xml' });
        response.end(
          '<ErrorResponse><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>no</Message></Error></ErrorResponse>',
        );
        return;
      }
      const headers = { ...request.headers } as Record<string, string>;
      delete headers['content-length'];
      delete headers.connection;
      const answer = await fetch(`${local.endpoint.url}${request.url}`, {
        method: request.method,
        headers: { ...headers, host: new URL(local.endpoint.url).host },
        ...(body.length > 0 && { body }),
      });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/xml' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
  }

  test('is deployed to all the same, and the same three ways', async () => {
    const { url, server } = await withoutChangeSets();
    const clients = clientsFor(url);
    try {
      const templatePath = await local.template(group('/direct/one'));
      const { heard, onEvent } = listener();
      expect(await deployStack(clients, { stackName: 'direct', templatePath, onEvent })).toMatchObject({
        action: 'created',
        outputs: [{ value: '/direct/one' }],
      });
      expect(heard[0]).toBe('this endpoint has no change sets; deploying without a plan');
      expect(await deployStack(clients, { stackName: 'direct', templatePath })).toMatchObject({ action: 'unchanged' });
      expect(
        await deployStack(clients, { stackName: 'direct', templatePath, parameters: { Days: '30' } }),
      ).toMatchObject({ action: 'updated' });
      expect(await retention('/direct/one')).toBe(30);
      await expect(planStack(clients, { stackName: 'direct', templatePath })).rejects.toThrow(/no change sets/);
    } finally {
      clients.close();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
