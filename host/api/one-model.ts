/** One core with one model in it that is trained: steps, and images of it. */
import { Report, Status } from '../../assembly/abi/codes.ts';
import type { Core, Reals } from '../core/core.ts';
import { type Dataset, row } from '../data/dataset.ts';
import { CoreError } from '../core/errors.ts';
import type { ResolvedModel, ResolvedTraining } from './options.ts';
import { PredictingModel } from './predicting-model.ts';
import { prepareCore } from './program.ts';
import { readReport, type StepReport } from './report.ts';

/** A compiled model that is trained. */
export class OneModel extends PredictingModel {
  /** A model with fresh initial parameters. @throws CoreError */
  static fresh(
    core: Core,
    model: ResolvedModel,
    training: ResolvedTraining,
    samples: number,
    positive: number | undefined,
    classWeights?: readonly number[],
    numeric = false,
  ): OneModel {
    const bytes = prepareCore(core, model, training, samples, {
      weighted: classWeights !== undefined,
      numeric,
    });
    core.check(core.abi.parameters_initialise(), 'drawing the initial parameters');
    return new OneModel(core, bytes, positive, model, classWeights, numeric);
  }

  /** The gradient of the mini-batch loss at the start of the latest step. Zero-copy. */
  get gradient(): Reals {
    return this.core.reals(this.core.abi.gradient_ptr(), this.core.abi.parameter_count());
  }

  #fill(place: number, dataset: Dataset, sample: number): void {
    this.features.set(row(dataset, sample), place * this.columns);
    this.fillLabel(place, dataset, sample);
  }

  /** Begins a step and fills in the mini-batch that the core asks for. */
  begin(dataset: Dataset): void {
    const { abi } = this.core;
    this.core.check(abi.step_begin(this.batch), 'beginning a step');
    const indices = this.core.integers(abi.indices_ptr(), this.batch);
    indices.forEach((sample, place) => {
      this.#fill(place, dataset, sample);
    });
  }

  /** Begins a step on the mini-batch that another core of the same model has. */
  beginAs(other: OneModel): void {
    this.core.check(this.core.abi.step_begin(this.batch), 'beginning a step');
    this.features.set(other.features);
    this.labels.set(other.labels);
    if (other.weights) this.weights?.set(other.weights);
    if (other.targets) this.targets?.set(other.targets);
  }

  /** Goes on with the step for at most about `work` gate applications. @returns Ok when it is done, More or Asked */
  advance(work: number): Status {
    return this.core.check(this.core.abi.step_advance(work), 'training');
  }

  report(): StepReport {
    return readReport([this.core]);
  }

  /** Steps completed. */
  get steps(): number {
    return this.core.doubles(this.core.abi.report_ptr(), 1)[Report.Step] as number;
  }

  /** Puts a whole data set into the core as its second moments. */
  rememberMoments(dataset: Dataset): void {
    const { abi } = this.core;
    this.core.check(abi.moments_clear(), 'adding to the moments');
    for (let from = 0; from < dataset.rows; from += this.batch) {
      const count = Math.min(this.batch, dataset.rows - from);
      this.fillRows(dataset, from, count);
      this.core.check(abi.moments_add(count), 'adding to the moments');
    }
  }

  /** Parameters can be overwritten, with what no reader would take. @throws CoreError */
  #checkParameters(): void {
    const bad = this.parameters.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) return;
    const message = `parameter ${bad} is ${this.parameters[bad]}; expected a finite number`;
    throw new CoreError(Status.BadNumber, message);
  }

  /** A copy of the model as an image, readable by every build of the core. @throws CoreError */
  modelImage(): Uint8Array {
    this.#checkParameters();
    return this.core.takeImage(this.core.check(this.core.abi.model_write(), 'writing the model'));
  }

  /** A copy of the training state as an image, for this build. @throws CoreError */
  checkpointImage(): Uint8Array {
    this.#checkParameters();
    return this.core.takeImage(this.core.check(this.core.abi.checkpoint_write(), 'writing a checkpoint'));
  }

  restore(image: Uint8Array): void {
    this.core.putImage(image);
    this.core.check(this.core.abi.checkpoint_read(image.length), 'reading a checkpoint');
  }
}
