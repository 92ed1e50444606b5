/** A trained model, loaded from its file: what a program that only predicts needs. */
import { Classifier } from './classifier.ts';
import type { FileBytes } from '../files/container.ts';
import { coreMaker, LOADING, type LoadOptions } from '../core/core.ts';
import { blaming, openFile, type ReadDescription } from './file-description.ts';
import { optional, record, text, whole } from '../core/checks.ts';
import { PredictingModel } from './predicting-model.ts';
import { seedWords } from './program.ts';

/** A model that predicts. Made by `loadModel`. */
export class Model extends Classifier {
  /** @internal */
  constructor(
    models: readonly PredictingModel[],
    /** What the file says of the model: options, preprocessing, classes. */
    readonly description: ReadDescription,
  ) {
    super(models, description.resolvedModel, description.pipeline, description.classes, description.target);
  }
}

const OPTIONS = { ...LOADING, name: optional(text), seed: optional(whole(0)) };

/**
 * Loads a model file written by `Trainer.save`.
 * @param options default: predict by the core that is inside the library
 * @throws FormatError when it is another kind of file, damaged or newer; OptionError when it is no bytes
 * @example
 * ```ts
 * const model = await loadModel(bytes);
 * console.log(model.predict([features])[0].name);
 * ```
 */
export async function loadModel(
  file: FileBytes,
  options: LoadOptions & {
    /** What messages call the file; default 'model'. */
    name?: string;
    /** Of the shots of predictions, 0 to 2^53 - 1; default the training's. */
    seed?: number;
  } = {},
): Promise<Model> {
  const { name = 'model', seed, wasm, engines = 'samples' } = record('loadModel', options, OPTIONS);
  const { images, read } = openFile(file, name, 'model');
  const models: PredictingModel[] = [];
  const makeCore = await coreMaker({ wasm, engines });
  for (const [i, image] of images.entries()) {
    const core = makeCore();
    // Several images are one model per class, each with its own class as the positive one.
    const positive = images.length > 1 ? i : undefined;
    models.push(
      await blaming(name, () =>
        PredictingModel.fromImage(
          core,
          image,
          positive,
          read.resolvedModel,
          read.classWeights,
          read.target !== undefined,
        ),
      ),
    );
    if (seed !== undefined) core.abi.reseed(...seedWords(seed + i));
  }
  return new Model(models, read);
}
