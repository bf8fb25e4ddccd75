import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { type Column, renderTable } from '../lib/cli/render-table.js';
import { formatDuration } from '../lib/shared/duration.js';
import { OperationError } from '../lib/shared/errors.js';
import { deployEventLines, planLines, planSummary } from '../lib/stack/deploy-event-lines.js';
import type { DeployEvent, DeployRequest, StackOutput } from '../lib/stack/deploy-request.js';
import { deployStack, planStack } from '../lib/stack/deploy-stack.js';
import { parseAssignments } from '../lib/stack/parse-assignments.js';

export default class Deploy extends PipectlCommand<typeof Deploy> {
  static override summary = 'Deploy a CloudFormation template as a stack.';
  static override description =
    'Local folders and files in the Code or CodeUri of functions and layers are zipped and uploaded. ' +
    'If nothing differs, deploy changes nothing and says so.';
  static override examples = [
    '<%= config.bin %> deploy pipeline.yaml --stack data-pipeline',
    '<%= config.bin %> deploy pipeline.yaml --stack data-pipeline --parameter Shards=2 --check',
  ];
  static override args = {
    template: Args.string({ required: true, description: 'Template file, YAML or JSON.' }),
  };
  static override flags = {
    stack: Flags.string({ required: true, description: 'Stack name.', helpValue: 'NAME' }),
    parameter: Flags.string({
      multiple: true,
      description: 'Template parameter (repeatable).',
      helpValue: 'NAME=VALUE',
    }),
    tag: Flags.string({
      multiple: true,
      description: 'Tag of the stack and its resources (repeatable).',
      helpValue: 'NAME=VALUE',
    }),
    check: Flags.boolean({ description: 'Show the changes without making them; exit 1 if there are any.' }),
  };

  async run(): Promise<void> {
    const { stack: stackName, check } = this.flags;
    const request: DeployRequest = {
      stackName,
      templatePath: this.args.template,
      parameters: parseAssignments(this.flags.parameter ?? [], '--parameter'),
      tags: parseAssignments(this.flags.tag ?? [], '--tag'),
      signal: this.signal,
      onEvent: (event) => this.#show(event),
    };
    const clients = await this.clients();
    this.progress.start(`${check ? 'planning' : 'deploying'} ${stackName}`);
    if (check) {
      const plan = await planStack(clients, request);
      this.progress.stop();
      await this.out.result(plan, () =>
        plan.isEmpty ? `${stackName} is up to date.\n` : `${planLines(plan, this.out.style).join('\n')}\n`,
      );
      if (!plan.isEmpty) {
        throw new OperationError(`${stackName} would change: ${planSummary(plan)}.`, {
          hint: 'Deploy without --check to carry it out.',
        });
      }
      return;
    }
    const result = await deployStack(clients, request);
    const outcome =
      result.action === 'unchanged'
        ? 'is up to date, nothing to do'
        : `${result.action} in ${formatDuration(result.durationMs)}`;
    this.progress.stop();
    this.progress.note(`${this.progress.style.green('✓')} ${stackName} ${outcome}`);
    const inert = result.plan.changes.filter(({ keptWithoutEffect }) => keptWithoutEffect);
    if (inert.length > 0)
      this.progress.note(`  Kept without effect: ${inert.map(({ logicalId }) => logicalId).join(', ')}`);
    await this.out.result(result, ({ outputs }) => (outputs.length > 0 ? renderTable(outputs, COLUMNS, this.out) : ''));
  }

  #show(event: DeployEvent): void {
    if (event.kind === 'resource' && event.event.status.endsWith('_IN_PROGRESS'))
      this.progress.update(`${event.event.stackName}: ${event.event.status} ${event.event.logicalId}`);
    for (const line of deployEventLines(event, this.progress.style)) this.progress.note(line);
  }
}

const COLUMNS: Column<StackOutput>[] = [
  { header: 'OUTPUT', value: ({ key }) => key },
  { header: 'VALUE', value: ({ value }) => value, flexible: true },
  { header: 'EXPORT', value: ({ exportName }) => exportName },
];
