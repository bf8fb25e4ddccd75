import { fileURLToPath } from 'node:url';
import type { Interfaces } from '@oclif/core';
import { Config } from '@oclif/core/config';
import { settings } from '@oclif/core/settings';
import { assetUrl, readPackage } from '../shared/package-files.js';

/**
 * oclif's configuration. Running one command needs none of the others. Help and completion ask for all of them: from the package they come
 * out of the manifest that the build writes beside the commands, from the sources (which have none) by loading every command.
 */
export async function loadConfig(options: { withCommands: boolean }): Promise<Config> {
  settings.enableAutoTranspile = false; // bin/dev.js has tsx registered already; oclif would do it again
  const pjson = readPackage() as unknown as Interfaces.PJSON;
  return Config.load({
    root: fileURLToPath(assetUrl(options.withCommands ? '' : 'commands')),
    pjson: {
      ...pjson,
      oclif: options.withCommands
        ? { ...pjson.oclif, commands: { strategy: 'pattern', target: './commands' } }
        : pjson.oclif,
    },
  });
}
