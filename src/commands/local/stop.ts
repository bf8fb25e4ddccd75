import * as Flags from '@oclif/core/flags';
import { globalFlags, integerFlag } from '../../lib/cli/flags.js';
import { PipectlCommand } from '../../lib/cli/pipectl-command.js';
import { pickEndpoints } from '../../lib/local/daemon/pick-endpoints.js';
import { stateFolder } from '../../lib/local/daemon/state-folder.js';
import { stopEndpoint } from '../../lib/local/daemon/stop-endpoint.js';

export default class LocalStop extends PipectlCommand<typeof LocalStop> {
  static override summary = 'Stop the local endpoint.';
  static override description = 'What is in it is gone. Where none runs there is nothing to do, and that is no error.';
  static override examples = ['<%= config.bin %> local stop', '<%= config.bin %> local stop --all'];
  static override baseFlags = globalFlags as typeof PipectlCommand.baseFlags;
  static override flags = {
    port: integerFlag({ description: 'Which one, where several run.', min: 1, max: 65_535, exclusive: ['all'] }),
    all: Flags.boolean({ description: 'Every one that runs.' }),
  };

  async run(): Promise<void> {
    const folder = stateFolder(this.io.env);
    const endpoints = await pickEndpoints(folder, this.flags);
    const stopped = await Promise.all(
      endpoints.map(async ({ port, pid, url, ...record }) => ({
        port,
        pid,
        url,
        how: await stopEndpoint(folder, { port, pid, url, ...record }),
      })),
    );
    await this.out.result(stopped, (rows) => rows.map(({ how, url, pid }) => `${how} ${url} (pid ${pid})\n`).join(''));
    if (stopped.length === 0) this.progress.note('No local endpoint runs.');
  }
}
