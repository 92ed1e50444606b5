/** Tables I to V and VII: NLR on the synthetic set, by one number each. */
import type { Experiment } from '../experiment.ts';
import { ABOUT_STARS, BEYOND } from '../arms.ts';
import type { Arm, Grid } from '../grid.ts';
import { gridPart, ofParts, type Part } from '../parts.ts';
import { type PrintedRow, TABLE_1, TABLE_2, TABLE_3, TABLE_4, TABLE_5, TABLE_7 } from '../printed.ts';
import type { SetUp } from '../problems.ts';
import { epochsIn, READINGS } from '../readings.ts';
import {
  kappaVerdicts,
  table1Verdicts,
  table2Verdicts,
  table3Verdicts,
  table4Verdicts,
  table5Verdicts,
  table7Verdicts,
} from './verdicts.ts';

/** The synthetic set as most tables have it. */
const SYNTHETIC: SetUp = { set: 'gaussians', encoding: 'amplitude' };

/** What its readers should know. */
const ABOUT_SYNTHETIC =
  'Two Gaussians in R^8, their means 8 standard deviations apart and at a right angle, so that the best accuracy is 100.0 %: the paper does not say how they lie. 1000 samples, 80 % to train on.';

/** Rows by a number. */
function by(
  name: string,
  figures: Readonly<Record<string, PrintedRow>>,
  rest: (value: number) => Omit<Arm, 'name' | 'printed'>,
): Arm[] {
  return Object.entries(figures).map(([value, printed]) => ({
    ...{ name: `${name} = ${value}`, printed },
    ...rest(Number(value)),
  }));
}

const [, STEP_SHOTS] = READINGS;

/** Table I. */
export const ETA: Grid = {
  setUp: SYNTHETIC,
  arms: [...by("eta'", TABLE_1, (negativeRate) => ({ rule: 'nlr', setting: { negativeRate } })), ...BEYOND],
};

const kappa = (depth: number, value: number): Arm => ({
  name: `L = ${depth}, kappa = ${value}`,
  rule: 'nlr',
  model: { layers: depth },
  setting: { reversal: 'kappa', kappa: value },
});
/** The guideline's kappa: shallow and deep, with shots, since nothing is reversed without. */
export const KAPPAS: Grid = {
  setUp: SYNTHETIC,
  arms: [3, 9].flatMap((depth) => [
    { name: `L = ${depth}, SGD`, rule: 'sgd' as const, model: { layers: depth } },
    ...[1.5, 2, 3].map((value) => kappa(depth, value)),
  ]),
};

/** Table II. */
export const EPOCHS: Grid = {
  setUp: SYNTHETIC,
  arms: [
    ...by('epochs', TABLE_2, (value) => ({ rule: 'nlr', length: { steps: value, epochs: value } })),
    ...BEYOND,
  ],
};

/** Table III, d as features in the first of 64 amplitudes. */
export const FEATURES: Grid = {
  setUp: SYNTHETIC,
  arms: [...by('d', TABLE_3, (features) => ({ rule: 'nlr', setUp: { features } })), ...BEYOND],
};

/** Epochs that a quick report has time for on so many qubits, of which it runs a tenth. */
const LARGE: Readonly<Record<number, number>> = { 10: 100, 12: 10 };
/** Table III, d as qubits, with R^d in the first of 2^d amplitudes. */
export const QUBITS: Grid = {
  setUp: SYNTHETIC,
  arms: by('d', TABLE_3, (qubits) => ({ rule: 'nlr', setUp: { features: qubits }, model: { qubits } })),
};
const QUICK_QUBITS: Grid = {
  ...QUBITS,
  arms: QUBITS.arms.map((arm) => ({ ...arm, length: { epochs: LARGE[arm.model?.qubits ?? 0] } })),
};
/** As far as a scope has time. */
export const qubitsGrid = ({ quick }: { readonly quick: boolean }) => (quick ? QUICK_QUBITS : QUBITS);

/** Table IV. */
export const LAYERS: Grid = {
  setUp: SYNTHETIC,
  arms: [...by('L', TABLE_4, (layers) => ({ rule: 'nlr', model: { layers } })), ...BEYOND],
};

/** Table V. */
export const DEVIATIONS: Grid = {
  setUp: SYNTHETIC,
  arms: [...by('sigma', TABLE_5, (deviation) => ({ rule: 'nlr-noise', setting: { deviation } })), ...BEYOND],
};

/** Table VII. */
export const SAMPLES: Grid = {
  setUp: SYNTHETIC,
  arms: [...by('n', TABLE_7, (rows) => ({ rule: 'nlr', setUp: { rows } })), ...BEYOND],
};

/** As a scope has time for it. */
const qubitsPart = ({ quick }: { readonly quick: boolean }) =>
  gridPart({
    ...{ grid: qubitsGrid({ quick }), name: 'qubits', title: 'd as qubits' },
    about: `The samples lie in the first d of 2^d amplitudes.${quick ? ` In epochs d = 10 is cut to ${epochsIn({ quick }, LARGE[10])}, and d = 12 to ${epochsIn({ quick }, LARGE[12])}.` : ''}`,
  });
const QUBITS_PART: Part = {
  cells: (scope, known) => qubitsPart(scope).cells(scope, known),
  tables: (scope, results) => qubitsPart(scope).tables(scope, results),
};

/** The tables. */
export const BY_NUMBER: readonly Experiment[] = [
  ofParts({
    id: 'table-1',
    title: "Table I: the negative learning rate eta'",
    about: `eta = 0.01, eta' from 0.005 to 0.1; and the guideline eta' = kappa eta. ${ABOUT_SYNTHETIC} ${ABOUT_STARS}`,
    parts: [
      gridPart({ grid: ETA }),
      gridPart({
        grid: KAPPAS,
        name: 'kappa',
        title: 'kappa by depth',
        about: 'Without shots no step is reversed, and kappa is of no effect.',
        readings: () => [STEP_SHOTS],
      }),
    ],
    verdicts: (court) => [...table1Verdicts(court, ETA), ...kappaVerdicts(court, KAPPAS)],
  }),
  ofParts({
    id: 'table-2',
    title: 'Table II: training epochs',
    about: `50 to 500 epochs, read as steps and as epochs. ${ABOUT_SYNTHETIC} ${ABOUT_STARS}`,
    parts: [gridPart({ grid: EPOCHS })],
    verdicts: (court) => table2Verdicts(court, EPOCHS),
  }),
  ofParts({
    id: 'table-3',
    title: 'Table III: input dimensionality d',
    about: `d from 4 to 12, read as features in 64 amplitudes, and as qubits. ${ABOUT_SYNTHETIC} ${ABOUT_STARS}`,
    parts: [gridPart({ grid: FEATURES, name: 'features', title: 'd as features' }), QUBITS_PART],
    verdicts: (court) => table3Verdicts(court, FEATURES, qubitsGrid(court.scope)),
  }),
  ofParts({
    id: 'table-4',
    title: 'Table IV: layers L',
    about: `L from 3 to 11. ${ABOUT_SYNTHETIC} ${ABOUT_STARS}`,
    parts: [gridPart({ grid: LAYERS })],
    verdicts: (court) => table4Verdicts(court, LAYERS),
  }),
  ofParts({
    id: 'table-5',
    title: 'Table V: standard deviation of the perturbation',
    about: `Gaussian noise of this deviation on every reversal (rule nlr-noise): Algorithm 1 has no place for it. ${ABOUT_SYNTHETIC} ${ABOUT_STARS}`,
    parts: [gridPart({ grid: DEVIATIONS })],
    verdicts: (court) => table5Verdicts(court, DEVIATIONS),
  }),
  ofParts({
    id: 'table-7',
    title: 'Table VII: training samples n',
    about: `n from 200 to 5000, of which 80 % are trained on. ${ABOUT_SYNTHETIC} ${ABOUT_STARS}`,
    parts: [gridPart({ grid: SAMPLES })],
    verdicts: (court) => table7Verdicts(court, SAMPLES),
  }),
];
