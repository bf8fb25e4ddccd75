import { randomInt } from 'node:crypto';
import { UsageError } from '../shared/errors.js';

/** Stands in a check file for the name of the run: in the names of stacks, in parameters, in references, anywhere. */
const RUN_PLACEHOLDER = '{run}';

const LENGTH = 8;

/** A name for one run that no other run has, fit for the names of stacks and of most resources: a letter, then letters and digits, all small. */
export function newRunName(): string {
  let name = 'r';
  while (name.length < LENGTH) name += randomInt(36).toString(36);
  return name;
}

/**
 * Reads `--run`.
 * @throws UsageError when the text cannot be part of a stack's name; `what` names the flag in the message
 */
export function parseRunName(text: string, what = '--run'): string {
  if (/^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/.test(text)) return text;
  throw new UsageError(`${what}: "${text}" cannot be part of a stack's name.`, {
    hint: 'Write letters, digits and hyphens, 40 at most: pr-123.',
  });
}

export const usesRunName = (check: unknown): boolean => JSON.stringify(check).includes(RUN_PLACEHOLDER);

/** The check with the run's name in every text that has `{run}`; keys are left alone. */
export const fillRunName = <T>(check: T, name: string): T => fill(check, name) as T;

function fill(value: unknown, name: string): unknown {
  if (typeof value === 'string') return value.replaceAll(RUN_PLACEHOLDER, name);
  if (Array.isArray(value)) return value.map((each) => fill(each, name));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, name)]));
  return value;
}
