import { globalFlags } from '../../lib/cli/flags.js';
import { PipectlCommand } from '../../lib/cli/pipectl-command.js';
import { type Column, renderTable } from '../../lib/cli/render-table.js';
import { type LiveEndpoint, liveEndpoints } from '../../lib/local/daemon/live-endpoints.js';
import { stateFolder } from '../../lib/local/daemon/state-folder.js';
import { formatByteSize } from '../../lib/shared/byte-size.js';
import { formatDuration } from '../../lib/shared/duration.js';

export default class LocalStatus extends PipectlCommand<typeof LocalStatus> {
  static override summary = 'Show the local endpoints that run.';
  static override description = 'Exit code 1 when none does: `pipectl local status || pipectl local start`.';
  static override examples = ['<%= config.bin %> local status', '<%= config.bin %> local status --json'];
  static override baseFlags = globalFlags as typeof PipectlCommand.baseFlags;

  async run(): Promise<void> {
    const endpoints = await liveEndpoints(stateFolder(this.io.env));
    await this.out.result(endpoints, (rows) => (rows.length > 0 ? renderTable(rows, COLUMNS, this.out) : ''));
    if (endpoints.length > 0) return;
    this.progress.note('No local endpoint runs. Start one: pipectl local start');
    this.exitCode = 1;
  }
}

const COLUMNS: Column<LiveEndpoint>[] = [
  { header: 'URL', value: ({ url }) => url },
  { header: 'STATUS', value: ({ answers }) => (answers ? 'running' : 'does not answer') },
  { header: 'PID', value: ({ pid }) => pid, align: 'right' },
  { header: 'UP', value: ({ startedAt }) => formatDuration(Date.now() - Date.parse(startedAt)), align: 'right' },
  { header: 'LIMITS', value: ({ limits }) => limits },
  { header: 'MEMORY', value: ({ status }) => residentMemory(status), align: 'right' },
  { header: 'VERSION', value: ({ version }) => version },
  { header: 'LOG', value: ({ logFile }) => logFile ?? 'its terminal', flexible: true },
];

function residentMemory(status: LiveEndpoint['status']): string | undefined {
  return status && formatByteSize(status.residentBytes);
}
