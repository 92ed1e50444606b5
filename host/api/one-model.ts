/** One core with one model in it: moving samples in, and outputs, images and parameters out. */
import { Option, Report, Status } from '../../assembly/abi/codes.ts';
import type { Core, Reals } from '../core/core.ts';
import { type Dataset, row } from '../data/dataset.ts';
import { refuse } from '../core/checks.ts';
import { CoreError } from '../core/errors.ts';
import { lossOf } from './losses.ts';
import type { ResolvedModel, ResolvedTraining } from './options.ts';
import { prepareCore } from './program.ts';
import { readReport, type StepReport } from './report.ts';

/** Outputs of a set of samples, and their mean loss (NaN without labels). */
export interface Outputs {
  /** samples x width, row-major. */
  readonly values: Float64Array;
  readonly width: number;
  readonly loss: number;
}

/** A compiled model and its buffers. */
export class OneModel {
  readonly #batch: number;
  readonly #columns: number;
  readonly #width: number;
  readonly #features: Reals;
  readonly #labels: Int32Array;
  /** Of samples, where they have some. */
  readonly #weights: Reals | undefined;
  readonly #targets: Reals | undefined;

  private constructor(
    readonly core: Core,
    /** Bytes of linear memory in use. */
    readonly arenaBytes: number,
    /** The class that counts as 1, all others as 0 (one against the rest); undefined: labels as they are. */
    readonly positive: number | undefined,
    readonly model: ResolvedModel,
    /** How much the loss of a sample counts, by its class; undefined: all alike. */
    readonly classWeights: readonly number[] | undefined,
    /** Whether it predicts numbers: samples have targets in place of labels. */
    readonly numeric: boolean,
  ) {
    const { abi } = core;
    this.#batch = abi.option_value(Option.Batch);
    this.#columns = abi.option_value(Option.Features);
    this.#width = Math.max(1, abi.option_value(Option.Logits));
    this.#features = core.reals(core.abi.features_ptr(), this.#batch * this.#columns);
    this.#labels = core.integers(core.abi.labels_ptr(), this.#batch);
    // A module that only predicts has none, and needs none.
    if (classWeights !== undefined && 'weights_ptr' in abi)
      this.#weights = core.reals(abi.weights_ptr(), this.#batch);
    if (numeric && 'targets_ptr' in abi) this.#targets = core.reals(abi.targets_ptr(), this.#batch);
  }

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

  /** A model from its image, which has to be that of `model`. @throws CoreError */
  static fromImage(
    core: Core,
    image: Uint8Array,
    positive: number | undefined,
    model: ResolvedModel,
    classWeights?: readonly number[],
    numeric = false,
  ): OneModel {
    const { qubits, features, logits } = model;
    const { abi } = core;
    core.putImage(image);
    core.check(abi.model_read(image.length), 'reading a model');
    const same =
      abi.option_value(Option.Qubits) === qubits &&
      abi.option_value(Option.Features) === features &&
      abi.option_value(Option.Logits) === logits &&
      abi.option_value(Option.Weights) === Number(classWeights !== undefined) &&
      abi.option_value(Option.Targets) === Number(numeric);
    if (!same) core.check(Status.OtherConfiguration, 'reading a model');
    const bytes = core.check(abi.plan(), 'planning the memory');
    return new OneModel(core, bytes, positive, model, classWeights, numeric);
  }

  /** All parameters: circuit, head weights row by row, head biases. Zero-copy; write to set them. */
  get parameters(): Reals {
    return this.core.reals(this.core.abi.parameters_ptr(), this.core.abi.parameter_count());
  }

  /** The gradient of the mini-batch loss at the start of the latest step. Zero-copy. */
  get gradient(): Reals {
    return this.core.reals(this.core.abi.gradient_ptr(), this.core.abi.parameter_count());
  }

  #fill(place: number, dataset: Dataset, sample: number): void {
    this.#features.set(row(dataset, sample), place * this.#columns);
    this.#fillLabel(place, dataset, sample);
  }

  /** Fills in `count` samples from `from` on, which lie one after the other on both sides. */
  #fillRows(dataset: Dataset, from: number, count: number): void {
    this.#features.set(dataset.features.subarray(from * this.#columns, (from + count) * this.#columns));
    for (let place = 0; place < count; place++) this.#fillLabel(place, dataset, from + place);
  }

  #fillLabel(place: number, dataset: Dataset, sample: number): void {
    const label = dataset.labels[sample] as number;
    this.#labels[place] = this.positive === undefined || label < 0 ? label : Number(label === this.positive);
    if (this.#weights) this.#weights[place] = this.classWeights?.[label] ?? 1;
    if (this.#targets) this.#targets[place] = dataset.targets?.[sample] ?? Number.NaN;
  }

  /** Begins a step and fills in the mini-batch that the core asks for. */
  begin(dataset: Dataset): void {
    const { abi } = this.core;
    this.core.check(abi.step_begin(this.#batch), 'beginning a step');
    const indices = this.core.integers(abi.indices_ptr(), this.#batch);
    indices.forEach((sample, place) => {
      this.#fill(place, dataset, sample);
    });
  }

  /** Begins a step on the mini-batch that another core of the same model has. */
  beginAs(other: OneModel): void {
    this.core.check(this.core.abi.step_begin(this.#batch), 'beginning a step');
    this.#features.set(other.#features);
    this.#labels.set(other.#labels);
    if (other.#weights) this.#weights?.set(other.#weights);
    if (other.#targets) this.#targets?.set(other.#targets);
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

  /** Outputs of a whole data set, a batch at a time. */
  outputs(dataset: Dataset, shots: number): Outputs {
    const { abi } = this.core;
    if (abi.option_value(Option.Answerer) !== 0) refuse('answerer', 'caller', 'simulator');
    // Of no samples, only to hear of a step under way, whose mini-batch must stay as it is.
    if (abi.predict(0, 0) === Status.Busy) this.core.check(Status.Busy, 'predicting');
    const values = new Float64Array(dataset.rows * this.#width);
    let loss = 0;
    for (let from = 0; from < dataset.rows; from += this.#batch) {
      const count = Math.min(this.#batch, dataset.rows - from);
      this.#fillRows(dataset, from, count);
      this.core.check(abi.predict(count, shots), 'predicting');
      values.set(this.core.reals(abi.outputs_ptr(), count * this.#width), from * this.#width);
      loss +=
        count *
        (this.core.doubles(abi.report_ptr(), Report.EvaluatedLoss + 1)[Report.EvaluatedLoss] as number);
    }
    const mean = this.classWeights === undefined ? loss / dataset.rows : this.#weightedLoss(values, dataset);
    return { values, width: this.#width, loss: mean };
  }

  /** The mean of the losses, each by the weight of its class; not-a-number without labels. */
  #weightedLoss(values: Float64Array, { rows, labels }: Dataset): number {
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const label = labels[i] as number;
      if (label < 0) return Number.NaN;
      const own = this.positive === undefined ? label : Number(label === this.positive);
      const scores = values.subarray(i * this.#width, (i + 1) * this.#width);
      sum += (this.classWeights?.[label] as number) * lossOf(scores, own, this.model);
    }
    return sum / rows;
  }

  /** Puts a whole data set into the core as its second moments. */
  rememberMoments(dataset: Dataset): void {
    const { abi } = this.core;
    this.core.check(abi.moments_clear(), 'adding to the moments');
    for (let from = 0; from < dataset.rows; from += this.#batch) {
      const count = Math.min(this.#batch, dataset.rows - from);
      this.#fillRows(dataset, from, count);
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
