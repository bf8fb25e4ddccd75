import { execFile } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, openSync, readSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assetUrl } from '../../shared/package-files.js';
import { asHere } from './aws-paths.js';
import type { FunctionSpec } from './function-spec.js';

/** How to start a runtime's process. */
export interface Launch {
  command: string;
  args: string[];
  environment: Record<string, string>;
  /** What INIT_START says of it: which program really runs. */
  version: string;
  /** Whether our own bootstrap runs inside, which frames its log and reports its memory. */
  framed: boolean;
}

/** A runtime that cannot start here, in a sentence for the function's caller. */
export class LaunchError extends Error {
  readonly errorType: string;
  constructor(errorType: string, message: string) {
    super(message);
    this.errorType = errorType;
  }
}

const asset = (name: string): string => fileURLToPath(assetUrl(`lib/local/functions/bootstrap/${name}`));

/**
 * Chooses the program for a function's runtime.
 * @throws LaunchError when this machine lacks it
 */
export async function chooseLaunch(spec: FunctionSpec): Promise<Launch> {
  const { runtime, command } = spec;
  if (command !== undefined)
    return { command: '/bin/sh', args: ['-c', command], environment: {}, version: command, framed: false };
  if (runtime.startsWith('nodejs')) return wrapped(spec, launchNode(spec));
  if (runtime.startsWith('python')) return wrapped(spec, await launchPython(spec));
  if (runtime.startsWith('provided')) return launchProvided(spec);
  throw new LaunchError(
    'Runtime.NotSupported',
    `The local endpoint runs nodejs*, python3.* and provided.* functions; ${spec.name} asks for ${runtime}.`,
  );
}

/**
 * A wrapper script gets the runtime's whole command line, to change and to run it.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html
 */
function wrapped(spec: FunctionSpec, launch: Launch): Launch {
  const wrapper = spec.environment.AWS_LAMBDA_EXEC_WRAPPER;
  if (!wrapper) return launch;
  const command = asHere(spec, wrapper);
  try {
    accessSync(command, constants.X_OK);
  } catch {
    throw new LaunchError(
      'Runtime.InvalidEntrypoint',
      `AWS_LAMBDA_EXEC_WRAPPER is no program that can run: ${wrapper}`,
    );
  }
  const wrapped = asAmazonLinux(command);
  return { ...launch, command: wrapped.command, args: [...wrapped.args, launch.command, ...launch.args] };
}

function launchNode(spec: FunctionSpec): Launch {
  const layers = spec.layersDir;
  const major = /\d+/.exec(spec.runtime)?.[0] ?? '';
  return {
    command: process.execPath,
    // The heap is kept within the function's memory in AWS's own proportions, so that garbage is collected before the ceiling is met.
    args: [
      `--max-old-space-size=${Math.floor(spec.memoryMb * 0.9)}`,
      `--max-semi-space-size=${Math.max(1, Math.floor(spec.memoryMb * 0.05))}`,
      ...switchedOff(spec, Number(major)),
      asset('node.mjs'),
    ],
    environment: {
      // This Node may be older than the runtime asked for; the SDK's advice about that belongs in nobody's function log.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // With the package itself, so that `require('src/a')` finds its own file, as on AWS.
      NODE_PATH: [
        ...(layers
          ? [join(layers, 'nodejs', `node${major}`, 'node_modules'), join(layers, 'nodejs', 'node_modules')]
          : []),
        spec.codeDir,
      ].join(delimiter),
    },
    version: `${/^nodejs\d+/.exec(spec.runtime)?.[0].replace('nodejs', 'nodejs:') ?? 'nodejs'}.${process.version}`,
    framed: true,
  };
}

/**
 * What AWS's runtimes switch off of Node, unless NODE_OPTIONS switches it on: nodejs24.x has `require()` of ES modules.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
function switchedOff(spec: FunctionSpec, major: number): string[] {
  const features = major < 24 ? ['require-module', 'detect-module'] : ['detect-module'];
  return features
    .filter((name) => process.allowedNodeEnvironmentFlags.has(`--experimental-${name}`))
    .filter((name) => !spec.environment.NODE_OPTIONS?.includes(`--experimental-${name}`))
    .map((name) => `--no-experimental-${name}`);
}

async function launchPython(spec: FunctionSpec): Promise<Launch> {
  const wanted = spec.runtime; // python3.13
  const python = await findPython(wanted);
  const layers = spec.layersDir;
  return {
    command: python.path,
    args: ['-u', asset('python.py')],
    environment: {
      PYTHONDONTWRITEBYTECODE: '1',
      PIPECTL_PYTHONPATH: layers
        ? [join(layers, 'python', 'lib', wanted, 'site-packages'), join(layers, 'python')].join(delimiter)
        : '',
    },
    version: `${wanted.replace('python', 'python:')} (Python ${python.version})`,
    framed: true,
  };
}

interface Python {
  path: string;
  version: string;
}
const pythons = new Map<string, Python>();

/** The interpreter of exactly that version if the machine has it, else any Python 3. Looked for once a version. */
async function findPython(wanted: string): Promise<Python> {
  const known = pythons.get(wanted);
  if (known) return known;
  // All at once: a version manager's shim takes long to say no.
  const found = (await Promise.all([wanted, 'python3', 'python'].map(probePython))).find(
    (python) => python !== undefined,
  );
  if (found) {
    pythons.set(wanted, found);
    return found;
  }
  throw new LaunchError(
    'Runtime.InvalidEntrypoint',
    `This machine has no Python 3 in its PATH, and the function's runtime is ${wanted}. Install Python and start the endpoint again.`,
  );
}

/** One run tells both the version and the real program, which starts faster than a version manager's shim. */
function probePython(name: string): Promise<Python | undefined> {
  const program = 'import sys; print(sys.executable); print(sys.version.split()[0])';
  return new Promise((resolve) => {
    execFile(name, ['-c', program], { timeout: 10_000 }, (error, stdout) => {
      const [path, version] = error ? [] : stdout.trim().split('\n');
      resolve(path && version?.startsWith('3.') ? { path, version } : undefined);
    });
  });
}

function launchProvided(spec: FunctionSpec): Launch {
  const candidates = [join(spec.codeDir, 'bootstrap'), ...(spec.layersDir ? [join(spec.layersDir, 'bootstrap')] : [])];
  const command = candidates.find((path) => existsSync(path));
  if (!command) {
    const text = `Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]`;
    throw new LaunchError('Runtime.InvalidEntrypoint', text);
  }
  try {
    accessSync(command, constants.X_OK);
  } catch {
    throw new LaunchError(
      'Runtime.InvalidEntrypoint',
      'The bootstrap file is not executable; give it mode 0755 before it is zipped.',
    );
  }
  return { ...asAmazonLinux(command), environment: {}, version: spec.runtime.replace('.', ':'), framed: false };
}

const BASH = ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash'];
const SHELL_SCRIPT = /^#!\s*(?:\/usr)?\/bin\/(?:env\s+)?sh(?:\s+(\S.*?))?\s*$/;

/** Amazon Linux's `sh` is bash, so a script for it may say `set -o pipefail`, which Debian's refuses. Without a bash it runs as it is. */
function asAmazonLinux(program: string): { command: string; args: string[] } {
  const script = SHELL_SCRIPT.exec(firstLine(program));
  const bash = script ? BASH.find((path) => existsSync(path)) : undefined;
  if (!bash) return { command: program, args: [] };
  const [, option] = script ?? [];
  return { command: bash, args: ['--posix', ...(option ? [option] : []), program] };
}

function firstLine(path: string): string {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(256);
    return start.toString('latin1', 0, readSync(file, start)).split('\n', 1)[0] ?? '';
  } finally {
    closeSync(file);
  }
}
