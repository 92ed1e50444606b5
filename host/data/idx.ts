/** The IDX format of the MNIST family: typed arrays with a big-endian header, raw or gzipped. */
import {
  bytes as binary,
  isNumbers,
  optional,
  record,
  type Table,
  text,
  that,
  whole,
  isListOf,
} from '../core/checks.ts';
import { DataError } from '../core/errors.ts';
import { checkClassNames, className, type Dataset, orderClasses, selectClasses } from './dataset.ts';
import { inflate, isGzip } from './gzip.ts';

/** The array types of IDX. */
export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** The contents of one IDX file. */
export interface IdxArray {
  /** Display name of the file. */
  readonly name: string;
  /** Sizes of the dimensions, outermost first; row-major. */
  readonly shape: readonly number[];
  /** The numbers, as many as the product of the sizes, in the type of the file. */
  readonly data: IdxData;
}

interface IdxType {
  readonly bytes: number;
  readonly create: (length: number) => IdxData;
  readonly read: (view: DataView, offset: number) => number;
}

const TYPES: Readonly<Record<number, IdxType>> = {
  8: { bytes: 1, create: (n) => new Uint8Array(n), read: (view, at) => view.getUint8(at) },
  9: { bytes: 1, create: (n) => new Int8Array(n), read: (view, at) => view.getInt8(at) },
  11: { bytes: 2, create: (n) => new Int16Array(n), read: (view, at) => view.getInt16(at) },
  12: { bytes: 4, create: (n) => new Int32Array(n), read: (view, at) => view.getInt32(at) },
  13: { bytes: 4, create: (n) => new Float32Array(n), read: (view, at) => view.getFloat32(at) },
  14: { bytes: 8, create: (n) => new Float64Array(n), read: (view, at) => view.getFloat64(at) },
};

/** Numbers of one file at most: a gigabyte of them in double precision. */
export const MAX_IDX_NUMBERS = 2 ** 27;

/** Bytes of a file at most, whatever its type; also what gzip data inflates to. */
const MAX_BYTES = 2 ** 30 + 1024;

/** Bytes of the longest header, that of 255 dimensions. */
const LONGEST_HEADER = 1024;

/** What a file says of itself before its numbers. */
interface IdxHeader {
  readonly name: string;
  readonly type: IdxType;
  readonly shape: readonly number[];
  /** Bytes of the header, and of the whole file. */
  readonly header: number;
  readonly expected: number;
}

/** The bytes of the caller's file. @throws OptionError */
function readFile(given: Uint8Array, name: string): Uint8Array {
  text(name, 'name');
  return binary(given, 'the file');
}

/** Reads the beginning of a raw IDX file. DataError when it is none, or of more numbers than are read. */
function headerOf(bytes: Uint8Array, name: string): IdxHeader {
  const refuse = (message: string): never => {
    throw new DataError('ERR_DATA_IDX', message, { file: name });
  };
  if (bytes.length === 0) throw new DataError('ERR_DATA_EMPTY', 'the file is empty', { file: name });
  const type = bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 ? TYPES[bytes[2]] : undefined;
  if (!type || bytes[3] === 0)
    return refuse('not an IDX file: it does not start with 00 00, a type and a rank');
  const rank = bytes[3];
  const header = 4 + 4 * rank;
  if (bytes.length < header) return refuse(`the header ends after ${bytes.length} of ${header} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const length = shape.reduce((product, size) => product * size, 1);
  if (length > MAX_IDX_NUMBERS) {
    return refuse(`the file has ${shape.join(' x ')} numbers; at most ${MAX_IDX_NUMBERS} are read; split it`);
  }
  return { name, type, shape, header, expected: header + length * type.bytes };
}

/** Reads a raw (not gzipped) IDX file. DataError when it is not one, or not as long as its header says. */
export function parseIdx(given: Uint8Array, name: string): IdxArray {
  const bytes = readFile(given, name);
  const { type, shape, header, expected } = headerOf(bytes, name);
  if (bytes.length !== expected) {
    const message = `the file has ${bytes.length} bytes; its header says ${shape.join(' x ')}, which takes ${expected}`;
    throw new DataError('ERR_DATA_IDX', message, { file: name });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = (expected - header) / type.bytes;
  const data = type.create(length);
  for (let i = 0; i < length; i++) data[i] = type.read(view, header + i * type.bytes);
  return { name, shape, data };
}

/** The header of an IDX file, gzipped or raw, whose numbers are not inflated. */
async function peek(bytes: Uint8Array, name: string): Promise<IdxHeader> {
  return headerOf(isGzip(bytes) ? await inflate(bytes, LONGEST_HEADER, name) : bytes, name);
}

/** Reads an IDX file, gzipped or raw. Nothing is inflated beyond what its header says. */
export async function readIdx(given: Uint8Array, name: string): Promise<IdxArray> {
  const bytes = readFile(given, name);
  const { expected } = await peek(bytes, name);
  return parseIdx(await gunzip(bytes, name, expected), name);
}

/**
 * Inflates gzip data, recognised by its first two bytes; anything else is returned as it is. DataError when it is
 * damaged, or inflates to more than `most` bytes, a gigabyte by default.
 */
export async function gunzip(given: Uint8Array, name: string, most = MAX_BYTES): Promise<Uint8Array> {
  const bytes = readFile(given, name);
  whole(0, MAX_BYTES)(most, 'most');
  if (!isGzip(bytes)) return bytes;
  const raw = await inflate(bytes, most, name);
  if (raw.length <= most) return raw;
  const message = `the gzip data inflates to more than ${most} bytes, which is all that there should be`;
  throw new DataError('ERR_DATA_GZIP', message, { file: name });
}

/** How to combine images and labels. */
export interface IdxOptions {
  /** Keep only these classes, in this order. Default: every label, in standard order. */
  readonly classes?: readonly string[];
  /** Name of the data set; that of the images by default. */
  readonly name?: string;
}

const isSize = (size: unknown) => Number.isInteger(size) && (size as number) >= 0;
const isShape = (value: unknown) => isListOf(value, isSize);

const ARRAY: Table<IdxArray> = {
  name: text,
  shape: that('a list of sizes', isShape),
  data: that('an array of numbers', (value) => ArrayBuffer.isView(value) && isNumbers(value)),
};

/** One array of the caller's. @throws OptionError, DataError */
function readArray(at: string, given: IdxArray): IdxArray {
  const array = record(at, given, ARRAY);
  const length = array.shape.reduce((product, size) => product * size, 1);
  if (array.data.length === length) return array;
  const message = `${array.data.length} numbers are not the ${array.shape.join(' x ')} of the shape`;
  throw new DataError('ERR_DATA_IDX', message, { file: array.name });
}

/** Refuses images and labels that do not belong together, by their shapes alone. */
function checkPair(images: Omit<IdxArray, 'data'>, labels: Omit<IdxArray, 'data'>): void {
  if (images.shape.length < 2) {
    const message = 'the images have one dimension, expected two or more; are images and labels swapped?';
    throw new DataError('ERR_DATA_IDX', message, { file: images.name });
  }
  if (labels.shape.length !== 1) {
    const message = `the labels have ${labels.shape.length} dimensions, expected one`;
    throw new DataError('ERR_DATA_IDX', message, { file: labels.name });
  }
  const [rows] = images.shape;
  if (labels.shape[0] !== rows) {
    const message = `there are ${labels.shape[0]} labels for the ${rows} images of ${images.name}`;
    throw new DataError('ERR_DATA_ROWS', message, { file: labels.name });
  }
}

/** The bytes of a file, and its name for messages. */
export interface NamedBytes {
  /** What messages call the file. */
  readonly name: string;
  /** The file as it is, gzipped or raw. */
  readonly bytes: Uint8Array;
}

const FILE: Table<NamedBytes> = { name: text, bytes: binary };

/**
 * A data set from a file of images and a file of labels, gzipped or raw. What their headers say is compared before
 * anything else is read or inflated. DataError as `readIdx` and `idxDataset`.
 */
export async function readIdxDataset(
  pixels: NamedBytes,
  numbers: NamedBytes,
  options: IdxOptions = {},
): Promise<Dataset> {
  const [images, labels] = [record('images', pixels, FILE), record('labels', numbers, FILE)];
  checkPair(await peek(images.bytes, images.name), await peek(labels.bytes, labels.name));
  const names = await readIdx(labels.bytes, labels.name);
  return idxDataset(await readIdx(images.bytes, images.name), names, options);
}

/**
 * A data set of images (n x height x width, or n x anything) and their labels (n). Pixel values are kept as
 * they are. DataError when the two do not belong together or a named class has no image.
 */
export function idxDataset(pixels: IdxArray, numbers: IdxArray, given: IdxOptions = {}): Dataset {
  const [images, labels] = [readArray('images', pixels), readArray('labels', numbers)];
  const options = record('idxDataset', given, { classes: optional(checkClassNames), name: optional(text) });
  checkPair(images, labels);
  const [rows] = images.shape;
  const columns = images.shape.slice(1).reduce((product, size) => product * size, 1);
  if (rows === 0 || columns === 0) {
    throw new DataError('ERR_DATA_EMPTY', 'there are no images', { file: images.name });
  }
  // A file has few distinct labels: name each value once.
  const names = new Map(
    Array.from(new Set<number>(labels.data), (value) => [value, className(String(value))]),
  );
  const classes = orderClasses(names.values());
  const index = new Map(Array.from(names, ([value, label]) => [value, classes.indexOf(label)]));
  const [, height, width] = images.shape;
  const dataset: Dataset = {
    features: new Float64Array(images.data),
    rows,
    columns,
    labels: Int32Array.from(labels.data, (value) => index.get(value) ?? -1),
    classes,
    name: options.name ?? images.name,
    ...(images.shape.length === 3 && { shape: [height, width] as const }),
  };
  return options.classes ? selectClasses(dataset, options.classes) : dataset;
}
