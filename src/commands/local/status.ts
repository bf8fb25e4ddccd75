import { globalFlags } from '../../lib/cli/flags.js';
import { PipectlCommand } from '../../lib/cli/pipectl-command.js';
import { type Column, renderTable } from '../../lib/cli/render-table.js';
import { type LiveEndpoint, liveEndpoints } from '../../lib/local/daemon/live-endpoints.js';
import { stateFolder } from '../../lib/local/daemon/state-folder.js';
import { formatByteSize } from '../../lib/shared/byte-size.js';
import { formatDuration } from '../../lib/shared/duration.js';

export default class LocalStatus extends PipectlCommand<typeof LocalStatus> {
  static override summary = 'Show running endpoints.';
  static override description = 'The exit code is 1 if none runs: `pipectl local status || pipectl local start`.';
  static override examples = ['<%= config.bin %> local status', '<%= config.bin %> local status --json'];
  static override baseFlags = globalFlags as typeof PipectlCommand.baseFlags;

  async run(): Promise<void> {
    const endpoints = await liveEndpoints(stateFolder(this.io.env));
    await this.out.result(endpoints, (rows) => (rows.length > 0 ? renderTable(rows, this.#columns(), this.out) : ''));
    if (endpoints.length > 0) return;
    this.progress.note('No local endpoint runs. Start one: pipectl local start');
    this.exitCode = 1;
  }

  /** A path that is cut is of no use: in a narrow terminal it is left out, and `local logs` shows what is in it. */
  #columns(): Column<LiveEndpoint>[] {
    return this.out.isTTY && this.out.width < ROOM_FOR_LOG ? COLUMNS : [...COLUMNS, LOG];
  }
}

const COLUMNS: Column<LiveEndpoint>[] = [
  { header: 'URL', value: ({ url }) => url },
  { header: 'STATUS', value: ({ answers }) => (answers ? 'running' : 'does not answer') },
  { header: 'PID', value: ({ pid }) => pid, align: 'right' },
  { header: 'UP', value: ({ startedAt }) => formatDuration(Date.now() - Date.parse(startedAt)), align: 'right' },
  { header: 'LIMITS', value: limitsOf },
  { header: 'MEMORY', value: ({ status }) => residentMemory(status), align: 'right' },
  { header: 'VERSION', value: ({ version }) => version },
];
const LOG: Column<LiveEndpoint> = {
  header: 'LOG',
  value: ({ logFile }) => logFile ?? 'its terminal',
  flexible: true,
};
const ROOM_FOR_LOG = 110;

/** The bound of intervals goes with the limits, if there is one. */
function limitsOf({ limits, maxBufferingMs }: LiveEndpoint): string {
  return maxBufferingMs === undefined ? limits : `${limits}, buffering ${formatDuration(maxBufferingMs)}`;
}

function residentMemory(status: LiveEndpoint['status']): string | undefined {
  return status && formatByteSize(status.residentBytes);
}
