/** Settings in which reversing could win: flat, noisy, at saddles, by every initialiser, and with data. */
import type { InitialisationName, RuleName, TrainingOptions } from '../../index.ts';
import type { PaperCell, Scope } from '../experiment.ts';
import { problemOf } from '../problems.ts';
import type { Descent } from '../runners/descent.ts';
import { modelOf, READINGS } from '../readings.ts';
import { answered } from './cells.ts';
import type { Contest } from './contest.ts';
import { descentCell } from './descents.ts';
import type { FlatProblem } from './flat-cost.ts';
import type { Start } from './flat-training.ts';

/** All that compete; Remark 2's two positive rates among them. */
const RULES = [
  'sgd',
  'momentum',
  'adam',
  'two-rates',
  'nlr',
  'nlr-guarded',
] as const satisfies readonly RuleName[];
const LOOKS = 40;

/** A cost without data. */
interface Flat {
  readonly title: string;
  readonly problem: FlatProblem;
  readonly shots: number | 'exact';
  /** Steps of SGD that the shots last for. */
  readonly steps: number;
  readonly seconds: number;
  readonly initialisation?: InitialisationName;
  readonly start?: Start;
  /** Nothing that a quick report has time for. */
  readonly long?: boolean;
}

/** Circuits of an expectation: each string of the chain is measured by itself. */
const circuitsOf = ({ qubits, observable }: FlatProblem) => (observable === 'ising' ? 2 * qubits - 1 : 1);

/** d of the paper's circuit. */
const parametersOf = ({ qubits, layers }: FlatProblem) => 3 * qubits * layers;

function flatContest({ title, problem, shots, steps, seconds, initialisation, start }: Flat): Contest {
  const length: TrainingOptions =
    shots === 'exact'
      ? { steps, shots }
      : { shots, shotsBudget: shots * steps * circuitsOf(problem) * (2 * parametersOf(problem) + 1) };
  const armOf = (rule: RuleName, rate: number) => ({
    title: `${rule} at ${rate}, ${title}`,
    training: { ...length, rule, rate, schedule: 'constant' } as const,
    ...{ problem, initialisation, start, looks: LOOKS, seconds },
  });
  const askedFor = (rule: RuleName, rate: number, seed: number) => descentCell(armOf(rule, rate), seed);
  return {
    ...{ title, rules: RULES, halves: problem.observable !== 'ising' },
    cell: (rule, rate, seed) => askedFor(rule, rate, seed).cell,
    reached: (results, cell) => {
      if (cell.kind !== 'value') return undefined;
      const found = answered<Descent>(results, { cell });
      return (
        found && {
          ...{ final: found.final, toHalf: found.toHalf, violations: found.violations },
          reversed: found.reversals / found.steps,
        }
      );
    },
  };
}

const SIX: FlatProblem = { qubits: 6, layers: 6, observable: 'parity' };
const EIGHT: FlatProblem = { qubits: 8, layers: 8, observable: 'parity' };
const CHAIN: FlatProblem = { qubits: 6, layers: 6, observable: 'ising' };

const FLATS: readonly Flat[] = [
  {
    title: 'plateau, n = 8, L = 8, parity, 100 shots',
    problem: EIGHT,
    shots: 100,
    steps: 100,
    seconds: 0.45,
  },
  {
    title: 'plateau, n = 10, L = 10, parity, 100 shots',
    problem: { qubits: 10, layers: 10, observable: 'parity' },
    ...{ shots: 100, steps: 300, seconds: 6, long: true },
  },
  {
    title: 'plateau, n = 10, L = 10, parity, 1000 shots',
    problem: { qubits: 10, layers: 10, observable: 'parity' },
    ...{ shots: 1000, steps: 300, seconds: 6, long: true },
  },
  {
    title: 'plateau, n = 12, L = 5, parity, exact',
    problem: { qubits: 12, layers: 5, observable: 'parity' },
    ...{ shots: 'exact', steps: 100, seconds: 0.25 },
  },
  {
    title: 'noise above the gradient, n = 6, L = 6, parity, 5 shots',
    ...{ problem: SIX, shots: 5, steps: 200, seconds: 0.15 },
  },
  {
    title: 'global and shallow, n = 8, L = 2, parity, 100 shots',
    problem: { qubits: 8, layers: 2, observable: 'parity' },
    ...{ shots: 100, steps: 150, seconds: 0.2 },
  },
  {
    title: 'local, n = 8, L = 4, mean Z, 100 shots',
    problem: { qubits: 8, layers: 4, observable: 'mean' },
    ...{ shots: 100, steps: 100, seconds: 0.4 },
  },
  {
    title: 'saddle, n = 6, L = 6, parity, 1000 shots',
    ...{ problem: SIX, shots: 1000, steps: 100, seconds: 0.15, start: { at: 'saddle', beside: 1e-3 } },
  },
  {
    title: 'saddle, n = 6, L = 6, parity, exact',
    ...{ problem: SIX, shots: 'exact', steps: 100, seconds: 0.1, start: { at: 'saddle', beside: 1e-3 } },
  },
  {
    title: 'flat start, n = 8, L = 8, parity, 100 shots',
    ...{
      problem: EIGHT,
      shots: 100,
      steps: 150,
      seconds: 0.7,
      start: { at: 'flat', draws: 200 },
      long: true,
    },
  },
  {
    title: 'flat start, n = 6, L = 6, parity, 100 shots',
    ...{ problem: SIX, shots: 100, steps: 150, seconds: 0.2, start: { at: 'flat', draws: 200 } },
  },
  ...(['uniform', 'gaussian', 'small-angles', 'identity-blocks', 'zero'] as const).map(
    (initialisation): Flat => ({
      title: `start ${initialisation}, Ising chain, n = 6, L = 6, 100 shots`,
      ...{ problem: CHAIN, shots: 100, steps: 60, seconds: 0.25, initialisation },
    }),
  ),
];

const [, STEP_SHOTS] = READINGS;
/** Mini-batch of the setting with data. */
const BATCH = 8;

/** The synthetic set with a global observable: the one with samples, which adam-reversal needs. */
const WITH_DATA: Contest = {
  title: 'data: two Gaussians, n = 6, L = 6, parity, squared error, batches of 8, 100 shots',
  rules: [...RULES, 'adam-reversal'],
  halves: false,
  untuned: ({ quick }) => quick,
  seeds: ({ quick, seeds }) => (quick ? seeds.slice(0, 3) : seeds),
  cell: (rule, rate, seed, scope): PaperCell => {
    const model = { ...modelOf(STEP_SHOTS), layers: 6, observable: 'parity' } as const;
    const shotsBudget = 100 * 100 * BATCH * (2 * parametersOf(SIX) + 1);
    return {
      kind: 'training',
      cell: {
        problem: problemOf({ set: 'gaussians', encoding: 'amplitude' }, model, scope),
        ...{ rule, seed, looks: 10 },
        setting: { rate, batch: BATCH, schedule: 'constant', shots: 100, shotsBudget },
      },
    };
  },
  reached: (results, cell) => {
    const found = cell.kind === 'training' ? results.training(cell.cell) : undefined;
    return (
      found && {
        ...{ final: found.loss, toHalf: found.toHalf, violations: found.violationRate },
        reversed: found.reversals / found.steps,
      }
    );
  },
};

/** The settings of a scope. */
export const contestsOf = ({ quick }: Scope): Contest[] => [
  ...FLATS.filter(({ long }) => !(quick && long)).map(flatContest),
  WITH_DATA,
];
