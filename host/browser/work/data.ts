/** The data of a run, and the preprocessing that suits its encoding. */
import type { Pipeline } from '../../index.ts';
import type { Dataset, MadeData, Step } from '../../data/index.ts';
import type { OwnTable, Settings } from '../settings/settings.ts';

/** Where the files of the built-in digits are, by name. */
export type ReadDigits = (name: string) => Promise<Uint8Array>;

/** A data set in its two parts, with its fitted preprocessing. */
export interface Prepared {
  readonly train: Dataset;
  readonly test: Dataset;
  readonly pipeline: Pipeline;
  /** Numbers of a row behind the preprocessing. */
  readonly features: number;
}

/** Share of the rows of made sets and tables that is tested on. */
const TEST_FRACTION = 0.25;

/** The side that images are averaged down to first, as on the command line. */
const POOLED = 14;

/** The label column as `parseCsv` takes it. */
function labelOf(text: string): string | number {
  if (text === '') return -1;
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

/**
 * Rows that a formula made, as single precision has them: engines differ in the last bit of a sine or a logarithm, and a link
 * is to give the same bits in all of them.
 */
function rounded({ train, test }: MadeData): { readonly train: Dataset; readonly test: Dataset | undefined } {
  const each = (part: Dataset) => ({ ...part, features: Float64Array.from(part.features, Math.fround) });
  return { train: each(train), test: test && each(test) };
}

/** The two parts as they come. @throws NlrError; a table that has to be brought again is one too */
async function partsOf(settings: Settings, table: OwnTable | undefined, digits: ReadDigits) {
  const { DataError, adHoc, gaussians, mnist01, moons, parseCsv, trainTestSplit } =
    await import('../../data/index.ts');
  const { data, rows, noise, separation, gap, dataSeed: seed } = settings;
  if (data === 'digits') return mnist01(digits);
  if (data === 'csv') {
    if (table === undefined)
      throw new DataError(
        'ERR_DATA_FILE',
        'there is no table: choose or drop the file on the page; a link has none that is long',
      );
    const { name, text } = table;
    return trainTestSplit(
      parseCsv(text, { name, label: labelOf(settings.label), missing: 'keep', use: () => 'either' }),
      {
        testFraction: TEST_FRACTION,
        seed,
      },
    );
  }
  if (data === 'moons') return rounded(moons({ rows, noise, seed, testFraction: TEST_FRACTION }));
  if (data === 'gaussians')
    return rounded(gaussians({ rows, separation, seed, testFraction: TEST_FRACTION }));
  return rounded(adHoc({ gap, seed, test: 50 }));
}

/**
 * The preprocessing behind that of named columns, by what encodes the features.
 * @param columns numbers in a row by then
 */
function stepsFor(
  { encoding, qubits, head }: Settings,
  { shape, rows, angles }: Dataset,
  columns: number,
): Step[] {
  const isAngle = encoding !== 'amplitude';
  const steps: Step[] = [];
  if (shape !== undefined && Math.max(...shape) > POOLED) steps.push({ kind: 'pool', to: [POOLED, POOLED] });
  else if (!(isAngle && angles)) steps.push({ kind: 'standardise' });
  // The bare observable is the paper's model, which has eight components and nothing beside them.
  const constant = !isAngle && head === 'linear';
  const paper = head === 'none' && !isAngle;
  const room = paper ? Math.min(8, 2 ** qubits) : isAngle ? qubits : 2 ** qubits - Number(constant);
  const left = shape === undefined ? columns : Math.min(columns, POOLED ** 2);
  if (left > room || shape !== undefined)
    steps.push({ kind: 'pca', components: Math.min(room, left, rows - 1) });
  if (isAngle && !angles) steps.push({ kind: 'minmax' });
  if (constant) steps.push({ kind: 'constant', ratio: 1 });
  if (encoding === 'zz') steps.push({ kind: 'products' });
  return steps;
}

/**
 * Makes or reads the data that some settings name, and fits its preprocessing.
 * @throws NlrError with a sentence on what is wrong, and where
 */
export async function prepareData(
  settings: Settings,
  table: OwnTable | undefined,
  digits: ReadDigits,
): Promise<Prepared> {
  const { fitPipeline, pipelineOutputs } = await import('../../data/index.ts');
  const { train, test } = await partsOf(settings, table, digits);
  const named: Step[] = train.columnNames ? [{ kind: 'columns', missing: 'mean' }] : [];
  const { columns } = fitPipeline(train, named).training;
  const { pipeline } = fitPipeline(train, [...named, ...stepsFor(settings, train, columns)]);
  return { train, test: test ?? train, pipeline, features: pipelineOutputs(pipeline, train.columns) };
}
