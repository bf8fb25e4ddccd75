// Finds every file of src/lib/local/services/cloudformation/resources/ and writes, from the pack and from what the types say has effect:
// resource-types.ts (the list of them) and schema/resource-properties.ts (their properties as TypeScript). With --check it writes nothing
// and fails if one is behind.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ResourceType } from '../src/lib/local/services/cloudformation/resource-type.js';
import { PropertyWriter } from './resource-types/write-properties.js';

const folder = new URL('../src/lib/local/services/cloudformation/', import.meta.url);
const files = readdirSync(new URL('resources/', folder)).sort();
const exportsOf = files.map((file) => ({
  file,
  name: file.replace('.ts', '').replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
}));

const list = [
  '// Written by `npm run resource-types`: a file in resources/ is found by itself.',
  "import type { ResourceType } from './resource-type.js';",
  ...exportsOf.map(({ file, name }) => `import { ${name} } from './resources/${file.replace('.ts', '.js')}';`),
  '',
  '/** Every resource type that has behavior here, by name. */',
  'export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(',
  '  [',
  ...exportsOf.map(({ name }) => `    ${name},`),
  '  ].map((type) => [type.type, type]),',
  ');',
  '',
].join('\n');

const types: ResourceType[] = [];
for (const { file, name } of exportsOf) {
  const module = (await import(new URL(`resources/${file}`, folder).href)) as Record<string, ResourceType>;
  const type = module[name];
  if (!type) throw new Error(`resources/${file} does not export ${name}`);
  types.push(type);
}
const outputs = new Map([
  ['resource-types.ts', list],
  ['schema/resource-properties.ts', new PropertyWriter(types).text()],
]);

const stale = [...outputs].filter(([path, text]) => read(path) !== text).map(([path]) => path);
if (!process.argv.includes('--check')) for (const [path, text] of outputs) writeFileSync(new URL(path, folder), text);
else if (stale.length > 0) {
  console.error(`${stale.join(' and ')} are behind the files in resources/. Run \`npm run resource-types\`.`);
  process.exitCode = 1;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(new URL(path, folder), 'utf8');
  } catch {
    return undefined;
  }
}
