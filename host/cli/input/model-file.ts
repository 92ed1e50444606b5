/** Opens model files for the commands that use them. */
import { pipelineInputs } from '../../data/preprocess.ts';
import { blaming, type Description, openFile, type ReadDescription } from '../../api/file-description.ts';
import { loadModel, type Model } from '../../api/model.ts';
import type { Noise } from '../../api/noise.ts';
import { loadNoisyModel } from '../../api/noisy-model.ts';
import { OneModel } from '../../api/one-model.ts';
import { loadCore } from '../../core/core.ts';
import { FormatError } from '../../core/errors.ts';
import { readBytes } from '../../files/disk.ts';
import { shellWord, self } from '../output/commands.ts';

/** Reads a model file, to predict with noise where some is given. @throws DataError, FormatError, OptionError */
export async function openModel(
  name: string,
  seed: number | undefined,
  { noise, shots }: { readonly noise?: Noise; readonly shots?: number | 'exact' } = {},
): Promise<Model> {
  const bytes = await readBytes(name);
  try {
    return noise === undefined
      ? await loadModel(bytes, { name, seed })
      : await loadNoisyModel(bytes, { name, seed, noise, shots });
  } catch (cause) {
    if (!(cause instanceof FormatError && cause.code === 'ERR_FORMAT_MAGIC' && isCheckpoint(bytes, name)))
      throw cause;
    const file = shellWord(name);
    const message = `this is a checkpoint; ${self()} train --resume ${file} --finish --out FILE makes a model of it as it is, without --finish after the steps that are left`;
    throw new FormatError(cause.code, message, name, { cause });
  }
}

/** A checkpoint's first model, in a core of its own. @param name of the file, for messages @throws FormatError */
export function restored(image: Uint8Array, read: ReadDescription, name: string): Promise<OneModel> {
  const { resolvedModel, resolvedTraining, samples } = read;
  return blaming(name, async () => {
    const one = OneModel.fresh(await loadCore(), resolvedModel, resolvedTraining, samples, undefined);
    one.restore(image);
    return one;
  });
}

function isCheckpoint(bytes: Uint8Array, name: string): boolean {
  try {
    return openFile(bytes, name).read.kind === 'checkpoint';
  } catch {
    return false;
  }
}

/** Numbers that go into the preprocessing of a model with `features` of its own. */
export function inputsOfModel({ pipeline }: Pick<Description, 'pipeline'>, features: number): number {
  const appended = pipeline.filter(({ kind }) => kind === 'constant').length;
  return pipelineInputs(pipeline) ?? features - appended;
}

/** Numbers that a model takes per row, before preprocessing. */
export function inputsOf({ description }: Model): number {
  return inputsOfModel(description, description.resolvedModel.features);
}
