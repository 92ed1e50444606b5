/**
 * The last share of a budget of shots goes to the head: with the circuit as it is trained, the outputs of all training samples
 * are measured, and the linear head that fits them best is worked out (head-newton.ts). For every rule. It is the host's,
 * because the core never has the whole training set: it would take a step of its own over many mini-batches, and
 * memory that a device does not have.
 *
 * The outputs are measured by a core of their own, a linear head of as many logits as there are outputs, which hands them
 * through, from a seed of its own: the bits go by the training's seed and the parameters alone. Each sample is measured
 * `REPEATS` times at an equal part of the shots, and by how far those are apart the covariance of their mean is known,
 * whatever the engine and the observables.
 *
 * It is a chunk of its own, which a training loads that asks for it.
 */
import { MAX_SHOTS, Option, Report } from '../../assembly/abi/codes.ts';
import { type Core, loadCore } from '../core/core.ts';
import { OptionError } from '../core/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import { fittedHead, type MeasuredOutputs } from './head-newton.ts';
import { refitShots } from './head-share.ts';
import type { OneModel } from './one-model.ts';
import type { ResolvedModel, ResolvedTraining } from './options.ts';
import type { pacer } from './pacer.ts';
import { PredictingModel } from './predicting-model.ts';
import { prepareCore } from './program.ts';

type Pause = ReturnType<typeof pacer>;

/** How often each sample is measured. */
const REPEATS = 8;

/** Seeds are below 2^53: this one's streams are of no training. */
const OTHER_SEED = 2 ** 52;

/** r of few shots a sample, the shots from which it falls by their square, and the least: as in the core's Newton steps. */
const RIDGE = 1e-3;
const FEW_SHOTS = 32;
const LEAST_RIDGE = 1e-5;

/** The model whose outputs are what the observables give. */
function reading(model: ResolvedModel): ResolvedModel {
  const outputs = model.observables.length;
  return { ...model, head: 'linear', loss: 'bce', classes: Math.max(2, outputs), logits: outputs };
}

/** How the outputs are measured: a step of two shots a loss, and of one for each displaced circuit. */
function readingTraining(training: ResolvedTraining): ResolvedTraining {
  const { seed, gradient, engine } = training;
  return {
    ...{
      ...training,
      rule: 'sgd',
      shots: 2,
      displacedShots: 1,
      gradient: 'parameter-shift',
      shotsBudget: 'none',
    },
    engine: gradient === 'parameter-shift' ? engine : 'auto',
    seed: seed < OTHER_SEED ? seed + OTHER_SEED : seed - OTHER_SEED,
  };
}

/** A core that reads the outputs of a model. */
function reader(core: Core, model: ResolvedModel, training: ResolvedTraining): PredictingModel {
  const bytes = prepareCore(core, reading(model), readingTraining(training), 0);
  return PredictingModel.prepared(core, bytes, undefined, reading(model));
}

/** Circuits that measure the outputs of one sample. @param core any build that trains: small ones leave counting to the release build */
async function circuitsOf(core: Core, model: ResolvedModel, training: ResolvedTraining): Promise<number> {
  const counts = 'step_shots' in core.abi;
  const counting = counts ? core : await loadCore();
  const step = readingTraining(training);
  prepareCore(counting, reading(model), counts ? step : { ...step, engine: 'samples' }, 0);
  const { abi } = counting;
  // What its shots are more than its circuits are losses.
  return (abi.step_shots() - abi.step_evaluations()) / abi.option_value(Option.Batch);
}

/** The head of a trained model is fitted to all samples. */
export class HeadRefit {
  readonly #readers: readonly PredictingModel[];
  /** Shots of each circuit of a repeat. */
  readonly #shots: number;
  /** Circuits of a sample. */
  readonly #circuits: number;
  #done = false;

  private constructor(readers: readonly PredictingModel[], shots: number, circuits: number) {
    this.#readers = readers;
    this.#shots = shots;
    this.#circuits = circuits;
  }

  /**
   * Lays out what it takes.
   * @param makeCore of the build that trains
   * @throws OptionError where the share does not pay for all samples
   */
  static async prepare(
    makeCore: () => Core,
    model: ResolvedModel,
    training: ResolvedTraining,
    { rows, models }: { readonly rows: number; readonly models: number },
  ): Promise<HeadRefit> {
    const budget = refitShots(training, models);
    const circuits = await circuitsOf(makeCore(), model, training);
    const readers = Array.from({ length: models }, (_, i) =>
      reader(makeCore(), model, { ...training, seed: training.seed + i }),
    );
    const least = REPEATS * circuits * rows;
    const shots = Math.min(Math.floor(budget / least), MAX_SHOTS);
    if (shots > 0) return new HeadRefit(readers, shots, circuits);
    const message = `refitHead keeps ${budget} shots of a model for its head, but measuring all ${rows} samples ${REPEATS} times takes ${least}; give more, or 'none'`;
    throw new OptionError('ERR_OPTION_VALUE', message, 'refitHead');
  }

  /** Whether the head has been fitted. */
  get done(): boolean {
    return this.#done;
  }

  /** It was, before a checkpoint was written. */
  wasDone(): void {
    this.#done = true;
  }

  /**
   * Fits the heads of all models, or of none where it is given up.
   * @param pause lets others have a word between two parts of the work
   * @throws the signal's reason
   */
  *run(
    models: readonly OneModel[],
    dataset: Dataset,
    pause: Pause,
    signal: AbortSignal | undefined,
  ): Generator<Promise<unknown>, void, undefined> {
    const heads: Float64Array[] = [];
    for (const [i, one] of models.entries()) {
      const measuring = this.#measure(this.#readers[i] as PredictingModel, one, dataset);
      let part = measuring.next();
      for (; !part.done; part = measuring.next()) {
        yield pause() ?? Promise.resolve();
        signal?.throwIfAborted();
      }
      const measured = part.value;
      heads.push(this.#fit(measured, one, dataset));
    }
    for (const [i, one] of models.entries()) {
      one.parameters.set(heads[i] as Float64Array, one.model.circuitParameters);
      const circuits = REPEATS * this.#circuits * dataset.rows;
      const { slots } = one;
      slots[Report.Evaluations] = (slots[Report.Evaluations] as number) + circuits;
      slots[Report.Shots] = (slots[Report.Shots] as number) + circuits * this.#shots;
    }
    this.#done = true;
  }

  *#measure(
    from: PredictingModel,
    { parameters, model }: OneModel,
    dataset: Dataset,
  ): Generator<undefined, MeasuredOutputs, undefined> {
    const { circuitParameters } = model;
    // A fit that was given up leaves no trace.
    from.core.check(from.core.abi.parameters_initialise(), 'reading the outputs');
    from.parameters.fill(0, circuitParameters);
    from.parameters.set(parameters.subarray(0, circuitParameters));
    for (let c = 0; c < from.model.logits; c++)
      from.parameters[circuitParameters + c * (from.model.logits + 1)] = 1;
    const { rows } = dataset;
    const width = model.observables.length;
    const half = (width * (width + 1)) / 2;
    const means = new Float64Array(rows * width);
    const covariances = new Float64Array(rows * half);
    const unlabelled: Dataset = { ...dataset, labels: new Int32Array(rows).fill(-1), targets: undefined };
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const { values } = from.outputs(unlabelled, this.#shots);
      for (let sample = 0; sample < rows; sample++) {
        let place = sample * half;
        for (let i = 0; i < width; i++) {
          const fi = values[sample * width + i] as number;
          means[sample * width + i] = (means[sample * width + i] as number) + fi / REPEATS;
          for (let j = 0; j <= i; j++, place++)
            covariances[place] = (covariances[place] as number) + fi * (values[sample * width + j] as number);
        }
      }
      yield;
    }
    for (let sample = 0; sample < rows; sample++) {
      let place = sample * half;
      for (let i = 0; i < width; i++) {
        for (let j = 0; j <= i; j++, place++) {
          const square = (means[sample * width + i] as number) * (means[sample * width + j] as number);
          covariances[place] = ((covariances[place] as number) / REPEATS - square) / (REPEATS - 1);
        }
      }
    }
    return { means, covariances, width };
  }

  /** The head that fits what was measured, as the core has it: weights row by row, then biases. */
  #fit(measured: MeasuredOutputs, one: OneModel, dataset: Dataset): Float64Array {
    const { width } = measured;
    const { circuitParameters, logits, loss } = one.model;
    const { labels, targets, weights } = one.asSeen(dataset);
    const share = FEW_SHOTS / Math.max(REPEATS * this.#shots, FEW_SHOTS);
    const head = one.parameters.subarray(circuitParameters);
    const place = (c: number, j: number) => (j < width ? c * width + j : logits * width + c);
    const each = width + 1;
    const start = Float64Array.from(
      { length: logits * each },
      (_, at) => head[place(Math.floor(at / each), at % each)] as number,
    );
    const numbers = () => targets ?? labels.map((label) => (label === 0 ? -1 : 1));
    const task = {
      ...{ logits, weights },
      loss: loss === 'mse' ? ('mse' as const) : ('bce' as const),
      wanted: loss === 'mse' ? numbers() : labels,
      ridge: Math.max(RIDGE * share * share, LEAST_RIDGE),
    };
    const fitted = fittedHead(measured, task, start);
    const laid = new Float64Array(fitted.length);
    fitted.forEach((value, at) => {
      laid[place(Math.floor(at / each), at % each)] = value;
    });
    return laid;
  }
}
