/** Predictions whose circuits a quantum processor measures. */
import { Answerer, MAX_SHOTS, Option, Status } from '../../assembly/abi/codes.ts';
import { asking } from '../api/asking.ts';
import {
  callable,
  contradiction,
  looking,
  optional,
  record,
  refuse,
  signal,
  type Table,
  that,
  whole,
} from '../core/checks.ts';
import { type Answer, applyPipeline, type Classifier, Core, DataError, type Prediction } from '../index.ts';

/** Options of `predictByQpu`. */
export interface QpuPredictionOptions {
  /** Answers the questions: made by `qpu`. */
  readonly answer: Answer;
  /** Shots per circuit, 1 to 2^20. */
  readonly shots: number;
  /** Stops between two questions, or while one is waited for; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

const OPTIONS: Table<QpuPredictionOptions> = {
  answer: callable,
  shots: whole(1, MAX_SHOTS),
  signal: optional(signal),
};

/** Whether this is a trainer or a loaded model, whose cores then are of this package. */
const isClassifier = (model: unknown) =>
  (model as Classifier)['models'].every(({ core }) => core instanceof Core) &&
  'pipeline' in (model as Classifier);

/** Preprocesses a row. @throws DataError */
function prepared({ pipeline, model }: Classifier, values: ArrayLike<number>, index: number): Float64Array {
  const features = applyPipeline(pipeline, values);
  if (features.length !== model.features) {
    const message = `row ${index + 1} has ${features.length} features after preprocessing; the model takes ${model.features}`;
    throw new DataError('ERR_DATA_FEATURES', message);
  }
  if (features.every(Number.isFinite)) return features;
  throw new DataError('ERR_DATA_FINITE', `row ${index + 1} has a feature that is not finite`);
}

/** What a core puts out for a mini-batch at most. @throws CoreError, what the answer rejects with */
async function outputsOf(
  core: Core,
  samples: readonly Float64Array[],
  options: QpuPredictionOptions,
): Promise<number[][]> {
  const { abi } = core;
  const { answer, shots, signal } = options;
  // Of no samples at all: only to hear whether a step is under way, whose mini-batch must stay as it is.
  if (abi.predict(0, shots) === Status.Busy) core.check(Status.Busy, 'predicting');
  const columns = abi.option_value(Option.Features);
  samples.forEach((features, place) => {
    core.reals(abi.features_ptr() + place * columns * core.realBytes, columns).set(features);
  });
  core.integers(abi.labels_ptr(), samples.length).fill(-1);
  let status = core.check(abi.predict(samples.length, shots), 'predicting');
  const ask = asking(core, answer, signal);
  try {
    while (status !== Status.Ok) {
      if (status === Status.Asked) await ask();
      status = core.check(abi.step_advance(0x7fffffff), 'predicting');
    }
  } finally {
    abi.step_abandon();
  }
  const width = Math.max(1, abi.option_value(Option.Logits));
  const outputs = core.reals(abi.outputs_ptr(), samples.length * width);
  return samples.map((_, place) => Array.from(outputs.subarray(place * width, (place + 1) * width)));
}

/** Scores of all rows by one core, a mini-batch at a time. */
async function scoresOf(
  core: Core,
  samples: readonly Float64Array[],
  options: QpuPredictionOptions,
): Promise<number[][]> {
  const batch = core.abi.option_value(Option.Batch);
  const scores: number[][] = [];
  for (let from = 0; from < samples.length; from += batch) {
    for (const outputs of await outputsOf(core, samples.slice(from, from + batch), options))
      scores.push(outputs);
  }
  return scores;
}

/**
 * Predicts rows of raw features, each circuit measured by the caller's processor, once for each Pauli term, or once
 * for all where all letters are Z.
 * @param model a trainer whose `answerer` is 'caller', between steps, or its model: `loadModel(file, { engines: 'all' })`
 * @throws OptionError for another model, or one that predicts numbers, or shots out of range, DataError, CoreError, QpuError
 * @example
 * ```ts
 * const trainer = await Trainer.create({ model, training: { answerer: 'caller', shots: 100 }, dataset });
 * const [{ name }] = await predictByQpu(trainer, [features], { answer: qpu(run), shots: 1000 });
 * ```
 */
export async function predictByQpu(
  model: Classifier,
  rows: readonly ArrayLike<number>[],
  given: QpuPredictionOptions,
): Promise<Prediction[]> {
  const options = record('predictByQpu', given, OPTIONS);
  that('a trainer or a loaded model', isClassifier)(model, 'model');
  if (model.target !== undefined) {
    const message = 'predictByQpu is for classes; this model predicts numbers, and by the simulator alone';
    contradiction(message, 'task');
  }
  const cores = model['models'].map(({ core }) => core);
  if (cores.some(({ abi }) => abi.option_value(Option.Answerer) !== Answerer.Caller)) {
    const message =
      "the model measures by itself; expected one whose answerer is 'caller', loaded with engines 'all'";
    contradiction(message, 'answerer');
  }
  if (!looking('rows', rows, () => Array.isArray(rows)))
    refuse('rows', rows, 'a list of rows, each a list of numbers');
  const samples = looking('rows', rows, () => rows.map((values, index) => prepared(model, values, index)));
  const each: number[][][] = [];
  for (const core of cores) each.push(await scoresOf(core, samples, options));
  return samples.map((_, index) => model.predictionOf(each.flatMap((rowsOfOne) => rowsOfOne[index])));
}
