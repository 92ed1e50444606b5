/**
 * What a test of the loss behind a tentative step, Eq. 8, can tell from shot noise, and what steps come to: the violation
 * probability p_t, the diffusion coefficients of Theorem 1 and the exit time of Remark 1, predicted and as measured in the
 * first steps of Algorithm 1.
 */
import { Trainer, type TrainerOptions } from '../api/trainer.ts';
import { record, type Table, whole } from '../core/checks.ts';
import {
  meanRate,
  meanSquareRate,
  provenDiffusion,
  secondMoment,
  statedDiffusion,
  turningShare,
} from '../paper/theory/diffusion.ts';
import { exitSteps, remarkedExitSteps } from '../paper/theory/exit-time.ts';
import { positive, seedRead, trainerOptionsRead } from './readers.ts';

/** How steps are looked at. */
export interface StepTestOptions {
  /** What is trained, with shots. */
  readonly options: TrainerOptions;
  /** How many trainings, at least 1. */
  readonly seeds: number;
  /** Steps of each training, at least 1. */
  readonly steps: number;
  /** Of the first training, 0 to 2^53 - 1; each of the others has one more than the one before. */
  readonly seed: number;
  /** Radius of the plateau that is to be left, radians, above 0. */
  readonly radius: number;
}

const OPTIONS: Table<StepTestOptions> = {
  options: trainerOptionsRead,
  ...{ seeds: whole(1), steps: whole(1), seed: seedRead, radius: positive },
};

/** What is found. */
export interface StepTest {
  /** Shots of each circuit, M. */
  readonly shots: number;
  /** Learning rate eta. */
  readonly rate: number;
  /** Negative learning rate eta'. */
  readonly negativeRate: number;
  /** Steps that were looked at. */
  readonly looked: number;
  /** |Delta C| behind the tentative step, without shots; the median over the steps. */
  readonly change: number;
  /** Standard error of Delta C with shots; the median over the steps. */
  readonly error: number;
  /** Shots that make the change two standard errors; null where the loss does not change. */
  readonly shotsNeeded: number | null;
  /** p_t: share of the steps whose loss rose as measured with shots, 0 to 1. */
  readonly violations: number;
  /** Share of the same steps whose loss rises without shots, 0 to 1. */
  readonly exactViolations: number;
  /** eta / (eta + eta'): above it the mean signed rate is below zero. */
  readonly turning: number;
  /** The mean signed rate, (1 - p_t) eta - p_t eta'. */
  readonly meanRate: number;
  /** E|Delta theta|^2 of a step, over the parameters of the circuit. */
  readonly moment: {
    /** As the steps went. */
    readonly measured: number;
    /** By Theorem 1, with E|g|^2 of the steps of each kind. */
    readonly predicted: number;
  };
  /** Diffusion coefficients of Theorem 1, with one E|g|^2 for all steps. */
  readonly diffusion: {
    /** D of Eq. 16, with reversals. */
    readonly stated: number;
    /** D as the theorem's proof defines it: that of Eq. 16 by twice the number of parameters. */
    readonly proven: number;
    /** D of Eq. 16, with descent alone. */
    readonly descent: number;
  };
  /** Steps until a ball is left. */
  readonly exit: {
    /** R, as it was asked for. */
    readonly radius: number;
    /** R^2 / E|Delta theta|^2 as measured: where steps are independent. */
    readonly steps: number;
    /** R^2 / (2 D) of Remark 1, with D of Eq. 16. */
    readonly remarked: number;
  };
}

const mean = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((all, each) => all + each, 0) / values.length;
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];
const square = (values: Iterable<number>) => [...values].reduce((all, each) => all + each * each, 0);

/** One step with shots and the same without, from the same parameters on the same mini-batch. */
interface Look {
  readonly change: number;
  readonly error: number;
  readonly violated: boolean;
  readonly wouldRise: boolean;
  readonly gradientSquare: number;
  readonly moved: number;
}

async function looksFrom({ options, steps }: StepTestOptions, seed: number): Promise<Look[]> {
  const training = { ...options.training, rule: 'nlr', steps, seed, schedule: 'constant' } as const;
  const noisy = await Trainer.create({ ...options, training });
  // A step's mini-batch is drawn by its number: a trainer that keeps pace has the same.
  const exact = await Trainer.create({
    ...options,
    training: { ...training, shots: 'exact', displacedShots: 'same', gradient: 'adjoint', readoutError: 0 },
  });
  const looks: Look[] = [];
  const without = exact.fit()[Symbol.asyncIterator]();
  const circuit = noisy.model.circuitParameters;
  let before = noisy.parameters.slice(0, circuit);
  exact.parameters.set(noisy.parameters);
  for await (const report of noisy.fit()) {
    const { value: same, done } = await without.next();
    if (done || same === undefined) break;
    const after = noisy.parameters.slice(0, circuit);
    looks.push({
      change: Math.abs(same.lossChange ?? 0),
      error: report.lossChangeError ?? 0,
      violated: (report.lossChange ?? 0) > 0,
      wouldRise: (same.lossChange ?? 0) > 0,
      gradientSquare: square(noisy.gradient.subarray(0, circuit)),
      moved: square(after.map((value, i) => value - before[i])),
    });
    before = after;
    exact.parameters.set(noisy.parameters);
  }
  return looks;
}

/** Looks at the first steps of Algorithm 1. @throws OptionError for options without shots, and what `Trainer.create` throws */
export async function testSteps(given: StepTestOptions): Promise<StepTest> {
  const asked = record('testSteps', given, OPTIONS);
  const looks: Look[] = [];
  for (let i = 0; i < asked.seeds; i++) looks.push(...(await looksFrom(asked, asked.seed + i)));
  const { training, model } = await Trainer.create({
    ...asked.options,
    training: { ...asked.options.training, rule: 'nlr', steps: asked.steps },
  });
  const { rate, negativeRate } = training;
  const shots = training.shots === 'exact' ? 0 : training.shots;
  const [change, error] = [median(looks.map((look) => look.change)), median(looks.map((look) => look.error))];
  const violated = looks.filter((look) => look.violated);
  const p = violated.length / looks.length;
  const squares = (of: readonly Look[]) => mean(of.map((look) => look.gradientSquare));
  const predicted =
    (1 - p) * rate ** 2 * squares(looks.filter((look) => !look.violated)) +
    p * negativeRate ** 2 * squares(violated);
  const moment = secondMoment(meanSquareRate(p, rate, negativeRate ** 2), squares(looks));
  const [stated, proven] = [statedDiffusion(moment), provenDiffusion(moment, model.circuitParameters)];
  const measured = mean(looks.map((look) => look.moved));
  return {
    ...{ shots, rate, negativeRate, looked: looks.length, change, error },
    shotsNeeded: change === 0 || shots === 0 ? null : Math.ceil(shots * ((2 * error) / change) ** 2),
    violations: p,
    exactViolations: mean(looks.map((look) => Number(look.wouldRise))),
    turning: turningShare({ rate, negativeRate }),
    meanRate: meanRate(p, { rate, negativeRate }),
    moment: { measured, predicted },
    diffusion: { stated, proven, descent: statedDiffusion(secondMoment(rate ** 2, squares(looks))) },
    exit: {
      radius: asked.radius,
      steps: exitSteps(asked.radius, measured),
      remarked: remarkedExitSteps(asked.radius, stated),
    },
  };
}
