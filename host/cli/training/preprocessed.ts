/** What became of the columns before the model saw them, in words: it decides what can be learned, so results and notes have it. */
import { MAX_QUBITS } from '../../../assembly/abi/codes.ts';
import type { Dataset } from '../../data/dataset.ts';
import { type Pipeline, transformDataset } from '../../data/preprocess.ts';
import { inputsOf, outputsOf, type Transform } from '../../data/transform.ts';
import type { PreprocessingFlags } from '../input/flags.ts';
import { percent, plural } from '../output/format.ts';
import { plain } from '../output/plain.ts';

/** Summed variance of the columns. */
function variance({ features, rows, columns }: Dataset): number {
  let sum = 0;
  for (let j = 0; j < columns; j++) {
    let [mean, squares] = [0, 0];
    for (let i = 0; i < rows; i++) mean += features[i * columns + j] / rows;
    for (let i = 0; i < rows; i++) squares += (features[i * columns + j] - mean) ** 2 / rows;
    sum += squares;
  }
  return sum;
}

/** The share of the variance that the principal components of a pipeline keep; undefined without any. */
function keptBy(pipeline: Pipeline, train: Dataset): number | undefined {
  const at = pipeline.findIndex(({ kind }) => kind === 'pca');
  if (at < 0) return undefined;
  const before = at === 0 ? train : transformDataset(pipeline.slice(0, at), train);
  const all = variance(before);
  return all === 0 ? undefined : variance(transformDataset([pipeline[at] as Transform], before)) / all;
}

/**
 * Each step, with the number of values before and after it where that changes: `pca 40 -> 15, 46.1 % of the variance`. Empty
 * where the columns reach the model as they are.
 * @param train before preprocessing
 */
export function preprocessingSteps(pipeline: Pipeline, train: Dataset): string[] {
  let width = train.columns;
  const kept = keptBy(pipeline, train);
  return pipeline.flatMap((transform) => {
    const before = inputsOf(transform) ?? width;
    width = outputsOf(transform, before);
    const { kind } = transform;
    if (kind === 'columns' && before === width) return [];
    const share = kind === 'pca' && kept !== undefined ? ` (${percent(kept)} of the variance)` : '';
    return [`${kind}${before === width ? '' : ` ${before} -> ${width}`}${share}`];
  });
}

/** What a note needs to know of a training that is about to begin. */
interface Beginning {
  readonly pipeline?: Pipeline;
  readonly dataset: Dataset;
  readonly model: { readonly qubits: number; readonly encoding?: string };
}

/** What is said of components that nobody asked for: how much is gone, and how all of it would have room. */
export function componentsNote(
  { pipeline = [], dataset, model: { qubits, encoding = 'amplitude' } }: Beginning,
  { pca, constant }: PreprocessingFlags,
): string | undefined {
  const step = pipeline.find(({ kind }) => kind === 'pca');
  if (pca !== undefined || step?.kind !== 'pca' || dataset.shape !== undefined) return undefined;
  const [columns, components] = [step.mean.length, step.components.length];
  if (columns === components) return undefined;
  const kept = keptBy(pipeline, dataset);
  const share = kept === undefined ? '' : `, with ${percent(kept)} of their variance`;
  const amplitudes = columns + Number(constant !== false);
  const needed = encoding === 'amplitude' ? Math.ceil(Math.log2(amplitudes)) : columns;
  const room = needed > qubits && needed <= MAX_QUBITS ? `; --qubits ${needed} has room for all` : '';
  return `${plain(dataset.name)}: ${plural(components, 'principal component')} stand in for ${columns} columns${share}${room}`;
}
