import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assetUrl, FROM_SOURCES, moduleUrl } from '../shared/package-files.js';

const COMMANDS = assetUrl('commands/');
const EXTENSION = FROM_SOURCES ? '.ts' : '.js';

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
  return moduleUrl(`commands/${id.split(' ').join('/')}`);
}

/** The words that are pipectl's own: what follows `--` belongs to another program. */
export function ownWords(argv: readonly string[]): readonly string[] {
  const dashes = argv.indexOf('--');
  return dashes < 0 ? argv : argv.slice(0, dashes);
}

/**
 * Splits the words of a command line into the command and the rest. Flags in front of the command, or between a topic and its command,
 * move behind it: `--json local start` and `local --json start` are `local start --json`.
 */
export function findCommand(argv: readonly string[], ids: readonly string[]): Found {
  const { leading, rest } = splitLeadingFlags(argv);
  const [word, ...after] = rest;
  if (word === undefined) return { kind: 'unknown', words: [] };
  if (ids.includes(word)) return { kind: 'command', id: word, argv: [...leading, ...after] };
  if (!ids.some((id) => id.startsWith(`${word} `))) return { kind: 'unknown', words: rest.slice(0, 2) };

  const inner = splitLeadingFlags(after);
  const [second, ...others] = inner.rest;
  if (second === undefined) return { kind: 'topic', id: word };
  const id = `${word} ${second}`;
  if (!ids.includes(id)) return { kind: 'unknown', words: [word, second] };
  return { kind: 'command', id, argv: [...leading, ...inner.leading, ...others] };
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
