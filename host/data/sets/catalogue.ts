/** All data sets by name: what they are, which options they have, and how they are made. */
import { choice } from '../../core/checks.ts';
import { AD_HOC, AD_HOC_OPTIONS, adHoc } from './ad-hoc.ts';
import { ANOMALIES, ANOMALY_OPTIONS } from './anomalies.ts';
import { GAUSSIANS, GAUSSIANS_OPTIONS, gaussians } from './gaussians.ts';
import type { Fixed, MadeData, MakingRun } from './made.ts';
import { MOONS, MOONS_OPTIONS, moons } from './moons.ts';
import type { SetOption } from './options.ts';
import { ORIGINAL_OPTIONS, type OriginalName, ORIGINALS } from './originals.ts';
import { QDATASET, QDATASET_OPTIONS, qdataset } from './qdataset.ts';
import { VIBRATION, VIBRATION_OPTIONS, vibration } from './vibration.ts';

/** One data set of the catalogue. */
export interface SetEntry {
  /** What is the same of it whatever the options: name, title, task, formula, preprocessing, citation, licence. */
  readonly fixed: Fixed;
  /** Numbers in a row with the options' defaults, as a table says it. */
  readonly columns: string;
  /** How many classes, as a table says it, such as `2 to 4`. */
  readonly classes: string;
  /** A formula, files that are downloaded, or a recording of the user's. */
  readonly from: 'formula' | 'download' | 'recording';
  /** A row for each option, by its name in the library. */
  readonly options: Readonly<Record<string, SetOption<unknown>>>;
}

const rows = (options: object) => options as SetEntry['options'];

/** Every set, by its name. */
export const DATA_SETS: Readonly<Record<FormulaName | OriginalName | 'nab', SetEntry>> = {
  gaussians: {
    fixed: GAUSSIANS,
    columns: '8',
    classes: '2',
    from: 'formula',
    options: rows(GAUSSIANS_OPTIONS),
  },
  mnist: {
    fixed: ORIGINALS.mnist.fixed,
    columns: '784',
    classes: '10',
    from: 'download',
    options: rows(ORIGINAL_OPTIONS),
  },
  'fashion-mnist': {
    fixed: ORIGINALS['fashion-mnist'].fixed,
    columns: '784',
    classes: '10',
    from: 'download',
    options: rows(ORIGINAL_OPTIONS),
  },
  qdataset: {
    fixed: QDATASET,
    columns: '18',
    classes: '2',
    from: 'formula',
    options: rows(QDATASET_OPTIONS),
  },
  'ad-hoc': { fixed: AD_HOC, columns: '2', classes: '2', from: 'formula', options: rows(AD_HOC_OPTIONS) },
  moons: { fixed: MOONS, columns: '2', classes: '2', from: 'formula', options: rows(MOONS_OPTIONS) },
  vibration: {
    fixed: VIBRATION,
    columns: '64',
    classes: '2 to 4',
    from: 'formula',
    options: rows(VIBRATION_OPTIONS),
  },
  nab: {
    fixed: ANOMALIES,
    columns: '16',
    classes: '2',
    from: 'recording',
    options: rows(ANOMALY_OPTIONS),
  },
};

/** Sets that a formula makes. */
const FORMULAS = { gaussians, qdataset, 'ad-hoc': adHoc, moons, vibration } as const;
/** The name of one of them. */
export type FormulaName = keyof typeof FORMULAS;

/**
 * Makes the set of a formula by its name.
 * @param options of that set; what is absent has its default
 * @throws OptionError, DataError; the reason of the run's signal
 */
export async function makeData(
  name: FormulaName,
  options: Readonly<Record<string, unknown>> = {},
  run: MakingRun = {},
): Promise<MadeData> {
  const make = FORMULAS[choice('name', name, FORMULAS)] as (
    options: object,
    run: MakingRun,
  ) => MadeData | Promise<MadeData>;
  return make(options, run);
}
