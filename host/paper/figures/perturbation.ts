/** Figure 4: the final loss against the deviation of a perturbation, from the trainings of Table V. */
import type { Experiment, Results, Scope } from '../experiment.ts';
import { type Arm, gridCells, resultsOf } from '../grid.ts';
import { said } from '../judge.ts';
import { TABLE_5 } from '../printed.ts';
import { readingsOf, titleOf } from '../readings.ts';
import { trainings } from '../experiment.ts';
import type { Plot } from '../section.ts';
import { measured } from '../summary.ts';
import { DEVIATIONS } from '../tables/by-number.ts';
import { typeset } from '../typeset.ts';

/** Ticks. */
const DECADES = [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10];

/** Arms that a deviation names. */
const ARMS = DEVIATIONS.arms.filter(({ setting }) => setting?.deviation !== undefined);
const GRID = { ...DEVIATIONS, arms: ARMS };
const deviationOf = ({ setting }: Arm) => setting?.deviation as number;

function points(scope: Scope, results: Results) {
  return readingsOf(scope).flatMap((reading) =>
    ARMS.map((arm) => {
      const found = resultsOf(GRID, arm, reading, scope, results).map((result) => result?.loss);
      const { mean, interval } = measured(found);
      const [low, high] = interval ?? [mean, mean];
      return { reading: typeset(titleOf(reading, scope)), deviation: deviationOf(arm), mean, low, high };
    }),
  );
}

function plot(scope: Scope, results: Results): Plot {
  const title = 'Figure 4: final loss against the perturbation';
  const ours = points(scope, results);
  const names = [...new Set(ours.map(({ reading }) => reading)), 'the paper, Table V'];
  const papers = Object.entries(TABLE_5).map(([deviation, { loss }]) => {
    const mean = loss ?? null;
    return { reading: names[names.length - 1], deviation: Number(deviation), mean, low: mean, high: mean };
  });
  const values = [...ours, ...papers].filter(({ mean }) => mean !== null);
  const scale = { type: 'log', nice: false, padding: 12 };
  const x = {
    ...{ field: 'deviation', type: 'quantitative', title: 'standard deviation σ of the perturbation', scale },
    axis: { values: papers.map(({ deviation }) => deviation), format: '~g' },
  };
  const y = { type: 'quantitative', title: 'final loss', scale, axis: { values: DECADES, format: '~g' } };
  const color = {
    ...{ field: 'reading', type: 'nominal', title: null },
    scale: {
      domain: names,
      range: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#7f7f7f']
        .slice(0, names.length - 1)
        .concat('#7f7f7f'),
    },
    legend: { columns: 1, labelLimit: 500, symbolType: 'stroke' },
  };
  return {
    ...{ name: 'figure-4', title },
    description: `Means over the seeds with 95 % intervals, beside the figures of the paper's Table V. ${names
      .slice(0, -1)
      .map(
        (name) =>
          `${name}: ${ours
            .filter(({ reading }) => reading === name)
            .map(({ deviation, mean }) => `${said(mean)} at ${deviation}`)
            .join(', ')}`,
      )
      .join('; ')}.`,
    spec: {
      ...{ title, width: 560, height: 300, data: { values } },
      encoding: { x, color },
      layer: [
        {
          mark: { type: 'rule', strokeWidth: 1.4 },
          encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } },
        },
        {
          mark: { type: 'line', strokeWidth: 1.6, point: { size: 45 } },
          encoding: { y: { ...y, field: 'mean' } },
        },
      ],
    },
  };
}

/** Figure 4. */
export const FIGURE_4: Experiment = {
  id: 'figure-4',
  title: 'Figure 4: final loss against the perturbation',
  about:
    'The paper adds noise of some standard deviation in "corrective stages" and draws the final loss against it. Ours is the rule nlr-noise, Gaussian noise on every reversal, by the trainings of Table V: where nothing is reversed, nothing is perturbed.',
  pictures: ['figure-4'],
  cells: (scope) => trainings(gridCells(GRID, readingsOf(scope), scope)),
  summarise: (scope, results) => ({
    ...{ id: 'figure-4', title: FIGURE_4.title, about: FIGURE_4.about, tables: [], verdicts: [] },
    plots: [plot(scope, results)],
    notes: ['What becomes of the claims about perturbations is with Table V.'],
  }),
};
