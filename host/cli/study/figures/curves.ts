/** How rules fare on the way: losses and gradient norms by what was spent. */
import type { Curve } from '../../../study/result.ts';
import { fixed } from '../../output/format.ts';
import { type BandPoint, bandOf } from './bands.ts';
import {
  axisOf,
  colourOf,
  dashOf,
  endsFarApart,
  type Figure,
  LARGE,
  nameOf,
  scaleOf,
  type Shown,
  spentIn,
  spentTitle,
  WIDTH,
} from './shown.ts';

/** A band with the name of its rule. */
type Drawn = readonly (BandPoint & { readonly rule: string })[];

/** The bands of all rules. */
function bandsOf(shown: Shown, y: (curve: Curve) => readonly (number | null)[]): Drawn {
  const x = spentIn(shown);
  return shown.rules.flatMap((rule) => {
    const curves = [...rule.results.values()].map(({ curve }) => ({ x: curve[x], y: y(curve) }));
    return bandOf(curves).map((point) => ({ ...point, rule: nameOf(rule) }));
  });
}

/** A panel of bands with their medians. */
function panel(
  shown: Shown,
  values: Drawn,
  { title, height }: { readonly title: string; readonly height: number },
): object {
  const scale = scaleOf(values.flatMap(({ low, high }) => [low, high]));
  // Where they start has no place among powers of ten.
  const apart = endsFarApart(shown);
  const xScale = apart ? { type: 'log', nice: false } : {};
  const x = { field: 'x', type: 'quantitative', title: spentTitle(shown), axis: LARGE, scale: xScale };
  const color = colourOf(shown);
  return {
    ...{ width: WIDTH, height, data: { values: apart ? values.filter((point) => point.x > 0) : values } },
    encoding: { x, color },
    layer: [
      {
        mark: { type: 'area', opacity: 0.18 },
        encoding: {
          y: { field: 'low', type: 'quantitative', title, scale, axis: axisOf(scale) },
          y2: { field: 'high' },
        },
      },
      {
        mark: { type: 'line', strokeWidth: 1.8 },
        encoding: { y: { field: 'median', type: 'quantitative', title, scale }, ...dashOf(shown) },
      },
    ],
  };
}

/** What each rule came to, in words. */
function ends(shown: Shown, values: Drawn): string {
  return shown.rules
    .map((rule) => {
      const own = values.filter((point) => point.rule === nameOf(rule));
      return own.length === 0
        ? `${nameOf(rule)} has no value`
        : `${nameOf(rule)} from ${fixed(own[0].median)} to ${fixed(own.at(-1)?.median)}`;
    })
    .join(', ');
}

/** The loss of the whole training set. */
export function lossFigure(shown: Shown): Figure {
  const values = bandsOf(shown, ({ loss }) => loss);
  const title = `Loss of the training set on ${shown.problem}`;
  return {
    ...{ name: 'loss', title },
    description: `Median over the seeds, with the middle half, by ${spentTitle(shown)}: ${ends(shown, values)}.`,
    spec: { title, ...panel(shown, values, { title: 'loss, median and quartiles', height: 300 }) },
  };
}

/** Both gradient norms. */
export function normFigure(shown: Shown): Figure {
  const loss = bandsOf(shown, ({ gradientNorm }) => gradientNorm);
  const observable = bandsOf(shown, ({ observableNorm }) => observableNorm);
  const title = `Gradient norms on ${shown.problem}`;
  const height = 180;
  const panels = [
    panel(shown, loss, { title: '|∇L|', height }),
    ...(observable.length === 0 ? [] : [panel(shown, observable, { title: '|∇⟨O⟩|', height })]),
  ];
  return {
    ...{ name: 'gradient-norms', title },
    description: `Medians over the seeds, with the middle half, of the loss: ${ends(shown, loss)}; of the observable: ${ends(shown, observable)}.`,
    spec: { title, vconcat: panels, spacing: 20 },
  };
}
