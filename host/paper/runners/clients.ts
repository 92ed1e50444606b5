/** Clients that train on the global cost of section III-A together. */
import { makeData } from '../../data/sets/catalogue.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { TrainingOptions } from '../../index.ts';
import { PAPER } from '../../index.ts';
import type { Json } from '../../study/cell.ts';
import { GlobalTraining } from '../global-cost.ts';

/** What is trained. */
export interface ClientsInput {
  readonly clients: number;
  /** Whether every client has as much of either class, or the first half of them 9 tenths of one and the others of the other. */
  readonly alike: boolean;
  readonly training: TrainingOptions;
  /** Distance of the two Gaussians' means in standard deviations. */
  readonly separation: number;
  readonly rows: number;
}

/** What it came to. */
export interface ClientsResult {
  /** C over all data, exactly. */
  readonly initial: number;
  readonly final: number;
  readonly reversals: number;
  readonly steps: number;
  readonly shots: number;
  readonly evaluations: number;
}

/** Rows dealt out to clients in turn, or in runs. */
function dealt(dataset: Dataset, count: number, order: readonly number[]): Dataset[] {
  const { columns, features, labels } = dataset;
  const each = Math.ceil(order.length / count);
  return Array.from({ length: count }, (_, k) => {
    const rows = order.slice(k * each, (k + 1) * each);
    return {
      ...dataset,
      rows: rows.length,
      features: Float64Array.from(
        rows.flatMap((row) => [...features.subarray(row * columns, (row + 1) * columns)]),
      ),
      labels: Int32Array.from(rows, (row) => labels[row]),
    };
  });
}

/** Trains. @returns `ClientsResult` */
export async function clients(input: Json): Promise<Json> {
  const { clients: count, alike, training, separation, rows } = input as unknown as ClientsInput;
  const { train } = await makeData('gaussians', { rows, dimensions: 8, separation, seed: training.seed });
  const order = Array.from({ length: train.rows }, (_, row) => row);
  const side = (row: number) => (row % 10 === 0 ? 1 - train.labels[row] : train.labels[row]);
  if (!alike) order.sort((a, b) => side(a) - side(b) || a - b);
  const all = await GlobalTraining.create({
    model: PAPER.model,
    training,
    clients: dealt(train, count, order),
  });
  const initial = all.cost;
  let reversals = 0;
  for (let step = 0; step < all.steps; step++) reversals += Number((await all.step()).reversed);
  const found: ClientsResult = { initial, final: all.cost, reversals, steps: all.steps, ...all.spent };
  return found as unknown as Json;
}
