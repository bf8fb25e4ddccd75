// Writes src/lib/local/services/cloudformation/schema/resource-pack.json: what AWS says of each resource type, from its registry schemas (the
// cfn-lint package of PyPI carries them; this script asks pip for it, so it needs Python 3) and from @aws-cdk/aws-service-spec (npm).
// With --check it writes nothing, needs npm alone, and fails if the pack, its sources or this script changed without the others.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type {
  AttributeKind,
  PackedType,
  ResourcePack,
} from '../src/lib/local/services/cloudformation/schema/pack-format.js';
import { convertSchema, type RegistrySchema } from './resource-pack/convert-schema.js';
import { ATTRIBUTES, MEMBERS, REFS } from './resource-pack/refs.js';
import { CARRIES_EVENTS, INERT } from './resource-pack/types.js';

const CFN_LINT = '1.58.0';
const file = new URL('../src/lib/local/services/cloudformation/schema/resource-pack.json', import.meta.url);
const { version } = createRequire(import.meta.url)('@aws-cdk/aws-service-spec/package.json') as { version: string };

if (process.argv.includes('--check')) {
  const { sources, types } = JSON.parse(readFileSync(file, 'utf8')) as ResourcePack;
  if (sources.serviceSpec !== version || sources.cfnLint !== CFN_LINT || sources.hash !== hashOf(types)) {
    console.error(
      'resource-pack.json does not belong to its sources and scripts. Run `npm run resource-pack` (needs Python 3 with pip).',
    );
    process.exitCode = 1;
  }
} else {
  const types = withSchemas(convertAll);
  const pack: ResourcePack = { sources: { serviceSpec: version, cfnLint: CFN_LINT, hash: hashOf(types) }, types };
  const lines = Object.entries(pack.types).map(([name, type]) => `${JSON.stringify(name)}:${JSON.stringify(type)}`);
  writeFileSync(file, `{"sources":${JSON.stringify(pack.sources)},\n"types":{\n${lines.join(',\n')}\n}}\n`);
  console.log(`${lines.length} resource types`);
}

function hashOf(types: Record<string, PackedType>): string {
  const hash = createHash('sha256').update(JSON.stringify(types)).update(version).update(CFN_LINT);
  const folder = new URL('resource-pack/', import.meta.url);
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(new URL(name, folder)));
  return hash.digest('hex');
}

/** Runs with the folder of the registry schemas, fetched for the moment. */
function withSchemas<T>(run: (folder: string) => T): T {
  const scratch = mkdtempSync(join(tmpdir(), 'pipectl-schemas-'));
  try {
    execFileSync('python3', ['-m', 'pip', 'install', '-q', '--no-deps', '--target', scratch, `cfn-lint==${CFN_LINT}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return run(join(scratch, 'cfnlint', 'data', 'schemas'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function convertAll(folder: string): Record<string, PackedType> {
  const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(folder, ...path), 'utf8'));
  const files = read('providers', 'us-east-1.json') as Record<string, string>;
  const spec = new Map(
    [...loadAwsServiceSpecSync().all('resource')].map((resource) => [resource.cloudFormationType, resource]),
  );
  const wanted = Object.keys(files).filter((name) => matches(name, INERT) || matches(name, CARRIES_EVENTS));
  const types: Record<string, PackedType> = {};
  for (const name of wanted.sort()) {
    const resource = spec.get(name);
    const attributes: Record<string, AttributeKind> = { ...ATTRIBUTES[name] };
    for (const [attribute, { type }] of Object.entries(resource?.attributes ?? {}))
      attributes[attribute] = kindOf(type.type);
    const packed = convertSchema(
      read('resources', `${files[name]}.json`) as RegistrySchema,
      { ref: resource?.cfnRefIdentifier, arn: resource?.arnTemplate, attributes },
      REFS[name],
    );
    Object.assign(packed.members, MEMBERS[name]);
    types[name] = matches(name, CARRIES_EVENTS) ? { ...packed, carriesEvents: true } : packed;
  }
  return types;
}

function matches(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
}

function kindOf(type: string): AttributeKind {
  if (type === 'array') return 'list';
  if (type === 'integer' || type === 'number' || type === 'boolean') return type;
  return type === 'string' || type === 'date-time' ? 'string' : 'json';
}
