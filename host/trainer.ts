/** Training a model on a data set: Algorithm 1 and its baselines, step by step. */
import {
  type Evaluation,
  evaluateAll,
  type Prediction,
  predictAll,
  shotCount,
  unlabelled,
} from './classifier.ts';
import { crc32, packContainer, unpackContainer } from './container.ts';
import { type LoadOptions, loadCore } from './core.ts';
import { checkDataset, checkEncodable, checkFeatures, type Dataset } from './data/dataset.ts';
import { type Pipeline, transformDataset } from './data/preprocess.ts';
import { type Description, readDescription } from './describe.ts';
import { DataError, FormatError, OptionError } from './errors.ts';
import { Member } from './member.ts';
import {
  type ModelOptions,
  type ResolvedModel,
  type ResolvedTraining,
  resolveModel,
  resolveTraining,
  type TrainingOptions,
} from './options.ts';
import { pacer } from './pause.ts';
import { mergeReports, type StepReport } from './report.ts';

/** Options of `Trainer.create`. */
export interface TrainerOptions extends LoadOptions {
  readonly model: ModelOptions;
  readonly training?: TrainingOptions;
  /** The training set, as it comes: the pipeline is applied here. */
  readonly dataset: Dataset;
  /** Fitted preprocessing; travels inside the model file. Default none. */
  readonly pipeline?: Pipeline;
  /** One model per class against the rest, instead of a softmax head. */
  readonly oneVsRest?: boolean;
}

/** Options of `Trainer.fit`. */
export interface FitOptions {
  /** Stops between two slices of work; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Stop after this many steps in all; default the training's `steps`. */
  readonly until?: number;
  /** Gate applications between two looks at the clock; default 20000. */
  readonly slice?: number;
}

/** Trains one model, or one per class. Made by `Trainer.create` or `Trainer.resume`. */
export class Trainer {
  readonly #dataset: Dataset;
  readonly #options: TrainerOptions;
  readonly #members: readonly Member[];
  #last: StepReport | undefined;

  private constructor(
    options: TrainerOptions,
    dataset: Dataset,
    members: readonly Member[],
    /** The model's options with defaults filled in. */
    readonly model: ResolvedModel,
    /** The training's options with defaults filled in. */
    readonly training: ResolvedTraining,
  ) {
    this.#options = options;
    this.#dataset = dataset;
    this.#members = members;
  }

  /**
   * Checks options and data, lays the memory out and draws the initial parameters.
   * @throws OptionError, DataError, CoreError
   */
  static async create(options: TrainerOptions): Promise<Trainer> {
    const { dataset: raw, pipeline = [], oneVsRest = false } = options;
    checkDataset(raw);
    const dataset = transformDataset(pipeline, raw);
    const classes = raw.classes.length;
    const binary = oneVsRest || classes === 2;
    if (options.model.classes !== undefined && options.model.classes !== classes && !oneVsRest) {
      throw new OptionError(
        'ERR_OPTION_COMBINATION',
        `the model has ${options.model.classes} classes, but the data has ${classes}`,
        'classes',
      );
    }
    const model = resolveModel({ ...options.model, classes: binary ? 2 : classes });
    if (dataset.columns !== model.features) {
      throw new DataError(
        'ERR_DATA_FEATURES',
        `the data has ${dataset.columns} features after preprocessing; the model expects ${model.features}`,
        { file: raw.name },
      );
    }
    if (model.encoding === 'amplitude') checkEncodable(dataset, { amplitudes: 2 ** model.qubits });
    const asked = resolveTraining(options.training);
    const training = { ...asked, batch: Math.min(asked.batch, dataset.rows) };
    const members: Member[] = [];
    for (let positive = 0; positive < (oneVsRest ? classes : 1); positive++) {
      const seeded = { ...training, seed: training.seed + positive };
      members.push(
        Member.fresh(await loadCore(options), model, seeded, dataset.rows, oneVsRest ? positive : undefined),
      );
    }
    return new Trainer(options, dataset, members, model, training);
  }

  /**
   * Goes on from a checkpoint file, with the bits that an uninterrupted run would have had.
   * @param dataset the same training set, as it comes
   * @throws FormatError when the file is damaged, of another build or of other data
   */
  static async resume(
    file: Uint8Array,
    options: LoadOptions & { dataset: Dataset; name?: string },
  ): Promise<Trainer> {
    const name = options.name ?? 'checkpoint';
    const { images, description } = unpackContainer(file, name);
    const read = readDescription(description, 'checkpoint', name);
    const trainer = await Trainer.create({
      ...options,
      model: read.model,
      training: read.training,
      pipeline: read.pipeline,
      oneVsRest: images.length > 1,
    });
    const sameClasses = JSON.stringify(read.classes) === JSON.stringify(options.dataset.classes);
    const sameData = sameClasses && read.data === trainer.#fingerprint();
    if (!sameData || images.length !== trainer.#members.length) {
      throw new FormatError(
        'ERR_FORMAT_CONFIGURATION',
        'the checkpoint belongs to other training data',
        name,
      );
    }
    trainer.#members.forEach((member, i) => {
      member.restore(images[i] as Uint8Array);
    });
    if (trainer.steps > 0) trainer.#last = mergeReports(trainer.#members.map((member) => member.report()));
    return trainer;
  }

  /** What a checkpoint's writer put beside it. @throws FormatError */
  static contextOf(file: Uint8Array, name = 'checkpoint'): unknown {
    return readDescription(unpackContainer(file, name).description, 'checkpoint', name).context;
  }

  /** Steps completed. */
  get steps(): number {
    return this.#members[0]?.report().step ?? 0;
  }

  /** The latest step's report; undefined before the first step. */
  get report(): StepReport | undefined {
    return this.#last;
  }

  /** Bytes of linear memory in use: the arena of every member. */
  get arenaBytes(): number {
    return this.#members.reduce((sum, { arenaBytes }) => sum + arenaBytes, 0);
  }

  /** 64 KiB pages of linear memory of all members. */
  get memoryPages(): number {
    return this.#members.reduce((sum, { core }) => sum + core.memoryBytes / 65536, 0);
  }

  /** Bytes of the core's module. */
  get wasmBytes(): number {
    return this.#members[0]?.core.wasmBytes ?? Number.NaN;
  }

  /** Hash over the bits of every loss so far and of the parameters; of several members, joined by '-'. */
  get trace(): string {
    return this.#members.map(({ core }) => core.trace()).join('-');
  }

  /** Parameters of the first member, zero-copy: circuit, head weights row by row, head biases. */
  get parameters(): Float64Array | Float32Array {
    return (this.#members[0] as Member).parameters;
  }

  /** Gradient of the first member's latest mini-batch loss, laid out as the parameters, zero-copy. */
  get gradient(): Float64Array | Float32Array {
    return (this.#members[0] as Member).gradient;
  }

  /**
   * Trains, a report a step. The caller may stop iterating after any step and call `fit` again later.
   * @throws CoreError ERR_CORE_DIVERGED; the signal's reason when aborted
   * @example
   * ```ts
   * for await (const { step, loss } of trainer.fit()) console.log(step, loss);
   * ```
   */
  async *fit({
    signal,
    until = this.training.steps,
    slice = 20000,
  }: FitOptions = {}): AsyncGenerator<StepReport> {
    const pause = pacer();
    while (this.steps < until) {
      for (const member of this.#members) {
        signal?.throwIfAborted();
        member.begin(this.#dataset);
        while (!member.advance(slice)) {
          await pause();
          signal?.throwIfAborted();
        }
      }
      await pause();
      this.#last = mergeReports(this.#members.map((member) => member.report()));
      yield this.#last;
    }
  }

  /** Predicts rows of raw features, one array each. `shots` as at training, default 'exact'. */
  predict(
    rows: readonly ArrayLike<number>[],
    { shots = 'exact' }: { shots?: number | 'exact' } = {},
  ): Prediction[] {
    const dataset = this.#prepare(unlabelled(rows, 'rows'));
    return predictAll(this.#members, dataset, this.#options.dataset.classes, shotCount(shots));
  }

  /** Loss and accuracy on a raw, labelled data set with the same classes. */
  evaluate(dataset: Dataset, { shots = 'exact' }: { shots?: number | 'exact' } = {}): Evaluation {
    return evaluateAll(this.#members, this.#prepare(dataset), shotCount(shots));
  }

  /** The model as a file: parameters, circuit, preprocessing, class names. */
  save(context?: unknown): Uint8Array {
    const images = this.#members.map((member) => member.modelImage());
    return packContainer({ images, description: this.#describe('model', context) });
  }

  /** The training state as a file, between steps. `Trainer.resume` goes on from it. */
  checkpoint(context?: unknown): Uint8Array {
    const images = this.#members.map((member) => member.checkpointImage());
    return packContainer({ images, description: this.#describe('checkpoint', context) });
  }

  #prepare(raw: Dataset): Dataset {
    const dataset = transformDataset(this.#options.pipeline ?? [], raw);
    checkFeatures(dataset);
    if (this.model.encoding === 'amplitude') checkEncodable(dataset, { amplitudes: 2 ** this.model.qubits });
    return dataset;
  }

  #describe(kind: Description['kind'], context: unknown): Description {
    return {
      kind,
      model: { ...this.#options.model, classes: this.model.classes },
      training: this.training,
      pipeline: this.#options.pipeline ?? [],
      classes: this.#options.dataset.classes,
      samples: this.#dataset.rows,
      data: this.#fingerprint(),
      context,
    };
  }

  /** Checksum of the preprocessed training set. */
  #fingerprint(): number {
    const { features, labels } = this.#dataset;
    const bytes = (values: Float64Array | Int32Array) =>
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return crc32(bytes(labels), crc32(bytes(features)));
  }
}
