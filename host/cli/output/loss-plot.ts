/** What a training looked like, as a chart: losses with the reversals, gradient norms, and the share of violations. */
import { fixed, percent } from './format.ts';
import type { CurvePoints } from './curves.ts';

/** What is plotted. Series without points are left out. */
export interface LossPlot {
  readonly title: string;
  /** Loss of each mini-batch. */
  readonly loss: CurvePoints;
  /** Loss of the whole training set, and of the validation set. */
  readonly trainingLoss: CurvePoints;
  readonly validationLoss: CurvePoints;
  /** |grad L| and |grad <O>|. */
  readonly gradientNorm: CurvePoints;
  readonly observableNorm: CurvePoints;
  /** The share of reversed steps; above 0 where there were some. */
  readonly reversed: CurvePoints;
  /** p_t and where it turns the mean signed rate and the mean step; absent for rules that do not look back. */
  readonly violations?: {
    readonly rate: CurvePoints;
    readonly meanRateTurns: number;
    readonly meanStepTurns: number | null;
  };
  /** The step whose parameters were kept. */
  readonly best?: number;
}

const WIDTH = 640;
const [BLUE, ORANGE, GREEN, RED, PURPLE] = ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7'];

const named = (series: string, points: CurvePoints) =>
  points.map(({ step, value }) => ({ step, value, series }));

/** Colours of those series that have points, by name. */
function colours(series: readonly (readonly [name: string, colour: string, points: CurvePoints])[]) {
  const shown = series.filter(([, , points]) => points.length > 0);
  return {
    data: { values: shown.flatMap(([name, , points]) => named(name, points)) },
    color: {
      field: 'series',
      type: 'nominal',
      title: null,
      scale: { domain: shown.map(([name]) => name), range: shown.map(([, colour]) => colour) },
    },
  };
}

const step = { field: 'step', type: 'quantitative', title: 'step', axis: { format: ',d', tickMinStep: 1 } };
const value = (title: string, scale: object = { zero: false }) => ({
  ...{ field: 'value', type: 'quantitative', title, scale },
});

function lossPanel(plot: LossPlot): object {
  const reversed = plot.reversed.filter((point) => point.value > 0);
  const { data, color } = colours([
    ['mini-batch', BLUE, plot.loss],
    ['training set', GREEN, plot.trainingLoss],
    ['validation set', ORANGE, plot.validationLoss],
    ['reversed step', RED, reversed],
  ]);
  const isReversed = "datum.series === 'reversed step'";
  return {
    ...{ width: WIDTH, height: 220, data, encoding: { x: step, color } },
    layer: [
      {
        transform: [{ filter: `!(${isReversed})` }],
        mark: { type: 'line', strokeWidth: 1.5 },
        encoding: { y: value('loss') },
      },
      ...(reversed.length === 0
        ? []
        : [
            {
              transform: [{ filter: isReversed }],
              mark: { type: 'tick', orient: 'vertical', height: 8, thickness: 1 },
              encoding: { y: { value: 216 } },
            },
          ]),
      ...(plot.best === undefined
        ? []
        : [
            {
              data: { values: [{ step: plot.best }] },
              mark: { type: 'rule', strokeDash: [4, 3] },
              encoding: { x: step, color: { value: PURPLE } },
            },
            {
              data: { values: [{ step: plot.best, text: `kept: step ${plot.best}` }] },
              mark: {
                type: 'text',
                align: plot.best > 0.8 * endOf(plot) ? 'right' : 'left',
                dx: plot.best > 0.8 * endOf(plot) ? -4 : 4,
                y: 8,
              },
              encoding: { x: step, text: { field: 'text' }, color: { value: PURPLE } },
            },
          ]),
    ],
  };
}

function normPanel({ gradientNorm, observableNorm }: LossPlot): object[] {
  const all = [...gradientNorm, ...observableNorm];
  if (all.length === 0) return [];
  const { data, color } = colours([
    ['|∇L|', BLUE, gradientNorm],
    ['|∇⟨O⟩|', ORANGE, observableNorm],
  ]);
  // Norms fall by powers of ten; a zero has no place on that scale.
  const scale = all.every((point) => point.value > 0) ? { type: 'log', nice: false } : { zero: true };
  const y = { ...value('gradient norm', scale), axis: { tickCount: 4 } };
  return [
    {
      width: WIDTH,
      height: 120,
      data,
      mark: { type: 'line', strokeWidth: 1.5 },
      encoding: { x: step, y, color },
    },
  ];
}

function violationPanel({ violations }: LossPlot): object[] {
  if (violations === undefined) return [];
  const { rate, meanRateTurns, meanStepTurns } = violations;
  const end = rate.at(-1)?.step ?? 1;
  const level = (at: number): CurvePoints => [
    { step: rate[0]?.step ?? 1, value: at },
    { step: end, value: at },
  ];
  const names = {
    rate: 'share of violations p_t',
    meanRate: `mean signed rate 0: η/(η+η′) = ${percent(meanRateTurns)}`,
    meanStep: meanStepTurns === null ? '' : `mean step turns: η/(η+rη′) = ${percent(meanStepTurns)}`,
  };
  const { data, color } = colours([
    [names.rate, BLUE, rate],
    [names.meanRate, RED, level(meanRateTurns)],
    [names.meanStep, PURPLE, meanStepTurns === null ? [] : level(meanStepTurns)],
  ]);
  const dashes = { condition: { test: `datum.series !== '${names.rate}'`, value: [5, 3] }, value: [1, 0] };
  const y = { ...value('violations', { domain: [0, 1] }), axis: { format: '%', tickCount: 5 } };
  return [
    {
      ...{ width: WIDTH, height: 120, data, mark: { type: 'line', strokeWidth: 1.5 } },
      encoding: {
        x: step,
        y,
        color: { ...color, legend: { labelLimit: 400, columns: 2 } },
        detail: { field: 'series' },
        strokeDash: dashes,
      },
    },
  ];
}

const endOf = ({ loss }: LossPlot) => loss.at(-1)?.step ?? 1;

/** The chart for vega-lite. */
export function lossChart(plot: LossPlot): object {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: plot.title,
    vconcat: [lossPanel(plot), ...normPanel(plot), ...violationPanel(plot)],
    resolve: { scale: { color: 'independent' }, legend: { color: 'independent' } },
    spacing: 24,
  };
}

/** What the chart shows, in words. */
export function describePlot(plot: LossPlot): string {
  const { loss, validationLoss, violations, best } = plot;
  const ends = (what: string, points: CurvePoints) =>
    `${what} from ${fixed(points[0].value)} at step ${points[0].step} to ${fixed(points.at(-1)?.value)} at step ${points.at(-1)?.step}`;
  const reversals = plot.reversed.filter((point) => point.value > 0).length;
  return [
    loss.length > 0 ? ends('Loss of the mini-batches', loss) : 'No step was taken',
    ...(validationLoss.length > 0 ? [ends('loss of the validation set', validationLoss)] : []),
    ...(best === undefined ? [] : [`the parameters of step ${best} were kept`]),
    ...(violations === undefined
      ? []
      : [
          `share of violations ${percent(violations.rate.at(-1)?.value)} at the end, against ${percent(violations.meanRateTurns)} where the mean signed rate turns negative`,
          reversals > 0 ? 'steps that were reversed are marked' : 'no step was reversed',
        ]),
  ].join('; ');
}
