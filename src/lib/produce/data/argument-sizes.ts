// Faker makes as much as its arguments ask for: a text of a billion letters, or one without end where a size is no number. Both end Node.

/** A Kinesis record has at most 10 MiB. */
export const MOST_CHARACTERS = 10 * 1024 * 1024;
/** Of words, paragraphs, dates: each is some 6 to 300 characters. */
const MOST_ITEMS = 100_000;

/** Methods whose argument at this place is how much they make: a number, or `{min, max}`; options where `options` says so. */
const SIZED: Readonly<Record<string, { at: number; most: number; options: boolean }>> = {
  lorem: { at: 0, most: MOST_ITEMS, options: false },
  'lorem.word': { at: 0, most: MOST_ITEMS, options: true },
  word: { at: 0, most: MOST_ITEMS, options: true },
  string: { at: 0, most: MOST_CHARACTERS, options: true },
  'string.fromCharacters': { at: 1, most: MOST_CHARACTERS, options: false },
  'string.nanoid': { at: 0, most: MOST_CHARACTERS, options: false },
  'string.sample': { at: 0, most: MOST_CHARACTERS, options: false },
  'string.symbol': { at: 0, most: MOST_CHARACTERS, options: false },
  'finance.accountNumber': { at: 0, most: MOST_CHARACTERS, options: true },
  'finance.pin': { at: 0, most: MOST_CHARACTERS, options: true },
};
/** Members of options that say how much, in any method. */
const SIZE_MEMBERS = ['length', 'count', 'extensionCount'];
/** Methods that repeat parts of a text as its braces say: `[a-z]{5,10}`. */
const REPEATING = new Set(['helpers.fromRegExp', 'helpers.replaceCreditCardSymbols']);

/** Says what is wrong with the sizes that a method of faker is to make; undefined if nothing is. */
export function explainSizes(module: string, method: string, args: readonly unknown[]): string | undefined {
  const name = `${module}.${method}`;
  const sized = SIZED[name] ?? SIZED[module];
  const most = sized?.most ?? MOST_ITEMS;
  const sizes: unknown[] = [];
  if (sized && args.length > sized.at && !(sized.options && isObject(args[sized.at]))) sizes.push(args[sized.at]);
  for (const options of args.filter(isObject)) {
    for (const member of SIZE_MEMBERS) if (Object.hasOwn(options, member)) sizes.push(options[member]);
  }
  if (REPEATING.has(name)) {
    for (const text of args) {
      for (const [, least, last] of String(text).matchAll(/\{(\d+)(?:,(\d+))?\}/g)) sizes.push(Number(last ?? least));
    }
  }
  for (const size of sizes) {
    const bounds = isObject(size) ? [size.min, size.max] : [size];
    if (!bounds.every((bound) => typeof bound === 'number'))
      return 'has a size that is neither a number nor {"min": 1, "max": 5}';
    if (bounds.some((bound) => bound > most)) return `asks for more than ${most.toLocaleString('en-US')}`;
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
