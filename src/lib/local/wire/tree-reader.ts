// Reads a parsed tree (JSON or CBOR) into an operation's input. A structure's schema is compiled once into closures: types are
// checked on the way, and required members too, which the SDK's own codecs do not do.
import { AwsError } from './aws-error.js';
import { BadInput, itemStep, MAX_DEPTH, memberStep, refuse, setOwn, within } from './bad-input.js';
import type { List, MapShape, Member, Shape, Structure } from './service-model.js';

export interface TreeFormat {
  blob(value: unknown): Uint8Array;
  timestamp(value: unknown): Date;
  /** The key of a member in the tree. */
  keyOf(member: Member): string;
}

export interface TreeReader {
  /**
   * @returns the input, and whether a required member is missing somewhere in it
   * @throws BadInput where a value is not of the schema's type
   */
  read(structure: Structure, tree: unknown): { value: Record<string, unknown>; complete: boolean };
}

type Read = (value: unknown) => unknown;

export function createTreeReader(format: TreeFormat): TreeReader {
  const compiled = new WeakMap<Structure, Read>();
  // Reading is synchronous, so these two belong to the one read that is going on.
  let complete = true;
  let depth = 0;

  const readerOf = (shape: Shape, member?: Member): Read => {
    if (shape === 'string') return (value) => (typeof value === 'string' ? value : refuse(value, 'String'));
    if (shape === 'number') return readNumber;
    if (shape === 'boolean') return (value) => (typeof value === 'boolean' ? value : refuse(value, 'Boolean'));
    if (shape === 'blob') return format.blob;
    if (shape === 'timestamp') return format.timestamp;
    if (shape.kind === 'list') return compileList(shape, member);
    if (shape.kind === 'map') return compileMap(shape, member);
    return structureReader(shape);
  };

  /** Compiled on first use, because structures contain themselves. */
  const structureReader = (structure: Structure): Read => {
    let read = compiled.get(structure);
    return (value) => {
      if (!read) {
        read = compiled.get(structure) ?? compileStructure(structure);
        compiled.set(structure, read);
      }
      return read(value);
    };
  };

  const compileStructure = (structure: Structure): Read => {
    const fields = structure.members.map((member) => ({
      name: member.name,
      key: format.keyOf(member),
      read: readerOf(member.shape, member),
      required: member.required,
    }));
    const isUnion = structure.kind === 'union';
    return (value) => {
      if (typeof value !== 'object' || value === null || !isPlain(value)) refuse(value, `structure ${structure.name}`);
      const source = value as Record<string, unknown>;
      const out: Record<string, unknown> = {};
      let set = 0;
      if (++depth > MAX_DEPTH) throw new BadInput(`nested deeper than ${MAX_DEPTH} levels`);
      for (const field of fields) {
        const raw = source[field.key];
        if (raw !== undefined && raw !== null) {
          set += 1;
          try {
            out[field.name] = field.read(raw);
          } catch (error) {
            throw within(error, memberStep(field.key));
          }
        } else if (field.required) complete = false;
      }
      depth -= 1;
      if (isUnion && set !== 1) throw oneOf(structure, set);
      return out;
    };
  };

  const compileList = (list: List, member: Member | undefined): Read => {
    const read = readerOf(list.member.shape, list.member);
    const sparse = member?.traits.sparse ?? false;
    return (value) => {
      if (!Array.isArray(value)) refuse(value, 'List');
      const items = value as unknown[];
      let index = 0;
      try {
        for (; index < items.length; index++) {
          const item = items[index];
          if (item !== null && item !== undefined) items[index] = read(item);
          else if (!sparse) refuseNull();
        }
      } catch (error) {
        throw within(error, itemStep(index));
      }
      return items;
    };
  };

  const compileMap = (map: MapShape, member: Member | undefined): Read => {
    const read = readerOf(map.value.shape, map.value);
    const sparse = member?.traits.sparse ?? false;
    return (value) => {
      if (typeof value !== 'object' || value === null || !isPlain(value)) refuse(value, 'Map');
      const out: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(value as object)) {
        if (item === null && !sparse) continue;
        try {
          setOwn(out, key, item === null ? null : read(item));
        } catch (error) {
          throw within(error, key);
        }
      }
      return out;
    };
  };

  return {
    read(structure, tree) {
      complete = true;
      depth = 0;
      const value = structureReader(structure)(tree) as Record<string, unknown>;
      return { value, complete };
    },
  };
}

function refuseNull(): never {
  throw new BadInput('NULL_VALUE can not be converted to a member of the list');
}

const isPlain = (value: object): boolean =>
  !(Array.isArray(value) || value instanceof Uint8Array || value instanceof Date);

function readNumber(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : refuse(value, 'Integer');
  // The number types of JSON cannot hold these, so clients write them as text.
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  return typeof value === 'bigint' ? Number(value) : refuse(value, 'Integer');
}

/** DynamoDB's words for the union that everybody meets, its attribute values. */
function oneOf(union: Structure, set: number): AwsError {
  const wrong = set === 0 ? 'is empty' : 'has more than one datatypes set';
  return new AwsError(
    'ValidationException',
    `Supplied ${union.name} ${wrong}, must contain exactly one of the supported datatypes`,
  );
}
