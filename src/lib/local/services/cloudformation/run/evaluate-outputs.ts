import type { AwsError } from '../../../wire/aws-error.js';
import { evaluate } from '../intrinsics/evaluate.js';
import type { Scope } from '../intrinsics/scope.js';
import type { Stack, StackDefinition, StackOutputValue } from '../stack.js';
import type { StackStore } from '../stack-store.js';
import { isScalar } from '../template/value.js';
import { invalid } from '../validation-error.js';
import { TemplateFault } from './failure-reason.js';

/** The outputs whose condition holds, worked out over the resources as they now stand. @throws TemplateFault, AwsError */
export function evaluateOutputs(definition: StackDefinition, scope: Scope): StackOutputValue[] {
  const outputs: StackOutputValue[] = [];
  for (const [key, declared] of definition.template.outputs) {
    if (declared.condition !== undefined && !scope.condition(declared.condition)) continue;
    const value = evaluate(declared.value, scope);
    if (!isScalar(value)) throw notText(key);
    const exportName = declared.exportName === undefined ? undefined : evaluate(declared.exportName, scope);
    if (exportName !== undefined && (!isScalar(exportName) || String(exportName) === ''))
      throw new TemplateFault(`Template format error: Output ${key} is malformed. The export name must be a string.`);
    outputs.push({
      key,
      value: String(value),
      description: declared.description,
      exportName: exportName === undefined ? undefined : String(exportName),
    });
  }
  return outputs;
}

export const notText = (key: string): AwsError =>
  invalid(`Template format error: The Value field of every Outputs member must evaluate to a String. (${key})`);

/**
 * Checks that no other stack exports the same names, and that no export another stack uses goes away or changes.
 * @throws TemplateFault in CloudFormation's words
 */
export function checkExports(stack: Stack, outputs: readonly StackOutputValue[], store: StackStore): void {
  const standing = store.exports();
  const wanted = new Map<string, string>();
  for (const { exportName, value } of outputs) {
    if (exportName === undefined) continue;
    const owner = standing.get(exportName)?.stack;
    if (owner && owner.id !== stack.id)
      throw new TemplateFault(`Export with name ${exportName} is already exported by stack ${owner.name}.`);
    if (wanted.has(exportName)) throw new TemplateFault(`Template error: more than one output exports ${exportName}.`);
    wanted.set(exportName, value);
  }
  for (const { exportName, value } of stack.outputs) {
    if (exportName === undefined || wanted.get(exportName) === value) continue;
    const users = store.importers(exportName).filter((name) => name !== stack.name);
    if (users.length === 0) continue;
    const verb = wanted.has(exportName) ? 'update' : 'delete';
    throw new TemplateFault(
      `Update canceled. Cannot ${verb} export ${exportName} as it is in use by ${users.join(' and ')}.`,
    );
  }
}
