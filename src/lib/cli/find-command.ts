import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the commands are: beside this file's own tree, `.ts` when it runs from the sources and `.js` from the package. */
const COMMANDS = new URL('../../commands/', import.meta.url);
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** The flags of every command that take a value: in front of a command, the word after them is not the command. */
const WITH_VALUE = new Set(['--endpoint-url', '--region', '--profile']);

export type Found =
  /** `id` is `streams` or `local start`; `argv` is what follows it. */
  | { kind: 'command'; id: string; argv: string[] }
  | { kind: 'topic'; id: string }
  | { kind: 'unknown'; words: string[] };

/** Every command's id, sorted. The file system is the list, so that adding a file adds the command. */
export function commandIds(): string[] {
  return readdirSync(fileURLToPath(COMMANDS), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(EXTENSION) && !path.endsWith('.d.ts'))
    .map((path) => path.slice(0, -EXTENSION.length).split(/[\\/]/).join(' '))
    .sort();
}

export function commandUrl(id: string): URL {
  return new URL(`${id.split(' ').join('/')}${EXTENSION}`, COMMANDS);
}

/** The words that are pipectl's own: what follows `--` belongs to another program. */
export function ownWords(argv: readonly string[]): readonly string[] {
  const dashes = argv.indexOf('--');
  return dashes < 0 ? argv : argv.slice(0, dashes);
}

/** Splits the words of a command line into the command, by its longest name, and the rest. Flags before the command move behind it. */
export function findCommand(argv: readonly string[], ids: readonly string[]): Found {
  const { leading, rest } = splitLeadingFlags(argv);
  for (let length = Math.min(2, rest.length); length > 0; length -= 1) {
    const id = rest.slice(0, length).join(' ');
    if (ids.includes(id)) return { kind: 'command', id, argv: [...leading, ...rest.slice(length)] };
  }
  const [word] = rest;
  const words = rest.slice(0, 2).filter((text) => !text.startsWith('-'));
  if (word !== undefined && words.length === 1 && ids.some((id) => id.startsWith(`${word} `))) {
    return { kind: 'topic', id: word };
  }
  return { kind: 'unknown', words };
}

function splitLeadingFlags(argv: readonly string[]): { leading: string[]; rest: string[] } {
  let at = 0;
  while (at < argv.length) {
    const word = argv[at] ?? '';
    if (!word.startsWith('-') || word === '--') break;
    at += WITH_VALUE.has(word) ? 2 : 1;
  }
  return { leading: argv.slice(0, at), rest: argv.slice(at) };
}
