// Avro's binary encoding. Our own, because a page is enough, longs keep all their digits as JSON text, and every length is checked before use.
// https://avro.apache.org/docs/1.12.0/specification/#binary-encoding

/** A float of 32 bits with no more digits than it has. */
function shortFloat(value: number): number {
  const short = Number(value.toPrecision(7));
  return Math.fround(short) === value ? short : value;
}

/** Writes the next value of a message as JSON. */
type Writer = (input: AvroInput) => string;

/** Nesting of records within records; a schema may be recursive. */
const MAX_DEPTH = 200;

/**
 * Compiles an Avro schema.
 * @returns a function from a message to its JSON text, which throws an Error in one sentence if the message is not of this schema
 * @throws Error in one sentence when the schema is not valid
 */
export function compileAvro(schemaText: string): (message: Uint8Array, maxChars: number) => string {
  let schema: unknown;
  try {
    schema = JSON.parse(schemaText);
  } catch {
    throw new Error('it is not JSON');
  }
  const write = compile(schema, '', new Map());
  return (message, maxChars) => {
    const input = new AvroInput(message, maxChars);
    const text = write(input);
    if (!input.atEnd) throw new Error('bytes are left over behind the message');
    return text;
  };
}

class AvroInput {
  depth = 0;
  readonly #bytes: Buffer;
  #at = 0;
  #charsLeft: number;

  constructor(bytes: Uint8Array, maxChars: number) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#charsLeft = maxChars;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Counts what is written: a block of a million nulls takes no bytes. */
  count(text: string): string {
    this.#charsLeft -= text.length + 1;
    if (this.#charsLeft < 0) throw new RangeError('it unpacks to more than is allowed');
    return text;
  }

  take(length: number): Buffer {
    if (!(length >= 0 && this.#at + length <= this.#bytes.length)) throw new Error('it is cut short');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** A zig-zag varint of 64 bits. */
  long(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.take(1)[0] ?? 0;
      if (shift > 63n) throw new Error('a number is too long');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
  }

  /** A number that counts or chooses something. */
  index(): number {
    return Number(this.long());
  }
}

const string: Writer = (input) => JSON.stringify(input.take(input.index()).toString('utf8'));

const PRIMITIVES: Readonly<Record<string, Writer>> = {
  null: () => 'null',
  boolean: (input) => (input.take(1)[0] === 0 ? 'false' : 'true'),
  int: (input) => String(input.long()),
  long: (input) => String(input.long()),
  float: (input) => JSON.stringify(shortFloat(input.take(4).readFloatLE())),
  double: (input) => JSON.stringify(input.take(8).readDoubleLE()),
  bytes: (input) => JSON.stringify(input.take(input.index()).toString('latin1')),
  string,
};

function compile(schema: unknown, namespace: string, names: Map<string, Writer>): Writer {
  if (typeof schema === 'string') {
    const primitive = PRIMITIVES[schema];
    if (primitive) return primitive;
    const name = fullName(schema, namespace);
    if (!names.has(name)) throw new Error(`it names the type ${name}, which it does not define`);
    return (input) => {
      const write = names.get(name); // asked for now: a schema may be recursive
      if (!write) throw new Error(`the type ${name} is not defined`);
      return write(input);
    };
  }
  if (Array.isArray(schema)) {
    const choices = schema.map((choice) => compile(choice, namespace, names));
    return (input) => choiceOf(choices, input.index())(input);
  }
  if (typeof schema !== 'object' || schema === null) throw new Error('a type of it is neither a name nor an object');
  return compileObject(schema as AvroObject, namespace, names);
}

interface AvroObject {
  type?: unknown;
  name?: unknown;
  namespace?: unknown;
  fields?: unknown;
  symbols?: unknown;
  items?: unknown;
  values?: unknown;
  size?: unknown;
}

function compileObject(schema: AvroObject, namespace: string, names: Map<string, Writer>): Writer {
  switch (schema.type) {
    case 'record':
    case 'error':
      return named(schema, namespace, names, (inner) => {
        if (!Array.isArray(schema.fields)) throw new Error('a record has no fields');
        const fields = schema.fields.map((field: { name?: unknown; type?: unknown }) => ({
          name: JSON.stringify(String(field.name)),
          write: compile(field.type, inner, names),
        }));
        return (input) => {
          if (++input.depth > MAX_DEPTH) throw new RangeError('it is nested too deep');
          const members = fields.map(({ name, write }) => `${input.count(name)}:${input.count(write(input))}`);
          input.depth -= 1;
          return `{${members.join(',')}}`;
        };
      });
    case 'enum':
      return named(schema, namespace, names, () => {
        const symbols = Array.isArray(schema.symbols) ? schema.symbols.map((symbol) => JSON.stringify(symbol)) : [];
        return (input) => choiceOf(symbols, input.index());
      });
    case 'fixed':
      return named(schema, namespace, names, () => {
        const { size } = schema;
        if (typeof size !== 'number') throw new Error('a fixed type has no size');
        return (input) => JSON.stringify(input.take(size).toString('latin1'));
      });
    case 'array': {
      const write = compile(schema.items, namespace, names);
      return (input) => `[${blocks(input, () => write(input)).join(',')}]`;
    }
    case 'map': {
      const write = compile(schema.values, namespace, names);
      return (input) => `{${blocks(input, () => `${PRIMITIVES.string?.(input) ?? '""'}:${write(input)}`).join(',')}}`;
    }
    default:
      return compile(schema.type, namespace, names); // a primitive with a logical type, say
  }
}

function named(
  schema: AvroObject,
  namespace: string,
  names: Map<string, Writer>,
  make: (namespace: string) => Writer,
): Writer {
  if (typeof schema.name !== 'string') throw new Error('a record, an enum or a fixed type has no name');
  const own = typeof schema.namespace === 'string' ? schema.namespace : namespace;
  const name = fullName(schema.name, own);
  names.set(name, () => {
    throw new Error('a type of it consists of itself');
  });
  const writer = make(name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '');
  names.set(name, writer);
  return writer;
}

const fullName = (name: string, namespace: string): string =>
  name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;

function choiceOf<T>(choices: readonly T[], index: number): T {
  const choice = choices[index];
  if (choice === undefined) throw new Error('it chooses a type or a symbol that the schema does not have');
  return choice;
}

/** Items come in blocks, each with its count; a negative count is followed by the block's size. An empty block ends them. */
function blocks(input: AvroInput, write: () => string): string[] {
  const items: string[] = [];
  for (;;) {
    let count = input.index();
    if (count === 0) return items;
    if (count < 0) {
      count = -count;
      input.long();
    }
    for (let item = 0; item < count; item++) items.push(input.count(write()));
  }
}
