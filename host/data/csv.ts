/** CSV text to a data set, with the exact place of whatever is wrong in it. */
import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { DataError, type DataErrorCode, OptionError, type Place } from '../core/errors.ts';
import { fieldPlace } from './csv-place.ts';
import {
  checkClassNames,
  className,
  type Dataset,
  decimal,
  listed,
  orderClasses,
  quoted,
} from './dataset.ts';

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
  /** All classes there may be, in their order; any other label is an error. Default: those found. */
  readonly classes?: readonly string[];
  /** Field separator. Default: a tab or semicolon if the first line has one outside quotes, else a comma. */
  readonly delimiter?: string;
}

/**
 * Reads numbers and labels from CSV text (RFC 4180, with LF, CRLF or CR line ends). A byte order mark, blank
 * lines and spaces around cells are ignored. Throws DataError at file, line and character column.
 */
export function parseCsv(text: string, options: CsvOptions): Dataset {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  const delimiter = options.delimiter ?? guessDelimiter(source);
  if (delimiter.length !== 1 || '"\r\n'.includes(delimiter)) {
    const message = `delimiter must be one character, neither quote nor line end, not ${quoted(delimiter)}`;
    throw new OptionError('ERR_OPTION_VALUE', message, 'delimiter');
  }
  let start = 0;
  const fail: Fail = (code, message, field) => {
    const place = fieldPlace(source, delimiter, start, field);
    throw new DataError(code, message, { file: options.name, ...place });
  };
  const table = new Table(options, fail);
  try {
    parse(source, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      trim: true,
      relax_column_count: true,
      on_record: (cells: string[], { bytes, lines }) => {
        table.add(cells, lines);
        start = bytes;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const message =
      error.code === 'CSV_QUOTE_NOT_CLOSED'
        ? 'the quote that opens this field is never closed'
        : 'this field has a quote inside it; quote the whole field and double the quotes in it';
    fail('ERR_DATA_SYNTAX', message, typeof error.column === 'number' ? error.column : 0);
  }
  return table.finish();
}

/** Throws DataError at `field` (from 0) of the record being read. */
type Fail = (code: DataErrorCode, message: string, field: number) => never;

/** What the first row says about the others. */
interface Layout {
  readonly width: number;
  readonly names: readonly string[] | undefined;
  readonly labelColumn: number | undefined;
}

/** Collects rows as numbers, because a large file held as strings would not fit in memory. */
class Table {
  readonly #options: CsvOptions;
  readonly #fail: Fail;
  readonly #vocabulary: readonly string[] | undefined;
  #layout: Layout | undefined;
  #features = new Float64Array(1024);
  #used = 0;
  readonly #labels: string[] = [];
  readonly #lines: number[] = [];

  constructor(options: CsvOptions, fail: Fail) {
    this.#options = options;
    this.#fail = fail;
    this.#vocabulary = options.classes && checkClassNames(options.classes);
  }

  add(cells: readonly string[], line: number): void {
    if (this.#layout === undefined) {
      this.#layout = layoutOf(cells, line, this.#options);
      if (this.#layout.names) return;
    }
    const { width, labelColumn } = this.#layout;
    if (cells.length !== width) {
      const message = `the row has ${cells.length} fields, expected ${width} as in the first row`;
      this.#fail('ERR_DATA_RAGGED', message, Math.min(cells.length, width));
    }
    if (this.#used + width > this.#features.length) {
      const larger = new Float64Array(2 * this.#features.length + width);
      larger.set(this.#features);
      this.#features = larger;
    }
    for (let field = 0; field < width; field++) {
      if (field === labelColumn) this.#labels.push(this.#label(cells[field], field));
      else this.#features[this.#used++] = this.#number(cells[field], field);
    }
    this.#lines.push(line);
  }

  finish(): Dataset {
    const { name } = this.#options;
    const rows = this.#lines.length;
    if (this.#layout === undefined || rows === 0) {
      const message = this.#layout ? 'the file has a header but no rows' : 'the file has no rows';
      throw new DataError('ERR_DATA_EMPTY', message, { file: name });
    }
    const labelled = this.#layout.labelColumn !== undefined;
    const classes = labelled ? (this.#vocabulary ?? orderClasses(this.#labels)) : [];
    const index = new Map(classes.map((label, i) => [label, i]));
    return {
      features: this.#features.slice(0, this.#used),
      rows,
      columns: this.#used / rows,
      labels: Int32Array.from(this.#lines, (_, i) => index.get(this.#labels[i]) ?? -1),
      classes,
      name,
      lines: Int32Array.from(this.#lines),
    };
  }

  #label(cell: string, field: number): string {
    const label = className(cell);
    if (label === '') this.#fail('ERR_DATA_LABEL', `the label ${this.#where(field)} is missing`, field);
    if (this.#vocabulary && !this.#vocabulary.includes(label)) {
      const message = `the label ${quoted(cell)} is none of the classes ${listed(this.#vocabulary)}`;
      this.#fail('ERR_DATA_LABEL', message, field);
    }
    return label;
  }

  #number(cell: string, field: number): number {
    const value = decimal(cell);
    if (value !== undefined && Number.isFinite(value)) return value;
    const where = this.#where(field);
    if (value !== undefined) this.#fail('ERR_DATA_FINITE', `${quoted(cell)} ${where} is out of range`, field);
    if (NOT_FINITE.test(cell)) {
      this.#fail('ERR_DATA_FINITE', `${quoted(cell)} ${where} is not a finite number`, field);
    }
    const what =
      cell === '' ? `the cell ${where} is empty` : `${quoted(cell)} ${where} is not a decimal number`;
    return this.#fail('ERR_DATA_NUMBER', `${what}; every feature must be one`, field);
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
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;

function layoutOf(first: readonly string[], line: number, options: CsvOptions): Layout {
  const { label, header = 'auto' } = options;
  const place = { file: options.name, line };
  const width = first.length;
  const names = (header === 'auto' ? looksLikeHeader(first, label) : header) ? first : undefined;
  const labelColumn = label === undefined ? undefined : findLabel(label, width, names, place);
  if (width === 1 && labelColumn !== undefined) {
    const message = 'the label column is the only column; features are needed';
    throw new DataError('ERR_DATA_EMPTY', message, place);
  }
  return { width, names, labelColumn };
}

function looksLikeHeader(cells: readonly string[], label: string | number | undefined): boolean {
  if (typeof label === 'string' && !INTEGER.test(label)) return true;
  const labelColumn = label === undefined ? undefined : fromEnd(Number(label), cells.length);
  const others = cells.filter((_, field) => field !== labelColumn);
  const numberLike = (cell: string): boolean => decimal(cell) !== undefined || NOT_FINITE.test(cell);
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
      throw new OptionError('ERR_OPTION_COMBINATION', message, 'label');
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
