import { readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { ANALYTICS } from '../e2e/copy-pipeline.js';
import { run } from './run-command.js';
import { installLocalstack } from './start-peer.js';

const SCHEMA = fileURLToPath(new URL('../../schema/pipectl.schema.json', import.meta.url));

// LocalStack's lock brings cfn-lint and a JSON schema validator that were not written here.
describe('judged by others', () => {
  let python: string;
  beforeAll(async () => {
    python = await installLocalstack();
  }, 600_000);

  it('the templates of the analytics pipeline pass cfn-lint', { timeout: 120_000 }, async () => {
    const templates = readdirSync(ANALYTICS).filter((name) => name.endsWith('.yaml') && name !== 'pipectl.yaml');
    expect(templates).toHaveLength(2);
    for (const name of templates)
      expect(await run(join(dirname(python), 'cfn-lint'), [join(ANALYTICS, name)])).toBe('');
  });

  it('the published schema takes the shipped check file, and refuses what the loader refuses', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pipectl-schema-'));
    const judge = join(folder, 'judge.py');
    writeFileSync(
      judge,
      `import json, sys, yaml
from jsonschema import Draft202012Validator
schema = json.load(open(sys.argv[1]))
Draft202012Validator.check_schema(schema)
print(len(list(Draft202012Validator(schema).iter_errors(yaml.safe_load(open(sys.argv[2]))))))
`,
    );
    const problems = async (path: string): Promise<number> => Number(await run(python, [judge, SCHEMA, path]));
    const written = (text: string): string => {
      const path = join(folder, 'pipectl.yaml');
      writeFileSync(path, text);
      return path;
    };
    expect(await problems(join(ANALYTICS, 'pipectl.yaml'))).toBe(0);
    expect(
      await problems(written('stream: orders\nstreams: { orders: { shards: 2, retention: 48h }, clicks: }\n')),
    ).toBe(0);
    expect(await problems(written('regoin: x'))).toBe(1);
    expect(await problems(written('hops: [{ a: { stream: a, log: b } }]'))).toBe(1);
    expect(await problems(written('send: { payload: "{marker}" }'))).toBe(1);
    expect(await problems(written('expect: { within: 30 }'))).toBe(1);
  });
});
