/** A trained model on a processor with noise. */
import type { FileBytes } from '../files/container.ts';
import { loadCore } from '../core/core.ts';
import { anything, oneOf, optional, record, text, whole } from '../core/checks.ts';
import { blaming, openFile } from './file-description.ts';
import { ENGINES, type EngineName } from './choices.ts';
import { Model } from './model.ts';
import type { Noise } from './noise.ts';
import { resolveTraining } from './options.ts';
import { PredictingModel } from './predicting-model.ts';
import { prepareCore, seedWords } from './program.ts';

/** Options of `loadNoisyModel`. */
export interface NoisyModelOptions {
  /** The noise, in the order in which it stands behind each gate of the model's circuit. */
  readonly noise: Noise;
  /** 'noisy', exact, also of how shots fall, or 'trajectories', which needs shots; default 'auto'. */
  readonly engine?: EngineName;
  /** Shots per circuit that predictions will take, unless they say otherwise; default 'exact', or 1000 with trajectories. */
  readonly shots?: number | 'exact';
  /** For messages. */
  readonly name?: string;
  /** Of the shots of predictions; default that of the training. */
  readonly seed?: number;
}

const OPTIONS = {
  noise: anything,
  engine: optional(oneOf(...(Object.keys(ENGINES) as EngineName[]))),
  shots: optional(anything),
  name: optional(text),
  seed: optional(whole(0)),
};

/**
 * Loads a model file written by `Trainer.save`, to predict and evaluate on a processor with noise: a model file has none,
 * whatever it was trained with.
 * @throws FormatError as `loadModel`; OptionError for noise that is none, or an engine that runs none
 * @example
 * ```ts
 * const model = await loadNoisyModel(bytes, { noise: [{ channel: 'depolarizing', rate: 0.01 }] });
 * console.log(model.evaluate(test, { shots: 1000 }).accuracy);
 * ```
 */
export async function loadNoisyModel(file: FileBytes, options: NoisyModelOptions): Promise<Model> {
  const { name = 'model', seed, noise, engine = 'auto', shots } = record('loadNoisyModel', options, OPTIONS);
  const { images, read } = openFile(file, name, 'model');
  const { resolvedModel: model, resolvedTraining, classWeights, target } = read;
  const numeric = target !== undefined;
  const { batch, readoutError } = resolvedTraining;
  // Who predicts differentiates nothing, and needs no room for it.
  const gradient = 'two-point';
  const usual = engine === 'trajectories' ? 1000 : 'exact';
  const wanted = {
    noise,
    engine,
    batch,
    readoutError,
    gradient,
    rule: 'sgd',
    shots: shots ?? usual,
  } as const;
  const training = resolveTraining(wanted);
  const models: PredictingModel[] = [];
  for (const [i, image] of images.entries()) {
    const positive = images.length > 1 ? i : undefined;
    const [reader, core] = [await loadCore(), await loadCore()];
    const { parameters } = await blaming(name, () =>
      PredictingModel.fromImage(reader, image, positive, model, classWeights, numeric),
    );
    const bytes = prepareCore(core, model, training, 0, { weighted: classWeights !== undefined, numeric });
    const one = PredictingModel.prepared(core, bytes, positive, model, classWeights, numeric);
    one.parameters.set(parameters);
    core.abi.reseed(...seedWords((seed ?? resolvedTraining.seed) + i));
    models.push(one);
  }
  return new Model(models, read);
}
