import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Kind, keysOf, readKind, shapeOf } from '../../../src/lib/e2e/check-file/kind.js';
import { PROBES } from '../../../src/lib/e2e/probes/probes.js';
import { SENDERS } from '../../../src/lib/e2e/senders/senders.js';
import { STEPS } from '../../../src/lib/e2e/steps/steps.js';
import { strict } from '../../../src/lib/project/schema-parts.js';

interface BucketSpec {
  kind: 'bucket';
  bucket: string;
  index: string | undefined;
}

/** What a new kind of probe would be: an object in a list, and nothing else. */
const bucketProbe: Kind<BucketSpec, { name: string }> = {
  key: 'bucket',
  help: 'A bucket.',
  value: z.object({ name: z.string() }),
  beside: { index: z.string() },
  toSpec: ({ name }, { index }) =>
    name === '' ? 'a bucket needs a name' : { kind: 'bucket', bucket: name, index: index as string | undefined },
};
const kinds = [...PROBES, bucketProbe];
const read = (given: Record<string, unknown>) =>
  readKind<{ kind: string }>(kinds, given, { notOne: `one of ${keysOf(kinds, 'and')}`, owner: (key) => `"${key}"` });

describe('a kind in a list', () => {
  it('is known to the schema, with what stands beside it', () => {
    const schema = strict(shapeOf(kinds), 'a hop');
    expect(schema.safeParse({ bucket: { name: 'orders' }, index: 'by-day' }).success).toBe(true);
    expect(schema.safeParse({ bucket: 'orders' }).success).toBe(false);
    expect(schema.safeParse({ buckte: { name: 'orders' } }).error?.issues[0]?.message).toContain(
      'did you mean "bucket"?',
    );
    const { properties } = z.toJSONSchema(schema, { io: 'input' });
    expect(properties?.bucket).toMatchObject({ description: 'A bucket.', type: 'object' });
  });

  it('becomes what it is, and never another kind without a name', () => {
    expect(read({ bucket: { name: 'orders' } })).toEqual({ kind: 'bucket', bucket: 'orders', index: undefined });
    expect(read({ log: 'orders' })).toEqual({ kind: 'log', group: 'orders' });
  });

  it.each([
    ['none of them', {}, `one of ${keysOf(kinds, 'and')}`],
    ['two of them', { log: 'a', bucket: { name: 'b' } }, `one of ${keysOf(kinds, 'and')}`],
    ["another's key beside", { log: 'a', index: 'b' }, '"index" belongs to "bucket"'],
    ['what the kind itself refuses', { bucket: { name: '' } }, 'a bucket needs a name'],
  ])('is refused: %s', (_, given, sentence) => expect(read(given)).toBe(sentence));
});

describe('docs/e2e.md', () => {
  const page = readFileSync(new URL('../../../docs/e2e.md', import.meta.url), 'utf8');
  const section = (title: string) => page.split(`### \`${title}\`\n`)[1]?.split('\n### ')[0] ?? '';

  it('has every probe, and says when it has seen an event', () => {
    const rows = [...section('hops').matchAll(/^\| `(\w+): [A-Z]+` \| (.*) \|$/gm)].map(([, key, sees]) => [key, sees]);
    expect(rows).toEqual(PROBES.map(({ key, sees }) => [key, sees]));
  });

  it('has every sender and every step, with the keys beside them', () => {
    for (const { key, beside = {} } of SENDERS) {
      expect(section('send')).toContain(`\`${key}: `);
      for (const name of Object.keys(beside)) expect(section('send')).toContain(`| \`${name}\` |`);
    }
    for (const { key, beside = {} } of STEPS)
      expect(section('deploy')).toContain(
        `| ${[key, ...Object.keys(beside)].map((name) => `\`${name}\``).join(', ')} |`,
      );
  });
});
