/** Var(df) over the number of qubits and of layers, and what it says about larger ones. */
import { type ModelOptions, resolveModel } from '../api/options.ts';
import { record, type Table } from '../core/checks.ts';
import { CoreError, OptionError } from '../core/errors.ts';
import { type Dataset, readDataset } from '../data/dataset.ts';
import { drawsRead, positive, seedRead } from './readers.ts';
import { type GradientVariance, gradientVariance } from './variance.ts';

/** A size that was looked at. */
export type ScannedSize = Pick<GradientVariance, 'mean' | 'standardError' | 'parameters' | 'active'> & {
  /** Qubits of the circuit. */
  readonly qubits: number;
  /** Layers of the circuit. */
  readonly layers: number;
};

/** What sizes say. */
export interface Scan {
  /** By the number of qubits, at the model's layers. */
  readonly byQubits: readonly ScannedSize[];
  /** By the number of layers, at the model's qubits. */
  readonly byLayers: readonly ScannedSize[];
  /** The slope of log2 Var(df) by qubits: -1 is a halving with each, as in a deep circuit; null with fewer than three sizes. */
  readonly slope: number | null;
  /** Qubits from which on Var(df) is below the shot floor, on that line; null where it falls slower than `EXPONENTIAL`, or not below 60 qubits. */
  readonly crossing: number | null;
}

/** Qubits that are looked at, at most: a gradient of more takes too long. */
const MOST_QUBITS = 12;

/** Gates that all draws of a size may take together, in amplitudes. */
const MOST_WORK = 2e8;

/** The slope from which on a fall counts as exponential in the number of qubits: a line is no law for others. */
export const EXPONENTIAL = -0.7;

/** How it is looked at. */
export interface ScanOptions {
  /** Starts of each size at most, 20 to 1,000,000: fewer where a size takes too long. */
  readonly draws: number;
  /** Of the starts, 0 to 2^53 - 1. */
  readonly seed: number;
  /** The variance that sizes are held against, above 0: that of `shotFloor`. */
  readonly floor: number;
}

const OPTIONS: Table<ScanOptions> = { draws: drawsRead(20), seed: seedRead, floor: positive };

const least = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);

/** The least-squares line through some points. */
function line(points: readonly (readonly [x: number, y: number])[]): { slope: number; at0: number } {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((all, point) => all + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point[0]), mean((point) => point[1])];
  const slope = mean((point) => (point[0] - x) * (point[1] - y)) / mean((point) => (point[0] - x) ** 2);
  return { slope, at0: y - slope * x };
}

/**
 * Looks at other sizes of a built-in circuit; of one's own there are none.
 * @param given as the model sees it
 * @throws OptionError, DataError, CoreError
 */
export async function scanSizes(
  model: ModelOptions,
  given: Dataset,
  options: ScanOptions,
): Promise<Scan | undefined> {
  const { draws, seed, floor } = record('scanSizes', options, OPTIONS);
  const dataset = readDataset(given);
  const { layers, qubits } = resolveModel(model);
  if (layers === undefined) return undefined;
  const size = async (change: { qubits?: number; layers?: number }): Promise<ScannedSize[]> => {
    const changed = { ...model, ...change };
    try {
      const { circuit, qubits: n, layers: l = 0 } = resolveModel(changed);
      const affordable = Math.min(draws, Math.floor(MOST_WORK / (6 * circuit.length * 2 ** n)));
      if (affordable < 20) return [];
      const found = await gradientVariance(changed, dataset, { draws: affordable, seed });
      const { mean, standardError, parameters, active } = found;
      return [{ qubits: n, layers: l, mean, standardError, parameters, active }];
    } catch (error) {
      // Not every size goes with the encoding, the layout and the observable.
      if (error instanceof OptionError || error instanceof CoreError) return [];
      throw error;
    }
  };
  const [byQubits, byLayers]: [ScannedSize[], ScannedSize[]] = [[], []];
  const widths = [2, 3, 4, 6, 8, 10, qubits, qubits + 2].filter((n) => n <= Math.max(MOST_QUBITS, qubits));
  for (const n of least(widths)) byQubits.push(...(await size({ qubits: n })));
  for (const l of least([1, 2, 3, layers, 2 * layers, 4 * layers]))
    byLayers.push(...(await size({ layers: l })));
  const points = byQubits
    .filter(({ mean }) => mean > 0)
    .map(({ qubits: n, mean }) => [n, Math.log2(mean)] as const);
  if (points.length < 3) return { byQubits, byLayers, slope: null, crossing: null };
  const { slope, at0 } = line(points);
  const crossing =
    slope < EXPONENTIAL ? Math.ceil((Math.log2(floor) - at0) / slope) : Number.POSITIVE_INFINITY;
  return { byQubits, byLayers, slope, crossing: crossing < 60 ? Math.max(crossing, 1) : null };
}
