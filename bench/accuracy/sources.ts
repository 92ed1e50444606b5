/**
 * The rows of the sets, one part at a time: who asks for the rows to train on does not read those to test on, which for
 * MNIST, Fashion-MNIST and the Gaussians are other files or another draw.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { checkSha256 } from '../../host/data/checksum.ts';
import { type Dataset, row, selectClasses } from '../../host/data/dataset.ts';
import { readIdxDataset } from '../../host/data/idx.ts';
import { transformDataset } from '../../host/data/preprocess.ts';
import { adHoc } from '../../host/data/sets/ad-hoc.ts';
import { gaussians } from '../../host/data/sets/gaussians.ts';
import { datasetOf, numberedNames } from '../../host/data/sets/made.ts';
import { checkOriginal, type OriginalFile, type OriginalName } from '../../host/data/sets/originals.ts';
import { qdataset } from '../../host/data/sets/qdataset.ts';
import { trainTestSplit } from '../../host/data/split.ts';

/** Where the files of the sets are that no formula makes, and where what takes long to make is kept. */
export interface Sources {
  /** Folders of the four files, raw or gzipped. */
  readonly mnist: string;
  readonly fashion: string;
  /** scikit-learn's `digits.csv.gz`. */
  readonly digits: string;
  readonly kept: string;
}

/** Rows to fit everything to, or rows that are looked at once, at the end. */
export type Part = 'train' | 'test';

/** A set, as plain data: what its rows are, and nothing else, is decided by it. */
export type Data =
  /** The set's own two parts; averages of side x side pixels where a side is named. */
  | { readonly from: OriginalName; readonly classes?: readonly string[]; readonly side?: number }
  /** Each part is drawn by itself, with a seed of its own. */
  | {
      readonly from: 'gaussians';
      readonly rows: number;
      readonly testRows: number;
      readonly separation: number;
    }
  /** The same; without the level every row is divided by its length. */
  | { readonly from: 'qdataset'; readonly rows: number; readonly testRows: number; readonly level: boolean }
  /** Points of a grid: those to test on are none of those to train on, and none twice. */
  | {
      readonly from: 'ad-hoc';
      readonly perClass: number;
      readonly testPerClass: number;
      readonly gap: number;
      readonly seed: number;
    }
  /** scikit-learn's 1797 digits, which have no test part of their own: a share of each class. */
  | { readonly from: 'digits'; readonly testFraction: number };

/** Seeds of the draws: of a split, of the rows to train on, of those to test on. */
const SEEDS = { train: 1, test: 2 };

/** SHA-256 of the file that scikit-learn 1.5.2 comes with. */
const DIGITS = '09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22';

/** One part of a set. @throws DataError; whatever reading a file throws */
export async function rowsOf(data: Data, part: Part, sources: Sources): Promise<Dataset> {
  return { ...(await read(data, part, sources)), part };
}

async function read(data: Data, part: Part, sources: Sources): Promise<Dataset> {
  switch (data.from) {
    case 'mnist':
      return images(data, part, sources.mnist);
    case 'fashion-mnist':
      return images(data, part, sources.fashion);
    case 'gaussians': {
      const rows = part === 'train' ? data.rows : data.testRows;
      return gaussians({ rows, separation: data.separation, seed: SEEDS[part], testFraction: 0 }).train;
    }
    case 'qdataset': {
      const rows = part === 'train' ? data.rows : data.testRows;
      const whole = await expectations(rows, SEEDS[part], sources.kept);
      return data.level ? whole : withoutLengths(whole);
    }
    case 'ad-hoc': {
      const { perClass, testPerClass, gap, seed } = data;
      const made = adHoc({ train: perClass, test: testPerClass, gap, distinct: true, seed });
      return part === 'train' ? made.train : (made.test as Dataset);
    }
    case 'digits': {
      const { testFraction } = data;
      return trainTestSplit(await digits(sources.digits), { testFraction, seed: SEEDS.train })[part];
    }
  }
}

/** One part of MNIST or Fashion-MNIST, from its own two files. */
async function images(
  { from, classes, side }: Extract<Data, { readonly from: OriginalName }>,
  part: Part,
  folder: string,
): Promise<Dataset> {
  const named = async (kind: 'images-idx3' | 'labels-idx1') => {
    const name: OriginalFile = `${part === 'train' ? 'train' : 't10k'}-${kind}-ubyte`;
    const path = join(folder, name);
    const bytes = await readFile(path).catch(async () => readFile(`${path}.gz`));
    await checkOriginal(from, name, bytes);
    return { name, bytes };
  };
  const all = await readIdxDataset(await named('images-idx3'), await named('labels-idx1'), { name: from });
  const whole = classes ? selectClasses(all, classes) : all;
  if (side === undefined) return whole;
  const pool = { kind: 'pool', height: 28, width: 28, toHeight: side, toWidth: side } as const;
  return transformDataset([pool], whole);
}

/** The driven qubit's rows, from disk where they have been made before: a noisy one takes a tenth of a second. */
async function expectations(rows: number, seed: number, folder: string): Promise<Dataset> {
  const file = join(folder, `qdataset-${rows}-${seed}.json`);
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  const values: number[][] = kept ? (JSON.parse(kept) as number[][]) : [];
  if (kept === undefined) {
    const { train } = await qdataset({ rows, seed, testFraction: 0 });
    for (let i = 0; i < rows; i++) values.push([...row(train, i)]);
    await writeFile(file, JSON.stringify(values));
  }
  const labelled = values.map((each, i): [number, number[]] => [i % 2, each]);
  return datasetOf('qdataset', ['noiseless', 'noisy'], numberedNames('e', values[0].length), labelled);
}

/** Every row divided by its length: a row at a time, so nothing of one part is in the other. */
function withoutLengths(dataset: Dataset): Dataset {
  const features = new Float64Array(dataset.features.length);
  for (let i = 0; i < dataset.rows; i++) {
    const values = row(dataset, i);
    const length = Math.hypot(...values);
    features.set(
      values.map((value) => value / length),
      i * dataset.columns,
    );
  }
  return { ...dataset, features };
}

/** The 8 x 8 digits of scikit-learn, a part of the UCI set "Optical Recognition of Handwritten Digits". */
async function digits(file: string): Promise<Dataset> {
  const bytes = await readFile(file);
  await checkSha256(bytes, DIGITS, 'digits.csv.gz', 'scikit-learn 1.5.2');
  const lines = gunzipSync(bytes).toString().trim().split('\n');
  const labelled = lines.map((line): [number, number[]] => {
    const values = line.split(',').map(Number);
    return [values[64], values.slice(0, 64)];
  });
  const classes = Array.from({ length: 10 }, (_, digit) => String(digit));
  const { columnNames: _, ...dataset } = datasetOf('digits', classes, numberedNames('p', 64), labelled);
  return { ...dataset, shape: [8, 8] };
}
