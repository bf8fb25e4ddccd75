import { loadConfig } from '../load-config.js';

/** What a shell needs to know of a command to complete it. */
export interface CommandWords {
  /** `local start` */
  id: string;
  summary: string;
  flags: FlagWords[];
}

export interface FlagWords {
  name: string;
  char: string | undefined;
  description: string;
  takesValue: boolean;
  /** The only values it takes, where there is such a list. */
  values: readonly string[];
}

/** Every command that help shows, from its own declaration: completion cannot fall behind. */
export async function commandWords(): Promise<CommandWords[]> {
  const config = await loadConfig({ withCommands: true });
  return config.commands
    .filter((command) => !command.hidden)
    .map((command) => ({
      id: command.id.replaceAll(':', ' '),
      summary: firstLine(command.summary ?? command.description),
      flags: Object.values(command.flags)
        .filter((flag) => !flag.hidden)
        .map((flag) => ({
          name: flag.name,
          char: flag.char,
          description: firstLine(flag.summary ?? flag.description),
          takesValue: flag.type === 'option',
          values: flag.type === 'option' ? (flag.options ?? []) : [],
        })),
    }))
    .sort((a, b) => a.id.localeCompare(b.id));
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
