/** Small data sets and files for the tests of the library. */
import { crc32, unpackContainer } from '../../host/files/container.ts';
import { type Dataset, type ModelOptions, Trainer, type TrainingOptions } from '../../host/index.ts';

/** Well separated rows of three columns, row i of class i mod the number of classes. */
export function rowsOf(classes: readonly string[], rows = 12): Dataset {
  const features = Float64Array.from({ length: 3 * rows }, (_, k) => {
    const [i, column] = [Math.floor(k / 3), k % 3];
    return (i % classes.length === column ? 3 : 0.2) + 0.05 * Math.sin(k + 1);
  });
  const labels = Int32Array.from({ length: rows }, (_, i) => i % classes.length);
  return { features, rows, columns: 3, labels, classes, name: 'rows.csv' };
}

/** A model for them. */
export const MODEL: ModelOptions = { qubits: 2, features: 3, layers: 2 };

/** Short training. */
export const TRAINING: TrainingOptions = { steps: 6, batch: 4 };

/** A trainer on two classes, or on three with one model each. */
export function trainerOf(
  training: TrainingOptions = TRAINING,
  oneVsRest = false,
  model = MODEL,
): Promise<Trainer> {
  const dataset = rowsOf(oneVsRest ? ['a', 'b', 'c'] : ['no', 'yes']);
  return Trainer.create({ model, training, dataset, oneVsRest });
}

/** Trains to the end, or to a step. */
export async function finish(trainer: Trainer, until?: number): Promise<Trainer> {
  for await (const _ of trainer.fit({ until }));
  return trainer;
}

/** A file whose description is another one, and whose checksum is right. */
export function withDescription(
  file: Uint8Array,
  change: (description: Record<string, unknown>) => object,
): Uint8Array {
  const { images, description } = unpackContainer(file, 'file');
  const json = new TextEncoder().encode(JSON.stringify(change(description as Record<string, unknown>)));
  const head = images.reduce((sum, { length }) => sum + length, 0);
  const changed = new Uint8Array(head + json.length + 16);
  changed.set(file.subarray(0, head));
  changed.set(json, head);
  changed.set(file.subarray(file.length - 16), head + json.length);
  const view = new DataView(changed.buffer);
  view.setUint32(head + json.length, json.length, true);
  const checksum = crc32(changed.subarray(-4), crc32(changed.subarray(0, -8)));
  view.setUint32(changed.length - 8, checksum, true);
  return changed;
}
