import { z } from 'zod';
import { shown, textMap } from '../../project/schema-parts.js';
import type { StackSpec, StepKind } from './step.js';

/** CloudFormation's rule; `{run}` becomes a part of such a name. */
const STACK_NAME = /^([A-Za-z]|\{run\})([A-Za-z0-9-]|\{run\}){0,127}$/;

const beside = z.object({
  template: z.string().min(1).describe('Its template, relative to this file.'),
  parameters: textMap.describe('Parameters of the stack; values may be references.'),
  tags: textMap,
});

export const stackStep: StepKind<StackSpec> = {
  key: 'stack',
  help: 'Deploys a CloudFormation stack of this name; {run} in it keeps two runs apart.',
  value: z.string().regex(STACK_NAME, {
    error: (issue) => `${shown(issue.input)} is not a stack's name; begin with a letter, then letters, digits and "-"`,
  }),
  beside: beside.shape,
  toSpec(stack, given) {
    const { template, parameters = {}, tags = {} } = beside.partial().parse(given);
    if (template === undefined) return `stack "${stack}" needs a "template"`;
    return { kind: 'stack', stack, template, parameters, tags };
  },
  run: (spec, context) => context.deployStack(spec),
};
