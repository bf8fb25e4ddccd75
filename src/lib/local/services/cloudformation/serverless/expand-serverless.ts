import type { AwsError } from '../../../wire/aws-error.js';
import { isMap, type Value, type ValueMap } from '../template/value.js';
import { invalid } from '../validation-error.js';
import { expandFunction } from './expand-function.js';
import { expandLayer } from './expand-layer.js';
import { mergeDefaults } from './merge-defaults.js';
import type { ServerlessResource } from './serverless-resource.js';

const SERVERLESS_TRANSFORM = 'AWS::Serverless-2016-10-31';

type Expansion = (resource: ServerlessResource) => ValueMap;

/** What each type stands for: resources by logical id, the first of them under the type's own. */
const EXPANSIONS: ReadonlyMap<string, Expansion> = new Map([
  ['AWS::Serverless::Function', expandFunction],
  ['AWS::Serverless::LayerVersion', expandLayer],
]);

/**
 * Writes out what `Transform: AWS::Serverless-2016-10-31` stands for; a template without it comes back as it is.
 * @throws AwsError ValidationError, as AWS's transform words it
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
 */
export function expandServerless(source: ValueMap): ValueMap {
  const transforms = [source.Transform ?? []].flat();
  if (!transforms.includes(SERVERLESS_TRANSFORM)) return source;
  const { Globals: globals = {}, Transform: _, Resources: resources, ...rest } = source;
  if (!isMap(resources)) return source;
  const defaults = functionDefaults(globals);
  const expanded = new Map<string, Value>();
  for (const [logicalId, declared] of Object.entries(resources)) {
    const type = isMap(declared) ? declared.Type : undefined;
    if (!isMap(declared) || typeof type !== 'string' || !type.startsWith('AWS::Serverless::')) {
      expanded.set(logicalId, declared);
      continue;
    }
    const expand = EXPANSIONS.get(type);
    if (!expand) throw invalidResource(logicalId, `${type} is not supported by this endpoint, which expands ${KNOWN}`);
    const fail = (why: string): never => {
      throw invalidResource(logicalId, why);
    };
    const { Properties: own = {} } = declared;
    if (!isMap(own)) fail("'Properties' should be a map");
    const properties = type === 'AWS::Serverless::Function' ? mergeDefaults(defaults, own) : own;
    const made = expand({ logicalId, declared, properties: isMap(properties) ? properties : {}, fail });
    const taken = Object.keys(made).find(
      (id) => id !== logicalId && (Object.hasOwn(resources, id) || expanded.has(id)),
    );
    if (taken !== undefined) fail(`it stands for a resource ${taken}, and the template has one of that name`);
    for (const [id, value] of Object.entries(made)) expanded.set(id, value);
  }
  const others = transforms.filter((name) => name !== SERVERLESS_TRANSFORM);
  return { ...rest, ...(others.length > 0 && { Transform: others }), Resources: Object.fromEntries(expanded) };
}

const KNOWN = [...EXPANSIONS.keys()].join(' and ');

function functionDefaults(globals: Value): ValueMap {
  const problem = (why: string): AwsError => failed(`'Globals' section is invalid. ${why}`);
  if (!isMap(globals)) throw problem('It must be a map.');
  const stranger = Object.keys(globals).find((section) => section !== 'Function');
  if (stranger !== undefined) throw problem(`'${stranger}' is not supported by this endpoint; Function is.`);
  const defaults = globals.Function ?? {};
  if (!isMap(defaults)) throw problem("'Function' must be a map.");
  return defaults;
}

const invalidResource = (logicalId: string, why: string): AwsError =>
  failed(`Resource with id [${logicalId}] is invalid. ${why}`);

const failed = (why: string): AwsError =>
  invalid(
    `Transform ${SERVERLESS_TRANSFORM} failed with: Invalid Serverless Application Specification document. Number of errors found: 1. ${why}`,
  );
