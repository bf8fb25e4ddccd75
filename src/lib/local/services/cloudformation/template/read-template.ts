import { LANGUAGE_EXTENSIONS } from '../macros/language-extensions.js';
import { type Beforehand, draftTemplate, type Processed, processTemplate } from '../macros/process-template.js';
import { formatError, invalid } from '../validation-error.js';
import { parseTemplate } from './parse-template.js';
import { readParameter } from './read-parameter.js';
import type { OutputDeclaration, RemovalPolicy, ResourceDeclaration, RuleDeclaration, Template } from './template.js';
import { isMap, isScalar, type Value, type ValueMap } from './value.js';

const SECTIONS = new Set([
  ...['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Mappings', 'Conditions', 'Resources'],
  ...['Outputs', 'Rules', 'Transform', 'Hooks'],
]);
const RESOURCE_MEMBERS = new Set([
  ...['Type', 'Properties', 'DependsOn', 'Condition', 'DeletionPolicy', 'UpdateReplacePolicy', 'UpdatePolicy'],
  ...['CreationPolicy', 'Metadata', 'Version', 'Description'],
]);
const OUTPUT_MEMBERS = new Set(['Description', 'Value', 'Export', 'Condition']);
const LOGICAL_ID = /^[a-zA-Z0-9]+$/;
/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MAX_RESOURCES = 500;
const MAX_OTHERS = 200;
const MAX_NAME_LENGTH = 255;
const MAX_DESCRIPTION_BYTES = 1024;

/**
 * A template's text as a checked structure, as far as it can be read before its parameters have values.
 * @throws AwsError ValidationError in CloudFormation's words
 */
export const readTemplate = (text: string): Template => checkedTemplate(draftTemplate(parseTemplate(text)));

/**
 * A template's text as a checked structure, with everything written out that its transforms stand for.
 * @throws AwsError ValidationError in CloudFormation's words
 */
export async function readProcessedTemplate(text: string, known: Beforehand): Promise<Template> {
  return checkedTemplate(await processTemplate(parseTemplate(text), known));
}

function checkedTemplate({ source, transforms, isDraft }: Processed): Template {
  const strangers = Object.keys(source).filter((key) => !SECTIONS.has(key));
  if (strangers.length > 0) throw invalid(`Invalid template property or properties [${strangers.join(', ')}]`);
  refuseWhatIsNotHere(source);
  const version = source.AWSTemplateFormatVersion;
  if (version !== undefined && version !== '2010-09-09')
    throw formatError('Unrecognized AWSTemplateFormatVersion; the one there is: "2010-09-09".');
  const description = source.Description;
  if (description !== undefined && typeof description !== 'string')
    throw formatError('Every Description member must be a string.');
  if (description !== undefined && Buffer.byteLength(description) > MAX_DESCRIPTION_BYTES)
    throw formatError(`'Description' length is greater than ${MAX_DESCRIPTION_BYTES}.`);
  refuseTooMany('Parameter', source.Parameters);
  refuseTooMany('Mappings', source.Mappings);
  refuseTooMany('Outputs', source.Outputs);
  const resources = readResources(source.Resources, isDraft);
  return {
    ...(description !== undefined && { description }),
    ...(source.Metadata !== undefined && { metadata: source.Metadata }),
    parameters: readSection(source.Parameters, 'Parameters', readParameter),
    mappings: readMappings(source.Mappings),
    conditions: readSection(source.Conditions, 'Conditions', (_, value) => value),
    rules: readSection(source.Rules, 'Rules', readRule),
    resources,
    transforms,
    processed: source,
    isDraft,
    hasLanguageExtensions: transforms.includes(LANGUAGE_EXTENSIONS),
    outputs: readSection(source.Outputs, 'Outputs', readOutput),
  };
}

/** Macros run code of AWS's (or of an account's) over a template; deploying one unexpanded would create something else than its author wrote. */
function refuseWhatIsNotHere(source: ValueMap): void {
  const transforms = [source.Transform ?? []]
    .flat()
    .filter((item) => (isMap(item) ? item.Name : item) !== LANGUAGE_EXTENSIONS);
  if (transforms.length > 0) {
    throw invalid(
      `Transform ${transforms.map((name) => (isScalar(name) ? name : JSON.stringify(name))).join(', ')} is not supported by this endpoint: ` +
        'expand the template first (`sam build` and `sam package`, or write the resources it stands for).',
    );
  }
  if (source.Hooks !== undefined)
    throw invalid('Hooks (blue/green deployments) are not supported by this endpoint: remove the Hooks section.');
}

function refuseTooMany(what: string, section: Value | undefined): void {
  const count = isMap(section) ? Object.keys(section).length : 0;
  if (count > MAX_OTHERS) throw formatError(`${what} count ${count} is greater than max allowed ${MAX_OTHERS}`);
}

function readSection<T>(
  section: Value | undefined,
  name: string,
  read: (key: string, value: Value) => T,
): Map<string, T> {
  const found = new Map<string, T>();
  if (section === undefined || section === null) return found;
  if (!isMap(section)) throw formatError(`${name} must be an object.`);
  for (const [key, value] of Object.entries(section)) {
    if (key.length > MAX_NAME_LENGTH)
      throw formatError(`${name} name ${key.slice(0, 20)}… is longer than ${MAX_NAME_LENGTH} characters.`);
    if (!LOGICAL_ID.test(key)) {
      const one = name.replace(/s$/, '');
      throw formatError(`${one} name ${key} is non alphanumeric.`);
    }
    found.set(key, read(key, value));
  }
  return found;
}

function readResources(section: Value | undefined, isDraft: boolean): Map<string, ResourceDeclaration> {
  if (isDraft && (section === undefined || (isMap(section) && Object.keys(section).length === 0))) return new Map();
  if (!isMap(section) || Object.keys(section).length === 0)
    throw formatError('At least one Resources member must be defined.');
  const loop = Object.keys(section).find((key) => key.startsWith('Fn::ForEach'));
  if (loop !== undefined)
    throw formatError(
      `[/Resources/${loop}] resource definition is malformed. Fn::ForEach needs Transform: ${LANGUAGE_EXTENSIONS}`,
    );
  const resources = readSection(section, 'Resources', readResource);
  if (resources.size > MAX_RESOURCES)
    throw formatError(`Number of resources, ${resources.size}, is greater than maximum allowed, ${MAX_RESOURCES}`);
  return resources;
}

function readResource(logicalId: string, value: Value): ResourceDeclaration {
  if (!isMap(value)) throw formatError('Any Resources member must be an object.');
  const stranger = Object.keys(value).find((key) => !RESOURCE_MEMBERS.has(key));
  if (stranger !== undefined) throw invalid(`Invalid template resource property '${stranger}'`);
  const { Type: type, Properties: properties, DependsOn: dependsOn, Condition: condition } = value;
  if (typeof type !== 'string')
    throw formatError(`[/Resources/${logicalId}] Every Resources object must contain a Type member.`);
  if (properties !== undefined && properties !== null && !isMap(properties))
    throw formatError('Any Properties member must be an object.');
  const dependencies = [dependsOn ?? []].flat();
  if (!dependencies.every((name) => typeof name === 'string'))
    throw formatError('Every DependsOn value must be a string.');
  if (condition !== undefined && typeof condition !== 'string')
    throw formatError('Every Condition member must be a string.');
  const deletionPolicy = removalPolicy(logicalId, 'DeletionPolicy', value.DeletionPolicy);
  return {
    type,
    properties: properties ?? {},
    dependsOn: dependencies as string[],
    ...(condition !== undefined && { condition }),
    deletionPolicy,
    updateReplacePolicy: removalPolicy(logicalId, 'UpdateReplacePolicy', value.UpdateReplacePolicy),
    ...(value.Metadata !== undefined && { metadata: value.Metadata }),
  };
}

const POLICIES: readonly string[] = ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot'];

function removalPolicy(logicalId: string, member: string, value: Value | undefined): RemovalPolicy {
  if (value === undefined) return 'Delete';
  const known = POLICIES.filter((policy) => member === 'DeletionPolicy' || policy !== 'RetainExceptOnCreate');
  if (typeof value !== 'string' || !known.includes(value))
    throw formatError(
      `Unrecognized ${member} ${typeof value === 'string' ? value : JSON.stringify(value)} for resource ${logicalId}; one of ${known.join(', ')}.`,
    );
  return value as RemovalPolicy;
}

function readRule(name: string, value: Value): RuleDeclaration {
  const assertions = isMap(value) ? value.Assertions : undefined;
  if (!isMap(value) || !Array.isArray(assertions) || assertions.length === 0)
    throw formatError(`Rule ${name} must have a list of Assertions.`);
  return {
    ...(value.RuleCondition !== undefined && { condition: value.RuleCondition }),
    assertions: assertions.map((assertion) => {
      if (!isMap(assertion) || assertion.Assert === undefined)
        throw formatError(`Rule ${name}: every assertion must have an Assert.`);
      const { Assert: assert, AssertDescription: description } = assertion;
      return { assert, ...(typeof description === 'string' && { description }) };
    }),
  };
}

function readOutput(name: string, value: Value): OutputDeclaration {
  if (!isMap(value)) throw formatError(`Output ${name} is malformed. The Output must be an object.`);
  const stranger = Object.keys(value).find((key) => !OUTPUT_MEMBERS.has(key));
  if (stranger !== undefined) throw invalid(`Invalid template output property '${stranger}'`);
  if (value.Value === undefined || value.Value === null)
    throw formatError(`Output ${name} is malformed. Every Outputs member must contain a Value object.`);
  const { Description: description, Condition: condition, Export: exported } = value;
  if (condition !== undefined && typeof condition !== 'string')
    throw formatError('Every Condition member must be a string.');
  if (exported !== undefined && (!isMap(exported) || exported.Name === undefined))
    throw formatError(`Output ${name} is malformed. Every Export member must contain a Name.`);
  return {
    value: value.Value,
    ...(typeof description === 'string' && { description }),
    ...(condition !== undefined && { condition }),
    ...(isMap(exported) && exported.Name !== undefined && { exportName: exported.Name }),
  };
}

function readMappings(section: Value | undefined): ValueMap {
  if (section === undefined || section === null) return {};
  if (!isMap(section)) throw formatError('Mappings must be an object.');
  for (const [name, rows] of Object.entries(section)) {
    if (!isMap(rows)) throw formatError(`Every Mappings member ${name} must be a map`);
    for (const [key, row] of Object.entries(rows)) {
      if (!isMap(row)) throw formatError(`Every Mappings attribute must be a String or a List (${name}.${key}).`);
    }
  }
  return section;
}
