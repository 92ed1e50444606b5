/** Outcomes of every cell of the report, made up from what the cell is: all differ, none is run, and none is another on another engine. */
import type { Results } from '../../../host/paper/experiment.ts';
import { canonical, type Cell, type Json } from '../../../host/study/cell.ts';
import type { CellResult } from '../../../host/study/result.ts';
import { ANSWERS, type World } from './theory/worlds.ts';

/** A share of 1 that a text decides (FNV-1a). */
export function shareOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash / 2 ** 32;
}

/** The same data with its broken numbers up to a tenth larger or smaller, by a text and their places. */
function varied(value: unknown, text: string): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : value * (0.9 + 0.2 * shareOf(text));
  if (Array.isArray(value)) return value.map((each, i) => varied(each, `${text} ${i}`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, varied(each, `${text} ${key}`)]),
  );
}

/** A training: reversing is good or bad, each setting, model and seed has its own luck. */
function trained(cell: Cell, world: World): CellResult {
  const isReversing = cell.rule.startsWith('nlr');
  const luck = shareOf(
    canonical([cell.problem as unknown as Json, cell.rule, cell.setting as unknown as Json]),
  );
  const loss = (isReversing === (world === 'as it is') ? 0.5 : 0.3) * (0.6 + 0.8 * luck) + 0.01 * cell.seed;
  const made = {
    ...{ initialLoss: 0.91, loss, best: 0.97 * loss, auc: 1.2 * loss, toHalf: 3000, lossTest: 1.1 * loss },
    accuracy: { train: 0.99 - 0.5 * loss, test: 0.95 - 0.5 * loss },
    ...{ steps: 10, evaluations: 1000, shots: 1_000_000, reversals: isReversing ? 4 : 0 },
    ...{ violationRate: 0.25, meanRate: 0.012, gradientNorm: { loss: 0.11, observable: 0.23 } },
    trace: '0',
    curve: {
      ...{ step: [0, 5, 10], evaluations: [0, 500, 1000], shots: [0, 500_000, 1_000_000] },
      ...{ loss: [0.91, 0.7, loss], batchLoss: [null, 0.71, 0.61], gradientNorm: [null, 0.33, 0.11] },
      ...{ observableNorm: [null, 0.41, 0.23], violationRate: [0, 0.21, 0.25], reversals: [0, 2, 4] },
      meanRate: [0.01, 0.011, 0.012],
    },
  };
  return varied(made, canonical([cell.seed, cell.rule, cell.setting as unknown as Json])) as CellResult;
}

/** What else may be asked for. */
const OTHERS: Readonly<Record<string, (world: World) => object>> = {
  growth: (world) => ({
    ...{ loss: world === 'as it is' ? 0.41 : 0.61, accuracy: { train: 0.81, test: 0.79 } },
    gradientNorm: { loss: 0.12, observable: 0.24 },
    ...{
      reversals: 3,
      steps: 100,
      shots: 2_000_000,
      evaluations: 64_000,
      curve: { gradientNorm: [null, 0.31] },
    },
  }),
  cost: () => ({ circuits: 64, shots: 64_000, gates: 879 }),
};

/** All that is known in a world. */
export const madeUp = (world: World): Results => ({
  has: () => true,
  training: (cell) => trained(cell, world),
  value({ runner, input }) {
    const answer = runner in OTHERS ? OTHERS[runner](world) : ANSWERS[runner](input as never, world);
    return varied(answer, `${runner} ${canonical(input)}`) as Json;
  },
});
