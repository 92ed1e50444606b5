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
  readonly seeds: number;
  /** Steps from each seed. */
  readonly steps: number;
  readonly seed: number;
  /** Radius of the plateau that is to be left, radians. */
  readonly radius: number;
}

const OPTIONS: Table<StepTestOptions> = {
  options: trainerOptionsRead,
  ...{ seeds: whole(1), steps: whole(1), seed: seedRead, radius: positive },
};

/** What is found. */
export interface StepTest {
  readonly shots: number;
  readonly rate: number;
  readonly negativeRate: number;
  /** Steps that were looked at. */
  readonly looked: number;
  /** Medians over the steps: |Delta C| of the step without shots, and its standard error with them. */
  readonly change: number;
  readonly error: number;
  /** Shots that make the change two standard errors; null where the loss does not change. */
  readonly shotsNeeded: number | null;
  /** p_t with shots, and of the same steps without. */
  readonly violations: number;
  readonly exactViolations: number;
  /** eta / (eta + eta'): above it the mean signed rate is below zero. */
  readonly turning: number;
  readonly meanRate: number;
  /** E|Delta theta|^2 as measured, and by Theorem 1 with E|g|^2 of the steps of each kind. */
  readonly moment: { readonly measured: number; readonly predicted: number };
  /** D of Eq. 16, and as the theorem's proof defines it; with reversals, and with descent alone. */
  readonly diffusion: {
    readonly stated: number;
    readonly proven: number;
    readonly descent: number;
  };
  /** Steps out of the ball if steps were independent, R^2 / E|Delta theta|^2, and what Remark 1 says, R^2 / (2 D). */
  readonly exit: { readonly radius: number; readonly steps: number; readonly remarked: number };
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
