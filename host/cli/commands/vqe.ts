/** `nlr-vqa vqe` */
import type { Command } from 'commander';
import { type InitialisationName, INITIALISATIONS, type RuleName } from '../../api/options.ts';
import { ANSATZE, type AnsatzName } from '../../problems/circuits.ts';
import { type Grouping, GROUPINGS } from '../../problems/groups.ts';
import type { Hamiltonian } from '../../problems/hamiltonian.ts';
import { lowestEnergy } from '../../problems/lowest.ts';
import { type Estimate, measureEnergy } from '../../problems/measure.ts';
import { type Minimisation, minimise, MINIMISING, OF_SAMPLES } from '../../problems/minimise.ts';
import { OptionError } from '../../core/errors.ts';
import type { Noise } from '../../api/noise.ts';
import {
  type CommonFlags,
  commonFlags,
  noiseFlag,
  type TrainingFlags,
  trainingFlags,
} from '../input/flags.ts';
import { hamiltonianOf } from '../input/hamiltonian.ts';
import { refuseIdleMitigation } from '../input/noise.ts';
import { refuseUnread, trainingOf } from '../input/preset.ts';
import { number, oneOf, path, whole } from '../input/values.ts';
import { UsageError } from '../output/failure.ts';
import { count, fixed, pairs, plural, warningLines } from '../output/format.ts';
import { type NoiseFacts, noiseFacts, noiseRows } from '../output/noise.ts';
import { print, printJson } from '../output/streams.ts';
import { minimisingWarnings, reversalRows, runMinimisation, trainingWords } from '../training/minimising.ts';

interface VqeFlags extends CommonFlags, TrainingFlags {
  readonly hamiltonian?: string;
  readonly electrons?: number;
  readonly ansatz?: AnsatzName;
  readonly layers?: number;
  readonly initialisation?: Exclude<InitialisationName, 'identity-blocks'>;
  readonly initialScale?: number;
  readonly grouping?: Grouping;
  readonly finalShots?: number;
  readonly exact: boolean;
  readonly noise?: Noise;
}

const EXAMPLES = `
h2 and lih are in STO-3G, of 4 and 6 qubits; tfim:N,h is H = -sum Z_i Z_(i+1) - h sum X_i and heisenberg:N is
H = sum (X_i X_(i+1) + Y_i Y_(i+1) + Z_i Z_(i+1)), both with open ends. A file has OpenFermion's text,
(0.5+0j) [Z0 Z1] + ..., or labels, [("ZZI", 0.5), ...], whose last letter is qubit 0.
The energy is the exact one of the parameters that were found, without noise; with shots it is measured too, and with
--noise the one on the noisy processor is given beside it. Turns into the bases of a measurement have no noise.

Examples:
  nlr-vqa vqe --hamiltonian tfim:6,1
  nlr-vqa vqe --hamiltonian h2 --shots 100 --seed 3
  nlr-vqa vqe --hamiltonian h2 --noise depolarizing:0.001,readout:0.01 --extrapolation linear --steps 50
  nlr-vqa vqe --hamiltonian lih --rule nlr-guarded --shots 200 --grouping qubit-wise
  nlr-vqa vqe --hamiltonian water.txt --electrons 8 --json
`;

/** Shots in each circuit of the last measurement. */
const FINAL_SHOTS = 10000;

/** What `vqe --json` prints. */
interface VqeResult extends NoiseFacts {
  readonly hamiltonian: Omit<Hamiltonian, 'terms' | 'chain'> & { readonly terms: number };
  readonly ansatz: Minimisation['ansatz'];
  readonly layers: number | null;
  readonly parameters: number;
  readonly rule: RuleName;
  readonly seed: number;
  readonly shotsPerCircuit: number | 'exact';
  readonly grouping: Grouping | null;
  /** Bases that an energy is measured in; 0 where it is exact. */
  readonly bases: number;
  /** Circuits that an energy takes: bases that weigh more are measured by several. */
  readonly circuitsPerEnergy: number;
  readonly steps: number;
  readonly evaluations: number;
  readonly reversals: number;
  /** Of training; those of the last measurement are its own. */
  readonly shots: number;
  readonly energy: number;
  readonly exact: number | null;
  readonly error: number | null;
  /** With the noise of the training; null without any, or of more qubits than fit. */
  readonly noisyEnergy: number | null;
  readonly measured: Estimate | null;
  readonly values: readonly number[];
  readonly warnings: readonly string[];
}

async function vqe(flags: VqeFlags): Promise<void> {
  const { json = false, quiet = false, ansatz, layers, grouping, initialisation, initialScale } = flags;
  if (flags.hamiltonian === undefined)
    throw new UsageError('--hamiltonian says what to minimise: h2, lih, tfim:N,h, heisenberg:N or a file');
  const isExact = flags.shots === undefined || flags.shots === 'exact';
  for (const name of ['grouping', 'finalShots'] as const) {
    if (isExact && flags[name] !== undefined)
      throw new UsageError(
        `--${name === 'grouping' ? name : 'final-shots'} is of measurements; --shots says how many`,
      );
  }
  const { noise } = flags;
  refuseIdleMitigation(flags);
  const training = { ...trainingOf(flags), ...(noise && { noise }) };
  refuseUnread(flags, training.rule ?? 'adam');
  const hamiltonian = await hamiltonianOf(flags.hamiltonian, flags.electrons);
  const found = await minimise({
    hamiltonian,
    ansatz,
    layers,
    grouping,
    initialisation,
    initialScale,
    training,
  });
  const { trainer } = found;
  const run = await runMinimisation(trainer, {
    ...{ title: hamiltonian.name, quiet },
    goal: { name: 'energy', sign: 1 },
  });
  const stopped = run.interrupted !== undefined;
  const measured = isExact || stopped ? null : measureEnergy(found, flags.finalShots ?? FINAL_SHOTS);
  const energy = await found.energy();
  const noisyEnergy = noise === undefined ? null : await noisy(found);
  const exact = flags.exact && !stopped ? lowestEnergy(hamiltonian) : null;
  const { chain: _, terms, ...about } = hamiltonian;
  const result: VqeResult = {
    hamiltonian: { ...about, terms: terms.length },
    ...{ ansatz: found.ansatz, layers: found.layers, parameters: trainer.model.circuitParameters },
    ...{ rule: trainer.training.rule, seed: trainer.training.seed, shotsPerCircuit: trainer.training.shots },
    ...noiseFacts(trainer.training),
    ...{ grouping: found.grouping, bases: found.bases, circuitsPerEnergy: found.circuits },
    steps: trainer.steps,
    evaluations: trainer.report?.evaluations ?? 0,
    reversals: trainer.report?.reversals ?? 0,
    shots: trainer.report?.shots ?? 0,
    ...{ energy, exact, error: exact === null ? null : energy - exact, noisyEnergy, measured },
    values: [...trainer.parameters],
    warnings: minimisingWarnings(trainer, run),
  };
  if (json) printJson(result);
  else print(...describe(result));
  if (run.interrupted !== undefined) throw run.interrupted;
}

/** The energy with noise; null of more qubits than fit. */
async function noisy(found: Minimisation): Promise<number | null> {
  try {
    return await found.noisyEnergy();
  } catch (error) {
    if (error instanceof OptionError && error.option === 'engine') return null;
    throw error;
  }
}

/** What a built-in Hamiltonian is. */
function aboutRows(about: VqeResult['hamiltonian']['about']): [string, string][] {
  const { formula, geometry, unit, basis, source, activeElectrons, activeOrbitals, mapping } = about;
  const atoms = (geometry as readonly [string, ...number[]][] | undefined)?.map(
    ([element, ...place]) => `${element} (${place.join(', ')})`,
  );
  const rows: [string, unknown][] = [
    ['formula', formula],
    ['geometry', atoms && `${atoms.join(', ')} ${unit}`],
    ['basis', basis && `${basis}, ${activeElectrons} electrons in ${activeOrbitals} orbitals, ${mapping}`],
    ['source', source],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
}

function describe(result: VqeResult): string[] {
  const { hamiltonian, ansatz, layers, parameters, measured, bases, grouping } = result;
  const { name, qubits, terms } = hamiltonian;
  // Of the built-in ones molecules alone have a geometry, and a unit.
  const unit = hamiltonian.about.geometry === undefined ? '' : ' Hartree';
  const energy = (value: number, decimals = 8) => `${fixed(value, decimals)}${unit}`;
  const row = (name: string, value: string | undefined): [string, string][] =>
    value === undefined ? [] : [[name, value]];
  const shown = (value: number | null) => (value === null ? undefined : energy(value));
  const depth = layers === null ? '' : `${plural(layers, 'layer')}, `;
  const rows: [string, string][] = [
    ['hamiltonian', `${name}: ${plural(qubits, 'qubit')}, ${plural(terms, 'term')}`],
    ...aboutRows(hamiltonian.about),
    ['circuit', `${ansatz}, ${depth}${plural(parameters, 'parameter')}`],
    ['training', trainingWords(result)],
    ...noiseRows(result),
    ...reversalRows(result.rule, result),
    ...row(
      'measured',
      bases > 0 ? `in ${bases} ${bases === 1 ? 'basis' : 'bases'}, grouping ${grouping}` : undefined,
    ),
    ['energy', energy(result.energy)],
    ...row('with noise', shown(result.noisyEnergy)),
    ...row(
      'as measured',
      measured === null
        ? undefined
        : `${fixed(measured.energy, 6)} ± ${energy(measured.standardError, 6)}, ${count(measured.shots)} shots more`,
    ),
    ...row('exact', shown(result.exact)),
    ...row('error', shown(result.error)),
  ];
  return [...pairs(rows), ...warningLines(result.warnings)];
}

/** Adds the command. */
export function addVqe(program: Command): void {
  const command = program
    .command('vqe')
    .description('the lowest energy of a Hamiltonian by a variational circuit, beside the exact one')
    .addHelpText('after', EXAMPLES);
  const starts = INITIALISATIONS.filter((name) => name !== 'identity-blocks');
  command.optionsGroup('Problem:');
  command
    .option('--hamiltonian <h>', 'h2, lih, tfim:N,h, heisenberg:N, or a file', path('--hamiltonian'))
    .option(
      '--electrons <n>',
      'of a molecule in a file, by Jordan and Wigner with spins in turn: for excitations',
      whole('--electrons', 1),
    )
    .option('--no-exact', 'do not diagonalise, which takes minutes at 20 qubits');
  command.optionsGroup('Circuit:');
  command
    .option(
      '--ansatz <name>',
      `${ANSATZE.join(', ')} (default: what fits the problem)`,
      oneOf('--ansatz', ANSATZE),
    )
    .option('--layers <n>', 'layers of it (default: by the ansatz)', whole('--layers', 1))
    .option(
      '--initialisation <name>',
      `${starts.join(', ')} (default: uniform)`,
      oneOf('--initialisation', starts),
    )
    .option(
      '--initial-scale <x>',
      "standard deviation of 'gaussian', half width of 'small-angles', radians",
      number('--initial-scale'),
    );
  command.optionsGroup('Measurement:');
  command
    .option(
      '--grouping <name>',
      `which terms share their shots: ${GROUPINGS.join(', ')} (default: commuting)`,
      oneOf('--grouping', GROUPINGS),
    )
    .option(
      '--final-shots <m>',
      `shots in each circuit of the last measurement (default: ${FINAL_SHOTS})`,
      whole('--final-shots', 20),
    );
  trainingFlags(command, { own: MINIMISING, without: ['batch', 'headRate'], unfit: OF_SAMPLES });
  noiseFlag(command);
  commonFlags(command, 'of initial parameters and shots (default: 1)');
  command.action(vqe);
}
