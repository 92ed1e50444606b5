/** CSV text to a data set, with the exact place of whatever is wrong in it. */
import {
  callable,
  contradiction,
  flag,
  oneOf,
  optional,
  record,
  type Table as Fields,
  text as textual,
  that,
} from '../core/checks.ts';
import { DataError, type DataErrorCode, OptionError, type Place } from '../core/errors.ts';
import { type DecimalMark, findMark, isMissing, type MarkFound, numberIn } from './csv-numbers.ts';
import { fieldPlace } from './csv-place.ts';
import { type Cursor, cursorOf, eachRecord, QuoteError } from './csv-records.ts';
import { checkClassNames, className, type Dataset, listed, orderClasses, quoted } from './dataset.ts';

/** A column that may become a feature. */
export interface CsvColumn {
  /** Its name in the header; undefined without one. */
  readonly name: string | undefined;
  /** Its place among all fields of a row, from 0. */
  readonly field: number;
  /** Its place among the columns without the label, from 0. */
  readonly position: number;
}

/** What the first row of a file says. */
export interface CsvHeader {
  /** The columns without the label. */
  readonly columns: readonly CsvColumn[];
  /** The names of all columns, the label among them; undefined without a header. */
  readonly names: readonly string[] | undefined;
  /** Fields in a row. */
  readonly fields: number;
}

/**
 * What to make of a column: numbers, text, whichever of them its cells are, or nothing. Of text the data set has
 * the index into `categories`.
 */
export type CsvUse = 'number' | 'text' | 'either' | 'skip';

/** How to read a CSV file. */
export interface CsvOptions {
  /** Display name for messages and for the data set, usually the file name. */
  readonly name: string;
  /**
   * The column with the labels: its name in the header, or its index from 0, negative from the end. Text that
   * names no column but spells an integer counts as an index. Undefined: every column is a feature.
   */
  readonly label: string | number | undefined;
  /**
   * Whether the first row holds column names. `'auto'`, the default, says yes when it contains the label's
   * name, or when none of its cells outside the label column is a number and one of them is not empty.
   */
  readonly header?: 'auto' | boolean;
  /** Whether the label column has classes, the default, or numbers to predict, which become `targets`. */
  readonly task?: 'classification' | 'regression';
  /** All classes there may be, in their order; any other label is an error. Default: those found. */
  readonly classes?: readonly string[];
  /** Field separator. Default: a tab or semicolon if the first line has one outside quotes, else a comma. */
  readonly delimiter?: string;
  /**
   * The character before the fraction of a number. Default: a point; a comma where the fields are not separated
   * by commas and the numbers have commas that can be nothing else.
   */
  readonly decimal?: DecimalMark;
  /** What to make of each column; default `'number'` for all of them. */
  readonly use?: (column: CsvColumn, header: CsvHeader) => CsvUse;
  /**
   * What to do about cells that are blank, NA, N/A, NaN, null or `?`: `'refuse'` them, the default, `'drop'` their
   * rows, or `'keep'` them as NaN, for the preprocessing step `columns` to fill in.
   */
  readonly missing?: 'refuse' | 'drop' | 'keep';
}

/** What the reader found out, or was told. */
export interface CsvLayout extends CsvHeader {
  /** What separates the fields. */
  readonly delimiter: string;
  /** The character before the fraction of a number; a point where no number decides. */
  readonly decimal: DecimalMark;
  /** Columns that were skipped. */
  readonly skipped: readonly CsvColumn[];
  /** Rows that were left out because a value is missing. */
  readonly dropped: number;
}

/** A data set, and how its file is laid out. */
export interface CsvFile {
  /** What `parseCsv` gives: features, and labels or targets. */
  readonly dataset: Dataset;
  /** Header, separators, and which columns and rows were left out. */
  readonly layout: CsvLayout;
}

const OPTIONS: Fields<CsvOptions> = {
  name: textual,
  label: that(
    'a name or an index',
    (label) => label === undefined || typeof label === 'string' || typeof label === 'number',
  ),
  header: optional((header, at) => (header === 'auto' ? header : flag(header, at))),
  task: optional(oneOf('classification', 'regression')),
  classes: optional(checkClassNames),
  delimiter: optional(textual),
  decimal: optional(oneOf('.', ',')),
  use: optional(callable),
  missing: optional(oneOf('refuse', 'drop', 'keep')),
};

/**
 * Reads numbers and labels from CSV text (RFC 4180, with LF, CRLF or CR line ends). A byte order mark, blank
 * lines and spaces around cells are ignored. Throws DataError at file, line and character column.
 */
export function parseCsv(text: string, options: CsvOptions): Dataset {
  return readCsv(text, options).dataset;
}

/** The same, with what was found out on the way. */
export function readCsv(text: string, given: CsvOptions): CsvFile {
  textual(text, 'the CSV text');
  const options = record('the CSV reader', given, OPTIONS);
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  const delimiter = options.delimiter ?? guessDelimiter(source);
  if (delimiter.length !== 1 || '"\r\n'.includes(delimiter)) {
    const message = `delimiter must be one character, neither quote nor line end, not ${quoted(delimiter)}`;
    throw new OptionError('ERR_OPTION_VALUE', message, 'delimiter');
  }
  const cursor = cursorOf(source);
  const fail: Fail = (code, message, field, at = cursor.at) => {
    const place = fieldPlace(source, delimiter, { ...cursor, at }, field);
    throw new DataError(code, message, { file: options.name, ...place });
  };
  const mark = options.decimal ?? findMark(source, delimiter);
  const table = new Table(options, { mark, cursor, fail });
  try {
    eachRecord(source, delimiter, cursor, (cells, line) => table.add(cells, line));
  } catch (error) {
    if (!(error instanceof QuoteError)) throw error;
    fail('ERR_DATA_SYNTAX', error.message, error.field);
  }
  return table.finish(delimiter);
}

/** Throws DataError at `field` (from 0) of the record being read, or of the one that begins at `at`. */
type Fail = (code: DataErrorCode, message: string, field: number, at?: number) => never;

/** What reading a text needs to know of it. */
interface Reading {
  readonly mark: MarkFound;
  readonly cursor: Readonly<Cursor>;
  readonly fail: Fail;
}

/** What the first row says about the others. */
interface Layout extends CsvHeader {
  readonly labelColumn: number | undefined;
  /** The columns to read. */
  readonly features: readonly Feature[];
  readonly skipped: readonly CsvColumn[];
}

/** A column to read, and what its cells have turned out to be. */
interface Feature extends CsvColumn {
  use: 'number' | 'text' | 'either';
  /** Of a column of either: where it has text, which a number further on makes a mistake. */
  text?: { readonly cell: string; readonly at: number };
  readonly categories: Map<string, number>;
}

/** Collects rows as numbers, because a large file held as strings would not fit in memory. */
class Table {
  readonly #options: CsvOptions;
  readonly #mark: DecimalMark;
  readonly #reading: Reading;
  readonly #fail: Fail;
  readonly #vocabulary: readonly string[] | undefined;
  #layout: Layout | undefined;
  #features = new Float64Array(1024);
  #used = 0;
  #dropped = 0;
  readonly #labels: string[] = [];
  readonly #targets: number[] = [];
  readonly #lines: number[] = [];

  constructor(options: CsvOptions, reading: Reading) {
    this.#options = options;
    this.#reading = reading;
    this.#mark = reading.mark === ',' ? ',' : '.';
    this.#fail = reading.fail;
    this.#vocabulary = options.classes;
  }

  add(cells: readonly string[], line: number): void {
    if (this.#layout === undefined) {
      this.#layout = layoutOf(cells, { line, mark: this.#mark }, this.#options);
      if (this.#layout.names) return;
    }
    const { fields: width, labelColumn, features } = this.#layout;
    if (cells.length !== width) {
      const message = `the row has ${cells.length} fields, expected ${width} as in the first row`;
      this.#fail('ERR_DATA_RAGGED', message, Math.min(cells.length, width));
    }
    const start = this.#used;
    if (start + features.length > this.#features.length) {
      const larger = new Float64Array(2 * this.#features.length + features.length);
      larger.set(this.#features);
      this.#features = larger;
    }
    let label: string | number | undefined;
    let whole = true;
    // The leftmost of several mistakes in a row is the one to report.
    for (const feature of features) {
      if (labelColumn !== undefined && labelColumn < feature.field) {
        label ??= this.#label(cells[labelColumn] as string, labelColumn);
      }
      const value = this.#value(cells[feature.field] as string, feature);
      if (Number.isNaN(value)) whole = false;
      this.#features[this.#used++] = value;
    }
    if (labelColumn !== undefined) label ??= this.#label(cells[labelColumn] as string, labelColumn);
    if (label === '' || Number.isNaN(label)) whole = false;
    if (!whole && this.#options.missing === 'drop') {
      this.#used = start;
      this.#dropped++;
      return;
    }
    if (typeof label === 'string') this.#labels.push(label);
    else if (label !== undefined) this.#targets.push(label);
    this.#lines.push(line);
  }

  finish(delimiter: string): CsvFile {
    const { name } = this.#options;
    const rows = this.#lines.length;
    if (this.#layout === undefined || rows === 0) {
      const message =
        this.#dropped > 0
          ? `each of the ${this.#dropped} rows lacks a value`
          : this.#layout
            ? 'the file has a header but no rows'
            : 'the file has no rows';
      throw new DataError('ERR_DATA_EMPTY', message, { file: name });
    }
    const { names, fields, columns, labelColumn, features, skipped } = this.#layout;
    const numeric = this.#options.task === 'regression' && labelColumn !== undefined;
    const labelled = labelColumn !== undefined && !numeric;
    const classes = labelled ? (this.#vocabulary ?? orderClasses(this.#labels)) : [];
    const index = new Map(classes.map((label, i) => [label, i]));
    const texts = features.map(({ categories }) => [...categories.keys()]);
    const dataset: Dataset = {
      features: this.#features.slice(0, this.#used),
      rows,
      columns: features.length,
      labels: Int32Array.from(this.#lines, (_, i) => index.get(this.#labels[i] ?? '') ?? -1),
      classes,
      ...(numeric && { targets: Float64Array.from(this.#targets) }),
      name,
      lines: Int32Array.from(this.#lines),
      ...(names && { columnNames: features.map(({ field }) => names[field] as string) }),
      ...(names && labelColumn !== undefined && { labelName: names[labelColumn] }),
      ...(texts.some(({ length }) => length > 0) && {
        categories: texts.map((found) => (found.length > 0 ? found : undefined)),
      }),
      ...(features.some(({ field }, j) => field !== j) && { fields: features.map(({ field }) => field) }),
      ...(skipped.length > 0 && {
        source: { columns: columns.length, at: features.map(({ position }) => position) },
      }),
    };
    const layout = {
      delimiter,
      decimal: this.#mark,
      names,
      fields,
      columns,
      skipped,
      dropped: this.#dropped,
    };
    return { dataset, layout };
  }

  /** The class or the target in a cell; empty, or not-a-number, where it is missing and may be. */
  #label(cell: string, field: number): string | number {
    if (this.#options.task === 'regression') return this.#target(cell, field);
    const label = className(cell);
    if (label === '' && this.#options.missing === 'drop') return label;
    if (label === '') this.#fail('ERR_DATA_LABEL', `the label ${this.#where(field)} is missing`, field);
    if (this.#vocabulary && !this.#vocabulary.includes(label)) {
      const message = `the label ${quoted(cell)} is none of the classes ${listed(this.#vocabulary)}`;
      this.#fail('ERR_DATA_LABEL', message, field);
    }
    return label;
  }

  #target(cell: string, field: number): number {
    const value = numberIn(cell, this.#mark);
    if (value !== undefined && Number.isFinite(value)) return value;
    if (isMissing(cell)) {
      if (this.#options.missing === 'drop') return Number.NaN;
      this.#fail('ERR_DATA_LABEL', `the number to predict ${this.#where(field)} is missing`, field);
    }
    const message = `${quoted(cell)} ${this.#where(field)} is not a number to predict`;
    return this.#fail('ERR_DATA_LABEL', message, field);
  }

  /** The number in a cell, or the index of its text; NaN where it is missing and may be. */
  #value(cell: string, feature: Feature): number {
    if (feature.use !== 'text') {
      const value = numberIn(cell, this.#mark);
      if (value !== undefined && Number.isFinite(value)) {
        if (feature.use === 'either') this.#settle(feature);
        return value;
      }
      if (value !== undefined || INFINITE.test(cell))
        this.#refuseInfinite(cell, feature.field, value !== undefined);
    }
    if (isMissing(cell)) {
      if (this.#options.missing === 'keep' || this.#options.missing === 'drop') return Number.NaN;
      const where = this.#where(feature.field);
      const what =
        cell === ''
          ? `the cell ${where} is empty, without a value`
          : `${quoted(cell)} ${where} says that there is no value`;
      this.#fail('ERR_DATA_MISSING', `${what}; every feature must have one`, feature.field);
    }
    if (feature.use === 'number') this.#refuseText(cell, feature);
    feature.text ??= { cell, at: this.#reading.cursor.at };
    const text = className(cell);
    const known = feature.categories.get(text);
    if (known !== undefined) return known;
    feature.categories.set(text, feature.categories.size);
    return feature.categories.size - 1;
  }

  /** A column of either has a number. */
  #settle(feature: Feature): void {
    if (feature.text) this.#refuseText(feature.text.cell, feature, feature.text.at);
    feature.use = 'number';
  }

  #refuseInfinite(cell: string, field: number, isNumber: boolean): never {
    const what = isNumber ? 'is out of range' : 'is not a finite number';
    return this.#fail('ERR_DATA_FINITE', `${quoted(cell)} ${this.#where(field)} ${what}`, field);
  }

  #refuseText(cell: string, { field, text }: Feature, at?: number): never {
    const kind = this.#mark === ',' ? 'a number with a decimal comma' : 'a decimal number';
    const what = `${quoted(cell)} ${this.#where(field)} is not ${kind}`;
    const comma = this.#mark === '.' && numberIn(cell, ',') !== undefined;
    const why = comma
      ? `; say whether a comma is the decimal mark: decimal is '.' or ','`
      : text
        ? '; other cells of the column are numbers'
        : '; every feature must be one';
    return this.#fail('ERR_DATA_NUMBER', `${what}${why}`, field, at);
  }

  #where(field: number): string {
    const name = this.#layout?.names?.[field];
    return name === undefined ? `in field ${field + 1}` : `in column ${quoted(name)} (field ${field + 1})`;
  }
}

function guessDelimiter(source: string): string {
  const line = /^\s*(.*)/.exec(source)?.[1] ?? '';
  const bare = line.replace(/"[^"]*"/g, '');
  return ['\t', ';'].find((candidate) => bare.includes(candidate)) ?? ',';
}

const INTEGER = /^[+-]?\d+$/;
const INFINITE = /^[+-]?(inf|infinity)$/i;

/** Where the first row is, and how its numbers are written. */
interface FirstRow {
  readonly line: number;
  readonly mark: DecimalMark;
}

function layoutOf(first: readonly string[], { line, mark }: FirstRow, options: CsvOptions): Layout {
  const { label, header: asked = 'auto', use = () => 'number' } = options;
  const place = { file: options.name, line };
  const width = first.length;
  const names = (asked === 'auto' ? looksLikeHeader(first, mark, label) : asked) ? first : undefined;
  const labelColumn = label === undefined ? undefined : findLabel(label, width, names, place);
  if (width === 1 && labelColumn !== undefined) {
    const message = 'the label column is the only column; features are needed';
    throw new DataError('ERR_DATA_EMPTY', message, place);
  }
  const columns = columnsOf(width, names, labelColumn);
  const header: CsvHeader = { columns, names, fields: width };
  const skipped: CsvColumn[] = [];
  const features: Feature[] = [];
  for (const column of columns) {
    const how = use(column, header);
    if (how === 'skip') skipped.push(column);
    else features.push({ ...column, use: how, categories: new Map() });
  }
  if (features.length === 0) {
    throw new DataError('ERR_DATA_EMPTY', 'every column is left out; features are needed', place);
  }
  return { ...header, labelColumn, features, skipped };
}

/** The columns without the label. */
function columnsOf(
  width: number,
  names: readonly string[] | undefined,
  labelColumn: number | undefined,
): CsvColumn[] {
  const fields = Array.from({ length: width }, (_, field) => field).filter((field) => field !== labelColumn);
  return fields.map((field, position) => ({ name: names?.[field], field, position }));
}

function looksLikeHeader(
  cells: readonly string[],
  mark: DecimalMark,
  label: string | number | undefined,
): boolean {
  if (typeof label === 'string' && !INTEGER.test(label)) return true;
  const labelColumn = label === undefined ? undefined : fromEnd(Number(label), cells.length);
  const others = cells.filter((_, field) => field !== labelColumn);
  const numberLike = (cell: string) =>
    numberIn(cell, mark) !== undefined || INFINITE.test(cell) || /^nan$/i.test(cell);
  return others.some((cell) => cell !== '') && !others.some(numberLike);
}

function findLabel(
  label: string | number,
  width: number,
  names: readonly string[] | undefined,
  place: Place,
): number {
  if (typeof label === 'string') {
    const named = names?.indexOf(label) ?? -1;
    if (named >= 0) {
      if (names?.lastIndexOf(label) === named) return named;
      throw new DataError('ERR_DATA_COLUMN', `two columns have the name ${quoted(label)}`, place);
    }
    if (!INTEGER.test(label)) {
      if (names) {
        const message = `no column has the name ${quoted(label)}; the columns are ${listed(names)}`;
        throw new DataError('ERR_DATA_COLUMN', message, place);
      }
      const message = `label ${quoted(label)} is a column name, but the file is read without a header`;
      contradiction(message, 'label');
    }
  }
  const column = fromEnd(Number(label), width);
  if (Number.isInteger(column) && column >= 0 && column < width) return column;
  const range = `0 to ${width - 1}, or -1 back to ${-width}`;
  throw new DataError('ERR_DATA_COLUMN', `there is no column ${label}; columns count from ${range}`, place);
}

/** An index that counts from the end when negative. */
function fromEnd(index: number, length: number): number {
  return index < 0 ? index + length : index;
}
