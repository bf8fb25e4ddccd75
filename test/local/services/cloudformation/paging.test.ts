// Lists of CloudFormation, page by page, while what they list changes.
import {
  CreateStackCommand,
  DeleteStackCommand,
  ListExportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackFixture, startStackFixture } from './stack-fixture.js';

let fixture: StackFixture;
beforeAll(async () => {
  fixture = await startStackFixture();
});
afterAll(() => fixture.close());

const PAGE = 100;

/** A stack of a handle that costs nothing and some exports. */
async function createStack(StackName: string, names: readonly string[] = []): Promise<void> {
  const Outputs = Object.fromEntries(names.map((Name) => [Name, { Value: Name, Export: { Name } }]));
  const template = { Resources: { Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' } }, Outputs };
  await fixture.cloudformation.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template) }));
  await fixture.settled(StackName);
}

async function deleteStack(StackName: string): Promise<void> {
  await fixture.cloudformation.send(new DeleteStackCommand({ StackName }));
}

const exportNames = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `export${String(from + index).padStart(3, '0')}`);

test('no export is left out when an earlier one was deleted between two pages', async () => {
  await createStack('first', ['aaa']);
  await createStack('rest', exportNames(0, PAGE + 1));
  const first = await fixture.cloudformation.send(new ListExportsCommand({}));
  expect(first.Exports).toHaveLength(PAGE);
  await deleteStack('first');
  const second = await fixture.cloudformation.send(new ListExportsCommand({ NextToken: first.NextToken }));
  expect(second.Exports?.map(({ Name }) => Name)).toEqual(exportNames(PAGE - 1, PAGE + 1));
  await expect(
    fixture.cloudformation.send(new ListStackResourcesCommand({ StackName: 'rest', NextToken: first.NextToken })),
  ).rejects.toMatchObject({ name: 'ValidationError', message: 'Invalid NextToken' });
});

test('no stack is listed twice when a new one was made between two pages', async () => {
  for (let index = 0; index < PAGE; index += 1) await createStack(`many-${index}`);
  const first = await fixture.cloudformation.send(new ListStacksCommand({}));
  await createStack('late');
  const second = await fixture.cloudformation.send(new ListStacksCommand({ NextToken: first.NextToken }));
  const names = [...(first.StackSummaries ?? []), ...(second.StackSummaries ?? [])].map(({ StackName }) => StackName);
  expect(new Set(names).size).toBe(names.length);
  expect(names[0]).toBe('many-99');
  expect(names).toContain('many-0');
}, 60_000);
