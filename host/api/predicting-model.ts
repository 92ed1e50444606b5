/** One core with one model in it that predicts: moving samples in, and outputs and parameters out. */
import { Engine, Option, REPORT_COUNT, Report, Status } from '../../assembly/abi/codes.ts';
import type { Core, Reals } from '../core/core.ts';
import type { Dataset } from '../data/dataset.ts';
import { refuse } from '../core/checks.ts';
import { lossOf } from './losses.ts';
import type { ResolvedModel } from './options.ts';

/** Outputs of a set of samples, and the sums that make a mean loss. */
export interface Outputs {
  /** samples x width, row-major. */
  readonly values: Float64Array;
  readonly width: number;
  /** The sum of the losses, each times its weight; not-a-number unless all have labels. */
  readonly loss: number;
  /** The sum of the weights: the number of samples without class weights. */
  readonly weight: number;
}

/** Views of what a core's memory holds: the mini-batch, and what came of it. */
interface Views {
  readonly features: Reals;
  readonly labels: Int32Array;
  /** Of samples, where they have some. */
  readonly weights: Reals | undefined;
  readonly targets: Reals | undefined;
  readonly outputs: Reals;
  readonly report: Float64Array;
}

/** A compiled model and its buffers. */
export class PredictingModel {
  protected readonly batch: number;
  protected readonly columns: number;
  readonly #width: number;
  #views: Views;

  protected constructor(
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
    this.batch = abi.option_value(Option.Batch);
    this.columns = abi.option_value(Option.Features);
    this.#width = Math.max(1, abi.option_value(Option.Logits));
    this.#views = this.#look();
  }

  #look(): Views {
    const { core, batch } = this;
    const { abi } = core;
    return {
      features: core.reals(abi.features_ptr(), batch * this.columns),
      labels: core.integers(abi.labels_ptr(), batch),
      // A module that only predicts has none, and needs none.
      weights:
        this.classWeights !== undefined && 'weights_ptr' in abi
          ? core.reals(abi.weights_ptr(), batch)
          : undefined,
      targets: this.numeric && 'targets_ptr' in abi ? core.reals(abi.targets_ptr(), batch) : undefined,
      outputs: core.reals(abi.outputs_ptr(), batch * this.#width),
      report: core.doubles(abi.report_ptr(), REPORT_COUNT),
    };
  }

  /** Made once: memory that has grown leaves views of before empty, and they are made again. */
  protected get views(): Views {
    if (this.#views.labels.length === 0) this.#views = this.#look();
    return this.#views;
  }

  /** A model from its image, which has to be that of `model`. @throws CoreError */
  static fromImage(
    core: Core,
    image: Uint8Array,
    positive: number | undefined,
    model: ResolvedModel,
    classWeights?: readonly number[],
    numeric = false,
  ): PredictingModel {
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
    return new PredictingModel(core, bytes, positive, model, classWeights, numeric);
  }

  /** A model in a core that has been compiled for it. */
  static prepared(
    core: Core,
    arenaBytes: number,
    positive: number | undefined,
    model: ResolvedModel,
    classWeights?: readonly number[],
    numeric = false,
  ): PredictingModel {
    return new PredictingModel(core, arenaBytes, positive, model, classWeights, numeric);
  }

  /** All parameters: circuit, head weights row by row, head biases. Zero-copy; write to set them. */
  get parameters(): Reals {
    return this.core.reals(this.core.abi.parameters_ptr(), this.core.abi.parameter_count());
  }

  /** Fills in `count` samples from `from` on, which lie one after the other on both sides. */
  protected fillRows(dataset: Dataset, from: number, count: number): void {
    const { columns } = this;
    const { features, labels, weights, targets } = this.views;
    features.set(dataset.features.subarray(from * columns, (from + count) * columns));
    for (let place = 0; place < count; place++) {
      const sample = from + place;
      const label = dataset.labels[sample] as number;
      labels[place] = this.own(label);
      if (weights) weights[place] = this.weightOf(label);
      if (targets) targets[place] = dataset.targets?.[sample] ?? Number.NaN;
    }
  }

  /** Outputs of a whole data set, a batch at a time. @param shots 0: exact; absent: exact where there is such a thing */
  outputs(dataset: Dataset, given?: number): Outputs {
    const { abi } = this.core;
    const drawn = 'engine_in_use' in abi && abi.engine_in_use() === Engine.Trajectories;
    const shots = given ?? (drawn ? abi.option_value(Option.Shots) : 0);
    if (abi.option_value(Option.Answerer) !== 0) refuse('answerer', 'caller', 'simulator');
    // Of no samples, only to hear of a step under way, whose mini-batch must stay as it is.
    if (abi.predict(0, 0) === Status.Busy) this.core.check(Status.Busy, 'predicting');
    const width = this.#width;
    const values = new Float64Array(dataset.rows * width);
    let loss = 0;
    for (let from = 0; from < dataset.rows; from += this.batch) {
      const count = Math.min(this.batch, dataset.rows - from);
      this.fillRows(dataset, from, count);
      this.core.check(abi.predict(count, shots), 'predicting');
      const { outputs, report } = this.views;
      values.set(count < this.batch ? outputs.subarray(0, count * width) : outputs, from * width);
      loss += count * (report[Report.EvaluatedLoss] as number);
    }
    const { classWeights } = this;
    const { weights } = this.views;
    if (classWeights === undefined) return { values, width, loss, weight: dataset.rows };
    const weight = dataset.labels.reduce((sum, label) => sum + (classWeights[label] ?? 1), 0);
    return { values, width, loss: weights ? loss : this.#hostLoss(values, dataset), weight };
  }

  /** The sum of the losses, each times the weight of its class, where the core knows of no weights. */
  #hostLoss(values: Float64Array, { labels }: Dataset): number {
    return labels.reduce((sum, label, i) => {
      const scores = values.subarray(i * this.#width, (i + 1) * this.#width);
      // Without a label there is no weight, and the sum is not-a-number.
      const weight = this.classWeights?.[label] as number;
      return sum + weight * lossOf(scores, this.own(label), this.model);
    }, 0);
  }

  /** How much the loss of a sample counts. */
  protected weightOf(label: number): number {
    return this.classWeights?.[label] ?? 1;
  }

  /** A label as the model has it. */
  protected own(label: number): number {
    return this.positive === undefined || label < 0 ? label : Number(label === this.positive);
  }
}
