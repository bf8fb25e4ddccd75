import { evaluate } from '../intrinsics/evaluate.js';
import { NotYetKnown, type Scope } from '../intrinsics/scope.js';
import { parseTemplate } from '../template/parse-template.js';
import { isMap, type Value, type ValueMap } from '../template/value.js';
import { invalid } from '../validation-error.js';
import { macroError } from './macro-error.js';

export const INCLUDE = 'AWS::Include';
const CALL = 'Fn::Transform';

/** Reads an object of S3. @throws AwsError ValidationError */
export type ReadObject = (bucket: string, key: string) => Promise<string>;

/**
 * Puts the snippets that `AWS::Include` names where it names them: beside the keys of the object in which `Fn::Transform` stands, or, where
 * the template's own Transform asks for one, beside those of its sections. A snippet cannot include another.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html
 */
export async function includeSnippets(source: ValueMap, scope: Scope, read: ReadObject): Promise<ValueMap> {
  const { Transform: declared, Parameters: parameters, ...rest } = source;
  const [calls, others] = splitTransforms(declared);
  let whole = await includeIn(rest, scope, read);
  for (const call of calls) whole = mergeSections(whole, await snippetOf(call, scope, read));
  return {
    ...whole,
    ...(parameters !== undefined && { Parameters: parameters }),
    ...(others.length > 0 && { Transform: others }),
  };
}

/** Whether a template includes anything. */
export function hasSnippets({ Transform: declared, ...rest }: ValueMap): boolean {
  return splitTransforms(declared)[0].length > 0 || hasCall(rest);
}

/** The template without the places where something is to be included. @throws AwsError ValidationError for another macro */
export function withoutSnippets(source: ValueMap): ValueMap {
  const strip = (value: Value): Value => {
    if (Array.isArray(value)) return value.map(strip);
    if (!isMap(value)) return value;
    for (const call of [value[CALL] ?? []].flat()) parametersOf(call);
    const kept = Object.entries(value).filter(([key]) => key !== CALL);
    return Object.fromEntries(kept.map(([key, member]) => [key, strip(member)]));
  };
  const { Transform: declared, ...rest } = source;
  const stripped = strip(rest);
  const [, others] = splitTransforms(declared);
  return { ...(isMap(stripped) && stripped), ...(others.length > 0 && { Transform: others }) };
}

const hasCall = (value: Value): boolean =>
  Array.isArray(value) ? value.some(hasCall) : isMap(value) && (CALL in value || Object.values(value).some(hasCall));

/** The calls of AWS::Include in a template's `Transform`, and what else stands there. */
function splitTransforms(declared: Value | undefined): [calls: Value[], others: Value[]] {
  const all = [declared ?? []].flat();
  const isCall = (item: Value): boolean => (isMap(item) ? item.Name : item) === INCLUDE;
  return [all.filter(isCall), all.filter((item) => !isCall(item))];
}

async function includeIn(source: ValueMap, scope: Scope, read: ReadObject): Promise<ValueMap> {
  const included = new Map<string, Value>();
  const add = (key: string, value: Value): void => {
    if (included.has(key)) throw macroError(INCLUDE, `the key ${key} is there already, beside ${CALL}`);
    included.set(key, value);
  };
  for (const [key, member] of Object.entries(source)) {
    if (key !== CALL) add(key, await includeBelow(member, scope, read));
    else
      for (const call of [member].flat())
        for (const one of Object.entries(await snippetOf(call, scope, read))) add(...one);
  }
  return Object.fromEntries(included);
}

async function includeBelow(value: Value, scope: Scope, read: ReadObject): Promise<Value> {
  if (!hasCall(value)) return value;
  if (!Array.isArray(value)) return includeIn(value as ValueMap, scope, read);
  const items: Value[] = [];
  for (const item of value) items.push(await includeBelow(item, scope, read));
  return items;
}

async function snippetOf(call: Value, scope: Scope, read: ReadObject): Promise<ValueMap> {
  const parameters = parametersOf(call);
  const location = isMap(parameters) ? locationOf(parameters.Location ?? null, scope) : undefined;
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location ?? '') ?? [];
  if (bucket === undefined || key === undefined)
    throw macroError(INCLUDE, `The location parameter is not a valid S3 uri: s3://BUCKET/KEY.`);
  const snippet = parseTemplate(await read(bucket, key));
  if (hasCall(snippet)) throw macroError(INCLUDE, `${location} includes another snippet, and cannot`);
  return snippet;
}

/** @throws AwsError ValidationError for a macro of the account's own */
function parametersOf(call: Value): Value | undefined {
  const { Name: name, Parameters: parameters } = isMap(call) ? call : { Name: call };
  if (name === INCLUDE) return parameters;
  throw invalid(
    `${CALL} of ${String(name)} is not supported by this endpoint, which has ${INCLUDE}: expand the template first.`,
  );
}

function locationOf(location: Value, scope: Scope): string | undefined {
  try {
    const worked = evaluate(location, scope);
    return typeof worked === 'string' ? worked : undefined;
  } catch (error) {
    if (error instanceof NotYetKnown) return undefined;
    throw error;
  }
}

/** A snippet of the whole template brings sections, or members for those that are there. */
function mergeSections(template: ValueMap, snippet: ValueMap): ValueMap {
  const merged = { ...template };
  for (const [section, content] of Object.entries(snippet)) {
    const there = merged[section];
    if (there === undefined) merged[section] = content;
    else if (!isMap(there) || !isMap(content)) throw macroError(INCLUDE, `the template has ${section} already`);
    else {
      const twice = Object.keys(content).find((key) => Object.hasOwn(there, key));
      if (twice !== undefined) throw macroError(INCLUDE, `the template has ${twice} in ${section} already`);
      merged[section] = { ...there, ...content };
    }
  }
  return merged;
}
