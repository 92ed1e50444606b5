/** One training of the cost 1 - <O>, and what it comes to exactly. */
import type { Json } from '../../study/cell.ts';
import { looksAt } from '../../study/looks.ts';
import { FlatCost, product } from '../theory/flat-cost.ts';
import { type FlatTraining, flatTrainer } from '../theory/flat-training.ts';

/** A training, and how often it is looked at. */
export interface DescentInput extends FlatTraining {
  readonly looks: number;
  /** Look at |grad C|^2 too. */
  readonly norms?: boolean;
}

/** What a training came to; costs are exact. */
export interface Descent {
  readonly initial: number;
  readonly final: number;
  readonly best: number;
  /** The cost at the end without the noise that the training has; null where it has none. */
  readonly clean: number | null;
  /** Spent when the cost was half of what it was at the start, shots or else circuits; null where it never was. */
  readonly toHalf: number | null;
  readonly steps: number;
  readonly shots: number;
  readonly evaluations: number;
  readonly violations: number;
  readonly reversals: number;
  readonly meanRate: number;
  /** |theta_T - theta_0|, radians. */
  readonly moved: number;
  /** At every look; |grad C|^2 where it was asked for. */
  readonly curve: {
    readonly step: readonly number[];
    readonly spent: readonly number[];
    readonly cost: readonly number[];
    readonly square?: readonly number[];
  };
  /** Mean |grad C|^2 over the looks of the last quarter of the steps. */
  readonly tailSquare: number | null;
}

/** Trains. @returns `Descent` */
export async function descent(input: Json): Promise<Json> {
  const asked = input as unknown as DescentInput;
  const { problem, looks, norms = false, training } = asked;
  const { noise } = training;
  const trainer = await flatTrainer(asked);
  const cost = norms ? await FlatCost.of(problem) : undefined;
  const start = Float64Array.from(trainer.parameters);
  const { steps } = trainer.training;
  const squareNow = () => {
    const gradient = cost?.gradient(Float64Array.from(trainer.parameters)) ?? [];
    return product(gradient, gradient);
  };
  const initial = trainer.trainingLoss();
  const curve = { step: [0], spent: [0], cost: [initial], square: [squareNow()] };
  const when = looksAt(steps, looks);
  let next = 0;
  for await (const { step, shots, evaluations } of trainer.fit()) {
    if (step !== when[next] && !trainer.finished) continue;
    next++;
    curve.step.push(step);
    curve.spent.push(shots > 0 ? shots : evaluations);
    curve.cost.push(trainer.trainingLoss());
    curve.square.push(squareNow());
  }
  const { report } = trainer;
  if (report === undefined) throw new RangeError('there is nothing to report before the first step');
  const half = curve.cost.findIndex((value) => value <= initial / 2);
  const tail = curve.square.filter((_, i) => curve.step[i] >= 0.75 * report.step);
  const { square, ...rest } = curve;
  const found: Descent = {
    ...{ initial, final: curve.cost.at(-1) as number, best: Math.min(...curve.cost) },
    clean:
      noise === undefined ? null : (await FlatCost.of(problem)).value(Float64Array.from(trainer.parameters)),
    toHalf: half < 0 ? null : curve.spent[half],
    ...{ steps: report.step, shots: report.shots, evaluations: report.evaluations },
    ...{ violations: report.violationRate, reversals: report.reversals, meanRate: report.meanRate },
    moved: Math.hypot(...start.map((value, i) => value - trainer.parameters[i])),
    curve: norms ? curve : rest,
    tailSquare: norms ? tail.reduce((sum, value) => sum + value, 0) / tail.length : null,
  };
  return found as unknown as Json;
}
