import { evaluate } from './intrinsics/evaluate.js';
import type { Scope } from './intrinsics/scope.js';
import type { Template } from './template/template.js';
import { invalid } from './validation-error.js';

/**
 * Checks a template's Rules against the parameters it is used with. The CDK puts one into every stack, to see that the account is
 * bootstrapped.
 * @throws AwsError ValidationError with what the rule's author wrote
 */
export function checkRules({ rules }: Template, scope: Scope): void {
  for (const [name, { condition, assertions }] of rules) {
    if (condition !== undefined && String(evaluate(condition, scope)) !== 'true') continue;
    for (const { assert, description } of assertions) {
      if (String(evaluate(assert, scope)) === 'true') continue;
      throw invalid(`Template validation error: rule ${name} failed: ${description ?? JSON.stringify(assert)}`);
    }
  }
}
