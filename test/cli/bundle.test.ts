import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandIds, commandUrl } from '../../src/lib/cli/find-command.js';
import { PACKAGE_ROOT } from '../../src/lib/shared/package-files.js';

const built = (path: string): string => readFileSync(new URL(`dist/${path}`, PACKAGE_ROOT), 'utf8');

test('the manifest of the built package knows the commands and flags of the sources', async () => {
  const { commands } = JSON.parse(built('oclif.manifest.json')) as {
    commands: Record<string, { flags: Record<string, unknown> }>;
  };
  expect(
    Object.keys(commands)
      .map((id) => id.replace(':', ' '))
      .sort(),
  ).toEqual(commandIds());
  for (const id of commandIds()) {
    const { default: Class } = await import(commandUrl(id).href);
    const flags = Object.keys({ ...Class.baseFlags, ...Class.flags });
    expect(flags.length).toBeGreaterThan(0);
    expect(Object.keys(commands[id.replace(' ', ':')]?.flags ?? {}).sort()).toEqual(flags.sort());
  }
});

test('the licenses of what is bundled go with it', () => {
  const licenses = built('THIRD_PARTY_LICENSES.txt');
  for (const name of ['@oclif/core', 'zod', 'yaml', '@faker-js/faker', 'chalk', '@aws-sdk/client-kinesis']) {
    expect(licenses).toContain(`\n${name} `);
  }
  expect(licenses).toContain('Permission is hereby granted, free of charge');
});
