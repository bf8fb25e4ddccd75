import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { ArtifactBucket } from '../../src/lib/stack/artifact-bucket.js';
import { deployStack } from '../../src/lib/stack/deploy-stack.js';
import { packageTemplate } from '../../src/lib/stack/package-template.js';
import { readTemplateFile } from '../../src/lib/stack/template-file.js';
import { localStacks } from './local-stacks.js';

const local = localStacks();

async function packaged(text: string, name: string): Promise<string> {
  await mkdir(join(local.folder, 'code'), { recursive: true });
  await writeFile(join(local.folder, 'code', 'index.mjs'), 'export const handler = async () => 1;');
  const template = await readTemplateFile(await local.template(text, name));
  const result = await packageTemplate(template, new ArtifactBucket(local.clients, undefined), () => {});
  return 'TemplateBody' in result ? result.TemplateBody : '';
}

const LOCATION = /\{"S3Bucket":"[^"]+","S3Key":"[0-9a-f]+\.zip"\}/;

const yaml = (code: string): string => `# a comment   that stays
Resources:
    Function:   # oddly indented
        Type: AWS::Lambda::Function
        Properties:
            Code: ${code}
            Timeout: 0300
            Tags: [ {Key: a,   Value: 123456789012345678} ]
            Environment: {Variables: {Account: 012345670123, Rate: 1e3, Mask: 0x1F, Version: 1.10, On: yes, Text: 'it''s'}}
`;

test.each([
  ['./code', 'HERE'],
  ['"./code"  # where it is', 'HERE  # where it is'],
  ['&code ./code', '&code HERE'],
  ['>-\n                ./code', 'HERE'],
])('of a template with local code only the place of the code changes: %j', async (code, written) => {
  expect((await packaged(yaml(code), 'numbers.yaml')).replace(LOCATION, 'HERE')).toBe(yaml(written));
});

test('a JSON template keeps its layout and numbers longer than a double holds', async () => {
  const json = `{ "Resources": {"Function": {"Type":"AWS::Lambda::Function",
    "Properties": {"Code": "./code",   "Timeout": 1e1, "MemorySize": 12345678901234567890}}} }\n`;
  const text = await packaged(json, 'numbers.json');
  expect(text.replace(LOCATION, '"./code"')).toBe(json);
});

test('numbers keep their digits where aliases are written out', async () => {
  const text = await packaged(
    `Base: &base { Id: 012345670123, Long: 123456789012345678, Rate: 1e3 }
Resources:
  Function: { Type: AWS::Lambda::Function, Metadata: *base, Properties: { Code: ./code } }
`,
    'aliases.yaml',
  );
  expect(text).toContain('Metadata: { Id: 012345670123, Long: 123456789012345678, Rate: 1e3 }');
  expect(text).toMatch(LOCATION);
});

test('a quoted scalar may go on at the column of its key, as PyYAML and CloudFormation read it', async () => {
  const text = `Resources:
  Group:
    Type: AWS::Logs::LogGroup
    Properties: { LogGroupName: /quoted }
    Metadata: "one
  two"
Outputs:
  O:
    Value: 'a

 b'
`;
  const { outputs } = await deployStack(local.clients, {
    stackName: 'quoted',
    templatePath: await local.template(text, 'quoted.yaml'),
  });
  expect(outputs).toMatchObject([{ key: 'O', value: 'a\nb' }]);
  const client = await local.clients.cloudformation();
  const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: 'quoted' }));
  expect(TemplateBody).toBe(text);
});
