/** The `nlr-vqa` command. */
import { Command } from 'commander';
import { version } from '../../package.json';
import { addC } from './commands/c.ts';
import { addCompletion } from './commands/completion.ts';
import { addCompare } from './commands/compare.ts';
import { addData } from './commands/data.ts';
import { addDemo } from './commands/demo.ts';
import { addEval } from './commands/eval.ts';
import { addEvaluate } from './commands/evaluate.ts';
import { addExport } from './commands/export.ts';
import { explain, Interrupted } from './output/failure.ts';
import { refuseOpposites } from './input/contradictions.ts';
import { separatePairs } from './input/flags.ts';
import { addInspect } from './commands/inspect.ts';
import { plain } from './output/plain.ts';
import { endByHangUp, note, surviveLostStreams, tell, write } from './output/streams.ts';
import { addMerge } from './commands/merge.ts';
import { addPlan } from './commands/plan.ts';
import { addPlateau } from './commands/plateau.ts';
import { addPredict } from './commands/predict.ts';
import { addQaoa } from './commands/qaoa.ts';
import { addReproduce } from './commands/reproduce.ts';
import { addTrain } from './commands/train.ts';
import { addVqe } from './commands/vqe.ts';
import { addWork } from './commands/work.ts';

const EXAMPLES = `
Examples:
  nlr-vqa demo                                     five ways to train on real digits, compared
  nlr-vqa train --csv data.csv --label class --out model.nlrvqa
  nlr-vqa compare --rules nlr,adam --seeds 10 --out comparison
  nlr-vqa reproduce table-6 --quick               a table of the paper, and what becomes of its claims
  nlr-vqa evaluate model.nlrvqa --csv more.csv --label class --shots 100
  nlr-vqa predict model.nlrvqa --csv new.csv
  nlr-vqa plan --target device-f32 --qubits 6
  nlr-vqa eval circuit.qasm --observable 'Z0 Z1'   what an OpenQASM file comes to
  nlr-vqa data list                                data sets to make or download
  nlr-vqa vqe --hamiltonian h2                     the lowest energy of a molecule or a chain
  nlr-vqa qaoa --graph random:8,3 --layers 2       a large cut of a graph
  nlr-vqa c --out firmware/core
  source <(nlr-vqa completion bash)                flags and words by Tab

Results go to stdout, messages to stderr. Exit codes: 0 done, 1 failed, 2 wrong usage.
NLR_DEBUG=1 shows where an error came from; NO_COLOR=1 keeps the output plain.
`;

/** The command that was asked for, once that is known. */
let running: Command | undefined;

function createProgram(): Command {
  const program = new Command('nlr-vqa')
    .description('Train variational quantum circuits, and use the trained models.')
    .version(version)
    .addHelpText('beforeAll', ({ error, command: { args } }) =>
      error && args[0] === 'help' ? `nlr-vqa: unknown command '${args[1]}'\n` : '',
    )
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    // Errors are explained once, below.
    .configureOutput({ writeOut: write, writeErr: note, outputError: () => {} })
    .hook('preAction', (_, command) => {
      running = command;
    });
  for (const add of [
    addDemo,
    addTrain,
    addCompare,
    addMerge,
    addReproduce,
    addWork,
    addEvaluate,
    addPredict,
    addPlan,
    addPlateau,
    addInspect,
    addEval,
    addExport,
    addData,
    addVqe,
    addQaoa,
    addC,
    addCompletion,
  ])
    add(program);
  for (const command of program.commands) refuseOpposites(command);
  return program;
}

surviveLostStreams();
try {
  await createProgram().parseAsync(separatePairs(process.argv.slice(2)), { from: 'user' });
} catch (error) {
  const { message, code, excerpt = [] } = explain(error, running);
  if (message !== undefined) tell(message);
  for (const line of excerpt) note(`  ${plain(line)}\n`);
  if (message !== undefined && process.env.NLR_DEBUG && error instanceof Error) {
    for (const line of `${error.stack}`.split('\n')) note(`${plain(line)}\n`);
  }
  if (error instanceof Interrupted && error.signal === 'SIGHUP') endByHangUp();
  process.exitCode = code;
}
