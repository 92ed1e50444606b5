/** One core with one model in it that is trained: steps, and images of it. */
import { Report, Status } from '../../assembly/abi/codes.ts';
import type { Core, Reals } from '../core/core.ts';
import type { Dataset } from '../data/dataset.ts';
import { contradiction } from '../core/checks.ts';
import { CoreError } from '../core/errors.ts';
import { ENGINES } from './choices.ts';
import { initialise } from './initialise.ts';
import { wordOf } from './words.ts';
import type { ResolvedModel, ResolvedTraining } from './options.ts';
import { PredictingModel } from './predicting-model.ts';
import { prepareCore } from './program.ts';
import { readReport, type StepReport } from './report.ts';

/** The rows of a data set as a model sees them. */
interface Rows {
  readonly of: Dataset;
  readonly features: Float64Array;
  readonly labels: Int32Array;
  readonly weights: Float64Array | undefined;
  readonly targets: Float64Array | undefined;
}

/**
 * Lays rows out one after the other: a loop, because rows are short, and is through before `set` has made its view of one.
 * @param rows as many numbers each as `columns`
 */
function gather(to: Reals, rows: Float64Array, indices: Int32Array, columns: number): void {
  let at = 0;
  for (let place = 0; place < indices.length; place++) {
    let from = (indices[place] as number) * columns;
    const end = at + columns;
    // Four at a time: a short loop is mostly looking whether it is through.
    for (; at + 3 < end; at += 4, from += 4) {
      to[at] = rows[from] as number;
      to[at + 1] = rows[from + 1] as number;
      to[at + 2] = rows[from + 2] as number;
      to[at + 3] = rows[from + 3] as number;
    }
    for (; at < end; at++, from++) to[at] = rows[from] as number;
  }
}

/** A compiled model that is trained. */
export class OneModel extends PredictingModel {
  #indices: Int32Array = new Int32Array();
  #rows: Rows | undefined;

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
    const one = new OneModel(core, bytes, positive, model, classWeights, numeric);
    initialise(one.parameters, model, training.seed);
    return one;
  }

  /** The gradient of the mini-batch loss at the start of the latest step. Zero-copy. */
  get gradient(): Reals {
    return this.core.reals(this.core.abi.gradient_ptr(), this.core.abi.parameter_count());
  }

  /** The parameters that predict: the average, where the training has made one, else `parameters`. Zero-copy. */
  get answering(): Reals {
    const { core, parameters } = this;
    const at = 'average_ptr' in core.abi ? core.abi.average_ptr() : 0;
    const average = core.reals(at, at === 0 ? 0 : parameters.length + 1);
    return average.at(-1) ? average.subarray(0, -1) : parameters;
  }

  /** Which samples the core asks for, zero-copy. */
  get #samples(): Int32Array {
    const { core, batch } = this;
    if (this.#indices.length === 0) this.#indices = core.integers(core.abi.indices_ptr(), batch);
    return this.#indices;
  }

  /** Begins a step and fills in the mini-batch that the core asks for. The rows of a data set may not change meanwhile. */
  begin(dataset: Dataset): void {
    this.core.check(this.core.abi.step_begin(this.batch), 'beginning a step');
    if (this.#rows?.of !== dataset) this.#rows = this.asSeen(dataset);
    const { features, labels, weights, targets } = this.views;
    const { columns, batch } = this;
    const indices = this.#samples;
    const rows = this.#rows;
    gather(features, rows.features, indices, columns);
    for (let place = 0; place < batch; place++)
      labels[place] = rows.labels[indices[place] as number] as number;
    if (weights && rows.weights) gather(weights, rows.weights, indices, 1);
    if (targets && rows.targets) gather(targets, rows.targets, indices, 1);
  }

  /** A data set's rows as this model sees them. */
  asSeen(dataset: Dataset): Rows {
    const { features, labels, targets } = dataset;
    return {
      of: dataset,
      features,
      labels: this.positive === undefined ? labels : labels.map((label) => this.own(label)),
      weights: this.classWeights && Float64Array.from(labels, (label) => this.weightOf(label)),
      targets,
    };
  }

  /** Begins a step on the mini-batch that another core of the same model has. */
  beginAs(other: OneModel): void {
    this.core.check(this.core.abi.step_begin(this.batch), 'beginning a step');
    const [own, others] = [this.views, other.views];
    own.features.set(others.features);
    own.labels.set(others.labels);
    if (others.weights) own.weights?.set(others.weights);
    if (others.targets) own.targets?.set(others.targets);
  }

  /** Goes on with the step for at most about `work` gate applications. @returns Ok when it is done, More or Asked */
  advance(work: number): Status {
    return this.core.check(this.core.abi.step_advance(work), 'training');
  }

  report(): StepReport {
    return readReport([this]);
  }

  /** What the core reports, zero-copy. */
  get slots(): Float64Array {
    return this.views.report;
  }

  /** Steps completed. */
  get steps(): number {
    return this.slots[Report.Step] as number;
  }

  /** Puts a whole data set into the core as its second moments. @throws OptionError where its engine keeps none */
  rememberMoments(dataset: Dataset): void {
    const { abi } = this.core;
    const cleared = abi.moments_clear();
    if (cleared === Status.BadCombination)
      contradiction(
        `moments is true, but the engine ${wordOf(ENGINES, abi.engine_in_use())}, which runs here, keeps none; use the engine columns or heisenberg`,
        'moments',
      );
    this.core.check(cleared, 'adding to the moments');
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
