import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionSpec } from '../local/functions/function-spec.js';
import { UsageError } from '../shared/errors.js';

/** How a handler runs, whatever it is. */
export interface HandlerSettings {
  cwd: string;
  timeoutMs: number;
  memoryMb: number;
  environment: Readonly<Record<string, string>>;
  region: string;
  accountId: string;
  /** A port for the debugger. */
  inspectPort?: number | undefined;
}

type Program = Pick<FunctionSpec, 'runtime' | 'handler' | 'codeDir' | 'command'> & {
  name: string;
  /** Options that Node needs for it. */
  nodeOptions?: string[];
};

const TYPESCRIPT = new Set(['.ts', '.mts', '.cts']);
const NODE = new Set(['.js', '.mjs', '.cjs', ...TYPESCRIPT]);

/**
 * Reads `--handler FILE[:EXPORT]`: a Node module, a Python module, or a program that speaks the Lambda Runtime API.
 * @throws UsageError
 */
export function handlerSpec(text: string, settings: HandlerSettings): FunctionSpec {
  const [, path = text, exported] = /^(.+?)(?::([\w$.]+))?$/.exec(text) ?? [];
  const file = resolve(settings.cwd, path);
  if (!existsSync(file) || statSync(file).isDirectory())
    throw new UsageError(`--handler: ${path}: ${existsSync(file) ? 'is a folder' : 'file not found'}.`, {
      hint: 'Write FILE or FILE:EXPORT: src/ingest.mjs, src/ingest.py:lambda_handler',
    });
  const extension = extname(file);
  const name = basename(file, extension);
  if ((NODE.has(extension) || extension === '.py') && name.includes('.'))
    throw new UsageError(`--handler: ${path}: Lambda cannot load a file with a period in its name.`, {
      hint: `Rename it: ${name.replaceAll('.', '-')}${extension}`,
    });
  if (NODE.has(extension)) return specOf(nodeProgram(file, extension, exported), settings);
  if (extension === '.py') return specOf(pythonProgram(file, exported), settings);
  try {
    accessSync(file, constants.X_OK);
  } catch {
    throw new UsageError(`--handler: ${path}: not a Node or Python module, and not executable.`, {
      hint: 'Use a .js, .mjs, .cjs, .ts or .py file, an executable that speaks the Runtime API, or --exec CMD.',
    });
  }
  return specOf(
    { name, runtime: 'provided.al2023', handler: name, codeDir: dirname(file), command: `exec ${quoted(file)}` },
    settings,
  );
}

/** A command line that speaks the Lambda Runtime API. */
export const execSpec = (command: string, settings: HandlerSettings): FunctionSpec =>
  specOf({ name: 'exec', runtime: 'provided.al2023', handler: 'exec', codeDir: settings.cwd, command }, settings);

function specOf(program: Program, settings: HandlerSettings): FunctionSpec {
  const { nodeOptions = [], ...rest } = program;
  const { timeoutMs, memoryMb, region, accountId, inspectPort } = settings;
  if (inspectPort !== undefined && !program.runtime.startsWith('nodejs'))
    throw new UsageError('--inspect applies only to Node handlers.', { hint: 'Leave --inspect out.' });
  if (inspectPort !== undefined) nodeOptions.push(`--inspect=127.0.0.1:${inspectPort}`);
  const own = settings.environment.NODE_OPTIONS;
  const environment =
    nodeOptions.length === 0
      ? settings.environment
      : { ...settings.environment, NODE_OPTIONS: [...(own ? [own] : []), ...nodeOptions].join(' ') };
  return {
    ...rest,
    key: program.name,
    arn: `arn:aws:lambda:${region}:${accountId}:function:${program.name}`,
    version: '$LATEST',
    region,
    timeoutMs,
    memoryMb,
    environment,
    logGroup: `/aws/lambda/${program.name}`,
    logFormat: 'Text',
    applicationLogLevel: 'INFO',
    systemLogLevel: 'INFO',
  };
}

function nodeProgram(file: string, extension: string, exported = 'handler'): Program {
  const codeDir = packageFolder(file);
  const path = relative(codeDir, file).split(sep).join('/').slice(0, -extension.length);
  const [major] = process.versions.node.split('.');
  return {
    name: basename(path),
    runtime: `nodejs${major}.x`,
    handler: `${path}.${exported}`,
    codeDir,
    nodeOptions: TYPESCRIPT.has(extension) ? typescriptOptions(file) : [],
  };
}

/** The folder of the nearest package.json, which says what kind of module a .js file is; else the file's own. */
function packageFolder(file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'package.json'))) return folder;
  return dirname(file);
}

/** The project's own tsx; else what Node itself has, from 22.6 on. https://nodejs.org/api/typescript.html */
function typescriptOptions(file: string): string[] {
  try {
    return [`--import=${pathToFileURL(createRequire(file).resolve('tsx')).href}`];
  } catch {
    // not installed there
  }
  const flag = '--experimental-strip-types';
  if (!process.allowedNodeEnvironmentFlags.has(flag))
    throw new UsageError(`--handler: Node ${process.version} cannot run TypeScript, and the project has no tsx.`, {
      hint: 'Install it: npm install --save-dev tsx',
    });
  return [flag, '--experimental-detect-module', '--disable-warning=ExperimentalWarning'];
}

function pythonProgram(file: string, exported: string | undefined): Program {
  const name = basename(file, '.py');
  return {
    name,
    runtime: 'python3',
    handler: `${name}.${exported ?? pythonHandler(file)}`,
    codeDir: dirname(file),
  };
}

/** `lambda_handler`, the name in AWS's examples, if the file defines it; else `handler`. */
const pythonHandler = (file: string): string =>
  /^(?:async )?def lambda_handler\b/m.test(readFileSync(file, 'utf8')) ? 'lambda_handler' : 'handler';

const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;
