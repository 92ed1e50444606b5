/** `nlr-vqa plateau` */
import type { Command } from 'commander';
import { resolveTraining } from '../../api/options.ts';
import { lookAtPlateau, type PlateauReport } from '../../plateau/report.ts';
import { type CircuitFlags, circuitFlags, withCircuit } from '../input/circuit-flags.ts';
import {
  type ColumnFlags,
  columnFlags,
  type CommonFlags,
  commonFlags,
  type DataFlags,
  dataFlags,
  type ForceFlag,
  forceFlag,
  type ModelFlags,
  modelFlags,
  type PreprocessingFlags,
  preprocessingFlags,
  taskFlag,
  type TestFlags,
  testFlags,
  type TrainingFlags,
  trainingFlags,
} from '../input/flags.ts';
import { refuseIdleMitigation } from '../input/noise.ts';
import { configure } from '../input/preset.ts';
import { readSource } from '../input/read-data.ts';
import { filesOf, sourceFromFlags } from '../input/source.ts';
import { NOT_STDOUT, number, whole, written } from '../input/values.ts';
import { pairs, table } from '../output/format.ts';
import type { Drawing } from '../output/page.ts';
import { plain } from '../output/plain.ts';
import { print, printJson, tell } from '../output/streams.ts';
import { plateauFigures } from '../plateau/figures.ts';
import { plateauHtml } from '../plateau/page.ts';
import { findingRows, pairsTable, sizesTable } from '../plateau/tables.ts';
import { type Outputs, withOutputs } from '../training/outputs.ts';
import { trainerOptions } from '../training/trainer-options.ts';

interface LookFlags extends ForceFlag {
  readonly starts: number;
  readonly radius: number;
  readonly nu: number;
  readonly sizes: boolean;
  readonly out?: string;
}

type PlateauFlags = CommonFlags &
  ModelFlags &
  CircuitFlags &
  TrainingFlags &
  PreprocessingFlags &
  DataFlags &
  ColumnFlags &
  TestFlags &
  LookFlags;

const EXAMPLES = `
Var(df) is the variance of a derivative of the outputs over the starts that the model may have; by the parameter shift
with M shots its estimate varies by 1/(2M). Without --shots it is held against 1000.

Examples:
  nlr-vqa plateau                                          the recommended model on the built-in digits
  nlr-vqa plateau --preset paper --html plateau.html
  nlr-vqa plateau --csv iris.csv --label species --shots 100
  nlr-vqa plateau --observable parity --layers 20 --initialisation small-angles --json
  nlr-vqa plateau --csv data.csv --label class --circuit own.qasm --circuit-features x0,x1
`;

/** For people. */
function describe(report: PlateauReport): string[] {
  const [sizes, classes] = [sizesTable(report), pairsTable(report)];
  return [
    ...pairs(findingRows(report)),
    ...(sizes === undefined ? [] : ['', ...table(sizes.titles, sizes.rows)]),
    ...(classes === undefined ? [] : ['', ...table(classes.titles, classes.rows)]),
    '',
    ...report.advice.map((each) => `advice: ${plain(each)}`),
  ];
}

/** Draws the figures. */
async function draw(report: PlateauReport): Promise<Drawing[]> {
  const { renderSvg } = await import('../output/charts.ts');
  const drawings: Drawing[] = [];
  for (const { spec, ...figure } of plateauFigures(report))
    drawings.push({ ...figure, svg: await renderSvg(spec, figure) });
  return drawings;
}

async function plateau(flags: PlateauFlags & { readonly html?: string }, outputs: Outputs): Promise<void> {
  refuseIdleMitigation(flags);
  const { json = false, quiet = false, starts: draws, radius, nu, sizes } = flags;
  const configuration = await withCircuit(configure(flags), flags);
  const { seed } = resolveTraining(configuration.training);
  const source = sourceFromFlags(flags, seed);
  await outputs.reads([...filesOf(source), ...(flags.circuit === undefined ? [] : [flags.circuit])]);
  const file = flags.html === undefined ? undefined : await outputs.claim('--html', flags.html, 'page');
  const { train } = await readSource(source, quiet ? () => {} : tell);
  const options = trainerOptions(configuration, flags, train);
  const report = await lookAtPlateau({ options, draws, seed, radius, nu, sizes });
  if (file !== undefined) {
    const about = { name: train.name, drawings: await draw(report), args: process.argv.slice(2) };
    await file.write(new TextEncoder().encode(plateauHtml(report, about)));
  }
  if (json) printJson({ data: train.name, ...report, ...(file && { html: file.name }) });
  else print(...describe(report));
  if (file !== undefined && !quiet) tell(`wrote ${plain(file.name)}`);
}

/** Adds the command. */
export function addPlateau(program: Command): void {
  const command = program
    .command('plateau')
    .description('whether a training can see anything, before it is made, and what to do')
    .addHelpText('after', EXAMPLES);
  command.optionsGroup('Look:');
  command
    .option('--starts <n>', 'starts that are drawn', whole('--starts', 20), 300)
    .option('--radius <r>', 'of the plateau that is to be left, radians', number('--radius'), 1)
    .option(
      '--nu <rate>',
      'depolarizing behind each gate, for what noise does to derivatives',
      number('--nu'),
      0.01,
    )
    .option('--no-sizes', 'look at this size alone, not at other numbers of qubits and layers, nor at noise')
    .option(
      '--html <file>',
      'write a page with the figures and the light cone',
      written('--html', NOT_STDOUT),
    );
  modelFlags(command);
  circuitFlags(command);
  trainingFlags(command);
  preprocessingFlags(command);
  dataFlags(command);
  taskFlag(command);
  columnFlags(command);
  testFlags(command);
  forceFlag(command);
  commonFlags(command, 'of every draw (default: 1)');
  command.action((flags: PlateauFlags) => withOutputs(flags, (outputs) => plateau(flags, outputs)));
}
