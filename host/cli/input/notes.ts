/** What is said about data beside the result: what was guessed, what looks wrong. */
import { DataError } from '../../core/errors.ts';
import type { Columns } from '../../data/columns.ts';
import type { CsvFile, CsvLayout, CsvOptions } from '../../data/csv.ts';
import { numberIn } from '../../data/csv-numbers.ts';
import { columnIn, decimal, type Dataset, listed, quoted } from '../../data/dataset.ts';
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
  { name: file, categories, columnNames, fields }: Dataset,
): string[] {
  return columns.flatMap(({ name, categories: known }, j) => {
    const texts =
      categories?.[columnNames === undefined || name === undefined ? j : columnNames.indexOf(name)];
    const unseen = texts?.filter((text) => known?.includes(text) === false) ?? [];
    if (unseen.length === 0) return [];
    const place = columnNames === undefined || name === undefined ? j : columnNames.indexOf(name);
    const where = name ? `column ${quoted(name)}` : columnIn({ columnNames, fields }, place);
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

/**
 * The flag that leaves column `j` out: by its name, where that is one, and no other column's, and has no comma; else by
 * its field, which counts from the end where a name looks like it.
 */
function leavingOut({ dataset: { columnNames, fields }, layout }: CsvFile, j: number): string {
  const name = columnNames?.[j] ?? '';
  const field = fields?.[j] ?? j;
  const { names = [], fields: width } = layout;
  const isOnlyOne = names.indexOf(name) === names.lastIndexOf(name) && !name.includes(',');
  return ignoring(isOnlyOne ? name : undefined, names.includes(`${field}`) ? field - width : field);
}

/** What to do about the first column without a value in any row, which no --missing can help; undefined: there is none. */
export function adviseOnEmpty(file: CsvFile): string | undefined {
  const { dataset } = file;
  const { rows, columns, features } = dataset;
  const isEmpty = (j: number) => {
    for (let i = 0; i < rows; i++) if (!Number.isNaN(features[i * columns + j])) return false;
    return true;
  };
  const j = Array.from({ length: columns }, (_, column) => column).find(isEmpty);
  if (j === undefined) return undefined;
  return `${columnIn(dataset, j)} has no value in any of the ${plural(rows, 'row')}; ${leavingOut(file, j)} leaves it out`;
}

/** Numbers between whose digits other marks stand, also with a sign of percent. */
const GROUPED = /^[+-]?(\d+|\d{1,3}([.,'\u00a0\u202f ]\d{3})+)?([.,]\d+)?\s*%?$/;

/** Refuses text that is numbers as its reader writes them, which categories would make nothing of. @throws DataError */
function refuseNumbers(file: CsvFile, j: number, texts: readonly string[]): void {
  const { dataset, layout } = file;
  const readBy = (mark: '.' | ',') => texts.every((text) => numberIn(text, mark) !== undefined);
  const other = layout.decimal === '.' ? ',' : '.';
  const asText = `${leavingOut(file, j).replace('--ignore', '--text')} takes them as categories`;
  const [example = ''] = texts;
  let remedy: string;
  if (readBy(other)) {
    const marks = { ',': 'commas', '.': 'points' }[other];
    remedy = `--decimal ${other} reads them so; where the ${marks} separate thousands, write them without`;
  } else if (texts.every((text) => /\d/.test(text) && GROUPED.test(text))) {
    remedy = texts.some((text) => text.includes('%'))
      ? 'write them without %, with --decimal , where they have decimal commas'
      : 'write them without marks between thousands, with --decimal , where they have decimal commas';
  } else return;
  const message = `${columnIn(dataset, j)} has text such as ${quoted(example)}, which looks like numbers: ${remedy}; ${asText}`;
  throw new DataError('ERR_DATA_COLUMN', message, { file: dataset.name });
}

/** Says which names several columns have. */
function sayDoubles({ name: file, columnNames = [] }: Dataset, say: Say): void {
  const counts = new Map<string, number>();
  for (const name of columnNames) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const [name, count] of counts) {
    if (count < 2) continue;
    const called = name === '' ? 'have no name' : `are called ${quoted(name)}`;
    say(`${file}: ${count} columns ${called}: their order decides which is which`);
  }
}

/** Whether a column of numbers has one value alone. */
function isConstant({ rows, columns, features }: Dataset, j: number): boolean {
  for (let i = 1; i < rows; i++) if (features[i * columns + j] !== features[j]) return false;
  return rows > 1;
}

/** Texts of one column from which on it is said what they become. */
const MANY_TEXTS = 12;

/** Days as tables have them. */
const DATE = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d.*)?$/;

/** Says that a column of text becomes many. */
function manyTexts(column: string, texts: readonly string[], leave: string): string {
  const dates = texts.every((text) => DATE.test(text)) ? ', which look like dates' : '';
  return `${column} has ${texts.length} different texts${dates}: each becomes a column of its own; ${leave} leaves it out`;
}

/** Refuses text that is no category, and points out numbers that only number the rows. @throws DataError */
export function checkColumns(file: CsvFile, use: NonNullable<CsvOptions['use']>, say: Say): void {
  const { dataset, layout } = file;
  const { rows, columns, features, columnNames, categories, name: source, shape } = dataset;
  if (shape !== undefined) return;
  const empty = adviseOnEmpty(file);
  if (empty !== undefined) throw new DataError('ERR_DATA_COLUMN', empty, { file: source });
  sayDoubles(dataset, say);
  const used = layout.columns.filter((column) => !layout.skipped.includes(column));
  for (let j = 0; j < columns; j++) {
    const name = columnNames?.[j];
    const where = columnIn(dataset, j);
    const leave = leavingOut(file, j);
    const texts = categories?.[j];
    if (texts !== undefined) {
      const column = used[j];
      if (column && use(column, layout) !== 'text') refuseNumbers(file, j, texts);
      const many = texts.length > MAX_CATEGORIES || (rows >= ENOUGH_ROWS && texts.length > rows / 2);
      if (!many) {
        if (texts.length >= MANY_TEXTS) say(manyTexts(`${source}: ${where}`, texts, leave));
        continue;
      }
      const message = `${where} has ${texts.length} different texts in ${plural(rows, 'row')}: names or identifiers, not categories; ${leave} leaves it out`;
      throw new DataError('ERR_DATA_COLUMN', message, { file: source });
    }
    if (isConstant(dataset, j))
      say(`${source}: ${where} has the same value in every row, so that it says nothing`);
    if (rows < ENOUGH_ROWS) continue;
    const values = new Set<number>();
    for (let i = 0; i < rows; i++) {
      const value = features[i * columns + j] as number;
      if (!Number.isSafeInteger(value)) break;
      values.add(value);
    }
    const numbers = values.size === rows;
    if (!numbers && !(name !== undefined && (ID_NAME.test(name) || ID_ENDING.test(name)))) continue;
    const why = numbers ? 'every row has another whole number' : 'by its name';
    say(`${source}: ${where} looks like an identifier, ${why}; ${leave} leaves it out`);
  }
}

/** Classes from which on it is asked whether they are classes. */
const MANY_CLASSES = 10;

/** Points out classes that differ by capitals or blanks alone, and those of a single row. */
function sayOddClasses({ classes, labels, name: file }: Dataset, say: Say): void {
  const folded = classes.map((name) => name.trim().toLowerCase());
  const alike = classes.filter((_, c) => folded.indexOf(folded[c]) !== folded.lastIndexOf(folded[c]));
  if (alike.length > 0)
    say(`${file}: ${listed(alike)} are different classes, although they differ by capitals or blanks alone`);
  const counts = classes.map(() => 0);
  for (const label of labels) if (label >= 0) counts[label]++;
  const single = classes.filter((_, c) => counts[c] === 1);
  if (single.length > 0 && labels.length >= ENOUGH_ROWS)
    say(`${file}: there is a single row of ${listed(single)}; is it a class?`);
}

/** Refuses labels that are hardly classes, and points out odd ones. @throws DataError */
export function checkClasses(dataset: Dataset, say: Say): void {
  const { classes, rows, name: file, labelName } = dataset;
  sayOddClasses(dataset, say);
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
