import { type CommandWords, firstWords, secondWords, topicsOf } from './command-words.js';

/** Completions for fish, a line each. */
export function fishScript(commands: readonly CommandWords[]): string {
  const topics = topicsOf(commands);
  const lines = [
    '# fish completion of pipectl; put into ~/.config/fish/config.fish: pipectl completion fish | source',
    ...firstWords(commands).map(
      ({ word, summary }) => `complete -c pipectl -f -n __fish_use_subcommand -a ${word} -d ${quote(summary)}`,
    ),
    ...topics.flatMap((topic) => {
      const words = secondWords(commands, topic);
      const seen = `__fish_seen_subcommand_from ${topic}; and not __fish_seen_subcommand_from ${words.map(({ word }) => word).join(' ')}`;
      return words.map(
        ({ word, summary }) => `complete -c pipectl -f -n ${quote(seen)} -a ${word} -d ${quote(summary)}`,
      );
    }),
    ...commands.flatMap(({ id, flags }) => {
      const seen = id
        .split(' ')
        .map((word) => `__fish_seen_subcommand_from ${word}`)
        .join('; and ');
      return flags.map(({ name, char, description, takesValue, values }) =>
        [
          `complete -c pipectl -n ${quote(seen)} -l ${name}`,
          char ? `-s ${char}` : '',
          takesValue ? '-r' : '',
          values.length > 0 ? `-f -a ${quote(values.join(' '))}` : '',
          `-d ${quote(description)}`,
        ]
          .filter((part) => part !== '')
          .join(' '),
      );
    }),
  ];
  return `${lines.join('\n')}\n`;
}

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
