import type { SpecOf } from '../check-file/kind.js';
import { invokeStep } from './invoke-step.js';
import { stackStep } from './stack-step.js';
import type { StepKind } from './step.js';

/** Every kind of step, in the order of the docs. A new one is its file and its line here. */
export const STEPS = [stackStep, invokeStep] as const;

export type StepSpec = SpecOf<(typeof STEPS)[number]>;

/** The kind that a step of a check file chose. */
export function stepOf({ kind }: StepSpec): StepKind<StepSpec> {
  const kinds: readonly StepKind<StepSpec>[] = STEPS;
  const found = kinds.find(({ key }) => key === kind);
  if (!found) throw new Error(`no step of the kind ${kind}`);
  return found;
}
