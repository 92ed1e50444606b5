/** The script for fish. It asks no program: all that it knows is in it. */
import type { CommandSpec, FlagSpec } from './spec.ts';
import type { Completions } from '../input/values.ts';

/** In single quotes. */
const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** What the argument of a flag is: nothing, a file, words or any text. */
function argumentOf({ takes, completions }: FlagSpec): string {
  if (!takes) return '';
  if (completions === 'files') return ' -r -F';
  return completions === undefined ? ' -x' : ` -x -a ${quoted(completions.join(' '))}`;
}

const words = (of: Completions) => (of === 'files' ? '-F' : `-f -a ${quoted(of.join(' '))}`);

/** The script. @param name of the program */
export function fishScript(name: string, specs: readonly CommandSpec[]): string {
  const at = `__${name.replaceAll('-', '_')}_at`;
  const paths = specs.map(({ path }) => path).filter((path) => path !== '');
  const lines = specs.flatMap(({ path, flags, words: below, completions }) => {
    const here = `complete -c ${name} -n ${quoted(`${at} "${path}"`)}`;
    return [
      ...flags.map((flag) => {
        const [long, short] = [flag.names[0].replace(/^--/, ''), flag.names[1]?.replace(/^-/, '')];
        return `${here} -l ${long}${short ? ` -s ${short}` : ''}${argumentOf(flag)} -d ${quoted(flag.description)}`;
      }),
      ...below.map(({ word, description }) => `${here} -f -a ${word} -d ${quoted(description)}`),
      ...(completions === undefined ? [] : [`${here} ${words(completions)}`]),
    ];
  });
  return `# fish completion of ${name}. To have it in every shell:
#   ${name} completion fish > ~/.config/fish/completions/${name}.fish
function ${at}
    set -l place ''
    for word in (commandline -opc)[2..-1]
        switch "$place/$word"
            case ${paths.join(' ')}
                set place "$place/$word"
        end
    end
    test "$place" = "$argv[1]"
end
complete -c ${name} -f
${lines.join('\n')}
`;
}
