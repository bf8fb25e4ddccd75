import type { Command } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import { commandIds, commandUrl } from '../../src/lib/cli/find-command.js';
import { PipectlCommand } from '../../src/lib/cli/pipectl-command.js';

describe.each(commandIds())('pipectl %s', (id) => {
  const load = async (): Promise<typeof Command> => (await import(commandUrl(id).href)).default;

  it('says what it does, with examples, and describes every flag and argument', async () => {
    const Class = await load();
    expect(Class.prototype).toBeInstanceOf(PipectlCommand);
    expect(Class.summary).toMatch(/^[A-Z].*\.$/);
    expect(Class.examples).toSatisfy((examples: unknown[]) => examples.length > 0);
    for (const [name, flag] of Object.entries(Class.flags ?? {}))
      expect.soft(flag.description, `--${name}`).toMatch(/\S/);
    for (const [name, arg] of Object.entries(Class.args ?? {})) expect.soft(arg.description, name).toMatch(/\S/);
  });

  it('takes no flag of its own in the place of a common one', async () => {
    const Class = await load();
    for (const name of Object.keys(PipectlCommand.baseFlags)) {
      // `local exec` has a --region although it has no target: it sets what its program sees.
      if (!(id === 'local exec' && name === 'region')) expect.soft(Class.flags ?? {}).not.toHaveProperty(name);
    }
  });
});
