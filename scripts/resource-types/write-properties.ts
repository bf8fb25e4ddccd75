import type { ResourceType } from '../../src/lib/local/services/cloudformation/resource-type.js';
import type { PackedShape, PackedType } from '../../src/lib/local/services/cloudformation/schema/pack-format.js';

const SCALARS: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  json: 'Value',
  any: 'Value',
};

/** The properties with effect of each type as a TypeScript interface, nested ones by the name of their definition. */
export class PropertyWriter {
  readonly #types: readonly ResourceType[];
  #nested = new Map<string, string>();

  constructor(types: readonly ResourceType[]) {
    this.#types = types;
  }

  text(): string {
    // A type without effective properties needs no interface.
    const interfaces = this.#types.flatMap((type) =>
      type.schema && type.effective.length > 0 ? [this.#interfaceOf(type, type.schema)] : [],
    );
    return [
      '// Written by `npm run resource-types` from resource-pack.json: the properties that have effect, as the schemas describe them.',
      "import type { Value } from '../template/value.js';",
      '',
      ...interfaces,
    ].join('\n');
  }

  #interfaceOf({ type, effective }: ResourceType, schema: PackedType): string {
    const prefix = type.split('::').slice(1).join('');
    this.#nested = new Map();
    const members = effective.map((name) => {
      const shape = schema.members[name];
      if (shape === undefined) throw new Error(`${type} has no property ${name}`);
      return `  ${name}${schema.required?.includes(name) ? '' : '?'}: ${this.#typeOf(shape, schema, prefix)};`;
    });
    const own = [`/** ${type} */`, `export interface ${prefix}Properties {`, ...members, '}', ''];
    return [...[...this.#nested.values()].filter((text) => text !== ''), ...own].join('\n');
  }

  #typeOf(shape: PackedShape, schema: PackedType, prefix: string): string {
    if (typeof shape === 'string') {
      if (!shape.startsWith('#')) return SCALARS[shape] ?? 'Value';
      const target = schema.definitions?.[shape.slice(1)] ?? 'any';
      if (typeof target === 'string' || !('members' in target)) return this.#typeOf(target, schema, prefix);
      const name = `${prefix}${shape.slice(1).replace(/[^A-Za-z0-9]/g, '')}`;
      if (!this.#nested.has(name)) {
        this.#nested.set(name, '');
        const lines = this.#members(target, schema, prefix);
        this.#nested.set(name, [`export interface ${name} {`, ...lines, '}', ''].join('\n'));
      }
      return name;
    }
    if ('is' in shape) {
      const isClosed = shape.is === 'string' && shape.enum !== undefined;
      return isClosed ? (shape.enum ?? []).map((word) => `'${word}'`).join(' | ') : (SCALARS[shape.is] ?? 'Value');
    }
    if ('list' in shape) {
      const item = this.#typeOf(shape.list, schema, prefix);
      return / \| /.test(item) ? `(${item})[]` : `${item}[]`;
    }
    if ('map' in shape) return `Record<string, ${this.#typeOf(shape.map, schema, prefix)}>`;
    if ('oneOf' in shape) return 'Value';
    return `{ ${this.#members(shape, schema, prefix).join(' ')} }`;
  }

  #members(
    { members, required = [] }: { members: Record<string, PackedShape>; required?: string[] },
    schema: PackedType,
    prefix: string,
  ): string[] {
    return Object.entries(members).map(
      ([name, shape]) =>
        `  ${/^\w+$/.test(name) ? name : `'${name}'`}${required.includes(name) ? '' : '?'}: ${this.#typeOf(shape, schema, prefix)};`,
    );
  }
}
