#!/usr/bin/env node
import module from 'node:module';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`pipectl needs Node 20.19 or later; this is ${process.version}.\n`);
  process.exit(1);
}
// Node 22 and later keep compiled code from one run to the next.
module.enableCompileCache?.();

const { main } = await import('../dist/main.js').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !error.url?.endsWith('/dist/main.js')) throw error;
  process.stderr.write('pipectl is not built: run `npm install`, or `npm run build`, in its folder.\n');
  process.exit(1);
});
await main(process.argv.slice(2));
