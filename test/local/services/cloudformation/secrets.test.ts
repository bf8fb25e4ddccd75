import { CreateStackCommand, DescribeStackEventsCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackFixture, startStackFixture } from './stack-fixture.js';

let fixture: StackFixture;
beforeAll(async () => {
  fixture = await startStackFixture();
});
afterAll(() => fixture.close());

const TEMPLATE = `
Parameters: { Token: { Type: String, NoEcho: true }, Plain: { Type: String, Default: seen } }
Conditions: { HasToken: !Not [!Equals [!Ref Token, ""]] }
Resources:
  Parameter:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Name: /secrets/parameter
      Value: !If [HasToken, !Sub "<\${Token}>", none]
      Description: !Join ["-", [!Ref Plain, !Ref Token]]
`;

/** ResourceProperties of a resource's events, oldest first. */
async function shown(StackName: string): Promise<string[]> {
  const { StackEvents = [] } = await fixture.cloudformation.send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents.flatMap(({ ResourceProperties, LogicalResourceId }) =>
    LogicalResourceId === 'Parameter' ? [ResourceProperties ?? ''] : [],
  ).reverse();
}

test('events show a NoEcho parameter as asterisks wherever it went, the resource gets its value', async () => {
  const parameters = (Token: string, Plain: string) => ({
    Parameters: [
      { ParameterKey: 'Token', ParameterValue: Token },
      { ParameterKey: 'Plain', ParameterValue: Plain },
    ],
  });
  const StackName = 'keeps-quiet';
  await fixture.cloudformation.send(
    new CreateStackCommand({ StackName, TemplateBody: TEMPLATE, ...parameters('hush', 'first') }),
  );
  expect((await fixture.settled(StackName)).StackStatus).toBe('CREATE_COMPLETE');
  await fixture.cloudformation.send(
    new UpdateStackCommand({ StackName, UsePreviousTemplate: true, ...parameters('quiet', 'second') }),
  );
  const stack = await fixture.settled(StackName);
  expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
  const texts = await shown(StackName);
  expect(texts.join('\n')).not.toMatch(/hush|quiet/);
  expect(JSON.parse(texts[0] ?? '')).toMatchObject({ Value: '<****>', Description: 'first-****' });
  expect(JSON.parse(texts.at(-1) ?? '')).toMatchObject({ Value: '<****>', Description: 'second-****' });
  const response = await fetch(fixture.endpoint.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.GetParameter' },
    body: JSON.stringify({ Name: '/secrets/parameter' }),
  });
  expect(await response.json()).toMatchObject({ Parameter: { Value: '<quiet>' } });
});
