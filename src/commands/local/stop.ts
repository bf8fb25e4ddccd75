import * as Flags from '@oclif/core/flags';
import { globalFlags, integerFlag } from '../../lib/cli/flags.js';
import { PipectlCommand } from '../../lib/cli/pipectl-command.js';
import { pickEndpoints } from '../../lib/local/daemon/pick-endpoints.js';
import { stateFolder } from '../../lib/local/daemon/state-folder.js';
import { stopEndpoint } from '../../lib/local/daemon/stop-endpoint.js';

export default class LocalStop extends PipectlCommand<typeof LocalStop> {
  static override summary = 'Stop the local endpoint.';
  static override description = 'Its data is lost. If no endpoint is running, stop does nothing and succeeds.';
  static override examples = ['<%= config.bin %> local stop', '<%= config.bin %> local stop --all'];
  static override baseFlags = globalFlags as typeof PipectlCommand.baseFlags;
  static override flags = {
    port: integerFlag({
      description: 'Port of the endpoint, if several run.',
      min: 1,
      max: 65_535,
      exclusive: ['all'],
    }),
    all: Flags.boolean({ description: 'Stop every endpoint.' }),
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
