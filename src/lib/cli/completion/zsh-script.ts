import { type CommandWords, type FlagWords, firstWords, secondWords, topicsOf } from './command-words.js';

/** A zsh completion function; the descriptions are shown beside the words. */
export function zshScript(commands: readonly CommandWords[]): string {
  const topics = topicsOf(commands);
  const described = (list: readonly { word: string; summary: string }[]): string =>
    list.map(({ word, summary }) => quote(`${word}:${summary}`)).join(' ');
  return `#compdef pipectl
# zsh completion of pipectl; put into ~/.zshrc: eval "$(pipectl completion zsh)"
_pipectl() {
  local -a words_here
  if (( CURRENT == 2 )); then
    words_here=(${described(firstWords(commands))} 'help:Show help.')
    _describe command words_here
    return
  fi
  local command="$words[2]"
  case "$command" in
${topics
  .map(
    (topic) => `    ${topic})
      if (( CURRENT == 3 )); then
        words_here=(${described(secondWords(commands, topic))})
        _describe command words_here
        return
      fi
      command="$command $words[3]" ;;`,
  )
  .join('\n')}
  esac
  case "$command" in
${commands
  .map(
    ({ id, flags }) => `    '${id}') _arguments ${flags.map((flag) => quote(spec(flag))).join(' ')} '*:file:_files' ;;`,
  )
  .join('\n')}
  esac
}
compdef _pipectl pipectl
`;
}

function spec({ name, description, takesValue, values }: FlagWords): string {
  const shown = description.replace(/[[\]:\\]/g, ' ');
  if (!takesValue) return `--${name}[${shown}]`;
  return `--${name}=[${shown}]:${name}:${values.length > 0 ? `(${values.join(' ')})` : ' '}`;
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
