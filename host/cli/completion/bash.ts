/**
 * The script for bash, 4.2 or newer. It asks no program: all that it knows is in it. A file is left to readline, which
 * quotes names and knows folders.
 */
import { type CommandSpec, grouped } from './spec.ts';
import type { Completions } from '../input/values.ts';

/** What answers for some completions. */
const reply = (of: Completions) =>
  of === 'files' ? 'compopt -o default' : `COMPREPLY=($(compgen -W '${of.join(' ')}' -- "$cur"))`;

/** The branch of a command: arguments of the flag before the cursor, flags, words. */
function branch({ path, flags, words, completions }: CommandSpec): string {
  const known = grouped(flags).map(([names, of]) => `      ${names.join('|')}) ${reply(of)}; return ;;\n`);
  const others = flags.filter(({ takes, completions: of }) => takes && of === undefined);
  const free = others.flatMap(({ names }) => names);
  const silent = free.length > 0 ? `      ${free.join('|')}) return ;;\n` : '';
  const all = flags.flatMap(({ names }) => names).join(' ');
  const rest = words.length > 0 ? reply(words.map(({ word }) => word)) : completions && reply(completions);
  return `    '${path}')
      case "$prev" in
${known.join('')}${silent}      esac
      if [[ $cur == -* ]]; then ${reply([all])}
      ${rest === undefined ? '' : `else ${rest}`}
      fi
      ;;
`;
}

/** The script. @param name of the program */
export function bashScript(name: string, specs: readonly CommandSpec[]): string {
  const run = `_${name.replaceAll('-', '_')}`;
  const paths = specs.map(({ path }) => path).filter((path) => path !== '');
  return `# bash completion of ${name}. To have it in every shell:
#   ${name} completion bash > ~/.local/share/bash-completion/completions/${name}
${run}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} path='' i
  COMPREPLY=()
  # readline cuts --flag=value in three.
  if [[ $cur == = ]]; then cur=''
  elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path/\${COMP_WORDS[i]}" in
      ${paths.join('|')}) path="$path/\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$path" in
${specs.map(branch).join('')}  esac
}
complete -F ${run} ${name}
`;
}
