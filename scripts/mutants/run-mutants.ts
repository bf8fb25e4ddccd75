// The child of mutants.ts: one Vitest for all mutants of a module. A message is a mutant, or {} for none; the answer says whether a test failed.
import { createVitest } from 'vitest/node';
import type { Mutant } from './make-mutants.js';

const tests = process.argv.slice(2);
let current: Partial<Mutant> = {};
const vitest = await createVitest(
  'test',
  {
    watch: false,
    run: true,
    pool: 'threads',
    maxWorkers: 1,
    bail: 1,
    testTimeout: 10_000,
    reporters: [{}],
    silent: true,
  },
  {
    plugins: [{ name: 'mutant', enforce: 'pre', load: (id) => (id === current.file ? current.source : undefined) }],
  },
);
await vitest.standalone();

process.on('message', async (mutant: Partial<Mutant>) => {
  const before = current.file;
  current = mutant;
  for (const file of [before, mutant.file]) if (file !== undefined) vitest.invalidateFile(file);
  const specifications = await vitest.globTestSpecifications(tests);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications, true);
  const passed = testModules.length > 0 && testModules.every((module) => module.ok());
  process.send?.(!passed || unhandledErrors.length > 0);
});
process.on('disconnect', () => process.exit());
