/** What is said about data beside the result: what was guessed, what looks wrong. */
import { DataError } from '../../core/errors.ts';
import type { Columns } from '../../data/columns.ts';
import type { CsvLayout } from '../../data/csv.ts';
import { decimal, type Dataset, listed, quoted } from '../../data/dataset.ts';
import { MAX_CATEGORIES } from '../../data/fit-columns.ts';
import { shellWord } from '../output/commands.ts';
import { plural } from '../output/format.ts';

/** Says a sentence on stderr, or with `--quiet` nothing. */
export type Say = (sentence: string) => void;

const SEPARATORS: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  ' ': 'spaces',
};

/** How a file was read. */
export function describeCsv(
  { name, rows }: Dataset,
  { delimiter, decimal: mark, names, fields, dropped }: CsvLayout,
): string {
  const separated = `separated by ${SEPARATORS[delimiter] ?? quoted(delimiter)}`;
  const comma = mark === ',' ? ', with decimal commas' : '';
  const header =
    names === undefined ? `no header, ${plural(fields, 'column')}` : `the header ${listed(names)}`;
  const left = dropped > 0 ? `; ${plural(dropped, 'row')} left out, where a value is missing` : '';
  return `${name}: ${plural(rows, 'row')} ${separated}${comma}, ${header}${left}`;
}

/** Texts in the data that a model has not seen, a sentence for each column. */
export function unseenTexts(
  { columns }: Columns,
  { name: file, categories, columnNames }: Dataset,
): string[] {
  return columns.flatMap(({ name, categories: known }, j) => {
    const texts =
      categories?.[columnNames === undefined || name === undefined ? j : columnNames.indexOf(name)];
    const unseen = texts?.filter((text) => known?.includes(text) === false) ?? [];
    if (unseen.length === 0) return [];
    const where = name === undefined ? `column ${j + 1}` : `column ${quoted(name)}`;
    return [
      `${file}: ${listed(unseen)} in ${where} was not in the training data, and counts as none of its texts`,
    ];
  });
}

/** Rows from which on it means something that every value is another one. */
const ENOUGH_ROWS = 10;

/** Names of columns that number the rows. */
const ID_NAME = /^(id|index|idx|uuid|guid|key|row|nr|no|unnamed: 0|)$|[_ -](id|uuid|key|nr|no)$/i;
const ID_ENDING = /[a-z]I[dD]$/;

/** The flag that leaves a column out: by its name, unless a list between commas would cut that. */
function ignoring(name: string | undefined, j: number): string {
  const whole = name && name === name.trim() && !name.includes(',');
  return `--ignore ${whole ? shellWord(name) : j}`;
}

/** Refuses text that is no category, and points out numbers that only number the rows. @throws DataError */
export function checkColumns(dataset: Dataset, say: Say): void {
  const { rows, columns, features, columnNames, categories, name: file, shape, source } = dataset;
  if (shape !== undefined) return;
  for (let j = 0; j < columns; j++) {
    const name = columnNames?.[j];
    const where = name === undefined ? `column ${(source?.at[j] ?? j) + 1}` : `column ${quoted(name)}`;
    const leave = ignoring(name, source?.at[j] ?? j);
    const texts = categories?.[j];
    if (texts !== undefined) {
      const many = texts.length > MAX_CATEGORIES || (rows >= ENOUGH_ROWS && texts.length > rows / 2);
      if (!many) continue;
      const message = `${where} has ${texts.length} different texts in ${plural(rows, 'row')}: names or identifiers, not categories; ${leave} leaves it out`;
      throw new DataError('ERR_DATA_COLUMN', message, { file });
    }
    if (rows < ENOUGH_ROWS) continue;
    const values = new Set<number>();
    for (let i = 0; i < rows; i++) {
      const value = features[i * columns + j] as number;
      if (!Number.isInteger(value)) break;
      values.add(value);
    }
    const numbers = values.size === rows;
    if (!numbers && !(name !== undefined && (ID_NAME.test(name) || ID_ENDING.test(name)))) continue;
    const why = numbers ? 'every row has another whole number' : 'by its name';
    say(`${file}: ${where} looks like an identifier, ${why}; ${leave} leaves it out`);
  }
}

/** Classes from which on it is asked whether they are classes. */
const MANY_CLASSES = 10;

/** Refuses labels that are hardly classes. @throws DataError */
export function checkClasses({ classes, rows, name: file, labelName }: Dataset): void {
  if (classes.length <= MANY_CLASSES) return;
  const numeric = classes.every((name) => decimal(name) !== undefined);
  const fractions = numeric && classes.some((name) => !Number.isInteger(Number(name)));
  if (classes.length <= rows / 3 && !fractions) return;
  const what = `${labelName === undefined ? 'the label' : quoted(labelName)} has ${classes.length} classes in ${plural(rows, 'row')}`;
  const question = numeric
    ? 'is this a number to predict? --task regression does that, --task classification takes them as classes'
    : 'is this the column with the labels? --task classification takes them as classes';
  throw new DataError('ERR_DATA_LABEL', `${what}: ${question}`, { file });
}
