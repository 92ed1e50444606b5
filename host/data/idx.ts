/** The IDX format of the MNIST family: typed arrays with a big-endian header, raw or gzipped. */
import {
  bytes as binary,
  isNumbers,
  optional,
  record,
  type Table,
  text,
  that,
  isListOf,
} from '../core/checks.ts';
import { DataError } from '../core/errors.ts';
import { checkClassNames, className, type Dataset, orderClasses, selectClasses } from './dataset.ts';

/** The array types of IDX. */
export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** The contents of one IDX file. */
export interface IdxArray {
  /** Display name of the file. */
  readonly name: string;
  /** Sizes of the dimensions, outermost first; row-major. */
  readonly shape: readonly number[];
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

/** Reads a raw (not gzipped) IDX file. DataError when it is not one, or not as long as its header says. */
export function parseIdx(given: Uint8Array, name: string): IdxArray {
  const bytes = binary(given, 'the file');
  text(name, 'name');
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
  const expected = header + length * type.bytes;
  if (bytes.length !== expected) {
    return refuse(
      `the file has ${bytes.length} bytes; its header says ${shape.join(' x ')}, which takes ${expected}`,
    );
  }
  const data = type.create(length);
  for (let i = 0; i < length; i++) data[i] = type.read(view, header + i * type.bytes);
  return { name, shape, data };
}

/** Reads an IDX file, gzipped or raw. */
export async function readIdx(bytes: Uint8Array, name: string): Promise<IdxArray> {
  return parseIdx(await gunzip(bytes, name), name);
}

/** Inflates gzip data, recognised by its first two bytes; anything else is returned as it is. */
export async function gunzip(given: Uint8Array, name: string): Promise<Uint8Array> {
  const bytes = binary(given, 'the file');
  text(name, 'name');
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    const message = 'the gzip data is truncated or corrupt; copy or download the file again';
    throw new DataError('ERR_DATA_GZIP', message, { file: name }, { cause });
  }
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

/**
 * A data set of images (n x height x width, or n x anything) and their labels (n). Pixel values are kept as
 * they are. DataError when the two do not belong together or a named class has no image.
 */
export function idxDataset(pixels: IdxArray, numbers: IdxArray, given: IdxOptions = {}): Dataset {
  const [images, labels] = [readArray('images', pixels), readArray('labels', numbers)];
  const options = record('idxDataset', given, { classes: optional(checkClassNames), name: optional(text) });
  if (images.shape.length < 2) {
    const message = 'the images have one dimension, expected two or more; are images and labels swapped?';
    throw new DataError('ERR_DATA_IDX', message, { file: images.name });
  }
  if (labels.shape.length !== 1) {
    const message = `the labels have ${labels.shape.length} dimensions, expected one`;
    throw new DataError('ERR_DATA_IDX', message, { file: labels.name });
  }
  const rows = images.shape[0];
  if (labels.shape[0] !== rows) {
    const message = `there are ${labels.shape[0]} labels for the ${rows} images of ${images.name}`;
    throw new DataError('ERR_DATA_ROWS', message, { file: labels.name });
  }
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
    features: Float64Array.from(images.data),
    rows,
    columns,
    labels: Int32Array.from(labels.data, (value) => index.get(value) ?? -1),
    classes,
    name: options.name ?? images.name,
    ...(images.shape.length === 3 && { shape: [height, width] as const }),
  };
  return options.classes ? selectClasses(dataset, options.classes) : dataset;
}
