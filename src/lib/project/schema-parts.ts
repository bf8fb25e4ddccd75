import { z } from 'zod';
import { parseByteSize } from '../shared/byte-size.js';
import { parseDuration } from '../shared/duration.js';
import { nearMatches } from '../shared/near-matches.js';
import { readCountRate } from '../shared/rate.js';
import { type FailMode, parseFailModes } from './fail-mode.js';
import { parseReference } from './reference.js';

/** An object whose unknown keys are errors that name the key most like them; `others` are keys of it that are checked elsewhere. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape, what: string, others: readonly string[] = []) {
  const known = [...Object.keys(shape), ...others];
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys ?? [], known, what) : undefined),
  });
}

function unknownKeys(keys: readonly string[], known: readonly string[], what: string): string {
  const [first = ''] = keys;
  const near = nearMatches(first, known, 1)[0];
  const listed = known.map((key) => `"${key}"`).join(', ');
  return `"${first}" is not a key of ${what}; ${near ? `did you mean "${near}"?` : `it has ${listed}`}`;
}

/** A duration as text, as it stands; checked. */
const durationText = z
  .string({ error: (issue) => `a duration needs a unit, as in "30s" or "500ms", not ${shown(issue.input)}` })
  .meta({ pattern: '^(\\d+(\\.\\d+)?(ms|s|m|h|d))+$', examples: ['30s', '500ms', '2m'] });

export const durationMs = durationText.transform((text, context) =>
  attempt(context, text, () => parseDuration(text), `"${text}" is not a duration; write 500ms, 30s or 5m`),
);

export const retention = durationText.refine((text) => attemptQuietly(() => parseDuration(text)), {
  error: (issue) => `${shown(issue.input)} is not a duration; write 24h, 48h or 7d`,
});

export const byteSize = z.string().refine((text) => attemptQuietly(() => parseByteSize(text)), {
  error: (issue) => `${shown(issue.input)} is not a size; write 64KiB or 4MiB`,
});

export const eventRate = z
  .union([z.number(), z.string()], { error: (issue) => `${shown(issue.input)} is not a rate; write 50/s or 300/m` })
  .transform((value, context) => {
    const rate = readCountRate(String(value));
    return rate ?? reject(context, value, `${shown(value)} is not a rate; write 50/s or 300/m`);
  });

export const failModes = z.string().transform((text, context): FailMode[] => {
  const modes = parseFailModes(text);
  return (
    modes ?? reject(context, text, `"${text}" is not a fail mode; write "503 x3", "429 20%", "reset x1" or "hang x1"`)
  );
});

/** Text that may be a reference; one that cannot be read is an error here, not when the check runs. */
export const reference = z
  .string()
  .min(1, { error: 'must not be empty' })
  .superRefine((text, context) => {
    const found = parseReference(text);
    if (found && 'malformed' in found) context.addIssue({ code: 'custom', message: found.malformed });
  });

/** For the JSON schema: exactly one of these keys. The loader says the same in words of its own. */
export const exactlyOne = (...keys: readonly string[]) => ({ oneOf: keys.map((key) => ({ required: [key] })) });

/** A name that can stand on the command line and in a table. */
export const name = z.string().regex(/^[A-Za-z][\w-]*$/, {
  error: (issue) => `${shown(issue.input)} is not a name; begin with a letter, then letters, digits, "-" and "_"`,
});

export const wholeFrom = (least: number) =>
  z
    .int({ error: (issue) => `must be a whole number, not ${shown(issue.input)}` })
    .min(least, { error: `must be at least ${least}` });

/** Parameters and tags: YAML's numbers and booleans mean their text. */
export const textMap = z.record(
  z.string(),
  z
    .union([z.string(), z.number(), z.boolean()], { error: 'must be text, a number or a boolean' })
    .transform((value) => String(value)),
);

/** What there is to choose from, at the end of a sentence. */
export const listed = (names: readonly string[]): string =>
  names.length > 0 ? `; there is ${names.map((each) => `"${each}"`).join(', ')}` : '';

export const shown = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

export function reject(context: z.core.ParsePayload<unknown>, input: unknown, message: string): never {
  context.issues.push({ code: 'custom', message, input });
  return z.NEVER;
}

function attempt<T>(context: z.core.ParsePayload<unknown>, input: unknown, read: () => T, message: string): T {
  try {
    return read();
  } catch {
    return reject(context, input, message);
  }
}

function attemptQuietly(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
