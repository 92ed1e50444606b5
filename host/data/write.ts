/** Data sets as files: CSV and IDX, as the readers here and elsewhere take them. */
import { DataError } from '../core/errors.ts';
import { type Dataset, readDataset, row } from './dataset.ts';

/** A cell, in quotes where it needs them (RFC 4180). */
function cell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A number in the shortest form that reads back as itself; nothing where it is missing. */
const written = (value: number) => (Number.isNaN(value) ? '' : String(value));

/** The name of the label column, which no feature has. */
function labelName({ labelName: name = 'class', columnNames = [] }: Dataset): string {
  let free = name;
  while (columnNames.includes(free)) free += '_';
  return free;
}

/**
 * The lines of a CSV file, without their ends: a header, then a row each, the label last. Pixels without names are
 * `p0`, `p1` and so on, other columns `x0`, `x1`.
 * @throws OptionError, DataError
 */
export function* csvLines(given: Dataset): Generator<string> {
  const dataset = readDataset(given);
  const { columns, classes, labels, targets, categories, shape } = dataset;
  const names = dataset.columnNames ?? Array.from({ length: columns }, (_, j) => `${shape ? 'p' : 'x'}${j}`);
  yield [...names, labelName(dataset)].map(cell).join(',');
  const label = (i: number) => (targets === undefined ? (classes[labels[i]] ?? '') : written(targets[i]));
  for (let i = 0; i < dataset.rows; i++) {
    const values = Array.from(row(dataset, i), (value, j) => {
      const texts = categories?.[j];
      return texts === undefined ? written(value) : cell(texts[value] ?? '');
    });
    yield `${values.join(',')},${cell(label(i))}`;
  }
}

/** A data set as CSV text; `parseCsv` makes the same numbers of it. @throws OptionError, DataError */
export function toCsv(dataset: Dataset): string {
  return `${[...csvLines(dataset)].join('\n')}\n`;
}

/** Two IDX files. */
export interface IdxPair {
  /**
   * The features: n x height x width or n x columns, in bytes where all are whole from 0 to 255, else in doubles.
   */
  readonly images: Uint8Array;
  /** The index of each row's class, a byte each. */
  readonly labels: Uint8Array;
}

/** Codes of the types that are written. */
const BYTES = 8;
const DOUBLES = 14;

function header(type: number, shape: readonly number[], bytes: number): DataView {
  const view = new DataView(new ArrayBuffer(4 + 4 * shape.length + bytes));
  view.setUint8(2, type);
  view.setUint8(3, shape.length);
  shape.forEach((size, i) => view.setUint32(4 + 4 * i, size));
  return view;
}

const isByte = (value: number) => value >= 0 && value <= 255 && Number.isInteger(value);

/**
 * A data set as two IDX files, images of n x height x width or n x columns: of bytes where every feature is a whole
 * number from 0 to 255, else in double precision.
 * @throws OptionError, DataError for a row without a label
 */
export function toIdx(given: Dataset): IdxPair {
  const dataset = readDataset(given);
  const { rows, columns, features, labels, shape = [columns] } = dataset;
  const unlabelled = labels.findIndex((label) => !(label >= 0 && label <= 255));
  if (unlabelled >= 0) {
    const message = `row ${unlabelled + 1} has label ${labels[unlabelled]}; an IDX file has labels from 0 to 255`;
    throw new DataError('ERR_DATA_LABEL', message, { file: dataset.name });
  }
  const whole = features.every(isByte);
  const size = whole ? 1 : 8;
  const images = header(whole ? BYTES : DOUBLES, [rows, ...shape], features.length * size);
  const start = images.byteLength - features.length * size;
  features.forEach((value, i) => {
    if (whole) images.setUint8(start + i, value);
    else images.setFloat64(start + i * size, value);
  });
  const numbers = new Uint8Array(header(BYTES, [rows], rows).buffer);
  numbers.set(labels, numbers.length - rows);
  return { images: new Uint8Array(images.buffer), labels: numbers };
}
