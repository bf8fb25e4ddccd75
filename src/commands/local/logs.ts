import * as Flags from '@oclif/core/flags';
import { globalFlags, integerFlag } from '../../lib/cli/flags.js';
import { PipectlCommand } from '../../lib/cli/pipectl-command.js';
import { findLog } from '../../lib/local/daemon/find-log.js';
import { followFile, lastLines } from '../../lib/local/daemon/read-log.js';
import { stateFolder } from '../../lib/local/daemon/state-folder.js';

export default class LocalLogs extends PipectlCommand<typeof LocalLogs> {
  static override summary = "Show the endpoint's log.";
  static override description =
    'Shows the log of the running endpoint, or of the last one. For the logs of functions, use `pipectl logs`.';
  static override examples = ['<%= config.bin %> local logs', '<%= config.bin %> local logs --follow --lines 0'];
  static override baseFlags = globalFlags as typeof PipectlCommand.baseFlags;
  static override flags = {
    follow: Flags.boolean({ char: 'f', description: 'Follow until Ctrl-C.' }),
    lines: integerFlag({ char: 'n', description: 'Number of lines from the end.', default: 100, min: 0 }),
    port: integerFlag({ description: 'Port of the endpoint, if several run.', min: 1, max: 65_535 }),
  };

  async run(): Promise<void> {
    const logFile = await findLog(stateFolder(this.io.env), this.flags.port);
    this.progress.detail(`log: ${logFile}`);
    const { lines, endByte } = await lastLines(logFile, this.flags.lines);
    if (!this.flags.follow) return this.out.result(lines, (texts) => texts.map((text) => `${text}\n`).join(''));
    const write = (text: string) => this.out.write(this.out.json ? `${JSON.stringify(text)}\n` : `${text}\n`);
    for (const line of lines) await write(line);
    for await (const line of followFile(logFile, endByte, this.signal)) await write(line);
  }
}
