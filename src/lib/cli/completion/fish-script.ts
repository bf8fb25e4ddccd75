import {
  type CommandWords,
  firstWords,
  secondWords,
  TARGET_FLAGS,
  topicsOf,
  type ValueWords,
} from './command-words.js';

/** Completions for fish, a line each. */
export function fishScript(commands: readonly CommandWords[]): string {
  const topics = topicsOf(commands);
  const lines = [
    '# fish completion of pipectl; put into ~/.config/fish/config.fish: pipectl completion fish | source',
    FUNCTIONS,
    'complete -c pipectl -f',
    "complete -c pipectl -n __fish_use_subcommand -a help -d 'Show help.'",
    ...firstWords(commands).map(
      ({ word, summary }) => `complete -c pipectl -n __fish_use_subcommand -a ${word} -d ${quote(summary)}`,
    ),
    ...firstWords(commands).map(
      ({ word, summary }) => `complete -c pipectl -n __pipectl_needs_help -a ${word} -d ${quote(summary)}`,
    ),
    ...topics.flatMap((topic) => {
      const words = secondWords(commands, topic);
      const seen = `__fish_seen_subcommand_from ${topic}; and not __fish_seen_subcommand_from ${words.map(({ word }) => word).join(' ')}`;
      return words.map(({ word, summary }) => `complete -c pipectl -n ${quote(seen)} -a ${word} -d ${quote(summary)}`);
    }),
    ...commands.flatMap(({ id, flags, argument }) => {
      const seen = quote(seenCommand(id, commands));
      const argumentLine = offered(argument);
      return [
        ...flags.map(({ name, char, description, takesValue, value }) =>
          [
            `complete -c pipectl -n ${seen} -l ${name}`,
            char ? `-s ${char}` : '',
            takesValue ? `-x ${offered(value)}`.trim() : '',
            `-d ${quote(description)}`,
          ]
            .filter((part) => part !== '')
            .join(' ')
            .replace('-x -F', '-r -F'),
        ),
        ...flags
          .filter(({ takesValue, value }) => !takesValue && value.kind !== 'free')
          .map(({ name, value }) => {
            const after = quote(`${seenCommand(id, commands)}; and __fish_contains_opt ${name}`);
            return `complete -c pipectl -n ${after} ${offered(value)}`;
          }),
        ...(argumentLine === '' ? [] : [`complete -c pipectl -n ${seen} ${argumentLine}`]),
      ];
    }),
  ];
  return `${lines.join('\n')}\n`;
}

/** `logs` is a command and `local logs` another: what is in front tells them apart. */
function seenCommand(id: string, commands: readonly CommandWords[]): string {
  const [first = '', second] = id.split(' ');
  if (second !== undefined) return `__fish_seen_subcommand_from ${first}; and __fish_seen_subcommand_from ${second}`;
  const topics = topicsOf(commands).filter((topic) => commands.some((other) => other.id === `${topic} ${first}`));
  const elsewhere = topics.map((topic) => `; and not __fish_seen_subcommand_from ${topic}`).join('');
  return `__fish_seen_subcommand_from ${first}${elsewhere}`;
}

/** What fish runs when TAB is pressed: the streams, of the target that is on the line; and whether `help` waits for a command. */
const FUNCTIONS = `function __pipectl_streams
  set -l line (commandline -opc)
  set -l target
  for at in (seq 2 (count $line))
    switch $line[$at]
      case ${TARGET_FLAGS.switches.map((name) => `--${name}`).join(' ')}
        set -a target $line[$at]
      case ${TARGET_FLAGS.values.map((name) => `--${name}`).join(' ')}
        set -a target $line[$at] $line[(math $at + 1)]
    end
  end
  $line[1] stream-names $target 2>/dev/null
end
function __pipectl_needs_help
  set -l line (commandline -opc)
  test (count $line) -eq 2; and test $line[2] = help
end`;

function offered(value: ValueWords): string {
  if (value.kind === 'list') return `-a ${quote(value.words.join(' '))}`;
  if (value.kind === 'stream') return `-a '(__pipectl_streams)'`;
  if (value.kind === 'program') return `-a '(__fish_complete_subcommand --fcs-skip=3)'`;
  return value.kind === 'file' ? '-F' : '';
}

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
