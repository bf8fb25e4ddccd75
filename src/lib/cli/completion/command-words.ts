import type { Command } from '@oclif/core/command';
import { samplePipelines } from '../../project/sample-pipelines.js';
import { loadConfig } from '../load-config.js';

/** What a shell needs to know of a command to complete it. */
export interface CommandWords {
  /** `local start` */
  id: string;
  summary: string;
  flags: FlagWords[];
  /** What its words are that are no flags. */
  argument: ValueWords;
}

export interface FlagWords {
  name: string;
  char: string | undefined;
  description: string;
  takesValue: boolean;
  /** What may stand after it; of a flag that takes no value, an argument that it gives another meaning. */
  value: ValueWords;
}

/** What may stand in a place: one of a list, a file, a stream of the target, another program, or what nobody can guess. */
export type ValueWords =
  | { kind: 'list'; words: readonly string[] }
  | { kind: 'file' }
  | { kind: 'stream' }
  | { kind: 'program' }
  | { kind: 'free' };

/** The flags in front of which and after which a command may stand, and which take a value: they decide where streams are looked for. */
export const TARGET_FLAGS = { switches: ['local', 'localstack', 'aws'], values: ['endpoint-url', 'region', 'profile'] };

/** Every command that help shows, from its own declaration: completion cannot fall behind. */
export async function commandWords(): Promise<CommandWords[]> {
  const config = await loadConfig({ withCommands: true });
  return config.commands
    .filter((command) => !command.hidden)
    .map((command) => ({
      id: command.id.replaceAll(':', ' '),
      summary: firstLine(command.summary ?? command.description),
      flags: [
        ...Object.values(command.flags)
          .filter((flag) => !flag.hidden)
          .flatMap(flagWords),
        HELP,
      ],
      argument: argumentWords(command),
    }))
    .sort((a, b) => a.id.localeCompare(b.id));
}

const HELP: FlagWords = {
  name: 'help',
  char: 'h',
  description: 'Show help.',
  takesValue: false,
  value: { kind: 'free' },
};

type Flag = Command.Loadable['flags'][string];

function flagWords(flag: Flag): FlagWords[] {
  const { name, char } = flag;
  const description = firstLine(flag.summary ?? flag.description);
  if (flag.type === 'option') return [{ name, char, description, takesValue: true, value: valueWords(flag) }];
  const value: ValueWords = name === 'demo' ? { kind: 'list', words: samplePipelines() } : { kind: 'free' };
  const words: FlagWords = { name, char, description, takesValue: false, value };
  if (!flag.allowNo) return [words];
  return [words, { ...words, name: `no-${name}`, char: undefined, description: `Not --${name}.` }];
}

function valueWords(flag: {
  options?: readonly string[] | undefined;
  helpValue?: string | string[] | undefined;
}): ValueWords {
  if (flag.options && flag.options.length > 0) return { kind: 'list', words: flag.options };
  return /FILE|FOLDER|PATH/.test(String(flag.helpValue ?? '')) ? { kind: 'file' } : { kind: 'free' };
}

/** Arguments are named for what they are. */
function argumentWords({ id, args, strict }: Command.Loadable): ValueWords {
  const [name, arg] = Object.entries(args)[0] ?? [];
  if (arg?.options && arg.options.length > 0) return { kind: 'list', words: arg.options };
  if (name === 'stream') return { kind: 'stream' };
  if (name === 'template' || name === 'check') return { kind: 'file' };
  return id.endsWith('exec') && strict === false ? { kind: 'program' } : { kind: 'free' };
}

/** The first words there are to complete, each once: commands, and the topics in front of others. */
export function firstWords(commands: readonly CommandWords[]): { word: string; summary: string }[] {
  const words = new Map<string, string>();
  for (const { id, summary } of commands) {
    const [word = '', second] = id.split(' ');
    if (second === undefined) words.set(word, summary);
    else if (!words.has(word))
      words.set(
        word,
        `More commands: ${secondWords(commands, word)
          .map((each) => each.word)
          .join(', ')}.`,
      );
  }
  return [...words].map(([word, summary]) => ({ word, summary }));
}

/** The second words after a topic. */
export function secondWords(commands: readonly CommandWords[], topic: string): { word: string; summary: string }[] {
  return commands
    .filter(({ id }) => id.startsWith(`${topic} `))
    .map(({ id, summary }) => ({ word: id.slice(topic.length + 1), summary }));
}

export const topicsOf = (commands: readonly CommandWords[]): string[] => [
  ...new Set(commands.filter(({ id }) => id.includes(' ')).map(({ id }) => id.split(' ')[0] ?? '')),
];

const firstLine = (text: string | undefined): string => (text ?? '').split('\n')[0] ?? '';
