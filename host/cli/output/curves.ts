/** What a training looked like on its way: the series that the curves are drawn from. */
import type { StepReport } from '../../api/report.ts';
import { isThinnedState, Thinned, type ThinnedState } from './thinned.ts';

/** A number by step, in the order of steps. */
export type CurvePoints = readonly { readonly step: number; readonly value: number }[];

/** Plain data that carries curves through a checkpoint. */
export interface CurvesState {
  readonly steps: ThinnedState;
  readonly trainingLoss: ThinnedState;
  readonly validationLoss: ThinnedState;
}

/** What is kept of each step, in this order. */
const KEPT = ['loss', 'gradientNorm', 'observableNorm', 'reversed', 'violationRate'] as const;

/** Whether a value from a file is the state of curves. */
export function isCurvesState(value: unknown): value is CurvesState {
  const { steps, trainingLoss, validationLoss } = (value ?? {}) as Partial<
    Record<keyof CurvesState, unknown>
  >;
  return (
    isThinnedState(steps, KEPT.length) && isThinnedState(trainingLoss, 1) && isThinnedState(validationLoss, 1)
  );
}

const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);

/** All curves of a training. */
export class Curves {
  readonly #steps: Thinned;
  readonly #trainingLoss: Thinned;
  readonly #validationLoss: Thinned;

  /** @param state from a checkpoint */
  constructor(state?: CurvesState) {
    this.#steps = new Thinned(state?.steps);
    this.#trainingLoss = new Thinned(state?.trainingLoss);
    this.#validationLoss = new Thinned(state?.validationLoss);
  }

  /** Adds a step. */
  add({ step, loss, gradientNorm, decision, violationRate }: StepReport): void {
    const reversed = Number(decision === 'reversed');
    const values = [loss, gradientNorm.loss, gradientNorm.observable, reversed, violationRate];
    this.#steps.add(step, values.map(finite));
  }

  /** Adds the loss of the whole training set after a step. */
  addTrainingLoss(step: number, loss: number): void {
    this.#trainingLoss.add(step, [finite(loss)]);
  }

  /** Adds the loss of the validation set after a step. */
  addValidationLoss(step: number, loss: number): void {
    this.#validationLoss.add(step, [finite(loss)]);
  }

  /** A series of the steps; only points that have a number. */
  series(name: (typeof KEPT)[number]): CurvePoints {
    return pointsOf(this.#steps, KEPT.indexOf(name));
  }

  /** Losses of the whole training set, where they were looked at. */
  get trainingLoss(): CurvePoints {
    return pointsOf(this.#trainingLoss, 0);
  }

  /** Losses of the validation set. */
  get validationLoss(): CurvePoints {
    return pointsOf(this.#validationLoss, 0);
  }

  get state(): CurvesState {
    return {
      steps: this.#steps.state,
      trainingLoss: this.#trainingLoss.state,
      validationLoss: this.#validationLoss.state,
    };
  }
}

function pointsOf({ points }: Thinned, index: number): CurvePoints {
  return points.flatMap(({ step, values }) => {
    const value = values[index];
    return value === null ? [] : [{ step, value }];
  });
}
