/** Opens model files for the commands that use them. */
import { pipelineInputs } from '../../data/preprocess.ts';
import type { Description } from '../../api/file-description.ts';
import { loadModel, type Model } from '../../api/model.ts';
import { readBytes } from '../../files/disk.ts';

/** Reads a model file. @throws DataError, FormatError */
export async function openModel(name: string, seed: number | undefined): Promise<Model> {
  return loadModel(await readBytes(name), { name, seed });
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
