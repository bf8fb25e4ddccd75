import { isScalar, type Value } from '../template/value.js';
import { invalid } from '../validation-error.js';
import type { NO_VALUE, Scope } from './scope.js';

const PLACEHOLDER = /\$\{([^}]*)\}/g;
const NAME = /^[A-Za-z0-9_.:]+$/;

/** The names a `Fn::Sub` text refers to, without those it escapes (`${!Name}`). */
export function substitutedNames(template: string): string[] {
  return [...closed(template).matchAll(PLACEHOLDER)]
    .map(([, inside]) => (inside ?? '').trim())
    .filter((name) => !name.startsWith('!'));
}

/** Fills in `${Name}`, `${Resource.Attribute}` and the given variables; `${!Name}` stands for itself, without the mark. */
export function substitute(
  template: string,
  variables: Readonly<Record<string, Value | typeof NO_VALUE>>,
  scope: Scope,
): string {
  const head = closed(template);
  const filled = head.replace(PLACEHOLDER, (_, inside: string) => {
    if (inside.startsWith('!')) return `\${${inside.slice(1)}}`;
    const name = inside.trim();
    const value = Object.hasOwn(variables, name) ? variables[name] : lookUp(name, scope);
    if (!isScalar(value)) {
      throw invalid(`Template error: variable ${name} in Fn::Sub expression does not resolve to a string`);
    }
    return String(value);
  });
  return filled + template.slice(head.length);
}

/** The text up to its last brace: what opens behind it would be looked for to the end of the text, each time. */
const closed = (template: string): string => template.slice(0, template.lastIndexOf('}') + 1);

function lookUp(name: string, scope: Scope): Value {
  if (!NAME.test(name)) {
    throw invalid(
      `Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons`,
    );
  }
  const found = scope.parameter(name) ?? scope.reference(name);
  if (found !== undefined) return found;
  const dot = name.indexOf('.');
  if (dot > 0) return scope.attribute(name.slice(0, dot), name.slice(dot + 1));
  throw invalid(
    `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`,
  );
}
