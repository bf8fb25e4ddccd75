import { type CommandWords, firstWords, secondWords, topicsOf } from './command-words.js';

/** A bash completion function: words of commands, flags, and the values of flags that have a list of them; else file names. */
export function bashScript(commands: readonly CommandWords[]): string {
  const topics = topicsOf(commands);
  const words = (list: readonly { word: string }[]): string => list.map(({ word }) => word).join(' ');
  const values = commands.flatMap(({ id, flags }) =>
    flags
      .filter((flag) => flag.values.length > 0)
      .map((flag) => `    '${id} --${flag.name}') words='${flag.values.join(' ')}' ;;`),
  );
  return `# bash completion of pipectl; put into ~/.bashrc: eval "$(pipectl completion bash)"
_pipectl() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" words=''
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W '${words(firstWords(commands))} help' -- "$current"))
    return
  fi
  case "$command" in
${topics.map((topic) => `    ${topic}) if [[ $COMP_CWORD -eq 2 ]]; then COMPREPLY=($(compgen -W '${words(secondWords(commands, topic))}' -- "$current")); return; fi; command="$command \${COMP_WORDS[2]}" ;;`).join('\n')}
  esac
  case "$command $previous" in
${values.join('\n')}
  esac
  if [[ -z $words && $current == -* ]]; then
    case "$command" in
${commands.map(({ id, flags }) => `      '${id}') words='${flags.map(({ name }) => `--${name}`).join(' ')} --help' ;;`).join('\n')}
    esac
  fi
  if [[ -n $words ]]; then COMPREPLY=($(compgen -W "$words" -- "$current")); else COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _pipectl pipectl
`;
}
