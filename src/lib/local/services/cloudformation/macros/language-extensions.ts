import { evaluate } from '../intrinsics/evaluate.js';
import { NotYetKnown, type Scope } from '../intrinsics/scope.js';
import { isMap, type Value, type ValueMap } from '../template/value.js';
import { expandLoops, LOOP, refuseRepeatedLoops } from './expand-loops.js';
import { macroError } from './macro-error.js';

export const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';

/** The sections in which a loop may stand. */
const SECTIONS: readonly string[] = ['Conditions', 'Resources', 'Outputs'];

/** Members of a resource or an output that are plain text without the transform, and may be functions with it. */
const PLAIN_MEMBERS = ['Condition', 'DeletionPolicy', 'UpdateReplacePolicy'] as const;

/**
 * Writes out what `Transform: AWS::LanguageExtensions` stands for: every loop, and every function in a place where the plain language has
 * none. Functions that the plain language takes stay as they are, for the stack to work out.
 * @param scopeOf what names mean before anything is created, given the conditions with their loops written out
 * @throws AwsError ValidationError in the transform's words where they are known
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
 */
export function extendLanguage(source: ValueMap, scopeOf: (source: ValueMap) => Scope): ValueMap {
  refuseStrayLoops(source);
  refuseRepeatedLoops(source, SECTIONS);
  // What a loop over conditions goes over cannot be a condition itself.
  const conditions = isMap(source.Conditions) && expandLoops(source.Conditions, scopeOf({ ...source, Conditions: {} }));
  const withConditions = conditions ? { ...source, Conditions: conditions } : source;
  const scope = scopeOf(withConditions);
  const extended: ValueMap = { ...withConditions };
  for (const section of ['Resources', 'Outputs'] as const) {
    const members = source[section];
    if (isMap(members)) extended[section] = plainMembers(expandLoops(members, scope), scope);
  }
  return extended;
}

/**
 * The template without what only the transform can write out: all that can be said of it before its parameters have values.
 */
export function withoutExtensions(source: ValueMap): ValueMap {
  const strip = (value: Value): Value => {
    if (Array.isArray(value)) return value.map(strip);
    if (!isMap(value)) return value;
    const kept = Object.entries(value).filter(([key]) => !key.startsWith(LOOP));
    return Object.fromEntries(kept.map(([key, member]) => [key, strip(member)]));
  };
  const stripped = strip(source);
  if (!isMap(stripped)) return {};
  for (const section of ['Resources', 'Outputs'] as const) {
    const members = stripped[section];
    if (!isMap(members)) continue;
    for (const member of Object.values(members).filter(isMap))
      for (const name of PLAIN_MEMBERS) if (isMap(member[name])) delete member[name];
  }
  return stripped;
}

function plainMembers(members: ValueMap, scope: Scope): ValueMap {
  const plain = new Map<string, Value>();
  for (const [id, member] of Object.entries(members)) {
    if (!isMap(member)) {
      plain.set(id, member);
      continue;
    }
    const { ...rest } = member;
    for (const name of PLAIN_MEMBERS) {
      const declared = member[name];
      if (!isMap(declared)) continue;
      delete rest[name];
      const worked = workOut(declared, scope, () => `The ${name} value could not be resolved for ${id}`);
      if (worked !== undefined) rest[name] = worked;
    }
    plain.set(id, rest);
  }
  return Object.fromEntries(plain);
}

function workOut(value: Value, scope: Scope, why: () => string): Value | undefined {
  try {
    return evaluate(value, scope);
  } catch (error) {
    if (error instanceof NotYetKnown) throw macroError(LANGUAGE_EXTENSIONS, why());
    throw error;
  }
}

function refuseStrayLoops(source: ValueMap): void {
  for (const [section, content] of Object.entries(source)) {
    if (SECTIONS.includes(section)) continue;
    const loop = section.startsWith(LOOP) ? section : firstLoop(content);
    if (loop !== undefined) {
      throw macroError(
        LANGUAGE_EXTENSIONS,
        `${loop} stands in ${section}; Fn::ForEach is supported in ${SECTIONS.join(', ')}`,
      );
    }
  }
}

function firstLoop(value: Value): string | undefined {
  if (Array.isArray(value)) return value.map(firstLoop).find((found) => found !== undefined);
  if (!isMap(value)) return undefined;
  return Object.keys(value).find((key) => key.startsWith(LOOP)) ?? firstLoop(Object.values(value));
}
