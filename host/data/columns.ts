/**
 * The first step of preprocessing: which columns a model takes, by name, and what it makes of text and of
 * missing values. A data set is brought into the model's own order before anything else happens to it.
 */
import { DataError, type DataErrorCode } from '../core/errors.ts';
import { columnIn, type Dataset, listed, quoted, rowError } from './dataset.ts';

/** One column that a model takes. */
export interface Column {
  /** Its name; undefined where the training data had none. */
  readonly name?: string;
  /** Of a column of text, its categories: each becomes a number that is 1 where the text is that, else 0. */
  readonly categories?: readonly string[];
  /** What a missing value becomes, with `missing: 'mean'`: a number, or one for each category. */
  readonly fill?: readonly number[];
}

/** Takes columns by name, and makes numbers of text and of missing values. */
export interface Columns {
  /** Which step it is; only the first of a pipeline can be. */
  readonly kind: 'columns';
  /** The columns that a model takes, in its order. */
  readonly columns: readonly Column[];
  /** What happens to rows that lack a value: `'mean'` fills them in; `'drop'`, like `'refuse'`, takes none. */
  readonly missing: 'refuse' | 'drop' | 'mean';
  /** What happens to text that is none of the categories: zeros for all of them, or an error. */
  readonly unseen: 'zeros' | 'refuse';
  /** What the labels are called, for data that has them too. */
  readonly label?: string;
  /** Where the columns were in the training file, when it had more: how many, without the label, and which. */
  readonly source?: {
    /** Columns of the training file, without the label. */
    readonly columns: number;
    /** Which of them each column here was, from 0. */
    readonly at: readonly number[];
  };
}

/** How many numbers a column becomes. */
export function widthOf({ categories }: Column): number {
  return categories?.length ?? 1;
}

/**
 * Rows in the order of the columns become numbers. Text is an index into the categories, -1 for any other.
 * @param x rows x inputs
 */
export function expandRows(
  { columns }: Columns,
  x: Float64Array<ArrayBuffer>,
  inputs: number,
): Float64Array<ArrayBuffer> {
  const widths = columns.map(widthOf);
  const rows = x.length / inputs;
  const y = new Float64Array(rows * widths.reduce((sum, width) => sum + width, 0));
  let to = 0;
  for (let from = 0; from < x.length; from += inputs) {
    for (let j = 0; j < inputs; j++) {
      const { categories, fill } = columns[j] as Column;
      const value = x[from + j] as number;
      if (Number.isNaN(value) && fill) y.set(fill, to);
      else if (categories === undefined) y[to] = value;
      else if (value >= 0) y[to + value] = 1;
      to += widths[j] as number;
    }
  }
  return y;
}

/** Whether any column needs work beyond being in its place. */
export function isPlain({ columns }: Columns): boolean {
  return columns.every(({ categories, fill }) => categories === undefined && fill === undefined);
}

/** The k-th column of a name in the training data is the k-th of that name in any other. */
function occurrences(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return `${before} ${name}`;
  });
}

const countOf = (names: readonly string[], name: string) => names.filter((each) => each === name).length;

/** What columns are not there, and what is: none of a name, or fewer of it than a model takes. */
function lacking(absent: readonly string[], taken: readonly string[], found: readonly string[]): string {
  const none = absent.filter((name) => !found.includes(name));
  if (none.length > 0) {
    const both = `the model takes ${listed(taken)}; the data has ${listed(found)}`;
    return `there is no column ${listed([...new Set(none)])}: ${both}`;
  }
  const [name = ''] = absent;
  const [most, few] = [taken, found].map((names) => countOf(names, name));
  return `the model takes ${most} columns ${quoted(name)}, the data has ${few}: ${listed(found)}`;
}

/**
 * Where each column of the step is in the data, from 0: by name where both have names, else by place. DataError with
 * what the model takes and what there is, when one is not there.
 */
export function placesIn(
  { columns, source }: Columns,
  { columnNames, columns: width, name: file }: Pick<Dataset, 'columnNames' | 'columns' | 'name'>,
): readonly number[] {
  const names = columns.map(({ name }) => name);
  const known = names.filter((name) => name !== undefined);
  if (columnNames !== undefined && known.length === names.length) {
    const at = new Map(occurrences(columnNames).map((key, place) => [key, place]));
    const places = occurrences(known).map((key) => at.get(key) ?? -1);
    if (!places.includes(-1)) return places;
    const absent = known.filter((_, j) => places[j] === -1);
    const message = lacking(absent, known, columnNames);
    throw new DataError('ERR_DATA_COLUMN', message, { file });
  }
  if (width === names.length) return names.map((_, j) => j);
  if (width === source?.columns) return source.at;
  const taken = known.length > 0 ? `: ${listed(known)}` : '';
  const found = columnNames === undefined ? ' without names' : '';
  const more = source ? `, or the ${source.columns} of its training file` : '';
  const message = `the data has ${width} ${width === 1 ? 'column' : 'columns'}${found}; the model takes ${names.length}${more}${taken}`;
  throw new DataError('ERR_DATA_FEATURES', message, { file });
}

/**
 * The data with the columns that a model takes, in its order. Text that is none of the categories becomes -1.
 * DataError for a column that is not there, for text instead of numbers, for values that are missing or
 * infinite, and for text that is none of the categories where that is refused.
 */
export function alignColumns(step: Columns, dataset: Dataset): Dataset {
  const places = placesIn(step, dataset);
  const { rows, columns: width, features: from } = dataset;
  const { columns } = step;
  const features = new Float64Array(rows * columns.length);
  columns.forEach((column, j) => {
    const place = places[j] as number;
    const texts = dataset.categories?.[place];
    const refuse = (i: number, code: DataErrorCode, complaint: string): never => {
      throw rowError(dataset, i, code, complaint);
    };
    const where = column.name ? `column ${quoted(column.name)}` : columnIn(dataset, place);
    const read = readerOf(column, texts, step.unseen, where, refuse);
    for (let i = 0; i < rows; i++) {
      const value = from[i * width + place] as number;
      if (Number.isNaN(value) && column.fill === undefined) {
        refuse(
          i,
          'ERR_DATA_MISSING',
          `has no value in ${where}, and the model was trained without missing values`,
        );
      }
      features[i * columns.length + j] = Number.isNaN(value) ? value : read(value, i);
    }
  });
  const { columnNames: _, categories: __, source: ___, fields: ____, ...rest } = dataset;
  const names = columns.map(({ name }) => name).filter((name) => name !== undefined);
  return {
    ...rest,
    features,
    columns: columns.length,
    ...(names.length === columns.length && { columnNames: names }),
    ...(columns.some(({ categories }) => categories) && {
      categories: columns.map(({ categories }) => categories),
    }),
  };
}

/** Refuses row `i`. */
type Refuse = (i: number, code: DataErrorCode, complaint: string) => never;

/** What makes a number of the model's of a number of the data's, neither of them missing. */
function readerOf(
  { categories }: Column,
  texts: readonly string[] | undefined,
  unseen: Columns['unseen'],
  where: string,
  refuse: Refuse,
): (value: number, i: number) => number {
  if (categories === undefined) {
    return (value, i) => {
      if (texts !== undefined) {
        refuse(
          i,
          'ERR_DATA_NUMBER',
          `has ${quoted(texts[value] ?? '')} in ${where}, where the model takes a number`,
        );
      }
      if (Number.isFinite(value)) return value;
      return refuse(i, 'ERR_DATA_FINITE', `has ${value} in ${where}, expected a finite number`);
    };
  }
  const index = new Map(categories.map((text, k) => [text, k]));
  return (value, i) => {
    const text = texts === undefined ? String(value) : (texts[value] ?? '');
    const known = index.get(text);
    if (known !== undefined) return known;
    // A number among texts is more likely another column than a new category.
    if (texts !== undefined && unseen === 'zeros') return -1;
    return refuse(i, 'ERR_DATA_COLUMN', `has ${quoted(text)} in ${where}, none of ${listed(categories)}`);
  };
}

/** The step that a data set's own columns are already in the order of: their names, and nothing else. */
export function namesOf({ columns, columnNames, labelName, source }: Dataset): Columns {
  return {
    kind: 'columns',
    columns: Array.from({ length: columns }, (_, j) => {
      const name = columnNames?.[j];
      return name === undefined ? {} : { name };
    }),
    missing: 'refuse',
    unseen: 'zeros',
    ...(labelName !== undefined && { label: labelName }),
    ...(source && { source }),
  };
}
