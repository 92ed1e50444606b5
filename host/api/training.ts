/** The chunk's half of trainer.ts, a training under way: Algorithm 1 and its baselines, step by step. */
import { instantiateSync } from '@assemblyscript/loader';
import { Report, Status } from '../../assembly/abi/codes.ts';
import { AscentMeasure } from './ascent.ts';
import { type Answer, asking } from './asking.ts';
import { resolveClassWeights } from './class-weights.ts';
import { Classifier, prepare, SHOT_OPTIONS, type ShotOptions } from './classifier.ts';
import { crc32, type FileBytes, packContainer } from '../files/container.ts';
import { contradiction, integer, messageOf, record, snapshot } from '../core/checks.ts';
import type { CoreExports } from '../core/abi.ts';
import { coreMaker, type Instantiate, type Reals } from '../core/core.ts';
import { checkLabels, type Dataset } from '../data/dataset.ts';
import { checkRaw, type Pipeline, readPipeline, withNames } from '../data/preprocess.ts';
import { sumOf } from '../data/sums.ts';
import { blaming, type Description, openFile } from './file-description.ts';
import { checkMethod } from './method-checks.ts';
import { namedModel } from './named-model.ts';
import { namedTraining } from './named-training.ts';
import { checkNoise } from './noise.ts';
import { CoreError, FormatError } from '../core/errors.ts';
import { prepareRefit } from './head-on-demand.ts';
import type { HeadRefit } from './head-refit.ts';
import { checkRefit } from './head-share.ts';
import { inTurn } from './in-turn.ts';
import { OneModel } from './one-model.ts';
import {
  MAX_MODELS,
  type ModelOptions,
  type ResolvedModel,
  type ResolvedTraining,
  resolveModel,
  resolveTraining,
} from './options.ts';
import { pacer } from './pacer.ts';
import { familyTraining } from './paper-family.ts';
import { fitTarget, numericDataset, sameTarget, type Target } from './regression.ts';
import { readReport, type StepReport, stepsOf } from './report.ts';
import { type Budget, budgetOf, mostSteps } from './shots-budget.ts';
import {
  FITTING,
  type FitOptions,
  OPTIONS,
  type ResumeOptions,
  RESUMING,
  type TrainerOptions,
} from './trainer-options.ts';
import { checkNumeric, checkWithoutClasses, taskModel } from './task.ts';

/** An instance by AssemblyScript's loader, for what trains: it is no part of the main entry. */
const loaded: Instantiate = (module) =>
  instantiateSync<CoreExports>(module as WebAssembly.Module, {}).exports;

const nobody: Answer = async () => {
  contradiction('fit needs answer', 'answer');
};

/** Trains one model, or one per class. Made by `Trainer.create` or `Trainer.resume`. */
export class Training extends Classifier {
  /** @internal */
  declare protected readonly models: readonly OneModel[];
  readonly #dataset: Dataset;
  readonly #given: ModelOptions;
  readonly #budget: Budget | undefined;
  readonly #refit: HeadRefit | undefined;
  #last: StepReport | undefined;
  #stepping = false;
  #ascent: AscentMeasure | undefined;

  private constructor(
    given: ModelOptions,
    model: ResolvedModel,
    dataset: Dataset,
    pipeline: Pipeline,
    models: readonly OneModel[],
    /** The training's options with defaults filled in. */
    readonly training: ResolvedTraining,
    /** The weight of each class, scaled; undefined where all count alike. */
    readonly classWeights: readonly number[] | undefined,
    target: Target | undefined,
    budget: Budget | undefined,
    refit: HeadRefit | undefined,
  ) {
    super(models, model, pipeline, dataset.classes, target);
    this.#budget = budget;
    this.#refit = refit;
    this.#given = given;
    this.#dataset = dataset;
  }

  /**
   * See `Trainer.create`.
   * @internal
   * @param kept class weights of a checkpoint, which are scaled
   */
  static async create(options: TrainerOptions, kept?: readonly number[]): Promise<Training> {
    const { dataset: raw, pipeline: steps = [], oneVsRest, ...read } = record('create', options, OPTIONS);
    const pipeline = readPipeline(withNames(steps, raw));
    checkRaw(pipeline, raw);
    const target = read.task === 'regression' ? fitTarget(raw) : undefined;
    const asked = snapshot('the model', read.model);
    // An energy has nothing to tell apart.
    if (target === undefined) checkLabels(raw, asked?.loss === 'energy' ? 1 : 2);
    else checkWithoutClasses({ oneVsRest, classWeights: read.classWeights });
    const classes = target ? 2 : raw.classes.length;
    const named = asked?.classes ?? classes;
    // One model per class has two classes each.
    if (
      !target &&
      named !== classes &&
      !(oneVsRest && named === 2) &&
      integer('classes', named, 2, MAX_MODELS)
    ) {
      contradiction(`the model has ${named} classes, but the data has ${classes}`, 'classes');
    }
    if (oneVsRest && classes > MAX_MODELS) {
      contradiction(
        `one model per class takes ${MAX_MODELS} classes at most, but the data has ${classes}; is the label a number to predict, or an identifier?`,
        'oneVsRest',
      );
    }
    const given = taskModel(asked, oneVsRest ? 2 : classes, target !== undefined);
    const model = resolveModel(given);
    const wanted = familyTraining(model, resolveTraining(read.training));
    if (target) checkNumeric(model, wanted);
    checkMethod(model, wanted);
    checkRefit(model, wanted);
    // Copies: what becomes of the caller's data does not matter any more.
    const prepared = prepare(raw, pipeline, model);
    const features = pipeline.length === 0 ? prepared.features.slice() : prepared.features;
    const dataset = target
      ? numericDataset(prepared, features, target)
      : { ...prepared, features, labels: raw.labels.slice() };
    const count = oneVsRest ? classes : 1;
    const batched = { ...wanted, batch: Math.min(wanted.batch, dataset.rows) };
    const makeCore = await coreMaker(read, loaded);
    const budget = await budgetOf(makeCore(), model, batched, count);
    const refit = await prepareRefit(makeCore, model, batched, { rows: dataset.rows, models: count });
    const paid = budget ? mostSteps(budget, batched, count) : wanted.steps;
    const training = Object.freeze({ ...batched, steps: Math.min(wanted.steps, paid) });
    const classWeights = kept ?? (read.classWeights && resolveClassWeights(read.classWeights, raw));
    // Models share a budget evenly.
    const shotsBudget = budget ? Math.floor(budget.shots / count) : training.shotsBudget;
    const models = Array.from({ length: count }, (_, positive) => {
      const seeded = { ...training, shotsBudget, seed: training.seed + positive };
      const only = oneVsRest ? positive : undefined;
      const numeric = target !== undefined;
      return OneModel.fresh(makeCore(), model, seeded, dataset.rows, only, classWeights, numeric);
    });
    if (training.moments) for (const one of models) one.rememberMoments(dataset);
    return new Training(
      given,
      model,
      dataset,
      pipeline,
      models,
      training,
      classWeights,
      target,
      budget,
      refit,
    );
  }

  /** See `Trainer.resume`. @internal */
  static async resume(file: FileBytes, options: ResumeOptions): Promise<Training> {
    const { name = 'checkpoint', dataset, ...loading } = record('resume', options, RESUMING);
    const { images, read } = openFile(file, name, 'checkpoint');
    try {
      checkNoise(read.resolvedTraining.noise, read.resolvedModel.qubits);
    } catch (cause) {
      const malformed = `the file's description is malformed: ${messageOf(cause)}`;
      throw new FormatError('ERR_FORMAT_CONFIGURATION', malformed, name, { cause });
    }
    const message = 'the checkpoint belongs to other training data';
    const strange = new FormatError('ERR_FORMAT_CONFIGURATION', message, name);
    const classes = read.target ? [] : dataset.classes;
    if (JSON.stringify(read.classes) !== JSON.stringify(classes)) throw strange;
    return blaming(name, async () => {
      const { model, training, pipeline, classWeights } = read;
      const oneVsRest = images.length > 1;
      const task = read.target && ('regression' as const);
      const options = { ...loading, dataset, model, training, pipeline, oneVsRest, task };
      const trainer = await Training.create(options, classWeights);
      if (read.data !== trainer.#fingerprint() || !sameTarget(read.target, trainer.target)) throw strange;
      trainer.models.forEach((one, i) => {
        one.restore(images[i] as Uint8Array);
      });
      if (read.headFitted) trainer.#refit?.wasDone();
      if (trainer.steps > 0) trainer.#last = trainer.#read();
      return trainer;
    });
  }

  /**
   * The parameters that predict and are saved, of every model: their average, once the training has come to what
   * `averagedShare` averages, else `modelParameters`. Zero-copy.
   */
  get answering(): readonly Reals[] {
    return this.models.map(({ answering }) => answering);
  }

  /** Steps completed, by every model. */
  get steps(): number {
    return stepsOf(this.models);
  }

  /**
   * Whether the training has come to its end: its `steps` are made, or the rest of `shotsBudget` pays for no other; and its
   * head is fitted, where `refitHead` says so.
   */
  get finished(): boolean {
    return this.#isThrough && !this.#isHeadDue;
  }

  /** Whether there is no step left. */
  get #isThrough(): boolean {
    return this.steps >= this.training.steps || !this.#pays();
  }

  get #isHeadDue(): boolean {
    return this.#refit?.done === false;
  }

  /** Whether what is left of the budget pays for the rest of the step under way, or else for the next one. */
  #pays(): boolean {
    if (this.#budget === undefined) return true;
    const { steps, models } = this;
    const { step, shots, calibration } = this.#budget;
    // What a step takes may change from one to the next, where the core can tell. The first calibrates the readout.
    const takes = ({ core: { abi } }: OneModel) =>
      ('step_shots' in abi ? abi.step_shots() : step) + (steps === 0 ? calibration : 0);
    const ahead = sumOf(models.filter((one) => one.steps === steps).map(takes));
    const spent = sumOf(models.map(({ slots }) => slots[Report.Shots] as number));
    return spent + ahead <= shots;
  }

  /**
   * The mean loss over the whole training set, for the parameters as they are: lines 1 and 13 of Algorithm 1.
   * From its second moments, at the price of one evaluation, where training keeps them (`moments`), else sample
   * by sample. With shots as they come, which no report counts. Not during a step.
   * @throws CoreError ERR_CORE_BUSY
   */
  trainingLoss(options: ShotOptions = {}): number {
    const { shots } = record('trainingLoss', options, SHOT_OPTIONS);
    const { rows } = this.#dataset;
    // By the rows, as Algorithm 1 has it; class weights have a mean of 1 over them, but for rounding.
    const each = (one: OneModel) =>
      this.training.moments && (shots ?? 'exact') === 'exact'
        ? one.core.abi.moments_loss()
        : one.outputs(this.#dataset, shots === 'exact' ? 0 : shots).loss / rows;
    return this.models.reduce((sum, one) => sum + each(one), 0) / this.models.length;
  }

  /** The latest step's report; undefined before the first step. */
  get report(): StepReport | undefined {
    return this.#last;
  }

  /** 64 KiB pages of linear memory of all models. */
  get memoryPages(): number {
    return this.models.reduce((sum, { core }) => sum + core.memoryBytes / 65536, 0);
  }

  /** Bytes of the core's module. */
  get wasmBytes(): number {
    return this.models[0]?.core.wasmBytes ?? Number.NaN;
  }

  /** Hash over the bits of every loss so far and of the parameters; of several models, joined by '-'. */
  get trace(): string {
    return this.models.map(({ core }) => core.trace()).join('-');
  }

  /** Gradient of the first model's latest mini-batch loss, laid out as the parameters, zero-copy. */
  get gradient(): Reals {
    return (this.models[0] as OneModel).gradient;
  }

  /**
   * Trains, a report a step. The caller may stop iterating after any step, or abort within one, which is then
   * given up, and call `fit` again later.
   * @throws CoreError ERR_CORE_DIVERGED, ERR_CORE_BUSY when another call is in a step; the signal's reason when aborted
   * @example
   * ```ts
   * for await (const { step, loss } of trainer.fit()) console.log(step, loss);
   * ```
   */
  fit(options: FitOptions = {}): AsyncGenerator<StepReport> {
    return inTurn(this.#fit(options));
  }

  /** Yields reports, and promises that have to be waited for: work that is there at once makes nobody wait. */
  *#fit(options: FitOptions): Generator<StepReport | Promise<unknown>, void, undefined> {
    const {
      signal,
      until = this.training.steps,
      slice = 20000,
      answer = nobody,
      ascent,
    } = record('fit', options, FITTING);
    // Steps look by themselves; without one left nobody would.
    if (this.steps >= until || !this.#pays()) signal?.throwIfAborted();
    const pause = pacer();
    if (ascent) {
      const measure = AscentMeasure.of(this.models, this.model, this.training, ascent, this.#ascent);
      yield measure.then((made) => {
        this.#ascent = made;
      });
    }
    const looking = ascent && this.#ascent;
    const { models } = this;
    /** Goes on with a step that one slice did not finish. */
    function* finish(one: OneModel, begun: Status): Generator<Promise<unknown>, void, undefined> {
      const ask = asking(one.core, answer, signal);
      for (let status = begun; status !== Status.Ok; status = one.advance(slice)) {
        if (status === Status.Asked) yield ask();
        // Between two slices others may always have a word, if not the event loop.
        yield pause() ?? Promise.resolve();
        signal?.throwIfAborted();
      }
    }
    const fitHead = () => this.#refit?.run(models, this.#dataset, pause, signal) ?? [];
    // It was given up behind the last step.
    if (this.#isThrough && this.#isHeadDue) {
      yield* fitHead();
      this.#last = this.#read();
      yield this.#last;
    }
    while (this.steps < until && this.#pays()) {
      if (this.#stepping) throw new CoreError(Status.Busy, 'fit is already running');
      this.#stepping = true;
      const done = this.steps;
      try {
        if (looking) looking.start(done);
        for (let i = 0; i < models.length; i++) {
          const one = models[i] as OneModel;
          // A call that was aborted may have left some models a step ahead of others.
          if (one.steps !== done) continue;
          signal?.throwIfAborted();
          if (looking) looking.before(i, one);
          one.begin(this.#dataset);
          const status = one.advance(slice);
          if (status !== Status.Ok) yield* finish(one, status);
          if (!looking) continue;
          const look = looking.begin(i, one);
          yield* finish(look, look.advance(slice));
          looking.end(i, one);
        }
        const paused = pause();
        if (paused !== undefined) yield paused;
        if (this.#isThrough) yield* fitHead();
      } finally {
        this.#stepping = false;
        for (let i = 0; i < models.length; i++) (models[i] as OneModel).core.abi.step_abandon();
        if (looking) looking.abandon();
      }
      const report = readReport(models);
      this.#last = looking ? { ...report, ascent: looking.take(report) } : report;
      yield this.#last;
    }
  }

  /** The model as a file: parameters, circuit, preprocessing, class names. */
  save(context?: unknown): Uint8Array {
    const images = this.models.map((one) => one.modelImage());
    return packContainer({ images, description: this.#describe('model', context) });
  }

  /** The training state as a file, between steps. `Trainer.resume` goes on from it. */
  checkpoint(context?: unknown): Uint8Array {
    const images = this.models.map((one) => one.checkpointImage());
    return packContainer({ images, description: this.#describe('checkpoint', context) });
  }

  #read(): StepReport {
    return readReport(this.models);
  }

  #describe(kind: Description['kind'], context: unknown): Description {
    return {
      kind,
      model: namedModel(this.#given),
      training: namedTraining(this.training),
      pipeline: this.pipeline,
      classes: this.classes,
      classWeights: this.classWeights,
      target: this.target,
      samples: this.#dataset.rows,
      data: this.#fingerprint(),
      ...(this.#refit?.done && { headFitted: true }),
      context,
    };
  }

  /** Checksum of the preprocessed training set. */
  #fingerprint(): number {
    const { features, labels, targets = new Float64Array() } = this.#dataset;
    const bytes = (values: Float64Array | Int32Array) =>
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return crc32(bytes(targets), crc32(bytes(labels), crc32(bytes(features))));
  }
}
