import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { type Column, renderTable } from '../lib/cli/render-table.js';
import { UsageError } from '../lib/shared/errors.js';
import { listExports, type StackExport } from '../lib/stack/list-exports.js';
import { resolveExport } from '../lib/stack/resolve-export.js';
import { stackOutputs } from '../lib/stack/stack-outputs.js';
import { watchExports } from '../lib/stack/watch-exports.js';

export default class Exports extends PipectlCommand<typeof Exports> {
  static override summary = 'List stack exports, or print one value.';
  static override examples = [
    '<%= config.bin %> exports',
    'aws lambda invoke --function-name "$(<%= config.bin %> exports test-logger-lambda-name)" out.json',
  ];
  static override args = { name: Args.string({ description: 'Print the value of this export alone.' }) };
  static override flags = {
    stack: Flags.string({ description: 'Show only the exports of this stack.', helpValue: 'NAME' }),
    watch: Flags.boolean({ description: 'Show changes until Ctrl-C.' }),
  };

  async run(): Promise<void> {
    const { name } = this.args;
    const { stack, watch } = this.flags;
    if (name !== undefined && (watch || stack !== undefined))
      throw new UsageError(
        `One export by name takes no ${watch ? '--watch' : '--stack'}: export names are unique in a region.`,
      );
    const clients = await this.clients();
    if (name !== undefined) {
      const value = await resolveExport(clients, name, this.signal);
      await this.out.result(value, (text) => `${text}\n`);
      return;
    }
    const isWanted = (candidate: StackExport): boolean => stack === undefined || candidate.stackName === stack;
    if (watch) {
      for await (const { change, export: found } of watchExports(clients, isWanted, this.signal)) {
        const line = { there: '+', changed: '~', gone: '-' }[change];
        await this.out.write(
          this.out.json
            ? `${JSON.stringify({ change, ...found })}\n`
            : `${line} ${found.name}\t${found.value}\t${found.stackName}\n`,
        );
      }
      return;
    }
    const exports = (await listExports(clients, this.signal)).filter(isWanted);
    // A stack that is not there is an error, so that a typo does not pass for a stack without exports.
    if (stack !== undefined && exports.length === 0) await stackOutputs(clients, stack, this.signal);
    await this.out.result(exports, (rows) => renderTable(rows, COLUMNS, this.out));
    if (exports.length === 0)
      this.progress.note(stack === undefined ? 'No stack exports anything here.' : `${stack} exports nothing.`);
  }
}

const COLUMNS: Column<StackExport>[] = [
  { header: 'EXPORT', value: ({ name }) => name },
  { header: 'VALUE', value: ({ value }) => value, flexible: true },
  { header: 'STACK', value: ({ stackName }) => stackName },
];
