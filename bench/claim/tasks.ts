/**
 * The tasks that rules are held against one another on. Every set is one of the product's own, with 1000 rows to train
 * on where it has as many; preprocessing is fitted to those alone. What a set leaves open (classes, options, seed,
 * preprocessing) is chosen here, once, and the same for all rules.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelOptions } from '../../host/api/options.ts';
import { checkSha256 } from '../../host/data/checksum.ts';
import { parseCsv } from '../../host/data/csv.ts';
import type { Dataset } from '../../host/data/dataset.ts';
import { fitPipeline, type Step } from '../../host/data/fit.ts';
import { transformDataset } from '../../host/data/preprocess.ts';
import { adHoc } from '../../host/data/sets/ad-hoc.ts';
import { gaussians } from '../../host/data/sets/gaussians.ts';
import { moons } from '../../host/data/sets/moons.ts';
import { type OriginalName, readOriginals } from '../../host/data/sets/originals.ts';
import { qdataset } from '../../host/data/sets/qdataset.ts';
import { trainTestSplit } from '../../host/data/split.ts';

/** Where the files of the sets are that no formula makes. */
export interface Sources {
  /** Folders of the four files, raw or gzipped. */
  readonly mnist: string;
  readonly fashion: string;
  /** scikit-learn's `breast_cancer.csv`. */
  readonly cancer: string;
}

/** Rows to train on and to test on. */
export interface Parts {
  readonly train: Dataset;
  readonly test: Dataset;
}

/** One task. */
export interface Task {
  /** What tables call it. */
  readonly title: string;
  /** Never looked at while the rule was made. */
  readonly reserve?: true;
  readonly model: ModelOptions;
  readonly steps: readonly Step[];
  /** Where trainings start: what so many exact steps of Adam on so many of the first rows come to; absent: as drawn. */
  readonly warm?: { readonly rows: number; readonly steps: number };
  readonly data: (sources: Sources) => Promise<Parts>;
}

/** Of the data, not of the trainings. */
const DATA_SEED = 1;
/** Rows of each class to train on. */
const PER_CLASS = 500;

/** Four qubits, five layers, a linear head on all <Z_i>, cross-entropy. */
export const FOUR: ModelOptions = { qubits: 4, features: 16, layers: 5, head: 'linear', loss: 'bce' };

/** 15 principal components, and a constant that keeps x and -x apart. */
export const PCA: readonly Step[] = [
  { kind: 'pool', to: [14, 14] },
  { kind: 'pca', components: 15 },
  { kind: 'constant', ratio: 1 },
];

/** Classes of MNIST or Fashion-MNIST; all of their own test images. */
export function images(name: OriginalName, classes: readonly string[], perClass = PER_CLASS): Task['data'] {
  return async (sources) => {
    const folder = name === 'mnist' ? sources.mnist : sources.fashion;
    const read = async (file: string) =>
      readFile(join(folder, file)).catch(async () => readFile(join(folder, `${file}.gz`)));
    const { train, test } = await readOriginals(name, read, {
      classes,
      perClass,
      seed: DATA_SEED,
    });
    return both(train, test);
  };
}

/** A set with both of its parts. */
function both(train: Dataset, test: Dataset | undefined): Parts {
  if (test === undefined) throw new RangeError(`${train.name} has no test part`);
  return { train, test };
}

/** Rows of a formula, as many to test on as to train on. */
const HALVES = { rows: 4 * PER_CLASS, testFraction: 0.5, seed: DATA_SEED };

/** SHA-256 of the file that scikit-learn 1.5.2 comes with. */
const CANCER = 'fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed';

/** The diagnostic breast cancer data of Wisconsin (Street, Wolberg and Mangasarian 1993): 569 rows of 30 numbers. */
async function breastCancer({ cancer }: Sources): Promise<Parts> {
  const bytes = await readFile(cancer);
  await checkSha256(bytes, CANCER, 'breast_cancer.csv', 'scikit-learn 1.5.2');
  // Its first line says how many rows and columns there are, and the classes by their numbers.
  const [head, ...lines] = bytes.toString().trim().split('\n');
  const [, columns, ...classes] = head.split(',');
  const names = [...Array(Number(columns)).keys()].map((i) => `x${i}`);
  const table = [`${names.join(',')},class`, ...lines].join('\n');
  const whole = parseCsv(table, {
    name: 'breast cancer',
    label: 'class',
    classes: classes.map((_, i) => String(i)),
  });
  const { train, test } = trainTestSplit(whole, { testFraction: 0.2, seed: DATA_SEED });
  return both(train, test);
}

/** Every task, by its name. */
export const TASKS: Readonly<Record<string, Task>> = {
  'fashion-5-9': {
    title: 'Fashion 5/9',
    model: FOUR,
    steps: PCA,
    data: images('fashion-mnist', ['5', '9']),
  },
  'fashion-0-1': {
    title: 'Fashion 0/1',
    model: FOUR,
    steps: PCA,
    data: images('fashion-mnist', ['0', '1']),
  },
  'fashion-64': {
    title: 'Fashion 5/9, 64 pixels',
    model: { ...FOUR, qubits: 6, features: 64 },
    steps: [{ kind: 'pool', to: [8, 8] }],
    data: images('fashion-mnist', ['5', '9']),
  },
  'mnist-3-6': { title: 'MNIST 3/6', model: FOUR, steps: PCA, data: images('mnist', ['3', '6']) },
  'mnist-0-1': { title: 'MNIST 0/1', model: FOUR, steps: PCA, data: images('mnist', ['0', '1']) },
  gaussians: {
    title: 'two Gaussians',
    model: { ...FOUR, features: 9 },
    steps: [{ kind: 'constant', ratio: 1 }],
    data: async () => {
      const { train, test } = gaussians(HALVES);
      return both(train, test);
    },
  },
  'ad-hoc': {
    title: 'ad_hoc, its ZZ map',
    model: { ...FOUR, qubits: 2, features: 3, encoding: 'zz' },
    steps: [{ kind: 'products' }],
    data: async () => {
      const { train, test } = adHoc({ train: PER_CLASS, test: PER_CLASS, seed: DATA_SEED });
      return both(train, test);
    },
  },
  qdataset: {
    title: 'QDataSet',
    // Of the 18 numbers of a row 9 are independent.
    model: { ...FOUR, features: 10 },
    steps: [
      { kind: 'pca', components: 9 },
      { kind: 'constant', ratio: 1 },
    ],
    data: async () => {
      const { train, test } = await qdataset(HALVES);
      return both(train, test);
    },
  },
  moons: {
    title: 'two moons',
    reserve: true,
    model: { ...FOUR, qubits: 2, features: 2, encoding: 'angle', reuploads: 4 },
    steps: [],
    data: async () => {
      const { train, test } = moons(HALVES);
      return both(train, test);
    },
  },
  'breast-cancer': {
    title: 'breast cancer',
    reserve: true,
    model: FOUR,
    steps: [{ kind: 'standardise' }, { kind: 'pca', components: 15 }, { kind: 'constant', ratio: 1 }],
    data: breastCancer,
  },
  'mnist-8-9': {
    title: 'MNIST 8/9',
    reserve: true,
    model: FOUR,
    steps: PCA,
    data: images('mnist', ['8', '9']),
  },
};

/** A task's rows as its model takes them. */
export async function preparedTask({ data, steps }: Task, sources: Sources): Promise<Parts> {
  const { train, test } = await data(sources);
  if (steps.length === 0) return { train, test };
  const { pipeline, training } = fitPipeline(train, steps);
  return { train: training, test: transformDataset(pipeline, test) };
}
