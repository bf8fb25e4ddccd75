import { INTRINSICS } from '../intrinsics/functions.js';
import { RULE_INTRINSICS } from '../intrinsics/rule-functions.js';
import { invalid } from '../validation-error.js';
import type { Template } from './template.js';
import { isMap, type Value } from './value.js';

/** Functions that only `Transform: AWS::LanguageExtensions` brings. */
const EXTENSIONS: ReadonlySet<string> = new Set(['Fn::Length', 'Fn::ToJsonString']);

/**
 * Checks that a template calls no function that is not there: left as it stands, it would reach a service as a value.
 * @throws AwsError ValidationError in CloudFormation's words
 */
export function checkFunctions(template: Template): void {
  const supported = [...Object.keys(INTRINSICS), 'Ref', 'Condition', ...Object.keys(RULE_INTRINSICS)].filter(
    (name) => template.hasLanguageExtensions || !EXTENSIONS.has(name),
  );
  const visit = (value: Value): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (!isMap(value)) return;
    const keys = Object.keys(value);
    const name = keys.find((key) => key.startsWith('Fn::'));
    if (name !== undefined) {
      if (!supported.includes(name)) {
        const needs = EXTENSIONS.has(name) ? `. ${name} needs Transform: AWS::LanguageExtensions` : '';
        throw invalid(
          `Template error: Encountered unsupported function: ${name} Supported functions are: [${supported.join(', ')}]${needs}`,
        );
      }
      if (keys.length > 1)
        throw invalid(
          `Template error: ${name} stands beside ${keys.find((key) => key !== name)}; a function must be the only key of its object.`,
        );
      const argument = value[name];
      if (
        name === 'Fn::FindInMap' &&
        !template.hasLanguageExtensions &&
        Array.isArray(argument) &&
        argument.length > 3
      ) {
        throw invalid(
          'Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value. A default needs Transform: AWS::LanguageExtensions',
        );
      }
    }
    for (const member of Object.values(value)) visit(member);
  };
  for (const { properties } of template.resources.values()) visit(properties);
  for (const { value, exportName = null } of template.outputs.values()) {
    visit(value);
    visit(exportName);
  }
  for (const value of template.conditions.values()) visit(value);
}
