/** Which columns of the data are the inputs of a circuit of the user's own: by name where the names are the same, else by place. */
import { DataError } from '../../core/errors.ts';
import { type Dataset, listed } from '../../data/dataset.ts';
import { UsageError } from '../output/failure.ts';
import { plain } from '../output/plain.ts';
import type { PreprocessingFlags } from './flags.ts';
import type { Say } from './notes.ts';
import type { Configuration } from './preset.ts';

/** Inputs whose names a sentence has. */
const SHOWN = 8;

const shown = (names: readonly string[]) =>
  names.length > SHOWN ? `${names.slice(0, SHOWN).join(', ')}, ...` : names.join(', ');

/** A data set with these of its columns, in this order. */
function picked(dataset: Dataset, places: readonly number[]): Dataset {
  const { rows, columns, features: from, columnNames, categories, fields, source } = dataset;
  const features = new Float64Array(rows * places.length);
  for (let i = 0; i < rows; i++)
    places.forEach((place, j) => {
      features[i * places.length + j] = from[i * columns + place];
    });
  return {
    ...dataset,
    ...{ features, columns: places.length },
    ...(columnNames && { columnNames: places.map((place) => columnNames[place]) }),
    ...(categories && { categories: places.map((place) => categories[place]) }),
    fields: places.map((place) => fields?.[place] ?? place),
    source: { columns: source?.columns ?? columns, at: places.map((place) => source?.at[place] ?? place) },
  };
}

/** Says that no input of a circuit is a feature. @throws UsageError where an input has the name of a column */
function sayTrained(
  trained: readonly string[],
  { columnNames = [] }: Dataset,
  isMeant: boolean,
  say: Say,
): void {
  const alike = trained.filter((name) => columnNames.includes(name));
  if (alike.length > 0 && !isMeant)
    throw new UsageError(
      `the data has columns of the names ${listed(alike)}, which the circuit would train: --circuit-features ${alike.map(plain).join(',')} feeds them in, --encoding amplitude trains the inputs all the same`,
    );
  if (trained.length > 0)
    say(
      `all inputs of the circuit are trained: ${plain(shown(trained))}; the features are amplitudes of its start state. --circuit-features names the inputs that are features`,
    );
}

/**
 * The training set with the columns that a circuit of the user's own takes, in its order; and says which they are.
 * @param encoding of the flags, by which the user has said how the features get in
 * @throws DataError where some names are those of columns and others are not; UsageError
 */
export function fedBy(
  { inputs }: Configuration,
  { pca, encoding }: PreprocessingFlags & { readonly encoding?: string },
  dataset: Dataset,
  say: Say,
): Dataset {
  if (inputs === undefined) return dataset;
  if (inputs.features.length === 0) {
    sayTrained(inputs.trained, dataset, encoding !== undefined, say);
    return dataset;
  }
  const { columnNames: names = [], columns, shape, name: file } = dataset;
  if (shape !== undefined || typeof pca === 'number') return dataset;
  const places = inputs.features.map((input) => names.indexOf(input));
  const lacking = inputs.features.filter((_, j) => places[j] < 0);
  if (lacking.length === 0) {
    const unused = names.filter((_, j) => !places.includes(j));
    const rest = unused.length > 0 ? `; not used: ${listed(unused)}` : '';
    say(`${plain(file)}: the inputs ${plain(shown(inputs.features))} are the columns of those names${rest}`);
    return picked(dataset, places);
  }
  if (lacking.length < places.length) {
    const message = `some inputs of the circuit have the names of columns, but there is no column ${listed(lacking)}; the columns are ${listed(names)}`;
    throw new DataError('ERR_DATA_COLUMN', message, { file });
  }
  if (columns === inputs.features.length) {
    const pairs = inputs.features.map((input, j) => `${input} is ${names[j] ?? `column ${j}`}`);
    say(`${plain(file)}: the inputs are the columns in their order: ${plain(shown(pairs))}`);
  }
  return dataset;
}
