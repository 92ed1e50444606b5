/** What rules come to: every training a point, and what each took. */
import type { CellResult } from '../../../study/result.ts';
import { quantilesOf } from '../../../study/spread.ts';
import { count, fixed } from '../../output/format.ts';
import {
  axisOf,
  colourOf,
  type Figure,
  LARGE,
  nameOf,
  scaleOf,
  type Shown,
  spentIn,
  spentTitle,
  WIDTH,
} from './shown.ts';

/** Height of a row for a rule, and the room beside the outermost points, pixels. */
const ROW = 34;
const PADDING = 12;

/** Letters in a line under a title. */
const LINE = 100;

const ruleAxis = ({ rules }: Shown) => ({
  field: 'rule',
  type: 'nominal',
  title: null,
  scale: { domain: rules.map(nameOf) },
  axis: { labelLimit: 320, grid: false, ticks: false, domain: false },
});

/** A value of every training, with the median of each rule. */
function strip(
  shown: Shown,
  of: (result: CellResult) => number | null,
  { title, axis }: { readonly title: string; readonly axis?: object },
): { readonly spec: object; readonly values: readonly { rule: string; seed: number; value: number }[] } {
  const values = shown.rules.flatMap((rule, place) =>
    [...rule.results].flatMap(([seed, result]) => {
      const value = of(result);
      return value === null ? [] : [{ rule: nameOf(rule), place, seed, value }];
    }),
  );
  const scale = scaleOf(
    values.map(({ value }) => value),
    PADDING,
  );
  const x = { type: 'quantitative', title, scale, axis: axis ?? axisOf(scale) };
  const y = ruleAxis(shown);
  return {
    values,
    spec: {
      ...{ width: WIDTH, height: ROW * shown.rules.length, data: { values } },
      layer: [
        {
          mark: { type: 'line', color: '#7f7f7f', opacity: 0.3, strokeWidth: 0.8 },
          encoding: {
            x: { field: 'value', ...x },
            y,
            detail: { field: 'seed' },
            order: { field: 'place' },
          },
        },
        {
          mark: { type: 'circle', size: 42, opacity: 0.7 },
          encoding: { x: { field: 'value', ...x }, y, color: { ...colourOf(shown), legend: null } },
        },
        {
          mark: { type: 'tick', thickness: 2.5, height: 22, color: '#24292f' },
          encoding: { x: { field: 'value', aggregate: 'median', ...x }, y },
        },
      ],
    },
  };
}

/** What a value comes to, in words. */
function medians(
  shown: Shown,
  values: readonly { rule: string; value: number }[],
  show: (value: number) => string,
) {
  return shown.rules
    .map((rule) => {
      const own = values.filter((each) => each.rule === nameOf(rule)).map(({ value }) => value);
      return `${nameOf(rule)} ${own.length === 0 ? 'none' : show(quantilesOf(own, [0.5])[0])}`;
    })
    .join(', ');
}

/** The final loss of every training, and the accuracy on the test set where there is one. */
export function endFigure(shown: Shown): Figure {
  const loss = strip(shown, (result) => result.loss, { title: 'loss of the training set at the end' });
  const accuracy = strip(shown, (result) => result.accuracy.test, {
    title: 'accuracy on the test set',
    axis: { format: '.1~%', tickCount: 6 },
  });
  const title = `Every training on ${shown.problem}`;
  return {
    ...{ name: 'ends', title },
    description: `A point for each seed, lines between trainings of the same seed, a stroke at the median. Loss at the end: ${medians(shown, loss.values, fixed)}.`,
    spec: {
      title,
      vconcat: [loss.spec, ...(accuracy.values.length === 0 ? [] : [accuracy.spec])],
      spacing: 24,
    },
  };
}

/** A text in lines, broken behind commas. */
function inLines(text: string): string[] {
  const lines = [''];
  for (const part of text.split(/(?<=, )/)) {
    const last = lines.length - 1;
    if (lines[last] !== '' && lines[last].length + part.length > LINE) lines.push(part);
    else lines[last] += part;
  }
  return lines.map((line) => line.trim());
}

/** What each rule took: to half of the first loss, for all trainings, and to be tuned. */
export function costFigure(shown: Shown): Figure {
  const charged = spentTitle(shown);
  const half = strip(shown, (result) => result.toHalf, {
    title: `${charged} to half of the first loss`,
    axis: LARGE,
  });
  const unit = spentIn(shown);
  const values = shown.rules.flatMap((rule) => {
    const compared = [...rule.results.values()].reduce((sum, result) => sum + result[unit], 0);
    const parts = [
      { what: 'compared', value: compared },
      { what: 'tuned', value: rule.tuning[unit] },
    ];
    return parts.filter(({ value }) => value > 0).map((part) => ({ ...part, rule: nameOf(rule) }));
  });
  const title = `What it took on ${shown.problem}`;
  const all = {
    ...{ width: WIDTH, height: ROW * shown.rules.length, data: { values } },
    mark: { type: 'bar', height: 16 },
    encoding: {
      x: { field: 'value', type: 'quantitative', title: `${charged} of all trainings`, axis: LARGE },
      y: ruleAxis(shown),
      color: {
        ...{ field: 'what', type: 'nominal', title: null },
        scale: { domain: ['compared', 'tuned'], range: ['#56b4e9', '#e69f00'] },
        legend: values.some(({ what }) => what === 'tuned') ? {} : null,
      },
      order: { field: 'what' },
    },
  };
  const never = shown.rules.filter(({ results }) =>
    [...results.values()].some(({ toHalf }) => toHalf === null),
  );
  const without = never.map((rule) => {
    const missed = [...rule.results.values()].filter(({ toHalf }) => toHalf === null).length;
    return `${nameOf(rule)} never on ${missed} of ${rule.results.size} seeds`;
  });
  return {
    ...{ name: 'cost', title },
    description: `${[`To half of the first loss: ${medians(shown, half.values, count)}`, ...without].join('; ')}.`,
    spec: {
      title: {
        text: title,
        ...(without.length > 0 && { subtitle: inLines(`to half: ${without.join(', ')}`) }),
      },
      vconcat: [...(half.values.length === 0 ? [] : [half.spec]), all],
      resolve: { scale: { color: 'independent' } },
      spacing: 24,
    },
  };
}
