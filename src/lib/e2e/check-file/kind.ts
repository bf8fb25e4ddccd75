import type { z } from 'zod';

/**
 * One of the things that a part of a check file can be: a probe, a sender, a step of the deployment. In the file its key says which; the keys,
 * the errors, the JSON schema and the table in the docs follow from the list of all kinds.
 */
export interface Kind<Spec extends { kind: string }, Value> {
  readonly key: Spec['kind'];
  /** A sentence for the JSON schema and the docs. */
  readonly help: string;
  /** What stands behind the key. */
  readonly value: z.ZodType<Value>;
  /** Keys that may stand beside it and belong to this kind. */
  readonly beside?: Readonly<Record<string, z.ZodType>>;
  /** The part as the rest of pipectl takes it, or a sentence if something is missing. Pure data: `{run}` is filled in later. */
  toSpec(value: Value, beside: Readonly<Record<string, unknown>>): Spec | string;
}

/** The union of what the kinds of a list make. */
export type SpecOf<K> = K extends { toSpec(...args: never[]): infer Made } ? Exclude<Made, string> : never;

type AnyKind = Kind<{ kind: string }, unknown>;

/** The keys of all kinds, and those beside them, for a schema: none is required by itself. */
export function shapeOf(kinds: readonly AnyKind[]): Record<string, z.ZodType> {
  return Object.fromEntries(
    kinds.flatMap(({ key, help, value, beside = {} }) => [
      [key, value.optional().describe(help)],
      ...Object.entries(beside).map(([name, schema]) => [name, schema.optional()]),
    ]),
  );
}

/**
 * Reads the part of a check file that is one of these kinds.
 * @param given what the schema of {@link shapeOf} has read
 * @param words what is wrong if no key or several are there; who a key beside belongs to
 * @returns the part, or a sentence that says what is wrong
 */
export function readKind<Spec extends { kind: string }>(
  kinds: readonly Kind<Spec, unknown>[],
  given: Readonly<Record<string, unknown>>,
  words: { notOne: string; owner(key: string): string },
): Spec | string {
  const [chosen, second] = kinds.filter(({ key }) => given[key] !== undefined);
  if (!chosen || second) return words.notOne;
  for (const other of kinds)
    for (const name of Object.keys(other.beside ?? {}))
      if (given[name] !== undefined && !(name in (chosen.beside ?? {})))
        return `"${name}" belongs to ${words.owner(other.key)}`;
  return chosen.toSpec(given[chosen.key], given);
}

/** `"log", "stream" and "http"` */
export const keysOf = (kinds: readonly { key: string }[], last: 'and' | 'or'): string => {
  const keys = kinds.map(({ key }) => `"${key}"`);
  return keys.length < 2 ? keys.join('') : `${keys.slice(0, -1).join(', ')} ${last} ${keys.at(-1)}`;
};
