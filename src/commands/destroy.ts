import * as Flags from '@oclif/core/flags';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { formatDuration } from '../lib/shared/duration.js';
import { OperationError, UsageError } from '../lib/shared/errors.js';
import { deployEventLines } from '../lib/stack/deploy-event-lines.js';
import { destroyStacks } from '../lib/stack/destroy-stack.js';

export default class Destroy extends PipectlCommand<typeof Destroy> {
  static override summary = 'Delete stacks and everything in them.';
  static override description =
    'Stacks that import a value are deleted before the stack that exports it. ' +
    'Buckets are emptied first; a bucket with DeletionPolicy Retain is kept.';
  static override examples = [
    '<%= config.bin %> destroy data-pipeline',
    '<%= config.bin %> destroy external-test-resources data-pipeline',
  ];
  static override usage = ['destroy STACK…'];
  static override strict = false;
  static override flags = {
    yes: Flags.boolean({ description: 'Do not ask for confirmation (AWS only).' }),
  };

  async run(): Promise<void> {
    const stackNames = this.words;
    if (stackNames.length === 0) throw new UsageError('Which stack?', { hint: 'pipectl destroy STACK…' });
    await this.#askBeforeAws(stackNames);
    const clients = await this.clients();
    this.progress.start(`destroying ${stackNames.join(', ')}`);
    const results = await destroyStacks(clients, {
      stackNames,
      signal: this.signal,
      onEvent: (event) => {
        if (event.kind === 'resource' && event.event.status.endsWith('_IN_PROGRESS'))
          this.progress.update(`${event.event.stackName}: ${event.event.status} ${event.event.logicalId}`);
        for (const line of deployEventLines(event, this.progress.style)) this.progress.note(line);
      },
    });
    this.progress.stop();
    await this.out.result(results, (rows) =>
      rows
        .map(({ stackName, existed, durationMs }) =>
          existed ? `${stackName} destroyed in ${formatDuration(durationMs)}\n` : `${stackName} does not exist\n`,
        )
        .join(''),
    );
  }

  /** What is deleted on AWS does not come back with the next deploy: not the records, not the logs, not the objects. */
  async #askBeforeAws(stackNames: readonly string[]): Promise<void> {
    const { kind, region } = await this.decidedTarget();
    if (kind !== 'aws' || this.flags.yes) return;
    if (this.io.stdin.isTTY !== true) {
      throw new UsageError('On AWS destroy asks first, and nobody is here to answer.', {
        hint: `pipectl destroy ${stackNames.join(' ')} --yes`,
      });
    }
    const { askYes } = await import('../lib/cli/ask-yes.js');
    const question = `Delete ${stackNames.join(', ')} in ${region} on AWS, and everything in their buckets?`;
    if (!(await askYes(question, this.io))) throw new OperationError('Nothing was deleted.');
  }
}
