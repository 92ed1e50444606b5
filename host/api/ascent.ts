/**
 * Whether the mean step goes up or down the loss. The sign of the mean signed rate does not say: violations fall on smaller
 * gradients, so that a reversal by eta' weighs less than its rate. Measured is the product step . grad L, the change of the
 * loss by the step to first order, with a gradient that is never the one the step was made of:
 *
 *   in simulation      the exact gradient of the same mini-batch's loss, from a core of its own
 *   by the caller      a parameter shift of half the shots, measured anew: independent, so that the product has no bias by
 *                      the noise of the step (of a loss that is not linear, the gradient of few shots has one of its own)
 *
 * With step = -rate D g, D the same in every step, a = g . D grad L = -product / rate is what descent would gain, and with
 * p the share of violated steps and r = E[a | violated] / E[a | not],
 *
 *   E[product] > 0  where  p > eta / (eta + r eta'),   and   E[rate] < 0  where  p > eta / (eta + eta').
 */
import { LEAST_RATE } from '../../assembly/abi/codes.ts';
import { type LoadOptions, loadCore } from '../core/core.ts';
import { meanOf, sumOf } from '../data/sums.ts';
import { OneModel } from './one-model.ts';
import type { ResolvedModel, ResolvedTraining } from './options.ts';
import type { Ascent, StepReport } from './report.ts';
import { reversalRate } from './reversal-rate.ts';

/** How to look: with the library's own core, or another build with training. */
export type AscentOptions = boolean | Pick<LoadOptions, 'wasm'>;

/** Sums over the steps looked at, and over every model's look at them. */
interface Sums {
  steps: number;
  looks: number;
  product: number;
  rate: number;
  /** Weights by the schedule, and weighted a = g . grad L, of violated steps and of others. */
  readonly violated: { weight: number; a: number };
  readonly others: { weight: number; a: number };
}

const half = (shots: number) => Math.max(1, shots >> 1);

/** A training that measures a gradient and moves nothing to speak of. */
function lookingTraining(training: ResolvedTraining, caller: boolean): ResolvedTraining {
  return {
    ...training,
    ...{
      rule: 'sgd',
      rate: LEAST_RATE,
      negativeRate: LEAST_RATE,
      headRate: LEAST_RATE,
      schedule: 'constant',
    },
    ...{ averagedShare: 0, displacement: 'usual', blocks: 'none', lipschitz: 'usual', damping: 0 },
    ...{ engine: 'auto', workspace: 'auto', observableNorm: false, moments: false },
    gradient: caller ? 'parameter-shift' : 'adjoint',
    displacedShots: caller && training.displacedShots !== 'same' ? half(training.displacedShots) : 'same',
    shots: caller && training.shots !== 'exact' ? half(training.shots) : 'exact',
    // Looking is not charged.
    shotsBudget: 'none',
    // Not the streams of the training, for answerers that draw by what a core was told.
    seed: training.seed === 0 ? 1 : training.seed - 1,
  };
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
};

const isViolated = (lossChange: number | null) => lossChange !== null && lossChange > 0;

/** One model's second core, and where its parameters were. */
interface Look {
  readonly one: OneModel;
  before: Float64Array;
}

/** What a look at one model's step found. */
interface Found {
  readonly report: StepReport;
  readonly product: number;
}

/** Looks at the steps of some models. It reads their cores and writes nothing there, so that no bit of a training changes. */
export class AscentMeasure {
  readonly #sums: Sums = {
    ...{ steps: 0, looks: 0, product: 0, rate: 0 },
    violated: { weight: 0, a: 0 },
    others: { weight: 0, a: 0 },
  };
  /** What was found of the step under way, which is the one behind so many. */
  #found: Found[] = [];
  #behind = -1;
  /** What cores that are no longer looked with have spent. */
  readonly #spent = { evaluations: 0, shots: 0 };

  private constructor(
    readonly looks: readonly Look[],
    readonly training: ResolvedTraining,
    /** The build that is looked with, other than the library's own. */
    readonly wasm: LoadOptions['wasm'],
    before?: AscentMeasure,
  ) {
    if (before === undefined) return;
    this.#sums = before.#sums;
    this.#spent = { evaluations: before.#cost('evaluations'), shots: before.#cost('shots') };
  }

  /** Lays out a core for every model, or goes on with those of before, if they are of the same build. @throws CoreError */
  static async of(
    models: readonly OneModel[],
    model: ResolvedModel,
    training: ResolvedTraining,
    options: AscentOptions,
    before?: AscentMeasure,
  ): Promise<AscentMeasure> {
    const { wasm } = typeof options === 'boolean' ? {} : options;
    if (before !== undefined && before.wasm === wasm) return before;
    const caller = training.answerer === 'caller';
    const looks: Look[] = [];
    for (const { positive, classWeights, numeric } of models) {
      const core = await loadCore({ wasm });
      const one = OneModel.fresh(
        core,
        model,
        lookingTraining(training, caller),
        0,
        positive,
        classWeights,
        numeric,
      );
      looks.push({ one, before: new Float64Array() });
    }
    return new AscentMeasure(looks, training, wasm, before);
  }

  /** Begins to look at the step behind so many, or goes on with it where a call was aborted between two models. */
  start(behind: number): void {
    if (this.#behind === behind) return;
    this.#behind = behind;
    this.#found = [];
  }

  /** Keeps the parameters of a model before its step. */
  before(which: number, { parameters }: OneModel): void {
    (this.looks[which] as Look).before = Float64Array.from(parameters);
  }

  /** Begins to measure the gradient where a model was before the step that it has just made. @returns what to advance */
  begin(which: number, model: OneModel): OneModel {
    const { one, before } = this.looks[which] as Look;
    one.parameters.set(before);
    one.beginAs(model);
    return one;
  }

  /** Takes the product, once that is through. */
  end(which: number, model: OneModel): void {
    const { one, before } = this.looks[which] as Look;
    const moved = Float64Array.from(model.parameters, (value, i) => value - (before[i] as number));
    this.#found.push({ report: model.report(), product: dot(moved, one.gradient) });
  }

  #add({ report: { rate, decision, lossChange }, product }: Found): void {
    const sums = this.#sums;
    const violated = isViolated(lossChange);
    sums.looks += 1;
    sums.product += product;
    sums.rate += rate;
    const { rate: eta } = this.training;
    const negativeRate = this.#negativeRate;
    // The schedule's factor, which is in the product too: rate = factor eta, or -factor eta'.
    const weight =
      negativeRate === null ? 1 : Math.abs(rate) / (decision === 'reversed' ? negativeRate : eta);
    const part = violated ? sums.violated : sums.others;
    part.weight += weight;
    if (rate !== 0) part.a -= (weight * product) / rate;
  }

  /** eta' of `nlr`, whose lines these are; null of other rules, and where a step works it out. */
  get #negativeRate(): number | null {
    return this.training.rule === 'nlr' ? reversalRate(this.training) : null;
  }

  /** Gives up what is under way. */
  abandon(): void {
    for (const { one } of this.looks) one.core.abi.step_abandon();
  }

  /** What came of the step that all models have made. */
  take({ step, loss, tentativeLoss }: StepReport): Ascent {
    const found = this.#found;
    for (const each of found) this.#add(each);
    // Looks that an abort has lost are not among them; the step is one all the same.
    this.#sums.steps += 1;
    this.#behind = -1;
    const { steps, looks, product, rate, violated, others } = this.#sums;
    const tests = tentativeLoss !== null;
    const { rate: eta } = this.training;
    const negativeRate = this.#negativeRate;
    const [up, down] = [violated.a / violated.weight, others.a / others.weight];
    const ratio = negativeRate !== null && violated.weight > 0 && others.weight > 0 ? up / down : null;
    // Where descent gains nothing when it is not reversed, or a reversal loses nothing, no share turns the sign.
    const climbs = ratio === null || negativeRate === null ? null : ratio * negativeRate;
    return {
      ...{ step, loss, steps },
      product: meanOf(found.map((each) => each.product)),
      violated: tests ? found.some(({ report }) => isViolated(report.lossChange)) : null,
      meanProduct: product / looks,
      meanRate: rate / looks,
      violationRate: tests ? violated.weight / (violated.weight + others.weight) : null,
      ratio,
      thresholds: {
        rate: negativeRate === null ? null : eta / (eta + negativeRate),
        step: climbs !== null && down > 0 && eta + climbs > 0 ? eta / (eta + climbs) : null,
      },
      alarm: { rate: rate < 0, step: product > 0 },
      evaluations: this.#cost('evaluations'),
      shots: this.#cost('shots'),
    };
  }

  #cost(what: 'evaluations' | 'shots'): number {
    return this.#spent[what] + sumOf(this.looks.map(({ one }) => one.report()[what]));
  }
}
