/** Figures 2 and 3: the loss and the gradient norm on the way, with the reversals. */
import type { Experiment, Results, Scope } from '../experiment.ts';
import { meanOf, overReadings, said } from '../judge.ts';
import { type Reading, titleOf } from '../readings.ts';
import type { Trace } from '../runners/trace.ts';
import type { Plot, Verdict } from '../section.ts';
import { share } from '../theory/cells.ts';
import { typeset } from '../typeset.ts';
import {
  type BandPoint,
  bandOf,
  COLOUR,
  DRAWN,
  scaleOf,
  STROKE,
  thinned,
  traceCells,
  tracedReadings,
  tracedSeeds,
  tracesOf,
} from './traces.ts';

const [WIDTH, HEIGHT] = [560, 190];
const RED = '#c1121f';

/** Points of a picture at most: a norm is the mean of as many steps as it takes. */
const POINTS = 125;

type Drawn = readonly (BandPoint & { readonly training: string })[];

const STEP = {
  ...{ field: 'step', type: 'quantitative', title: 'step' },
  axis: { format: ',d' },
  scale: { nice: false },
};

/** Bands with their medians. */
function bands(values: Drawn, title: string): object[] {
  const scale = scaleOf(values.flatMap(({ low, high }) => [low, high]));
  const axis = 'type' in scale ? { tickCount: 4, format: '~g' } : { tickCount: 5 };
  return [
    {
      mark: { type: 'area', opacity: 0.16 },
      encoding: { y: { field: 'low', type: 'quantitative', title, scale, axis }, y2: { field: 'high' } },
    },
    {
      mark: { type: 'line' },
      encoding: { y: { field: 'median', type: 'quantitative', title, scale, axis }, ...STROKE },
    },
  ];
}

/** Where the first seed's NLR was reversed, as strokes below. */
function strokes(reversed: readonly number[]): object[] {
  if (reversed.length === 0) return [];
  return [
    {
      data: { values: reversed.map((step) => ({ step })) },
      mark: { type: 'tick', orient: 'vertical', height: 9, thickness: 1, color: RED },
      encoding: { x: STEP, y: { value: HEIGHT - 5 }, color: { value: RED } },
    },
  ];
}

/** A panel for each reading. */
function panels(
  scope: Scope,
  results: Results,
  title: string,
  bandsOf: (traces: readonly Trace[]) => BandPoint[],
  withReversals: boolean,
): object {
  const specs = tracedReadings(scope).map((reading) => {
    const values = DRAWN.flatMap(({ name, rule }) =>
      bandsOf(tracesOf(rule, reading, scope, results)).map((point) => ({ ...point, training: name })),
    );
    const [first] = tracesOf('nlr', reading, scope, results);
    return {
      ...{
        title: { text: typeset(titleOf(reading, scope)), fontWeight: 'normal', fontSize: 11, frame: 'group' },
        width: WIDTH,
        height: HEIGHT,
      },
      ...{ data: { values }, encoding: { x: STEP, color: COLOUR } },
      layer: [...bands(values, title), ...(withReversals ? strokes(first?.reversed ?? []) : [])],
    };
  });
  return { vconcat: specs, spacing: 18, resolve: { scale: { y: 'independent', x: 'independent' } } };
}

const lossBand = (traces: readonly Trace[]) =>
  bandOf(
    traces[0]?.step ?? [],
    traces.map(({ loss }) => loss),
  );

function normBand(traces: readonly Trace[]): BandPoint[] {
  const each = Math.max(1, Math.ceil((traces[0]?.norm.length ?? 0) / POINTS));
  const rows = traces.map(({ norm }) => thinned(norm, each));
  return bandOf(
    (rows[0] ?? []).map((_, i) => each * i + (each + 1) / 2),
    rows,
  );
}

const ends = (traces: readonly Trace[]) => meanOf(traces.map(({ loss }) => loss.at(-1) ?? null));
/** Mean norm of the last fifth of the steps. */
const lastNorm = (traces: readonly Trace[]) =>
  meanOf(
    traces.map(({ norm }) => {
      const tail = norm.slice(-Math.ceil(norm.length / 5));
      return tail.reduce((sum, value) => sum + value, 0) / tail.length;
    }),
  );
const reversedShare = (traces: readonly Trace[]) =>
  meanOf(traces.map(({ reversed, norm }) => reversed.length / norm.length));

/** A sentence a reading, from what both trainings came to. */
function readingsSay(
  scope: Scope,
  results: Results,
  say: (
    reading: Reading,
    standard: readonly Trace[],
    nlr: readonly Trace[],
  ) => { holds: boolean; number: string },
) {
  return tracedReadings(scope).map((reading) => ({
    title: reading.title,
    ...say(reading, tracesOf('sgd', reading, scope, results), tracesOf('nlr', reading, scope, results)),
  }));
}

/** What the curves of all readings are, for who does not see them. */
const described = (scope: Scope, results: Results, of: (traces: readonly Trace[]) => number) =>
  readingsSay(scope, results, (_, standard, nlr) => ({
    holds: true,
    number: `standard ${said(of(standard))}, NLR ${said(of(nlr))}`,
  }))
    .map(({ title, number }) => `${title}: ${number}`)
    .join('; ');

function lossPlot(scope: Scope, results: Results): Plot {
  const title = 'Figure 2: training loss';
  return {
    ...{ name: 'figure-2', title },
    description: `Exact loss of the whole training set, median and middle half of ${tracedSeeds(scope).length} seeds; red strokes are reversals of the first seed. At the end, ${described(scope, results, ends)}.`,
    spec: { title, ...panels(scope, results, 'training loss', lossBand, true) },
  };
}

function normPlot(scope: Scope, results: Results): Plot {
  const title = 'Figure 3: gradient norm';
  return {
    ...{ name: 'figure-3', title },
    description: `|grad L| as it is measured, median and middle half of ${tracedSeeds(scope).length} seeds; red strokes are reversals of the first seed. Over the last fifth of the steps, ${described(scope, results, lastNorm)}.`,
    spec: { title, ...panels(scope, results, '|∇L|', normBand, true) },
  };
}

function lossVerdict(scope: Scope, results: Results): Verdict {
  return overReadings(
    { id: 'figure-2', scope, results },
    { claim: 'NLR goes on descending where standard training stagnates', where: 'Fig. 2, section V.D' },
    readingsSay(scope, results, (_, standard, nlr) => ({
      holds: ends(nlr) < 0.98 * ends(standard),
      number: `final loss standard ${said(ends(standard))}, NLR ${said(ends(nlr))}, ${share(reversedShare(nlr))} of its steps reversed`,
    })),
  );
}

function normVerdicts(scope: Scope, results: Results): Verdict[] {
  const court = { id: 'figure-3', scope, results };
  return [
    overReadings(
      court,
      {
        claim: 'the gradient norm of standard training falls to nearly zero within a few hundred steps',
        where: 'Fig. 3',
      },
      readingsSay(scope, results, (_, standard) => {
        const first = meanOf(standard.map(({ norm }) => norm[0]));
        return {
          holds: lastNorm(standard) < 0.1 * first,
          number: `from ${said(first)} to ${said(lastNorm(standard))}`,
        };
      }),
    ),
    overReadings(
      court,
      {
        claim: 'NLR keeps larger gradients by its reversals and gets off the plateau with them',
        where: 'Fig. 3, section V.D',
      },
      readingsSay(scope, results, (_, standard, nlr) => ({
        holds: lastNorm(nlr) > 1.05 * lastNorm(standard) && ends(nlr) < ends(standard),
        number: `standard ${said(lastNorm(standard))} at loss ${said(ends(standard))}, NLR ${said(lastNorm(nlr))} at loss ${said(ends(nlr))}`,
      })),
    ),
  ];
}

/** Figure 2. */
export const FIGURE_2: Experiment = {
  id: 'figure-2',
  title: 'Figure 2: convergence',
  about:
    'The paper shows the training loss of standard training, which stagnates, and of NLR, which goes on. Ours are of the synthetic set in each reading.',
  pictures: ['figure-2'],
  cells: traceCells,
  summarise: (scope, results) => ({
    ...{ id: 'figure-2', title: FIGURE_2.title, about: FIGURE_2.about, tables: [], notes: [] },
    plots: [lossPlot(scope, results)],
    verdicts: [lossVerdict(scope, results)],
  }),
};

/** Figure 3. */
export const FIGURE_3: Experiment = {
  id: 'figure-3',
  title: 'Figure 3: gradient norms',
  about:
    'The paper shows the gradient norm of standard training, which falls, and of NLR, which recovers now and then. Ours are |grad L| of the mini-batch in each reading.',
  pictures: ['figure-3'],
  cells: traceCells,
  summarise: (scope, results) => ({
    ...{ id: 'figure-3', title: FIGURE_3.title, about: FIGURE_3.about, tables: [] },
    plots: [normPlot(scope, results)],
    verdicts: normVerdicts(scope, results),
    notes: [
      'The gradient of a squared error is larger where the loss is: a norm that stays large beside a loss that does not fall is no sign of progress.',
    ],
  }),
};
