import { evaluate, intrinsicOf } from '../intrinsics/evaluate.js';
import { NotYetKnown, type Scope } from '../intrinsics/scope.js';
import { isMap, isScalar, type Value, type ValueMap } from '../template/value.js';
import { macroError } from './macro-error.js';

export const LOOP = 'Fn::ForEach';
const MACRO = 'AWS::LanguageExtensions';

/** Far more values than the quotas let through; loops in loops could write out more than any memory holds. */
const MAX_WRITTEN = 200_000;

const NAMED_LOOP = /^Fn::ForEach::[a-zA-Z0-9]+$/;

/** What the identifiers of the loops around a value stand for. */
type Bindings = ReadonlyMap<string, string>;

/**
 * A part of a template with its loops written out. An identifier stands for its item in the keys of a loop's fragment (`${Id}`, and `&{Id}`
 * with letters and digits only), in the text of `Fn::Sub` and in `Ref`; a plain text that looks like it stays as it is, as on AWS.
 * @throws AwsError ValidationError in the transform's words where they are known
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 */
export function expandLoops(part: ValueMap, scope: Scope): ValueMap {
  const expanded = new LoopWriter(scope).write(part, new Map());
  return isMap(expanded) ? expanded : {};
}

/** A loop's name is its own in the whole template, and no resource's. @throws AwsError ValidationError */
export function refuseRepeatedLoops(source: ValueMap, sections: readonly string[]): void {
  const seen = new Set(isMap(source.Resources) ? Object.keys(source.Resources) : []);
  const visit = (value: Value): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (!isMap(value)) return;
    for (const [key, member] of Object.entries(value)) {
      const name = key.startsWith(`${LOOP}::`) ? key.slice(LOOP.length + 2) : undefined;
      if (name !== undefined && seen.has(name))
        throw macroError(MACRO, `The loop name ${name} is taken: it must be the only loop or resource of that name`);
      if (name !== undefined) seen.add(name);
      visit(member);
    }
  };
  for (const section of sections) visit(source[section] ?? null);
}

class LoopWriter {
  readonly #scope: Scope;
  #written = 0;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  write(value: Value, bindings: Bindings): Value {
    this.#written += 1;
    if (this.#written > MAX_WRITTEN)
      throw macroError(
        MACRO,
        `the template is more than ${MAX_WRITTEN.toLocaleString('en')} values long with its loops written out`,
      );
    if (Array.isArray(value)) return value.map((item) => this.write(item, bindings));
    if (!isMap(value)) return value;
    const intrinsic = intrinsicOf(value);
    if (intrinsic && !intrinsic.name.startsWith(LOOP)) return this.#function(intrinsic, bindings);
    const written = new Map<string, Value>();
    for (const [key, member] of Object.entries(value)) {
      const members = key.startsWith(LOOP)
        ? this.#loop(key, member, bindings)
        : [[key, this.write(member, bindings)] as const];
      for (const [name, made] of members) {
        if (written.has(name))
          throw macroError(MACRO, `Duplicate key '${name}' when merging keys to parent object in ${LOOP}`);
        written.set(name, made);
      }
    }
    return Object.fromEntries(written);
  }

  #loop(name: string, loop: Value, bindings: Bindings): [key: string, value: Value][] {
    const [identifier, collection, fragment] = Array.isArray(loop) && loop.length === 3 ? loop : [];
    if (
      !NAMED_LOOP.test(name) ||
      typeof identifier !== 'string' ||
      identifier === '' ||
      collection === undefined ||
      !isMap(fragment)
    )
      throw macroError(MACRO, `${LOOP} layout is incorrect`);
    const made: [string, Value][] = [];
    for (const item of this.#items(collection, bindings)) {
      const inner = new Map(bindings).set(identifier, item);
      for (const [key, member] of Object.entries(fragment)) {
        if (!key.startsWith(LOOP)) made.push([fillKey(key, inner), this.write(member, inner)]);
        else for (const nested of this.#loop(key, member, inner)) made.push(nested);
      }
    }
    return made;
  }

  #items(collection: Value, bindings: Bindings): string[] {
    const unresolved = 'Could not find a collection or could not be resolved for Fn::ForEach';
    const items = this.#workOut(this.write(collection, bindings), unresolved);
    if (!Array.isArray(items) || !items.every(isScalar)) throw macroError(MACRO, unresolved);
    return items.map(String);
  }

  /** A function, with what it needs the loops for filled in. */
  #function({ name, argument }: { name: string; argument: Value }, bindings: Bindings): Value {
    if (name === 'Ref') {
      if (typeof argument !== 'string') return { Ref: this.#name(argument, bindings, 'Ref') };
      return bindings.get(argument) ?? { Ref: argument };
    }
    if (name === 'Fn::Sub') {
      const [text, variables] = Array.isArray(argument) ? argument : [argument];
      const own = isMap(variables) ? variables : {};
      const free = new Map([...bindings].filter(([identifier]) => !Object.hasOwn(own, identifier)));
      const filled = typeof text === 'string' ? fillText(text, free) : (text ?? null);
      return {
        [name]: Array.isArray(argument)
          ? [filled, ...argument.slice(1).map((item) => this.write(item, bindings))]
          : filled,
      };
    }
    if (name === 'Fn::GetAtt' && Array.isArray(argument)) {
      return { [name]: argument.map((part) => (isMap(part) ? this.#name(part, bindings, name) : part)) };
    }
    const written = this.write(argument, bindings);
    if (name !== 'Fn::Length') return { [name]: written };
    return this.#workOut({ [name]: written }, 'The Fn::Length value could not be resolved for properties') ?? null;
  }

  /** A logical id or an attribute that is itself a function: `!Ref { 'Fn::Sub': 'Topic${Id}' }`. */
  #name(argument: Value, bindings: Bindings, where: string): string {
    const why = `The name in ${where} could not be resolved`;
    const name = this.#workOut(this.write(argument, bindings), why);
    if (!isScalar(name)) throw macroError(MACRO, why);
    return String(name);
  }

  #workOut(value: Value, why: string): Value | undefined {
    try {
      return evaluate(value, this.#scope);
    } catch (error) {
      if (error instanceof NotYetKnown) throw macroError(MACRO, why);
      throw error;
    }
  }
}

const fillText = (text: string, bindings: Bindings): string =>
  text.replace(/\$\{([^{}]*)\}/g, (written, name: string) => bindings.get(name.trim()) ?? written);

const fillKey = (key: string, bindings: Bindings): string =>
  fillText(key, bindings).replace(
    /&\{([^{}]*)\}/g,
    (written, name: string) => bindings.get(name.trim())?.replace(/[^a-zA-Z0-9]/g, '') ?? written,
  );
