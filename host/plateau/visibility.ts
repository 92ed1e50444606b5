/** Whether an observable can see the data, and whether the data tell their classes apart, before anything is trained. */
import { lightCone } from '../api/light-cone.ts';
import type { ResolvedModel } from '../api/options.ts';
import { type Dataset, readDataset } from '../data/dataset.ts';
import type { Derivatives } from './derivatives.ts';
import { resolvedRead } from './readers.ts';

/** What of the data an observable sees. */
export interface Visibility {
  /** Qubits that hold the data at the start, or features that turn gates. */
  readonly of: 'qubits' | 'features';
  /** How many of them there are. */
  readonly all: number;
  /** How many of them are in the light cone of an observable. */
  readonly seen: number;
  /** The variance of f over rows, mean over starts: 0 where the model answers alike whatever it is given. */
  readonly spread: number;
}

/** Two classes, as the circuit is given them. */
export interface ClassPair {
  /** Names of the two, the one with the lower index first. */
  readonly classes: readonly [string, string];
  /** Cosine of the angle between the means of the normalised rows. */
  readonly cosine: number;
  /** Mean |<x|y>|^2 over pairs of rows, one of each class, 64 a class at most. */
  readonly between: number;
  /** The same over pairs of rows of one class, mean of both classes. */
  readonly within: number;
  /** Means point away from one another, and the states are as alike as those of one class: x and -x are one state. */
  readonly antipodal: boolean;
}

/** Rows of a class that are compared, at most. */
const MOST_ROWS = 64;

/** Starts at which the spread over rows is looked at, and rows. */
const STARTS = 8;
const SPREAD_ROWS = 24;

/** Qubits that amplitude encoding of `features` numbers touches: the last ones. */
function dataQubits(qubits: number, features: number): number {
  const used = Math.max(1, Math.ceil(Math.log2(features)));
  return ((1 << used) - 1) << (qubits - used);
}

const bits = (mask: number) => [...mask.toString(2)].filter((bit) => bit === '1').length;
const mean = (values: readonly number[]) => values.reduce((all, each) => all + each, 0) / values.length;

/** What the model's observables see of its data. @throws CoreError */
export function visibilityOf(derivatives: Derivatives): Visibility {
  const { model } = derivatives;
  const { features, start } = lightCone(model);
  const rows = Math.min(derivatives.rows, SPREAD_ROWS);
  const spreads: number[] = [];
  for (let draw = 0; draw < STARTS; draw++) {
    const parameters = derivatives.parameters(draw);
    for (let output = 0; output < Math.min(model.observables.length, 4); output++) {
      const values = Array.from({ length: rows }, (_, row) => derivatives.at(parameters, row, output).value);
      const centre = mean(values);
      spreads.push(mean(values.map((value) => (value - centre) ** 2)));
    }
  }
  const spread = mean(spreads);
  if (model.encoding !== 'amplitude') {
    const { all, unseen } = features;
    return { of: 'features', all: all.length, seen: all.length - unseen.length, spread };
  }
  const held = dataQubits(model.qubits, model.features);
  return { of: 'qubits', all: bits(held), seen: bits(held & start), spread };
}

/** Normalised rows of a class. */
function rowsOf({ features, labels, columns }: Dataset, label: number): Float64Array[] {
  const places = [...labels.keys()].filter((i) => labels[i] === label).slice(0, MOST_ROWS);
  return places.map((i) => {
    const row = features.slice(i * columns, (i + 1) * columns);
    const norm = Math.hypot(...row) || 1;
    return row.map((value) => value / norm);
  });
}

const dot = (one: Float64Array, other: Float64Array) =>
  one.reduce((all, value, i) => all + value * other[i], 0);
const centre = (rows: readonly Float64Array[]) =>
  Float64Array.from({ length: rows[0].length }, (_, i) => mean(rows.map((row) => row[i])));

/** Mean |<x|y>|^2 over pairs, those of a row with itself left out. */
function overlap(one: readonly Float64Array[], other: readonly Float64Array[]): number {
  const pairs = one.flatMap((x) => other.flatMap((y) => (x === y ? [] : dot(x, y) ** 2)));
  return pairs.length === 0 ? 1 : mean(pairs);
}

/**
 * How classes lie to one another as amplitude encoding sees them.
 * @param given as the model sees it
 * @throws OptionError, DataError
 * @returns a pair for each two classes, none for another encoding, and none where numbers are predicted
 */
export function classPairs(model: ResolvedModel, given: Dataset): ClassPair[] {
  const { encoding } = resolvedRead(model, 'the model');
  const dataset = readDataset(given);
  if (encoding !== 'amplitude' || dataset.targets !== undefined) return [];
  const rows = dataset.classes.map((_, label) => rowsOf(dataset, label));
  return dataset.classes.flatMap((name, i) =>
    dataset.classes.slice(0, i).flatMap((against, j) => {
      if (rows[i].length === 0 || rows[j].length === 0) return [];
      const [one, other] = [centre(rows[i]), centre(rows[j])];
      const norms = Math.sqrt(dot(one, one) * dot(other, other));
      const cosine = norms === 0 ? 0 : dot(one, other) / norms;
      const between = overlap(rows[i], rows[j]);
      const within = (overlap(rows[i], rows[i]) + overlap(rows[j], rows[j])) / 2;
      const antipodal = cosine < -0.5 && between > 0.9 * within;
      return [{ classes: [against, name] as const, cosine, between, within, antipodal }];
    }),
  );
}
