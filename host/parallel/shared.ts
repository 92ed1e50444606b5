/** Data sets in memory that threads share, so that many trainings on one set copy it once. */
import { readDataset } from '../data/dataset.ts';
import type { Dataset } from '../index.ts';

function sharedReals(values: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

function sharedIntegers(values: Int32Array): Int32Array {
  const copy = new Int32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

/** Copies data sets, each of them once as long as it is in use. */
export class SharedData {
  readonly #copies = new WeakMap<Dataset, Dataset>();

  /** The same data in shared memory. Nothing may write to it. @throws OptionError, DataError */
  of(given: Dataset): Dataset {
    const known = this.#copies.get(given);
    if (known !== undefined) return known;
    const dataset = readDataset(given);
    const { features, labels, lines } = dataset;
    const copy = {
      ...dataset,
      features: sharedReals(features),
      labels: sharedIntegers(labels),
      ...(lines && { lines: sharedIntegers(lines) }),
    };
    this.#copies.set(given, copy);
    return copy;
  }
}
