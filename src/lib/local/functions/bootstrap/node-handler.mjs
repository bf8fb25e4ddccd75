// Finds a Node function's handler as AWS's runtime does.
import { RuntimeError } from './node-errors.mjs';
import { builtin, logAt } from './node-log.mjs';

const { existsSync, readFileSync } = builtin('node:fs');
const { createRequire } = builtin('node:module');
const { basename, dirname, join, resolve } = builtin('node:path');
const { pathToFileURL } = builtin('node:url');
const taskRoot = process.env.LAMBDA_TASK_ROOT;

/** `folder/file.export.nested` -> the function. AWS's order: .js (as package.json's type says), .mjs, .cjs, then Node's own resolution. */
export async function loadHandler(spec) {
  if (spec.includes('..')) {
    throw new RuntimeError(
      'Runtime.MalformedHandlerName',
      `'${spec}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const name = basename(spec);
  const folder = spec.slice(0, spec.length - name.length);
  const match = /^([^.]*)\.(.*)$/.exec(name);
  if (!match) throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const [, file, exported] = match;
  const loaded = await loadModule(folder, file);
  let found = loaded;
  for (const part of exported.split('.')) found = found?.[part];
  if (found === undefined) throw new RuntimeError('Runtime.HandlerNotFound', `${spec} is undefined or not exported`);
  if (typeof found !== 'function') throw new RuntimeError('Runtime.HandlerNotFound', `${spec} is not a function`);
  return found;
}

async function loadModule(folder, file) {
  const path = resolve(taskRoot, folder, file);
  const require = createRequire(join(taskRoot, 'index.js'));
  try {
    if (existsSync(`${path}.js`))
      return isModuleScope(path) ? await import(pathToFileURL(`${path}.js`).href) : require(`${path}.js`);
    if (existsSync(`${path}.mjs`)) return await import(pathToFileURL(`${path}.mjs`).href);
    if (existsSync(`${path}.cjs`)) return require(`${path}.cjs`);
    // AWS has no TypeScript: only `pipectl consume` starts Node so that it can load it.
    for (const extension of ['.ts', '.mts', '.cts'])
      if (existsSync(`${path}${extension}`)) return await import(pathToFileURL(`${path}${extension}`).href);
    if (existsSync(path)) return require(path);
    // A package: of the function's own node_modules, or of a layer's, such as those that wrap handlers.
    return require(require.resolve(file, { paths: [taskRoot, dirname(path)] }));
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('Runtime.UserCodeSyntaxError', String(error), error);
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      const missing = /(@aws-sdk\/[\w-]+)/.exec(error.message)?.[1];
      if (missing) {
        logAt('ERROR', [
          `${missing} is not among the SDK packages that pipectl carries for functions; add it to the function's own node_modules.`,
        ]);
      }
      // AWS's runtime knows only the failure of require for what it is.
      if (error.code === 'MODULE_NOT_FOUND') throw new RuntimeError('Runtime.ImportModuleError', String(error), error);
    }
    throw error;
  }
}

function isModuleScope(path) {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) {
      try {
        return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
      } catch {
        return false;
      }
    }
    if (folder === taskRoot || folder === dirname(folder)) return false;
  }
}
