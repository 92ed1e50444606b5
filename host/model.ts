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
import { resolveTraining } from './options.ts';

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

  /**
   * Predicts rows of raw features: one array each, or a data set, whose labels are not looked at.
   * @throws OptionError, DataError
   */
  predict(
    rows: readonly ArrayLike<number>[] | Dataset,
    { shots = 'exact' }: { shots?: number | 'exact' } = {},
  ): Prediction[] {
    const dataset = 'features' in rows ? rows : unlabelled(rows, 'rows');
    const blind = { ...dataset, labels: new Int32Array(dataset.rows).fill(-1) };
    return predictAll(this.#members, this.#prepare(blind), this.classes, shotCount(shots));
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

/** The same model in a core with another seed: a core takes its seed before it is laid out. */
async function reseeded(
  member: Member,
  seed: number,
  { resolvedModel, training }: ReadDescription,
  options: LoadOptions,
): Promise<Member> {
  const resolved = resolveTraining({ ...training, seed });
  const other = Member.fresh(await loadCore(options), resolvedModel, resolved, 0, member.positive);
  other.parameters.set(member.parameters);
  return other;
}

/**
 * Loads a model file written by `Trainer.save`.
 * @param options `name` for messages; `seed` of the shots of predictions, default that of the training
 * @throws FormatError when it is another kind of file, damaged or newer
 * @example
 * ```ts
 * const model = await loadModel(bytes);
 * console.log(model.predict([features])[0].name);
 * ```
 */
export async function loadModel(
  file: Uint8Array,
  options: LoadOptions & { name?: string; seed?: number } = {},
): Promise<Model> {
  const name = options.name ?? 'model';
  const { images, description } = unpackContainer(file, name);
  const read = readDescription(description, 'model', name);
  const { seed } = options;
  const members: Member[] = [];
  for (const image of images) {
    const core = await loadCore(options);
    try {
      // Several images are one model per class, each with its own class as the positive one.
      const positive = images.length > 1 ? members.length : undefined;
      const member = Member.fromImage(core, image, positive);
      members.push(
        seed === undefined ? member : await reseeded(member, seed + members.length, read, options),
      );
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      throw new FormatError('ERR_FORMAT_CONFIGURATION', error.message, name, { cause: error });
    }
  }
  return new Model(members, read);
}
