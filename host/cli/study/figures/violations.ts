/** Rules that reverse: how often the loss rose, against the lines where signs turn, and how often the step was reversed. */
import { resolveTraining } from '../../../api/options.ts';
import { quantilesOf } from '../../../study/spread.ts';
import { percent } from '../../output/format.ts';
import { looksBack } from '../../training/result.ts';
import { bandOf } from './bands.ts';
import { colourOf, type Figure, legendOf, nameOf, type Shown, type ShownRule, WIDTH } from './shown.ts';

const [BLUE, RED, PURPLE] = ['#0072b2', '#d55e00', '#8b5a9f'];

const step = { field: 'x', type: 'quantitative', title: 'step', axis: { format: ',d', tickMinStep: 1 } };

/** The rules that look at the loss behind their tentative step. */
const lookingBack = ({ rules }: Shown) =>
  rules.filter(({ rule, results }) => looksBack(rule) && results.size > 0);

/** Where p_t turns the sign of the mean signed rate, and that of the mean step as far as it was measured. */
function linesOf({ rule, setting, results }: ShownRule): { rate: number; step: number | null } {
  const { rate, negativeRate } = resolveTraining({ ...setting, rule });
  const steps = [...results.values()].flatMap(({ ascent }) => ascent?.step ?? []);
  const [median] = steps.length === 0 ? [null] : quantilesOf(steps, [0.5]);
  return { rate: rate / (rate + negativeRate), step: median };
}

/** p_t of a rule, with its lines. */
function panel(rule: ShownRule): { readonly spec: object; readonly sentence: string } {
  const band = bandOf(
    [...rule.results.values()].map(({ curve }) => ({
      x: curve.step.slice(1),
      y: curve.violationRate.slice(1),
    })),
  );
  const lines = linesOf(rule);
  const names = {
    share: `p_t of ${nameOf(rule)}`,
    rate: `η/(η+η′) = ${percent(lines.rate)}: mean rate turns`,
    step: `η/(η+rη′) = ${percent(lines.step)}: mean step turns`,
  };
  const ends = [band[0]?.x ?? 0, band.at(-1)?.x ?? 1];
  const level = (series: string, at: number) => ends.map((x) => ({ x, median: at, series }));
  const values = [
    ...band.map((point) => ({ ...point, series: names.share })),
    ...level(names.rate, lines.rate),
    ...(lines.step === null ? [] : level(names.step, lines.step)),
  ];
  const domain = [names.share, names.rate, ...(lines.step === null ? [] : [names.step])];
  const color = {
    ...{ field: 'series', type: 'nominal', title: null, sort: domain },
    scale: { domain, range: [BLUE, RED, PURPLE].slice(0, domain.length) },
    legend: legendOf(domain),
  };
  const y = {
    type: 'quantitative',
    title: 'violations',
    scale: { domain: [0, 1] },
    axis: { format: '%', tickCount: 5 },
  };
  const isShare = `datum.series === '${names.share.replaceAll("'", "\\'")}'`;
  const dash = { condition: { test: isShare, value: [1, 0] }, value: [5, 3] };
  return {
    spec: {
      ...{ width: WIDTH, height: 160, data: { values }, encoding: { x: step, color } },
      layer: [
        {
          transform: [{ filter: isShare }],
          mark: { type: 'area', opacity: 0.18 },
          encoding: { y: { field: 'low', ...y }, y2: { field: 'high' } },
        },
        {
          mark: { type: 'line', strokeWidth: 1.8 },
          encoding: { y: { field: 'median', ...y }, strokeDash: dash, detail: { field: 'series' } },
        },
      ],
    },
    sentence: `${nameOf(rule)} ends at ${percent(band.at(-1)?.median)}, against ${percent(lines.rate)} where the mean signed rate turns and ${percent(lines.step)} where the mean step does`,
  };
}

/** p_t against both lines, a panel a rule; undefined where no rule looks back. */
export function violationFigure(shown: Shown): Figure | undefined {
  const panels = lookingBack(shown).map(panel);
  if (panels.length === 0) return undefined;
  const title = `Share of steps whose loss rose, on ${shown.problem}`;
  return {
    ...{ name: 'violations', title },
    description: `Medians over the seeds, with the middle half: ${panels.map(({ sentence }) => sentence).join('; ')}.`,
    spec: {
      title,
      vconcat: panels.map(({ spec }) => spec),
      resolve: { scale: { color: 'independent' }, legend: { color: 'independent' } },
      spacing: 20,
    },
  };
}

/** Reversals so far; undefined where no rule looks back. */
export function reversalFigure(shown: Shown): Figure | undefined {
  const rules = lookingBack(shown);
  if (rules.length === 0) return undefined;
  const bands = rules.map((rule) => ({
    rule,
    band: bandOf([...rule.results.values()].map(({ curve }) => ({ x: curve.step, y: curve.reversals }))),
  }));
  const values = bands.flatMap(({ rule, band }) => band.map((point) => ({ ...point, rule: nameOf(rule) })));
  const title = `Reversals on ${shown.problem}`;
  const y = { type: 'quantitative', title: 'reversals so far', axis: { tickMinStep: 1, tickCount: 5 } };
  return {
    ...{ name: 'reversals', title },
    description: `Medians over the seeds, with the middle half: ${bands
      .map(({ rule, band }) => `${nameOf(rule)} ${band.at(-1)?.median ?? 0} of ${band.at(-1)?.x ?? 0} steps`)
      .join(', ')}.`,
    spec: {
      ...{ title, width: WIDTH, height: 200, data: { values } },
      encoding: { x: step, color: colourOf(shown, rules) },
      layer: [
        {
          mark: { type: 'area', opacity: 0.18 },
          encoding: { y: { field: 'low', ...y }, y2: { field: 'high' } },
        },
        { mark: { type: 'line', strokeWidth: 1.8 }, encoding: { y: { field: 'median', ...y } } },
      ],
    },
  };
}
