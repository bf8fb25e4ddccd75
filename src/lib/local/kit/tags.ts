// Tags of a resource: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
import type { AwsError } from '../wire/aws-error.js';

export type Tags = Map<string, string>;

/** What is wrong with a tag; `repeated` is a key that comes twice in one list. */
export type TagFault = 'length' | 'characters' | 'reserved' | 'repeated';

/** A service's limits, and its errors in its own words. */
export interface TagRules {
  /** Tags that one resource may have; 50 unless the service has another limit. */
  most?: number;
  tooMany(most: number): AwsError;
  /** @param given all that were given: some sentences tell of them together */
  invalid(fault: TagFault, key: string, given: readonly (readonly [key: string, value: string])[]): AwsError;
}

export interface ListedTag {
  Key: string;
  Value: string;
}

const MOST_TAGS = 50;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;
const ALLOWED = /^[\p{L}\p{N}\p{Z}_.:/=+\-@]*$/u;

export const tagList = (tags: ReadonlyMap<string, string>): ListedTag[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }));

/** Tags in either of the forms that AWS's services take them in. */
export type GivenTags =
  | readonly { Key: string; Value?: string | undefined }[]
  | Readonly<Record<string, string | undefined>>;

/**
 * Adds tags, all or none; a key that is there already gets the new value.
 * @throws AwsError the service's, for a tag that breaks a rule or when there would be too many
 */
export function addTags(tags: Tags, given: GivenTags | undefined, rules: TagRules): void {
  const entries = entriesOf(given);
  check(entries, rules);
  const added = new Map(entries);
  if (added.size < entries.length) {
    const repeated = entries.find(([key], index) => entries.findIndex(([other]) => other === key) < index);
    throw rules.invalid('repeated', repeated?.[0] ?? '', entries);
  }
  const most = rules.most ?? MOST_TAGS;
  if (new Set([...tags.keys(), ...added.keys()]).size > most) throw rules.tooMany(most);
  for (const [key, value] of added) tags.set(key, value);
}

/** Removes tags; keys that are not there are ignored. @throws AwsError the service's, for a key that no tag can have */
export function removeTags(tags: Tags, keys: readonly string[], rules: TagRules): void {
  check(
    keys.map((key) => [key, '']),
    rules,
  );
  for (const key of keys) tags.delete(key);
}

function check(entries: readonly (readonly [key: string, value: string])[], rules: TagRules): void {
  for (const fault of FAULTS) {
    const wrong = entries.find(([key, value]) => HAS[fault](key, value));
    if (wrong) throw rules.invalid(fault, wrong[0], entries);
  }
}

/** The tags of a new resource, under the same rules. */
export function newTags(given: GivenTags | undefined, rules: TagRules): Tags {
  const tags: Tags = new Map();
  addTags(tags, given, rules);
  return tags;
}

function entriesOf(given: GivenTags | undefined): [key: string, value: string][] {
  if (given === undefined) return [];
  if (isList(given)) return given.map(({ Key, Value }) => [Key, Value ?? '']);
  return Object.entries(given).map(([key, value]) => [key, value ?? '']);
}

const isList = (given: GivenTags): given is Extract<GivenTags, readonly unknown[]> => Array.isArray(given);

export const hasTagCharacters = (text: string): boolean => ALLOWED.test(text);

const FAULTS = ['length', 'characters', 'reserved'] as const;

const HAS: Record<(typeof FAULTS)[number], (key: string, value: string) => boolean> = {
  length: (key, value) => key.length === 0 || key.length > LONGEST_KEY || value.length > LONGEST_VALUE,
  characters: (key, value) => !hasTagCharacters(key) || !hasTagCharacters(value),
  reserved: (key) => /^aws:/i.test(key),
};
