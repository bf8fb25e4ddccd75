import { fileURLToPath } from 'node:url';
import { Config } from '@oclif/core/config';
import { settings } from '@oclif/core/settings';
import { ROOT, readPackage } from './read-package.js';

const RUNS_FROM = import.meta.url.endsWith('.ts') ? './src/commands' : './dist/commands';

/**
 * oclif's configuration. Loading every command costs more than most commands take, so only help and completion ask for it; running one
 * needs none of the others.
 */
export async function loadConfig(options: { withCommands: boolean }): Promise<Config> {
  settings.enableAutoTranspile = false; // bin/dev.js has tsx registered already; oclif would do it again
  const pjson = await readPackage();
  const { commands: _, ...oclif } = pjson.oclif;
  return Config.load({
    root: fileURLToPath(ROOT),
    pjson: {
      ...pjson,
      oclif: options.withCommands ? { ...oclif, commands: { strategy: 'pattern', target: RUNS_FROM } } : oclif,
    },
    ignoreManifest: true,
  });
}
