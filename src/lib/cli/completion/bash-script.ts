import {
  type CommandWords,
  type FlagWords,
  firstWords,
  secondWords,
  TARGET_FLAGS,
  topicsOf,
  type ValueWords,
} from './command-words.js';

/** A bash completion function: commands, flags, the values of flags that have a list of them, files and streams where they belong. */
export function bashScript(commands: readonly CommandWords[]): string {
  const names = (list: readonly { word: string }[]): string => list.map(({ word }) => word).join(' ');
  const withValue = commands.flatMap(({ flags }) => flags.filter(({ takesValue }) => takesValue));
  const valueFlags = [...new Set(withValue.flatMap(spellings))];
  const everywhere = commands.find(({ id }) => id === 'streams')?.flags ?? [];
  const targetSwitches = TARGET_FLAGS.switches.map((name) => `--${name}`).join('|');
  const targetValues = TARGET_FLAGS.values.map((name) => `--${name}`).join('|');
  return `# bash completion of pipectl; put into ~/.bashrc: eval "$(pipectl completion bash)"
_pipectl_streams() {
  local at target=()
  for ((at = 1; at < \${#line[@]} - 1; at++)); do
    case "\${line[at]}" in
      ${targetSwitches}) target+=("\${line[at]}") ;;
      ${targetValues}) target+=("\${line[at]}" "\${line[at+1]}") ;;
    esac
  done
  "\${line[0]}" stream-names "\${target[@]}" 2>/dev/null
}
_pipectl() {
  # Not COMP_WORDS: bash cuts words at colons and equal signs, URLs into five.
  local line=() current previous command='' words='' want='' at last
  read -ra line <<<"\${COMP_LINE:0:COMP_POINT}"
  [[ "\${COMP_LINE:0:COMP_POINT}" == *[[:space:]] ]] && line+=('')
  last=$((\${#line[@]} - 1))
  current="\${line[last]}" previous="\${line[last-1]}"
  if [[ $current == --*=* ]]; then previous="\${current%%=*}" current="\${current#*=}"; fi
  COMPREPLY=()
  # The command is the first word that is neither a flag nor a flag's value; after a topic, the next one belongs to it.
  for ((at = 1; at < last; at++)); do
    case "\${line[at]}" in
      --) [[ $command == 'local exec' ]] && want=program; break ;;
      ${valueFlags.join('|')}) at=$((at + 1)) ;;
      -*) ;;
      help) [[ -n $command ]] && break ;;
      *) case "$command" in
           '') command="\${line[at]}" ;;
${topicsOf(commands)
  .map((topic) => `           ${topic}) command="$command \${line[at]}" ;;`)
  .join('\n')}
         esac ;;
    esac
  done
  if [[ $want == program ]]; then
    if [[ $previous == -- ]]; then COMPREPLY=($(compgen -c -- "$current")); else COMPREPLY=($(compgen -f -- "$current")); fi
    return
  fi
  case "$command $previous" in
${commands.flatMap(({ id, flags }) => flags.filter(isFollowed).map((flag) => `    ${patterns(id, flag)}) ${afterFlag(flag)} ;;`)).join('\n')}
  esac
  if [[ -z $want ]]; then
    case "$command" in
      '') if [[ $current == -* ]]; then words='${flagList(everywhere)}'; else words='${names(firstWords(commands))} help'; fi ;;
${topicsOf(commands)
  .map((topic) => `      ${topic}) words='${names(secondWords(commands, topic))}' ;;`)
  .join('\n')}
${commands.map(({ id, flags, argument }) => `      '${id}') if [[ $current == -* ]]; then words='${flagList(flags)}'; else ${wanted(argument)}; fi ;;`).join('\n')}
    esac
  fi
  case "$want" in
    file) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current")) ;;
    stream) COMPREPLY=($(compgen -W "$(_pipectl_streams)" -- "$current")) ;;
    *) if [[ -n $words ]]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi ;;
  esac
}
complete -F _pipectl pipectl
`;
}

const spellings = ({ name, char }: FlagWords): string[] => [`--${name}`, ...(char ? [`-${char}`] : [])];

const patterns = (id: string, flag: FlagWords): string =>
  spellings(flag)
    .map((spelling) => `'${id} ${spelling}'`)
    .join('|');

const flagList = (flags: CommandWords['flags']): string => flags.map(({ name }) => `--${name}`).join(' ');

const isFollowed = ({ takesValue, value }: FlagWords): boolean => takesValue || value.kind !== 'free';

/** Where a flag takes no value, the next word may as well be another flag. */
const afterFlag = ({ takesValue, value }: FlagWords): string =>
  takesValue ? wanted(value) : `[[ $current == -* ]] || { ${wanted(value)}; }`;

/** What is to be offered in a place, as an assignment. */
const wanted = (value: ValueWords): string =>
  value.kind === 'list' ? `want=list words='${value.words.join(' ')}'` : `want=${value.kind}`;
