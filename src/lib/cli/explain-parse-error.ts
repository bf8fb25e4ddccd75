import { stripVTControlCharacters } from 'node:util';
import { CLIError } from '@oclif/core/errors';
import { UsageError } from '../shared/errors.js';
import { nearMatches } from '../shared/near-matches.js';
import { isDestructive } from './field-words.js';
import { FlagValueError } from './flags.js';

/** What a message about a command line needs of the command. */
export interface ParsedCommand {
  /** `local start` */
  id: string;
  flags: readonly string[];
}

/**
 * Says what oclif's parser refused as one of pipectl's own errors. The parser does not export its error classes, so they are told apart by
 * the fields they carry; what has none keeps oclif's sentence, without its colours and its advice.
 * @returns undefined for anything that did not come from the parser
 */
export function explainParseError(error: unknown, command: ParsedCommand): UsageError | undefined {
  if (error instanceof FlagValueError) return error.cause;
  if (!(error instanceof CLIError)) return undefined;
  const help = `See \`pipectl ${command.id} --help\`.`;
  if ('flags' in error && isStrings(error.flags)) {
    const [unknown = ''] = error.flags;
    const safe = command.flags.filter((flag) => !isDestructive(`--${flag}`));
    const near = nearMatches(unknown.replace(/^-+/, ''), safe, 2).map((flag) => `--${flag}`);
    return new UsageError(`${command.id} has no flag ${error.flags.join(', ')}.`, {
      hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : help,
    });
  }
  if ('args' in error && Array.isArray(error.args)) {
    if (isStrings(error.args)) {
      const words = error.args.map((word) => `"${word}"`).join(', ');
      return new UsageError(`${command.id} does not take ${words}.`, { hint: help });
    }
    const names = error.args.map(({ name }: { name: string }) => name.toUpperCase()).join(' and ');
    return new UsageError(`${command.id} needs ${names}.`, { hint: help });
  }
  return new UsageError(tidy(error.message).replace(/^Missing required flag (\S+?)\.?$/, `${command.id} needs --$1.`), {
    hint: help,
  });
}

/**
 * What oclif's parser does not refuse: it takes `--yes=false` for `--yes` and an argument `false`.
 * @param words the command's own, what follows `--` left out
 * @param switches the names of the flags that take no value
 * @throws UsageError
 */
export function refuseValuesOfSwitches(words: readonly string[], switches: readonly string[]): void {
  for (const word of words) {
    const name = /^--([^=]+)=/.exec(word)?.[1];
    if (name === undefined || !switches.includes(name.replace(/^no-(?!color$)/, ''))) continue;
    throw new UsageError(`--${name} takes no value.`, { hint: `Write --${name} alone, or leave it out.` });
  }
}

const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');

function tidy(message: string): string {
  const text = stripVTControlCharacters(message)
    .replace(/^The following errors? occurred:\s*/, '')
    .replace(/\s*See more help with --help\s*$/, '')
    .replace(/^Parsing (--[\w-]+)\s*/, '$1: ')
    .trim()
    .split(/\s*\n\s*/)
    .map(reworded)
    .join('; ');
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The parser's sentences about flags, in pipectl's words. */
const WORDINGS: readonly (readonly [RegExp, string])[] = [
  [/^(--[\w-]+)=.+? cannot also be provided when using (--[\w-]+)$/s, '$1 and $2 exclude each other'],
  [/^All of the following must be provided when using (--[\w-]+): (.+)$/, '$1 needs $2'],
  [/^Expected (--[\w-]+)=(.*) to be one of: (.+)$/s, '$1: "$2" is not one of $3'],
  [/^Flag (--[\w-]+) expects a value$/, '$1 needs a value'],
  [/^Flag (--[\w-]+) expects one of these values: (.+)$/, '$1 needs a value: one of $2'],
  [/^Flag (--[\w-]+) can only be specified once$/, '$1 may be given only once'],
];

function reworded(sentence: string): string {
  const known = WORDINGS.find(([pattern]) => pattern.test(sentence));
  return known ? sentence.replace(...known) : sentence;
}
