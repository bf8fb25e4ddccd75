import type { ChalkInstance } from 'chalk';
import { formatByteSize } from '../shared/byte-size.js';
import { type DeployEvent, isOfStackItself, type ResourceEvent } from './deploy-request.js';
import type { PlannedChange, StackPlan } from './stack-plan.js';

const SIGNS: Readonly<Record<PlannedChange['action'], string>> = {
  add: '+',
  modify: '~',
  replace: '±',
  'maybe-replace': '±',
  remove: '-',
  import: '<',
  unknown: '?',
};

/** What a person is told of one step of a deploy or a destroy: no line, one, or several. */
export function deployEventLines(event: DeployEvent, style: ChalkInstance): string[] {
  switch (event.kind) {
    case 'packaged':
      return [
        style.dim(
          `  ${event.path} -> s3://${event.bucket}/${event.key} (${formatByteSize(event.bytes)}${event.reused ? ', there already' : ''})`,
        ),
      ];
    case 'plan':
      return planLines(event.plan, style);
    case 'resource':
      return resourceLines(event.event, style);
    case 'note':
      return [event.text];
  }
}

/** Its change set says that it changes, not what in it does. */
const NESTED = 'AWS::CloudFormation::Stack';

/** The plan, a line a resource, and what it comes to. */
export function planLines(plan: StackPlan, style: ChalkInstance): string[] {
  if (plan.isEmpty) return [];
  const width = Math.max(0, ...plan.changes.map(({ logicalId }) => logicalId.length));
  const paint = {
    '+': style.green,
    '~': style.yellow,
    '±': style.magenta,
    '-': style.red,
    '<': style.cyan,
    '?': style.dim,
  };
  const lines = plan.changes.map((change) => {
    const sign = SIGNS[change.action];
    const color = paint[sign as keyof typeof paint];
    const why = [
      change.action === 'replace' ? 'replaced' : change.action === 'maybe-replace' ? 'may be replaced' : '',
      change.because.join(', '),
      change.keptWithoutEffect ? 'kept without effect' : '',
      change.type === NESTED && change.action !== 'remove' ? 'what is inside is not planned' : '',
    ].filter((part) => part !== '');
    return `  ${color(sign)} ${change.logicalId.padEnd(width)}  ${style.dim(change.type)}${why.length > 0 ? `  ${why.join(': ')}` : ''}`;
  });
  return [...lines, `  ${planSummary(plan)}`];
}

const VERBS: readonly [string, readonly PlannedChange['action'][]][] = [
  ['to add', ['add']],
  ['to modify', ['modify']],
  ['to replace', ['replace']],
  ['that may be replaced', ['maybe-replace']],
  ['to remove', ['remove']],
  ['to import', ['import']],
  ['to bring up to date', ['unknown']],
];

/** `3 to add, 1 to modify`; only outputs or tags may change too. */
export function planSummary({ changes }: StackPlan): string {
  const parts = VERBS.map(([verb, actions]) => [changes.filter(({ action }) => actions.includes(action)).length, verb])
    .filter(([count]) => count !== 0)
    .map(([count, verb]) => `${count} ${verb}`);
  return parts.length > 0 ? parts.join(', ') : 'outputs or tags to change';
}

/** One line when something is done or has failed; what is merely under way is for a live line. */
function resourceLines(event: ResourceEvent, style: ChalkInstance): string[] {
  const isFailed = event.status.endsWith('_FAILED');
  if (isOfStackItself(event)) {
    const isBad = isFailed || event.status.includes('ROLLBACK');
    return isBad && event.reason !== undefined ? [style.red(`  ${event.status}  ${event.reason}`)] : [];
  }
  if (event.status.endsWith('_IN_PROGRESS')) return [];
  const symbol = isFailed ? style.red('✗') : style.green('✓');
  const reason = event.reason === undefined ? '' : `\n      ${(isFailed ? style.red : style.dim)(event.reason)}`;
  return [`  ${symbol} ${event.logicalId} ${style.dim(`${event.type} ${event.status}`)}${reason}`];
}
