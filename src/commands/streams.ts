import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { type Column, renderTable } from '../lib/cli/render-table.js';
import { type ListedStream, listStreams } from '../lib/stream/list-streams.js';

export default class Streams extends PipectlCommand<typeof Streams> {
  static override summary = 'List the streams.';
  static override examples = ['<%= config.bin %> streams', '<%= config.bin %> streams --aws --region eu-west-1 --json'];

  async run(): Promise<void> {
    const clients = await this.clients();
    const streams = await listStreams(await clients.kinesis(), this.signal);
    await this.out.result(streams, (rows) => renderTable(rows, COLUMNS, this.out));
    if (streams.length === 0) this.progress.note('No streams here. Make one: pipectl provision orders --shards 1');
  }
}

const COLUMNS: Column<ListedStream>[] = [
  { header: 'STREAM', value: ({ name }) => name, flexible: true },
  { header: 'STATUS', value: ({ status }) => status },
  { header: 'MODE', value: ({ mode }) => mode },
  { header: 'SHARDS', value: ({ openShards }) => openShards, align: 'right' },
  { header: 'RETENTION', value: ({ retentionHours }) => `${retentionHours}h`, align: 'right' },
];
