/** The script for zsh. It asks no program: all that it knows is in it. */
import { type CommandSpec, grouped } from './spec.ts';
import type { Completions } from '../input/values.ts';

/** In single quotes. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A name with its description, as \`_describe\` takes it. */
const described = (name: string, description: string) =>
  quoted(`${name.replaceAll(':', '\\:')}:${description}`);

const reply = (of: Completions) => (of === 'files' ? '_files' : `compadd -- ${of.map(quoted).join(' ')}`);

/** The branch of a command: arguments of the flag before the cursor, flags, words. */
function branch({ path, flags, words, completions }: CommandSpec): string {
  const known = grouped(flags).map(([names, of]) => `      (${names.join('|')}) ${reply(of)}; return ;;\n`);
  const others = flags.filter(({ takes, completions: of }) => takes && of === undefined);
  const free = others.flatMap(({ names }) => names);
  const silent = free.length > 0 ? `      (${free.join('|')}) return ;;\n` : '';
  const all = flags.flatMap(({ names, description }) => names.map((name) => described(name, description)));
  const below = words.map(({ word, description }) => described(word, description)).join(' ');
  const list = `all=(${below})\n        _describe -t commands command all`;
  const rest = words.length > 0 ? list : completions && reply(completions);
  return `    (${quoted(path)})
      case $prev in
${known.join('')}${silent}      esac
      if [[ $PREFIX == -* ]]; then
        all=(${all.join(' ')})
        _describe -o -t options option all
      ${rest === undefined ? '' : `else\n        ${rest}`}
      fi
      ;;
`;
}

/** The script. @param name of the program */
export function zshScript(name: string, specs: readonly CommandSpec[]): string {
  const run = `_${name.replaceAll('-', '_')}`;
  const paths = specs.map(({ path }) => path).filter((path) => path !== '');
  return `#compdef ${name}
# zsh completion of ${name}. To have it in every shell, in a folder of $fpath:
#   ${name} completion zsh > _${name}
${run}() {
  # Not "path", which is zsh's own.
  local at='' word prev=$words[CURRENT-1]
  local -a all
  # --flag=value
  if [[ $PREFIX == --*=* ]]; then
    prev=\${PREFIX%%=*}
    compset -P '*='
  fi
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at/$word" in
      (${paths.join('|')}) at="$at/$word" ;;
    esac
  done
  case $at in
${specs.map(branch).join('')}  esac
}
# Loaded from $fpath it completes at once; otherwise, as by source, it is made known.
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  ${run} "$@"
else
  compdef ${run} ${name}
fi
`;
}
