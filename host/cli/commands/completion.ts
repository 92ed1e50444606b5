/** `nlr-vqa completion` */
import { Argument, type Command } from 'commander';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { specsOf } from '../completion/spec.ts';
import { zshScript } from '../completion/zsh.ts';
import { type CommonFlags, commonFlags } from '../input/flags.ts';
import { printJson, write } from '../output/streams.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
type Shell = keyof typeof SCRIPTS;

const EXAMPLES = `
Examples:
  nlr-vqa completion bash > ~/.local/share/bash-completion/completions/nlr-vqa
  nlr-vqa completion zsh > ~/.zfunc/_nlr-vqa         a folder of $fpath
  nlr-vqa completion fish > ~/.config/fish/completions/nlr-vqa.fish
  source <(nlr-vqa completion bash)                  this shell alone
`;

/** Adds the command. The script has every command, flag and word of the program as it is when it is asked for. */
export function addCompletion(program: Command): void {
  const command = program
    .command('completion')
    .description('a script that has your shell complete commands, flags, words and files')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(SCRIPTS)))
    .addHelpText('after', EXAMPLES)
    .action((shell: Shell, { json }: CommonFlags) => {
      const script = SCRIPTS[shell](program.name(), specsOf(program));
      if (json) printJson({ shell, script });
      else write(script);
    });
  commonFlags(command, 'accepted everywhere; nothing is drawn here');
}
