/** MNIST and Fashion-MNIST: which files they are, by SHA-256, and data sets made of them. */
import { callable, isListOf, that } from '../../core/checks.ts';
import { DataError } from '../../core/errors.ts';
import { checkSha256 } from '../checksum.ts';
import { checkClassNames, type Dataset, listed, orderClasses, quoted } from '../dataset.ts';
import { gunzip, type IdxArray, idxDataset, parseIdx } from '../idx.ts';
import { transformDataset } from '../preprocess.ts';
import { shuffled } from '../split.ts';
import { described, type Fixed, type MadeData } from './made.ts';
import { resolveOptions, SEED, type SetOption, type SetOptions, wholeOption } from './options.ts';

/** Names of the four files of either set, raw; gzipped they end in `.gz`. */
export const ORIGINAL_FILES = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const;
/** One of them. */
export type OriginalFile = (typeof ORIGINAL_FILES)[number];

/** SHA-256 of each file, not gzipped. */
export type OriginalSums = Readonly<Record<OriginalFile, string>>;

/** A set of four files. */
export interface Original {
  readonly fixed: Fixed;
  readonly sums: OriginalSums;
  /** Sums of the small genuine part that comes with the package. */
  readonly sample: OriginalSums;
  /** Folder on the web that has the files, gzipped. */
  readonly url: string;
  /** What the classes 0 to 9 are. */
  readonly classNames: readonly string[];
}

/** Names of the sets that are downloaded. */
export type OriginalName = 'mnist' | 'fashion-mnist';

const sums = (...list: readonly [string, string, string, string]): OriginalSums =>
  Object.fromEntries(ORIGINAL_FILES.map((file, i) => [file, list[i]])) as OriginalSums;

/** The sets. */
export const ORIGINALS: Readonly<Record<OriginalName, Original>> = {
  mnist: {
    fixed: {
      name: 'mnist',
      title: 'MNIST',
      task: 'handwritten digits',
      formula: 'the four original files: 60,000 images to train on, 10,000 to test on, 28 x 28 pixels',
      preprocessing: 'average pooling where a side was asked for; pixels from 0 to 255',
      citation:
        'Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition", Proc. IEEE 86(11), 2278-2324, 1998',
      licence: 'CC BY-SA 3.0 (Yann LeCun, Corinna Cortes)',
    },
    sums: sums(
      'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    ),
    sample: sums(
      'aa5cbd0ba1644c44d506d3b7cb1e34f8bf910301192f2c0b40a40e59bc51d058',
      'e00b5c9e492dfc0fc6a864351db916494087cf8dc386d2723609a2ea08f8084d',
      'fb8581a3ac9ec053b968b535bf0940566c6e93f4f741b04ed89ecdb310991bb9',
      '702f8742ecb7868b8882a17d50757221d0472131e2ad52e81ad30eae31f34277',
    ),
    url: 'https://storage.googleapis.com/cvdf-datasets/mnist/',
    classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  },
  'fashion-mnist': {
    fixed: {
      name: 'fashion-mnist',
      title: 'Fashion-MNIST',
      task: 'pieces of clothing',
      formula: 'the four original files: 60,000 images to train on, 10,000 to test on, 28 x 28 pixels',
      preprocessing: 'average pooling where a side was asked for; pixels from 0 to 255',
      citation:
        'H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms", arXiv 1708.07747, 2017',
      licence: 'MIT (Zalando SE)',
    },
    sums: sums(
      'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
      'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
      '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
      '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    ),
    sample: sums(
      'cdccc99326fd9c2951bfee5fd4c1a44e18517a411ddaee3f5db5a3ccc218c006',
      '807f26cec1a686b9420dd400802d11cb168a181bba8e1d17aad3d33cc93874b5',
      'c1c8a4e5d34826557b7ce1293b9e4cc2514696265c9292d0deeb72251fc6c79b',
      '756601d8033189fcfa1aa204b3c6fec9c0b9e608574373ad416e6b9e50863ac9',
    ),
    url: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    classNames: [
      ...['T-shirt', 'trouser', 'pullover', 'dress', 'coat'],
      ...['sandal', 'shirt', 'sneaker', 'bag', 'ankle boot'],
    ],
  },
};

/** Which images, and how large. */
export interface OriginalOptions {
  /** Classes to keep, in this order: names of labels, two or more; default all. */
  readonly classes: readonly string[];
  /** Images of each class to train on; 0, the default: all. */
  readonly perClass: number;
  /** Images of each class to test on; 0, the default: all. */
  readonly testPerClass: number;
  /** Pixels along a side after average pooling; default 28, which leaves them. */
  readonly side: number;
  /** Which images, where there are more. */
  readonly seed: number;
}

const DIGITS = Array.from({ length: 10 }, (_, label) => String(label));
const isNames = (value: unknown) => isListOf(value, (name) => typeof name === 'string');
const names = that<string[]>('a list of texts', isNames);

const CLASSES: SetOption<readonly string[]> = {
  kind: 'list',
  argument: 'labels',
  help: 'keep only these labels, in this order, such as 3,6',
  value: DIGITS,
  read: (value, at) => checkClassNames(names(value, at)),
};

/** The rows of its options. */
export const ORIGINAL_OPTIONS: SetOptions<OriginalOptions> = {
  classes: CLASSES,
  perClass: wholeOption(0, 0, 6000, 'images of each class to train on; 0 is all'),
  testPerClass: wholeOption(0, 0, 1000, 'images of each class to test on; 0 is all'),
  side: wholeOption(28, 2, 28, 'average pooling to n x n pixels'),
  seed: { ...SEED, help: 'which images, where there are more' },
};

/** Reads one file, gzipped or raw, if it is the right one. @throws DataError */
async function readOriginal(
  bytes: Uint8Array,
  file: OriginalFile,
  title: string,
  sum: string,
): Promise<IdxArray> {
  const raw = await gunzip(bytes, file, 64 * 2 ** 20);
  await checkSha256(raw, sum, file, title);
  return parseIdx(raw, file);
}

/** Refuses bytes that are not the file, gzipped or raw. @throws DataError */
export async function checkOriginal(
  name: OriginalName,
  file: OriginalFile,
  bytes: Uint8Array,
): Promise<void> {
  const { fixed, sums } = ORIGINALS[name];
  await readOriginal(bytes, file, fixed.title, sums[file]);
}

/** Rows of some classes, so many of each, in the order of the file. @throws DataError */
function chosen(labels: IdxArray, classes: readonly string[], perClass: number, seed: number): number[] {
  const rows = classes.flatMap((name) => {
    const all = Array.from(labels.data.keys()).filter((i) => String(labels.data[i]) === name);
    if (all.length === 0) {
      const known = listed(orderClasses(Array.from(new Set<number>(labels.data), String)));
      const message = `no image has the label ${quoted(name)}; the labels are ${known}`;
      throw new DataError('ERR_DATA_LABEL', message, { file: labels.name });
    }
    if (perClass > all.length) {
      const message = `there are ${all.length} images of class ${quoted(name)}, fewer than ${perClass}`;
      throw new DataError('ERR_DATA_ROWS', message, { file: labels.name });
    }
    if (perClass === 0) return all;
    return Array.from(shuffled(all.length, seed).subarray(0, perClass), (i) => all[i]);
  });
  return rows.sort((a, b) => a - b);
}

/** The rows of an array. */
function rowsOf({ name, shape, data }: IdxArray, rows: readonly number[]): IdxArray {
  const width = data.length / shape[0];
  const kept = new Uint8Array(rows.length * width);
  rows.forEach((from, to) => kept.set(data.subarray(from * width, (from + 1) * width), to * width));
  return { name, shape: [rows.length, ...shape.slice(1)], data: kept };
}

/** What reads a file of a set, gzipped or raw. */
export type ReadOriginal = (file: OriginalFile) => Promise<Uint8Array>;

/**
 * Makes a data set of the four files of MNIST or Fashion-MNIST. Their own test images are the test part.
 * @param read delivers a file by its name, gzipped or raw
 * @param from the whole set, or the small genuine sample of it that comes with the package
 * @throws OptionError; DataError when a file is another one, or a class has too few images
 */
export async function readOriginals(
  name: OriginalName,
  read: ReadOriginal,
  given: Partial<OriginalOptions> = {},
  from: 'whole' | 'sample' = 'whole',
): Promise<MadeData> {
  that<OriginalName>(`one of ${Object.keys(ORIGINALS).join(', ')}`, (key) =>
    Object.hasOwn(ORIGINALS, key as string),
  )(name, 'name');
  callable(read, 'read');
  that('whole or sample', (word) => word === 'whole' || word === 'sample')(from, 'from');
  const options = resolveOptions(name, given, ORIGINAL_OPTIONS);
  const { fixed, sums, sample, classNames } = ORIGINALS[name];
  const { classes, perClass, testPerClass, side, seed } = options;
  const part = async (images: OriginalFile, labels: OriginalFile, most: number, which: 'train' | 'test') => {
    const expected = from === 'whole' ? sums : sample;
    const array = async (file: OriginalFile) =>
      readOriginal(await read(file), file, fixed.title, expected[file]);
    const numbers = await array(labels);
    const rows = chosen(numbers, classes, most, seed);
    const whole = idxDataset(rowsOf(await array(images), rows), rowsOf(numbers, rows), {
      classes: [...classes],
      name: `${name} ${which}`,
    });
    const pool = { kind: 'pool', height: 28, width: 28, toHeight: side, toWidth: side } as const;
    const pooled: Dataset = side === 28 ? whole : transformDataset([pool], whole);
    return { ...pooled, part: which, labelName: 'class' };
  };
  const train = await part(ORIGINAL_FILES[0], ORIGINAL_FILES[1], perClass, 'train');
  const test = await part(ORIGINAL_FILES[2], ORIGINAL_FILES[3], testPerClass, 'test');
  const facts = { classNames: classes.map((label) => classNames[Number(label)]), from };
  return described(fixed, { train, test }, options, facts);
}
