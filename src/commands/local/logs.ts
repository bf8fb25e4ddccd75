import * as Flags from '@oclif/core/flags';
import { globalFlags, integerFlag } from '../../lib/cli/flags.js';
import { PipectlCommand } from '../../lib/cli/pipectl-command.js';
import { findLog } from '../../lib/local/daemon/find-log.js';
import { followFile, lastLines } from '../../lib/local/daemon/read-log.js';
import { stateFolder } from '../../lib/local/daemon/state-folder.js';

export default class LocalLogs extends PipectlCommand<typeof LocalLogs> {
  static override summary = "Show the local endpoint's own log.";
  static override description =
    'Of the endpoint that runs, or of the last one that did. For what functions log: `pipectl logs`.';
  static override examples = ['<%= config.bin %> local logs', '<%= config.bin %> local logs --follow --lines 0'];
  static override baseFlags = globalFlags as typeof PipectlCommand.baseFlags;
  static override flags = {
    follow: Flags.boolean({ char: 'f', description: 'Go on as it grows, until Ctrl-C.' }),
    lines: integerFlag({ char: 'n', description: 'How many of its last lines.', default: 100, min: 0 }),
    port: integerFlag({ description: 'Which endpoint, where several run.', min: 1, max: 65_535 }),
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
