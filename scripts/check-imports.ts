// The import-direction rule: commands -> feature -> target, stream, decode -> shared. Fails with one line for each import that runs
// the other way. Kept as data, so that the architecture can be read here.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What each layer may import besides itself. `stream/pure` is stream/'s arithmetic, `produce/pure` and `tail/pure` the words of their
 * command lines: files that compute, and import nothing but shared/, decode/, each other and such files of stream/.
 */
const LAYERS: Record<string, readonly string[]> = {
  shared: [],
  project: ['shared'],
  decode: ['shared'],
  batching: ['shared'],
  sql: ['shared'],
  stream: ['shared', 'target'],
  target: ['shared', 'project'],
  produce: ['shared', 'target', 'stream', 'decode'],
  tail: ['shared', 'target', 'stream', 'decode'],
  'sql-query': ['shared', 'target', 'stream', 'decode', 'batching', 'sql', 'tail', 'function', 'stack'],
  function: ['shared', 'target', 'stream', 'decode', 'stack'],
  stack: ['shared', 'target', 'stream', 'decode'],
  // A handler runs as the endpoint runs functions: the host knows nothing of the endpoint's services, only its own HostEnvironment.
  consume: ['shared', 'target', 'stream', 'batching', 'local/functions'],
  e2e: [
    'shared',
    'project',
    'target',
    'stream',
    'decode',
    'produce',
    'tail',
    'function',
    'stack',
    'batching',
    'consume',
  ],
  local: ['shared', 'decode', 'stream/pure', 'batching', 'sql'],
  // The background process is the one part of local/ that other layers start; it is reached by the cli alone.
  cli: [
    'shared',
    'project',
    'target',
    'stream',
    'batching',
    'local/daemon',
    'produce/pure',
    'tail/pure',
    'consume/pure',
  ],
  commands: ['*'],
};

/** Packages that only one place may import. */
interface KeptPackage {
  test: RegExp;
  /** The only files, below src, that may import it. */
  only: RegExp;
  /** The rule counts only for files that match this. */
  within?: RegExp;
  typesAllowed?: boolean;
  why: string;
}
const KEPT_PACKAGES: readonly KeptPackage[] = [
  { test: /^@oclif\//, only: /^(lib\/cli\/|commands\/|main\.ts$)/, why: 'only lib/cli, commands and main know oclif' },
  { test: /^(chalk|ora)$/, only: /^lib\/cli\//, why: 'only lib/cli knows a terminal', typesAllowed: true },
  {
    test: /^(@smithy\/|@aws-sdk\/core)/,
    within: /^lib\/local\//,
    only: /^$/,
    why: 'the wire follows from the generated packs; nothing of the SDK is loaded in local/ at run time',
    typesAllowed: true,
  },
  {
    test: /^@aws-sdk\/client-/,
    within: /^lib\/local\//,
    only: /^$/,
    why: 'SDK clients are type-only imports in local/',
    typesAllowed: true,
  },
];

/** Second APIs of the same things: they are no other services. */
const SECOND_APIS: Readonly<Record<string, string>> = { 'dynamodb-streams': 'dynamodb', apigatewayv2: 'api-gateway' };

interface Import {
  specifier: string;
  typeOnly: boolean;
}

const root = fileURLToPath(new URL('../src', import.meta.url));
const problems = [...sourceFiles(root)].flatMap(check);
if (problems.length > 0) {
  console.error(
    `${problems.join('\n')}\n${problems.length} import(s) against the direction of the house; see scripts/check-imports.ts.`,
  );
  process.exit(1);
}

function check(file: string): string[] {
  const from = below(file);
  return importsOf(file).flatMap((found) => {
    const why = found.specifier.startsWith('.')
      ? wrongDirection(from, file, found.specifier)
      : wrongPackage(from, found);
    return why === undefined ? [] : [`src/${from}: ${why}`];
  });
}

function wrongPackage(from: string, { specifier, typeOnly }: Import): string | undefined {
  const broken = KEPT_PACKAGES.find(
    (rule) =>
      rule.test.test(specifier) &&
      !rule.only.test(from) &&
      (rule.within?.test(from) ?? true) &&
      !(typeOnly && rule.typesAllowed),
  );
  return broken && `imports ${specifier}, but ${broken.why}`;
}

function wrongDirection(from: string, file: string, specifier: string): string | undefined {
  const target = resolve(dirname(file), specifier);
  const service = serviceOf(from);
  const other = serviceOf(below(target));
  if (service !== undefined && other !== undefined && service !== other) {
    return `the service ${service} must not import ${other} (${below(target)}); it has calls and ports`;
  }
  const source = layerOf(from);
  const goal = layerOf(below(target));
  if (source === undefined || goal === undefined || source === goal) return undefined;
  const allowed = LAYERS[source];
  if (!allowed) return `the folder ${source} has no row in LAYERS`;
  return allowed.some((rule) => permits(rule, goal, target))
    ? undefined
    : `${source} must not import ${goal} (${below(target)})`;
}

function permits(rule: string, layer: string, target: string): boolean {
  if (rule === '*' || rule === layer) return true;
  if (rule.endsWith('/pure')) return rule === `${layer}/pure` && isPure(target, layer);
  return below(target).startsWith(`lib/${rule}/`);
}

/** A file of a layer that reaches nothing but node, shared/, decode/ and other such files; types cost nothing. */
function isPure(target: string, layer: string): boolean {
  return importsOf(target).every(({ specifier, typeOnly }) => {
    if (typeOnly) return true;
    if (!specifier.startsWith('.')) return specifier.startsWith('node:');
    const next = resolve(dirname(target), specifier);
    const goal = layerOf(below(next));
    if (goal === 'shared' || goal === 'decode') return true;
    return goal !== undefined && (goal === layer || goal === 'stream') && isPure(next, goal);
  });
}

/** The service of the local endpoint that a file belongs to. */
function serviceOf(path: string): string | undefined {
  const id = /^lib\/local\/services\/([\w-]+)\//.exec(path)?.[1];
  return id === undefined ? undefined : (SECOND_APIS[id] ?? id);
}

function layerOf(path: string): string | undefined {
  const match = /^(?:lib\/([\w-]+)|(commands))\//.exec(path);
  return match?.[1] ?? match?.[2];
}

function below(path: string): string {
  return relative(root, path).split(sep).join('/');
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file.replace(/\.js$/, '.ts'), 'utf8');
  const found: Import[] = [];
  for (const [, kind, specifier = ''] of text.matchAll(
    /^\s*(?:import|export)\s+(type\s)?[^'"();]*?from\s+['"]([^'"]+)['"]/gm,
  )) {
    found.push({ specifier, typeOnly: kind !== undefined });
  }
  for (const [, specifier = ''] of text.matchAll(/^\s*import\s+['"]([^'"]+)['"]/gm))
    found.push({ specifier, typeOnly: false });
  // `typeof import('x')` and `import('x').Name` are types; `import('x')` alone, or followed by a method, loads the module.
  const dynamic = /(typeof\s+)?\bimport\(\s*['"]([^'"]+)['"]\s*\)(\.[A-Z])?/g;
  for (const [, typeBefore, specifier = '', typeAfter] of text.matchAll(dynamic)) {
    found.push({ specifier, typeOnly: (typeBefore ?? typeAfter) !== undefined });
  }
  return found;
}

function* sourceFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(path);
    else if (entry.name.endsWith('.ts')) yield path;
  }
}
