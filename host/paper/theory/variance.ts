/** Barren plateaus: how the variance of a derivative falls with qubits, layers and the observable, and against the shots. */
import { PAPER } from '../../index.ts';
import type { Experiment, Results, Scope } from '../experiment.ts';
import { said } from '../judge.ts';
import type { VarianceInput, Variances } from '../runners/variance.ts';
import type { Plot, Verdict } from '../section.ts';
import { answered, asked, type Asked, judged } from './cells.ts';
import type { FlatProblem } from './flat-cost.ts';

/** A family of circuits that grows. */
interface Family {
  readonly title: string;
  readonly of: (qubits: number) => FlatProblem;
  readonly most: (scope: Scope) => number;
}

const FAMILIES: readonly Family[] = [
  {
    title: 'Z0, L = 5',
    of: (qubits) => ({ qubits, layers: 5, observable: 'first' }),
    most: ({ quick }) => (quick ? 10 : 12),
  },
  {
    title: 'last Z, L = 5',
    of: (qubits) => ({ qubits, layers: 5, observable: 'last' }),
    most: ({ quick }) => (quick ? 10 : 12),
  },
  {
    title: 'mean Z, L = 5',
    of: (qubits) => ({ qubits, layers: 5, observable: 'mean' }),
    most: ({ quick }) => (quick ? 10 : 12),
  },
  {
    title: 'parity, L = 5',
    of: (qubits) => ({ qubits, layers: 5, observable: 'parity' }),
    most: ({ quick }) => (quick ? 10 : 12),
  },
  {
    title: 'Z0, L = 5 n',
    of: (qubits) => ({ qubits, layers: 5 * qubits, observable: 'first' }),
    most: ({ quick }) => (quick ? 8 : 10),
  },
  {
    title: 'parity, L = 5 n',
    of: (qubits) => ({ qubits, layers: 5 * qubits, observable: 'parity' }),
    most: ({ quick }) => (quick ? 8 : 10),
  },
];

const SIZES = [2, 4, 6, 8, 10, 12];
const M = PAPER.training.shots as number;
/** Variance of a derivative by shots, at most: two circuits of variance up to 1/M, a quarter of each. */
const FLOOR = 1 / (2 * M);

const sizesOf = ({ most }: Family, scope: Scope) => SIZES.filter((qubits) => qubits <= most(scope));

function cellOf({ title, of }: Family, qubits: number, { quick, seeds }: Scope): Asked<Variances> {
  const problem = of(qubits);
  const input: VarianceInput = { problem, samples: quick ? 100 : 1000, seed: seeds[0] };
  const seconds = 0.1 + 1e-9 * input.samples * problem.layers * qubits * 2 ** qubits * 40;
  return asked('variance', `derivatives, ${title}, n = ${qubits}`, input, seconds);
}

/** By how much log2 of the variance changes with a qubit, by least squares. */
function slopeOf(points: readonly (readonly [qubits: number, variance: number])[]): number {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [n, y] = [mean(([qubits]) => qubits), mean(([, variance]) => Math.log2(variance))];
  const above = mean(([qubits, variance]) => (qubits - n) * (Math.log2(variance) - y));
  return above / mean(([qubits]) => (qubits - n) ** 2);
}

/** The variances of a family, from four qubits on. */
function pointsOf(family: Family, scope: Scope, results: Results) {
  return sizesOf(family, scope).flatMap((qubits): (readonly [number, number])[] => {
    const found = answered(results, cellOf(family, qubits, scope));
    return found === undefined ? [] : [[qubits, found.mean]];
  });
}

const slope = (family: Family, scope: Scope, results: Results) =>
  slopeOf(pointsOf(family, scope, results).filter(([qubits]) => qubits >= 4));

/** Where a line through the logarithms comes to the floor. */
function crossing(family: Family, scope: Scope, results: Results): number {
  const points = pointsOf(family, scope, results).filter(([qubits]) => qubits >= 4);
  const [qubits, variance] = points[points.length - 1];
  return qubits + (Math.log2(FLOOR) - Math.log2(variance)) / slopeOf(points);
}

function plot(scope: Scope, results: Results): Plot {
  const values = FAMILIES.flatMap((family) =>
    pointsOf(family, scope, results).map(([qubits, variance]) => ({
      qubits,
      variance,
      family: family.title,
    })),
  );
  const title = 'Variance of a derivative by qubits';
  const x = {
    field: 'qubits',
    type: 'quantitative',
    title: 'qubits n',
    axis: { tickMinStep: 2, format: 'd' },
  };
  return {
    ...{ name: 'variance', title },
    description: `Mean over the parameters, ${FAMILIES.map((family) => `${family.title}: a factor ${said(2 ** slope(family, scope, results))} a qubit`).join(', ')}; the dashed line is the shot noise of ${M} shots, ${FLOOR}.`,
    spec: {
      ...{ title, width: 640, height: 320 },
      layer: [
        {
          data: { values },
          mark: { type: 'line', point: { size: 45 }, strokeWidth: 1.8 },
          encoding: {
            x,
            y: {
              field: 'variance',
              type: 'quantitative',
              title: 'Var(∂C)',
              scale: { type: 'log', nice: false },
              axis: { values: [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1], format: '~g' },
            },
            color: {
              ...{ field: 'family', type: 'nominal', title: null },
              scale: {
                domain: FAMILIES.map((family) => family.title),
                range: ['#0072b2', '#56b4e9', '#009e73', '#d55e00', '#8b5a9f', '#e69f00'],
              },
              legend: { columns: 3, symbolType: 'stroke' },
            },
          },
        },
        {
          data: { values: [{ floor: FLOOR }] },
          mark: { type: 'rule', strokeDash: [5, 3], color: '#7f7f7f' },
          encoding: { y: { field: 'floor', type: 'quantitative' } },
        },
        {
          data: { values: [{ floor: FLOOR, text: `shot noise, M = ${M}` }] },
          mark: { type: 'text', align: 'left', dx: 6, dy: 10, x: 0, color: '#7f7f7f' },
          encoding: { y: { field: 'floor', type: 'quantitative' }, text: { field: 'text' } },
        },
      ],
    },
  };
}

function verdicts(scope: Scope, results: Results): Verdict[] {
  const [local, , , global, deepLocal, deepGlobal] = FAMILIES;
  const at = (family: Family, qubits: number) => answered(results, cellOf(family, qubits, scope))?.mean;
  const papers = at(local, PAPER.model.qubits);
  const slopes = FAMILIES.map((family) => slope(family, scope, results));
  const falls = [global, deepLocal, deepGlobal].every((family) => slope(family, scope, results) < -0.6);
  return [
    {
      claim: 'gradients vanish exponentially with the qubits',
      where: 'sections I and IV, Assumption 2',
      verdict: falls ? 'holds only if' : 'does not hold',
      ...(falls && { condition: 'the observable is global or the circuit deep' }),
      number: `the variance changes a qubit by the factor ${FAMILIES.map(({ title }, i) => `${said(2 ** slopes[i])} (${title})`).join(', ')}`,
      ...judged('theory-variance', scope, 1),
    },
    // What has no number is not judged.
    ...(papers === undefined
      ? []
      : [
          {
            claim: 'six qubits with five layers and Z0 are a barren plateau',
            where: 'section V.B',
            verdict: papers > 5 * FLOOR ? ('does not hold' as const) : ('holds' as const),
            number: `the variance of a derivative is ${said(papers)}, ${said(papers / FLOOR)} times the shot noise 1/(2M) at M = ${M}; parity comes down to it at about ${said(crossing(global, scope, results))} qubits with five layers`,
            ...judged('theory-variance', scope, 1),
          },
        ]),
    {
      claim: 'the noise of measured gradients falls with the dimension, sigma^2 = O(exp(-alpha d))',
      where: 'Assumption 3',
      verdict: 'does not hold',
      number: `on a plateau <O> is near 0, so that a derivative measured with M shots has the variance 1/(2M) whatever d is: ${FLOOR} at M = ${M}, against ${said(at(global, 10))} of the signal at n = 10`,
      ...judged('theory-variance', scope, 0),
    },
  ];
}

/** Variance of derivatives. */
export const VARIANCE: Experiment = {
  id: 'theory-variance',
  title: 'Plateaus: the variance of derivatives',
  about:
    'The paper takes its six qubits to show barren plateaus. Variances of derivatives of 1 - <O> over random parameters, the mean over all of them (those that the observable cannot see are 0), against the noise of a derivative that is measured, 1/(2M).',
  pictures: ['variance'],
  cells: (scope) =>
    FAMILIES.flatMap((family) => sizesOf(family, scope).map((qubits) => cellOf(family, qubits, scope).cell)),
  summarise: (scope, results) => ({
    ...{ id: 'theory-variance', title: VARIANCE.title, about: VARIANCE.about, notes: [] },
    tables: [
      {
        ...{ name: 'variance', title: 'Variance of a derivative, mean over the parameters' },
        about: `${scope.quick ? 100 : 1000} places each.`,
        columns: SIZES.map((qubits) => ({ name: `n = ${qubits}`, unit: 'number' as const })),
        rows: FAMILIES.map((family) => ({
          name: family.title,
          cells: SIZES.map((qubits) =>
            sizesOf(family, scope).includes(qubits)
              ? (answered(results, cellOf(family, qubits, scope))?.mean ?? null)
              : null,
          ),
        })),
      },
    ],
    plots: [plot(scope, results)],
    verdicts: verdicts(scope, results),
  }),
};
