/** What is looked at beside the losses: points, the decision surface, how the rows to test on fare. */
import type { Trainer } from '../../index.ts';
import type { Dataset } from '../../data/index.ts';
import type { Prepared } from './data.ts';
import type { Points, Standing, Surface } from './messages.ts';

/** Cells along a side of a surface. */
const SIDE = 44;

/** Rows to test on that are looked at while the race is on: more would take the time of steps. */
const MOST_TESTED = 400;

/** Least and largest of a column, with a margin of its range. */
function rangeOf(parts: readonly Dataset[], column: number): [number, number] {
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { features, rows, columns } of parts) {
    for (let i = 0; i < rows; i++) {
      least = Math.min(least, features[i * columns + column] as number);
      largest = Math.max(largest, features[i * columns + column] as number);
    }
  }
  const margin = 0.08 * (largest - least) || 1;
  return [least - margin, largest + margin];
}

/** The rows of a set of two numbers; undefined of another. */
export function pointsOf({ train, test }: Prepared): Points | undefined {
  if (train.columns !== 2 || train.shape !== undefined || train.categories?.some((each) => each))
    return undefined;
  const window = [...rangeOf([train, test], 0), ...rangeOf([train, test], 1)] as [
    number,
    number,
    number,
    number,
  ];
  const at = new Float32Array(train.features.length + test.features.length);
  at.set(train.features);
  at.set(test.features, train.features.length);
  return { at, labels: Uint8Array.from([...train.labels, ...test.labels]), trained: train.rows, window };
}

/** What a model says over the window of some points, row by row from the top. */
export function surfaceOf(
  trainer: Trainer,
  { window: [left, right, bottom, top] }: Points,
  arm: number,
): Surface {
  const rows = Array.from({ length: SIDE * SIDE }, (_, i) => [
    left + ((right - left) * ((i % SIDE) + 0.5)) / SIDE,
    top - ((top - bottom) * (Math.floor(i / SIDE) + 0.5)) / SIDE,
  ]);
  const two = trainer.classes.length === 2;
  const values = trainer
    .predict(rows)
    .map(({ probabilities, label }) => (two ? (probabilities[1] as number) : label));
  return { arm, side: SIDE, values: Float32Array.from(values) };
}

/** So many rows at most, from all over a data set: its rows may be in the order of their classes. */
function thinned(dataset: Dataset, most: number): Dataset {
  const { features, labels, rows, columns, lines: _, ...rest } = dataset;
  if (rows <= most) return dataset;
  const at = Array.from({ length: most }, (_, i) => Math.floor((i * rows) / most));
  const values = new Float64Array(most * columns);
  at.forEach((from, i) => values.set(features.subarray(from * columns, (from + 1) * columns), i * columns));
  return {
    ...rest,
    columns,
    rows: most,
    features: values,
    labels: Int32Array.from(at, (from) => labels[from] as number),
  };
}

/** How the rows to test on fare. @param whole all of them, at the end */
export function tested(
  trainer: Trainer,
  test: Dataset,
  whole: boolean,
): Pick<Standing, 'accuracy' | 'confusion'> {
  const { accuracy, confusion } = trainer.evaluate(whole ? test : thinned(test, MOST_TESTED));
  return { accuracy, confusion };
}
