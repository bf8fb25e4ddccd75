import {
  CreateAliasCommand,
  DeleteFunctionCommand,
  DeleteLayerVersionCommand,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListLayerVersionsCommand,
  ListVersionsByFunctionCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  TagResourceCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LambdaFixture, startLambda, zip } from './start-lambda.js';

let fixture: LambdaFixture;
beforeAll(async () => {
  fixture = await startLambda();
});
afterAll(() => fixture.close());

const CODE = { 'index.js': 'exports.handler = async () => 1' };
const listFunctions = (Marker?: string) => fixture.lambda.send(new ListFunctionsCommand({ MaxItems: 2, Marker }));

test('no function is left out when an earlier one was deleted between two pages', async () => {
  for (const name of ['a', 'b', 'c', 'd']) await fixture.create(name, CODE);
  const first = await listFunctions();
  expect(first.Functions?.map(({ FunctionName }) => FunctionName)).toEqual(['a', 'b']);
  await fixture.lambda.send(new DeleteFunctionCommand({ FunctionName: 'a' }));
  const second = await listFunctions(first.NextMarker);
  expect(second.Functions?.map(({ FunctionName }) => FunctionName)).toEqual(['c', 'd']);
  expect(second.NextMarker).toBeUndefined();
});

test('a marker is good for its own list alone', async () => {
  for (const name of ['one', 'two']) {
    await fixture.create(name, CODE);
    await fixture.lambda.send(new PublishVersionCommand({ FunctionName: name }));
    for (const alias of ['live', 'next']) {
      const input = { FunctionName: name, Name: alias, FunctionVersion: '1' };
      await fixture.lambda.send(new CreateAliasCommand(input));
    }
  }
  const aliases = (FunctionName: string, Marker?: string) =>
    fixture.lambda.send(new ListAliasesCommand({ FunctionName, MaxItems: 1, Marker }));
  const { NextMarker } = await aliases('one');
  expect((await aliases('one', NextMarker)).Aliases?.map(({ Name }) => Name)).toEqual(['next']);
  for (const wrong of [aliases('two', NextMarker), listFunctions(NextMarker), listFunctions('Mg==')]) {
    await expect(wrong).rejects.toMatchObject({ name: 'InvalidParameterValueException', message: 'Invalid marker.' });
  }
});

test('versions come in the order of their numbers, layers with the newest first', async () => {
  await fixture.create('numbered', CODE);
  for (let version = 1; version <= 11; version += 1) {
    await fixture.update('numbered', { 'index.js': `exports.handler = async () => ${version}` });
    await fixture.lambda.send(new PublishVersionCommand({ FunctionName: 'numbered' }));
  }
  const { Versions } = await fixture.lambda.send(new ListVersionsByFunctionCommand({ FunctionName: 'numbered' }));
  expect(Versions?.map(({ Version }) => Version)).toEqual([
    '$LATEST',
    ...Array.from({ length: 11 }, (_, i) => `${i + 1}`),
  ]);

  const LayerName = 'layer';
  for (let version = 1; version <= 11; version += 1) {
    const Content = { ZipFile: await zip({ 'a.txt': String(version) }) };
    await fixture.lambda.send(new PublishLayerVersionCommand({ LayerName, Content }));
  }
  const list = (Marker?: string) =>
    fixture.lambda.send(new ListLayerVersionsCommand({ LayerName, MaxItems: 2, Marker }));
  const first = await list();
  expect(first.LayerVersions?.map(({ Version }) => Version)).toEqual([11, 10]);
  await fixture.lambda.send(new DeleteLayerVersionCommand({ LayerName, VersionNumber: 11 }));
  expect((await list(first.NextMarker)).LayerVersions?.map(({ Version }) => Version)).toEqual([9, 8]);
});

test('a new function has tags under the same limits as one that is tagged later', async () => {
  await expect(fixture.create('tagged', CODE, { Tags: { 'aws:x': 'v' } })).rejects.toThrow(
    'The tag "aws:x" is not valid',
  );
  const Tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v']));
  await expect(fixture.create('tagged', CODE, { Tags: { ...Tags, more: 'v' } })).rejects.toThrow('must not exceed 50');
  const { FunctionArn: Resource } = await fixture.create('tagged', CODE, { Tags });
  await expect(fixture.lambda.send(new TagResourceCommand({ Resource, Tags: { 'a*': 'v' } }))).rejects.toThrow('"a*"');
});
