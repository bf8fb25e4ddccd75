// One of AWS's registry schemas (JSON schema, with CloudFormation's own keywords) as the endpoint's pack has it.
import type {
  AttributeKind,
  PackedChoice,
  PackedObject,
  PackedScalar,
  PackedShape,
  PackedType,
} from '../../src/lib/local/services/cloudformation/schema/pack-format.js';
import { UserPattern } from '../../src/lib/shared/user-pattern.js';

export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  enum?: (string | number | boolean)[];
  const?: string | number | boolean;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  patternProperties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  required?: string[];
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  allOf?: JsonSchema[];
}

export interface RegistrySchema extends JsonSchema {
  typeName: string;
  properties: Record<string, JsonSchema>;
  definitions?: Record<string, JsonSchema>;
  createOnlyProperties?: string[];
  conditionalCreateOnlyProperties?: string[];
  readOnlyProperties?: string[];
  primaryIdentifier: string[];
  handlers?: Record<string, unknown>;
  replacementStrategy?: string;
}

/** What `@aws-cdk/aws-service-spec` adds. */
export interface SpecFacts {
  ref: readonly string[] | undefined;
  arn: string | undefined;
  attributes: Readonly<Record<string, AttributeKind>>;
}

export function convertSchema(
  schema: RegistrySchema,
  facts: SpecFacts,
  ref: readonly string[] | undefined,
): PackedType {
  const readOnly = pointers(schema.readOnlyProperties);
  const settable = Object.entries(schema.properties).filter(([name]) => !readOnly.includes(name));
  const members = Object.fromEntries(settable.map(([name, node]) => [name, shapeOf(node, schema)]));
  const definitions = reachable(members, schema);
  const attributes: Record<string, AttributeKind> = { ...facts.attributes };
  for (const name of readOnly) {
    if (!name.includes('*')) attributes[name.replaceAll('/', '.')] ??= kindOf(follow(name, schema));
  }
  const top = (paths: string[] | undefined): string[] => [
    ...new Set(pointers(paths).map((path) => path.split('/')[0] ?? '')),
  ];
  const replaces = top(schema.createOnlyProperties).filter((name) => members[name] !== undefined);
  const mayReplace = top(schema.conditionalCreateOnlyProperties).filter(
    (name) => members[name] !== undefined && !replaces.includes(name),
  );
  return {
    members,
    ...some(
      'required',
      (schema.required ?? []).filter((name) => members[name] !== undefined),
    ),
    ...(Object.keys(definitions).length > 0 && { definitions }),
    ...some('replaces', replaces),
    ...some('mayReplace', mayReplace),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ref: [...(ref ?? facts.ref ?? pointers(schema.primaryIdentifier))],
    ...(facts.arn !== undefined && { arn: facts.arn }),
    ...(schema.handlers !== undefined && schema.handlers.update === undefined && { fixed: true as const }),
    ...(schema.replacementStrategy === 'delete_then_create' && { deleteFirst: true as const }),
  };
}

const pointers = (paths: string[] = []): string[] => paths.map((path) => path.replace('/properties/', ''));
const some = <K extends string>(key: K, list: string[]): Partial<Record<K, string[]>> =>
  (list.length > 0 ? { [key]: list } : {}) as Partial<Record<K, string[]>>;

function shapeOf(node: JsonSchema, root: RegistrySchema): PackedShape {
  if (node.$ref !== undefined) {
    const [, section, name = ''] = /^#\/(definitions|properties)\/(.+)$/.exec(node.$ref) ?? [];
    const target = section === 'properties' ? follow(name, root) : undefined;
    return target ? shapeOf(target, root) : `#${name}`;
  }
  const choice = node.enum ?? (node.const === undefined ? undefined : [node.const]);
  const type = typeOf(node);
  if (type === 'array') {
    return {
      list: node.items ? shapeOf(node.items, root) : 'any',
      ...bounds(node.minItems || undefined, node.maxItems),
      ...(node.uniqueItems === true && { unique: true as const }),
    };
  }
  if (type === 'object') return objectOf(node, root);
  if (type === undefined) {
    const choices = (node.oneOf ?? node.anyOf ?? []).filter(
      (one) => typeOf(one) !== undefined || one.$ref !== undefined || one.enum,
    );
    if (choices.length > 0 && choices.length === (node.oneOf ?? node.anyOf ?? []).length) {
      const shapes = choices.map((one) => shapeOf(one, root));
      return shapes.length === 1 && shapes[0] !== undefined ? shapes[0] : { oneOf: shapes };
    }
    return choice ? { is: 'string', enum: choice } : 'any';
  }
  const scalar: PackedChoice = {
    is: type,
    ...(choice && { enum: choice }),
    ...(type === 'string' && node.pattern !== undefined && readsAlike(node.pattern) && { pattern: node.pattern }),
    ...(type === 'string' ? bounds(node.minLength || undefined, node.maxLength) : bounds(node.minimum, node.maximum)),
  };
  return Object.keys(scalar).length === 1 ? type : scalar;
}

const bounds = (min: number | undefined, max: number | undefined): { min?: number; max?: number } => ({
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
});

type NodeType = PackedScalar | 'object' | 'array';

function typeOf(node: JsonSchema): NodeType | undefined {
  const { type } = node;
  if (Array.isArray(type)) {
    if (type.includes('object')) return 'object';
    return type.every((one) => one !== 'array') ? 'string' : undefined;
  }
  if (type === undefined) return node.properties ? 'object' : undefined;
  return type as NodeType;
}

function objectOf(node: JsonSchema, root: RegistrySchema): PackedShape {
  // A document: its own language, or text that holds it.
  if (Array.isArray(node.type)) return 'json';
  const [pattern] = Object.values(node.patternProperties ?? {});
  if (node.properties && Object.keys(node.properties).length > 0) {
    const members = Object.fromEntries(Object.entries(node.properties).map(([name, of]) => [name, shapeOf(of, root)]));
    const isOpen = node.additionalProperties !== false || pattern !== undefined;
    const packed: PackedObject = {
      members,
      ...some('required', node.required ?? []),
      ...(isOpen && { open: true as const }),
    };
    return packed;
  }
  const more = node.additionalProperties;
  // cfn-lint widens the values of such maps; AWS's own schemas have text.
  if (pattern) return { map: Array.isArray(pattern.type) ? 'string' : shapeOf(pattern, root) };
  if (typeof more === 'object') return { map: shapeOf(more, root) };
  const choices = node.oneOf ?? node.anyOf;
  if (choices?.every((one) => one.properties ?? one.$ref)) return { oneOf: choices.map((one) => shapeOf(one, root)) };
  return 'json';
}

/** The definitions that the properties lead to: some schemas have many that nothing names. */
function reachable(members: Record<string, PackedShape>, root: RegistrySchema): Record<string, PackedShape> {
  const found: Record<string, PackedShape> = {};
  const visit = (shape: PackedShape): void => {
    if (typeof shape === 'string') {
      const name = shape.startsWith('#') ? shape.slice(1) : undefined;
      if (name === undefined || found[name] !== undefined) return;
      const target = shapeOf(root.definitions?.[name] ?? {}, root);
      found[name] = target;
      visit(target);
    } else if ('list' in shape) visit(shape.list);
    else if ('map' in shape) visit(shape.map);
    else if ('oneOf' in shape) shape.oneOf.forEach(visit);
    else if ('members' in shape) Object.values(shape.members).forEach(visit);
  };
  Object.values(members).forEach(visit);
  return found;
}

function follow(path: string, root: RegistrySchema): JsonSchema {
  let node: JsonSchema = root;
  for (const part of path.split('/')) {
    if (node.$ref !== undefined) node = root.definitions?.[node.$ref.replace('#/definitions/', '')] ?? {};
    node = node.properties?.[part] ?? {};
  }
  return node.$ref === undefined ? node : (root.definitions?.[node.$ref.replace('#/definitions/', '')] ?? {});
}

function kindOf(node: JsonSchema): AttributeKind {
  const type = typeOf(node);
  if (type === 'array') return 'list';
  return type === 'object' ? 'json' : (type ?? 'string');
}

/** Patterns are Java's; one that JavaScript cannot read checks nothing here. */
function readsAlike(pattern: string): boolean {
  try {
    return new UserPattern(pattern) !== undefined;
  } catch {
    return false;
  }
}
