/** A trained model, loaded from its file: what a program that only predicts needs. */
import {
  type Evaluation,
  evaluateAll,
  type Prediction,
  predictAll,
  shotCount,
  unlabelled,
} from './classifier.ts';
import { unpackContainer } from './container.ts';
import { type LoadOptions, loadCore } from './core.ts';
import { checkEncodable, checkFeatures, type Dataset } from './data/dataset.ts';
import { transformDataset } from './data/preprocess.ts';
import { type ReadDescription, readDescription } from './describe.ts';
import { CoreError, FormatError } from './errors.ts';
import { Member } from './member.ts';

/** A model that predicts. Made by `loadModel`. */
export class Model {
  readonly #members: readonly Member[];

  /** @internal */
  constructor(
    members: readonly Member[],
    /** What the file says of the model: options, preprocessing, classes. */
    readonly description: ReadDescription,
  ) {
    this.#members = members;
  }

  /** Class names, in the order of the labels. */
  get classes(): readonly string[] {
    return this.description.classes;
  }

  /** Parameters of the first member, zero-copy: circuit, head weights row by row, head biases. */
  get parameters(): Float64Array | Float32Array {
    return (this.#members[0] as Member).parameters;
  }

  /** Bytes of linear memory in use. */
  get arenaBytes(): number {
    return this.#members.reduce((sum, { arenaBytes }) => sum + arenaBytes, 0);
  }

  /** Predicts rows of raw features, one array each. @throws OptionError, DataError */
  predict(
    rows: readonly ArrayLike<number>[],
    { shots = 'exact' }: { shots?: number | 'exact' } = {},
  ): Prediction[] {
    return predictAll(this.#members, this.#prepare(unlabelled(rows, 'rows')), this.classes, shotCount(shots));
  }

  /** Loss and accuracy on a raw, labelled data set with the same classes. */
  evaluate(dataset: Dataset, { shots = 'exact' }: { shots?: number | 'exact' } = {}): Evaluation {
    return evaluateAll(this.#members, this.#prepare(dataset), shotCount(shots));
  }

  #prepare(raw: Dataset): Dataset {
    const dataset = transformDataset(this.description.pipeline, raw);
    checkFeatures(dataset);
    const { encoding, qubits } = this.description.resolvedModel;
    if (encoding === 'amplitude') checkEncodable(dataset, { amplitudes: 2 ** qubits });
    return dataset;
  }
}

/**
 * Loads a model file written by `Trainer.save`.
 * @throws FormatError when it is another kind of file, damaged or newer
 * @example
 * ```ts
 * const model = await loadModel(bytes);
 * console.log(model.predict([features])[0].name);
 * ```
 */
export async function loadModel(
  file: Uint8Array,
  options: LoadOptions & { name?: string } = {},
): Promise<Model> {
  const name = options.name ?? 'model';
  const { images, description } = unpackContainer(file, name);
  const read = readDescription(description, 'model', name);
  const members: Member[] = [];
  for (const image of images) {
    const core = await loadCore(options);
    try {
      members.push(Member.fromImage(core, image));
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      throw new FormatError('ERR_FORMAT_CONFIGURATION', error.message, name, { cause: error });
    }
  }
  return new Model(members, read);
}
