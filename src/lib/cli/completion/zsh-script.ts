import {
  type CommandWords,
  type FlagWords,
  firstWords,
  secondWords,
  TARGET_FLAGS,
  topicsOf,
  type ValueWords,
} from './command-words.js';

/** A zsh completion function; the descriptions are shown beside the words. */
export function zshScript(commands: readonly CommandWords[]): string {
  const described = (list: readonly { word: string; summary: string }[]): string =>
    list.map(({ word, summary }) => quote(`${word}:${summary}`)).join(' ');
  return `#compdef pipectl
# zsh completion of pipectl; put into ~/.zshrc, after compinit: eval "$(pipectl completion zsh)"
_pipectl_streams() {
  local -a target names
  local at
  for ((at = 2; at < line_end; at++)); do
    case "$line_words[at]" in
      ${TARGET_FLAGS.switches.map((name) => `--${name}`).join('|')}) target+=("$line_words[at]") ;;
      ${TARGET_FLAGS.values.map((name) => `--${name}`).join('|')}) target+=("$line_words[at]" "$line_words[at+1]") ;;
    esac
  done
  names=(\${(f)"$("$line_words[1]" stream-names "\${target[@]}" 2>/dev/null)"})
  compadd -a names
}
_pipectl() {
  local -a words_here line_words
  local line_end=$CURRENT
  line_words=("\${words[@]}")
  if (( CURRENT == 2 )); then
    words_here=(${described(firstWords(commands))} 'help:Show help.')
    _describe command words_here
    return
  fi
  local command="$words[2]"
  case "$command" in
    help)
      if (( CURRENT == 3 )); then
        words_here=(${described(firstWords(commands))})
        _describe command words_here
      fi
      return ;;
${topicsOf(commands)
  .map(
    (topic) => `    ${topic})
      if (( CURRENT == 3 )); then
        words_here=(${described(secondWords(commands, topic))})
        _describe command words_here
        return
      fi
      command="$command $words[3]"
      shift words; (( CURRENT -= 1 )) ;;`,
  )
  .join('\n')}
  esac
  shift words; (( CURRENT -= 1 ))
  case "$command" in
${commands.map((command) => `    '${command.id}') ${afterProgram(command)}${optionsOf(command)} ;;`).join('\n')}
  esac
}
compdef _pipectl pipectl
`;
}

const optionsOf = ({ flags, argument }: CommandWords): string =>
  `_arguments -S ${flags.flatMap(specs).map(quote).join(' ')} ${quote(`*:${argument.kind}:${action(argument)}`)}`;

/** Behind `--` another program's own completion takes over. */
const afterProgram = ({ argument }: CommandWords): string =>
  argument.kind === 'program'
    ? `local dashes=\${words[(i)--]}; if (( dashes < CURRENT )); then words=("\${words[@]:$dashes}"); (( CURRENT -= dashes )); _normal; return; fi; `
    : '';

/** `-f` and `--follow` are one; one without a short form may be repeated. */
function specs({ name, char, description, takesValue, value }: FlagWords): string[] {
  const shown = `[${description.replace(/[[\]\\]/g, '\\$&')}]`;
  const end = takesValue ? `:${name}:${action(value)}` : value.kind === 'free' ? '' : `::${name}:${action(value)}`;
  const long = `--${name}${takesValue ? '=' : ''}${shown}${end}`;
  if (char === undefined) return [`*${long}`];
  const either = `(-${char} --${name})`;
  return [`${either}-${char}${takesValue ? '+' : ''}${shown}${end}`, `${either}${long}`];
}

function action(value: ValueWords): string {
  if (value.kind === 'list') return `(${value.words.join(' ')})`;
  if (value.kind === 'stream') return '_pipectl_streams';
  return value.kind === 'file' ? '_files' : ' ';
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
