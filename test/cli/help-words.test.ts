import { expect, test } from 'vitest';
import { commandIds } from '../../src/lib/cli/find-command.js';
import { cleanEnvironment, newStateFolder, runPipectl } from './spawn-pipectl.js';

/** Words that read as translated; the field has plainer ones. */
const RETIRED =
  /\b(canar(y|ies)|anew|whoever|so many|so long|taken? away|trying on|goes? on|stands?|really|asked for wrongly|minds)\b/i;
/** `stream-names` is for shells. */
const commands = commandIds().filter((id) => id !== 'stream-names');

test.each(commands)('the help of %s is short, and says it plainly', async (id) => {
  const { stdout, exitCode } = await runPipectl([...id.split(' '), '--help'], cleanEnvironment(newStateFolder()));
  expect(exitCode).toBe(0);
  const lines = stdout.split('\n');
  const [summary = ''] = lines;
  expect(summary).toMatch(/^[A-Z][a-z]+\b.*\.$/);
  expect(summary.length).toBeLessThanOrEqual(60);
  for (const line of lines) {
    expect(line).not.toMatch(RETIRED);
    // A flag is one line: its name, what it does, its default in parentheses, and no full stop.
    if (/^ {2,6}-/.test(line)) {
      expect(line.length).toBeLessThanOrEqual(100);
      expect(line).not.toMatch(/\.$|\[default/);
    }
  }
});
