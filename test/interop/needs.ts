import { describe, test } from 'vitest';
import { hasTool } from './tools.js';

/**
 * `describe`, for tests that need programs of this machine. Where one is missing the tests are skipped and say so; in CI they fail, so that
 * a machine that lost a tool cannot pass for one that has it.
 */
export function describeWith(programs: string[], name: string, tests: () => void): void {
  const missing = programs.filter((program) => !hasTool(program));
  const says = `${name}: needs ${missing.join(' and ')} on the PATH`;
  if (missing.length === 0) describe(name, tests);
  else if (!process.env.CI) describe.skip(says, tests);
  else {
    test(says, () => {
      throw new Error(says);
    });
  }
}
