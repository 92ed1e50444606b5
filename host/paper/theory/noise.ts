/** Section V.C on noise: whether nu up to 0.05 keeps NLR effective, eta'_eff, mitigation, and plateaus that noise makes. */
import type { RuleName, TrainingOptions } from '../../index.ts';
import { Resampler } from '../../study/bootstrap.ts';
import { pairedTest } from '../../study/paired.ts';
import type { Experiment, Results, Scope } from '../experiment.ts';
import { decided, meanOf, said, saidPair } from '../judge.ts';
import type { VarianceInput, Variances } from '../runners/variance.ts';
import type { Row, Verdict } from '../section.ts';
import { answered, asked, type Asked, judged } from './cells.ts';
import { type Arm, descentCells, descentsOf, over, valuesOf } from './descents.ts';
import type { FlatProblem } from './flat-cost.ts';
import { noiseOf } from './flat-training.ts';

const PROBLEM: FlatProblem = { qubits: 4, layers: 3, observable: 'parity' };
const RATES = [0, 0.01, 0.02, 0.05, 0.1] as const;
/** The level that the paper calls the limit. */
const LIMIT = 0.05;
const TRAINING: TrainingOptions = { rate: 0.3, shots: 1000, steps: 100, schedule: 'constant' };

/** Who trains, and what is done about the noise. */
interface Way {
  readonly name: string;
  readonly rule: RuleName;
  readonly more: (rate: number) => TrainingOptions;
  readonly rates: readonly number[];
  /** How much longer a step takes. */
  readonly factor: number;
}

const CALIBRATED: TrainingOptions = { calibrationShots: 10000 };
const EXTRAPOLATED: TrainingOptions = { extrapolation: 'linear', scales: 2 };
const effective = (noiseRate: number): TrainingOptions => ({ noiseRate, effectiveRate: true });

const mitigated = (rule: RuleName): Way[] => [
  { name: `${rule}, calibrated`, rule, more: () => CALIBRATED, rates: [LIMIT], factor: 2 },
  { name: `${rule}, extrapolated`, rule, more: () => EXTRAPOLATED, rates: [LIMIT], factor: 4 },
];

const SGD: Way = { name: 'sgd', rule: 'sgd', more: () => ({}), rates: RATES, factor: 1 };
const NLR: Way = { name: 'nlr', rule: 'nlr', more: () => ({}), rates: RATES, factor: 1 };
const EFFECTIVE: Way = {
  ...{ name: "nlr, eta'_eff", rule: 'nlr', more: effective, factor: 1 },
  rates: RATES.filter((rate) => rate > 0),
};
const [SGD_CALIBRATED, SGD_EXTRAPOLATED] = mitigated('sgd');
const [NLR_CALIBRATED, NLR_EXTRAPOLATED] = mitigated('nlr');
const WAYS: readonly Way[] = [
  ...[SGD, NLR, EFFECTIVE, SGD_CALIBRATED, SGD_EXTRAPOLATED],
  ...[NLR_CALIBRATED, NLR_EXTRAPOLATED],
];

function armOf({ name, rule, more, factor }: Way, rate: number): Arm {
  const training = { ...TRAINING, rule, ...(rate > 0 && { noise: noiseOf(rate) }), ...more(rate) };
  return {
    title: `${name}, nu = ${rate}`,
    ...{ problem: PROBLEM, training, looks: 4, seconds: 0.3 * factor },
  };
}

const arms = () => WAYS.flatMap((way) => way.rates.map((rate) => ({ way, rate, arm: armOf(way, rate) })));

const DEPTHS = [1, 2, 5, 10, 20];
const LEVELS = [0, 0.01, 0.05];

function varianceCell(layers: number, noise: number, { quick, seeds }: Scope): Asked<Variances> {
  const input: VarianceInput = {
    problem: { ...PROBLEM, layers },
    ...{ samples: quick ? 40 : 400, seed: seeds[0], noise },
  };
  return asked('variance', `derivatives, L = ${layers}, nu = ${noise}`, input, input.samples * layers * 4e-4);
}

/** Of a training's end: the cost without noise. */
const cleanOf = ({ clean, final }: { readonly clean: number | null; readonly final: number }) =>
  clean ?? final;

function verdicts(scope: Scope, results: Results): Verdict[] {
  const { seeds } = scope;
  const resampler = new Resampler(20251122);
  const values = (way: Way, rate: number) => valuesOf(descentsOf(armOf(way, rate), seeds, results), cleanOf);
  const mean = (way: Way, rate: number) => meanOf(values(way, rate));
  const pair = (way: Way, other: Way, rate: number) => {
    const [one, two] = [values(way, rate), values(other, rate)];
    return pairedTest(
      one.map((value, i) => [value, two[i]]),
      true,
      resampler,
    );
  };
  const along = (way: Way) => way.rates.map((rate) => `${said(mean(way, rate))} at ${rate}`).join(', ');
  const isEffective = RATES.filter((rate) => rate <= LIMIT).every((rate) => mean(NLR, rate) < 0.5);
  const against = pair(NLR, SGD, LIMIT);
  const softened = [LIMIT, 0.1].map((rate) => ({ rate, test: pair(EFFECTIVE, NLR, rate) }));
  const isSofter = softened.filter(({ test }) => decided(test) === 'better');
  const mitigation = [
    [SGD_CALIBRATED, SGD],
    [SGD_EXTRAPOLATED, SGD],
    [NLR_CALIBRATED, NLR],
    [NLR_EXTRAPOLATED, NLR],
  ].map(([way, without]) => ({ way, test: pair(way, without, LIMIT) }));
  const helped = mitigation.filter(({ test }) => decided(test) === 'better');
  const variance = (layers: number, level: number) =>
    answered(results, varianceCell(layers, level, scope))?.mean ?? NaN;
  const perLayer = (level: number) => (variance(20, level) / variance(5, level)) ** (1 / 15);
  const shared = judged('theory-noise', scope);
  return [
    {
      claim: 'NLR stays effective with noise up to nu = 0.05',
      where: 'section V.C',
      verdict: isEffective ? 'holds' : 'does not hold',
      number: `final cost without the noise, from about 1: NLR ${along(NLR)}; SGD ${along(SGD)}; at ${LIMIT} NLR less SGD ${saidPair(against)}`,
      ...shared,
    },
    {
      claim: "eta'_eff = eta' / (1 + nu L) avoids over-ascent under strong noise",
      where: 'section V.C',
      verdict:
        isSofter.length === softened.length
          ? 'holds'
          : isSofter.length > 0
            ? 'holds only if'
            : 'does not hold',
      ...(isSofter.length > 0 &&
        isSofter.length < softened.length && {
          condition: isSofter.map(({ rate }) => `nu = ${rate}`).join(', '),
        }),
      number: `final cost with eta'_eff less that with eta': ${softened.map(({ rate, test }) => `${saidPair(test)} at nu ${rate}`).join('; ')}; L = ${PROBLEM.layers} makes it ${softened.map(({ rate }) => said(1 / (1 + rate * PROBLEM.layers))).join(' and ')} eta'`,
      ...shared,
    },
    {
      claim: 'zero-noise extrapolation and readout calibration stabilise convergence',
      where: 'section V.C',
      verdict:
        helped.length === mitigation.length ? 'holds' : helped.length > 0 ? 'holds only if' : 'does not hold',
      ...(helped.length > 0 &&
        helped.length < mitigation.length && { condition: helped.map(({ way }) => way.name).join('; ') }),
      number: `final cost less that without, nu = ${LIMIT}, at equal steps: ${mitigation.map(({ way, test }) => `${way.name} ${saidPair(test)}`).join('; ')}`,
      ...shared,
    },
    {
      claim: 'noise makes plateaus of its own, with depth',
      where: 'section II, of Wang et al.',
      verdict: perLayer(0.05) < 0.95 && perLayer(0) > 0.95 ? 'holds' : 'does not hold',
      number: `from 5 to 20 layers the variance of a derivative changes a layer by the factor ${LEVELS.map((level) => `${said(perLayer(level))} at nu ${level}`).join(', ')}`,
      ...judged('theory-noise', scope, 1),
    },
  ];
}

/** Noise. */
export const NOISE: Experiment = {
  id: 'theory-noise',
  title: "Noise: nu up to 0.05, eta'_eff, mitigation, and plateaus that it makes",
  about: `The paper says that NLR stays effective up to nu = 0.05 and scales eta' by 1 / (1 + nu L). Trainings of 1 - <parity> on ${PROBLEM.qubits} qubits and ${PROBLEM.layers} layers, eta = ${TRAINING.rate}, ${TRAINING.shots} shots, with a depolarizing channel of nu behind every gate on each of its qubits and as many bits read wrong. Costs at the end are exact and without noise, of the parameters that were learned.`,
  cells: (scope) => [
    ...arms().flatMap(({ arm }) => descentCells(arm, scope.seeds)),
    ...DEPTHS.flatMap((layers) => LEVELS.map((level) => varianceCell(layers, level, scope).cell)),
  ],
  summarise: (scope, results) => ({
    ...{ id: 'theory-noise', title: NOISE.title, about: NOISE.about, plots: [], notes: [] },
    tables: [
      {
        ...{ name: 'noise', title: `${TRAINING.steps} steps under noise` },
        about:
          'Calibrated: 10,000 shots each of |0...0> and |1...1>; extrapolated: linear, at 1 and 3 times the noise.',
        columns: [
          { name: 'final cost without noise', unit: 'number' },
          { name: 'p_t', unit: 'percent' },
          { name: 'reversed', unit: 'percent' },
          { name: 'shots', unit: 'count' },
        ],
        rows: arms().map(({ arm }): Row => {
          const found = descentsOf(arm, scope.seeds, results);
          return {
            name: arm.title,
            cells: [
              over(found, cleanOf),
              over(found, ({ violations }) => violations),
              over(found, ({ reversals, steps }) => reversals / steps),
              over(found, ({ shots }) => shots),
            ],
          };
        }),
      },
      {
        ...{ name: 'depth', title: 'Variance of a derivative by layers and noise' },
        about: `Mean over the parameters, ${scope.quick ? 40 : 400} places each, exact.`,
        columns: DEPTHS.map((layers) => ({ name: `L = ${layers}`, unit: 'number' as const })),
        rows: LEVELS.map((level) => ({
          name: `nu = ${level}`,
          cells: DEPTHS.map((layers) => answered(results, varianceCell(layers, level, scope))?.mean ?? null),
        })),
      },
    ],
    verdicts: verdicts(scope, results),
  }),
};
