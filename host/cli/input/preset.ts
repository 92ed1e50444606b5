/** From flags to a configuration: a preset, overridden flag by flag. */
import { MAX_OUTPUTS } from '../../../assembly/abi/codes.ts';
import { listing, type OptionRow, OPTIONS, readersOf } from '../../../assembly/abi/options.table.ts';
import { type Observable, parseObservable } from '../../api/circuit.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { Size, Step } from '../../data/fit.ts';
import { type ColumnsStep, fitColumns } from '../../data/fit-columns.ts';
import { outputsOf } from '../../data/transform.ts';
import { OptionError } from '../../core/errors.ts';
import { anglesOf, STRUCTURE_FIELDS } from '../../api/ansatz.ts';
import {
  isObservableName,
  type ModelOptions,
  PAPER,
  resolveModel,
  resolveTraining,
  type RuleName,
  type TrainingOptions,
} from '../../api/options.ts';
import { TRAINING } from '../../api/training-options.ts';
import { flagName, UsageError } from '../output/failure.ts';
import type { ColumnFlags, CommonFlags, ModelFlags, PreprocessingFlags, TrainingFlags } from './flags.ts';
import { RECOMMENDED } from './recommended.ts';

/** What to train, but for the number of features, which the data decides. */
export interface Configuration {
  readonly preset: ModelFlags['preset'];
  readonly model: Omit<ModelOptions, 'features'>;
  readonly training: TrainingOptions;
  readonly oneVsRest: boolean;
  /** Features that turn gates of a circuit of the user's own, which takes no more and no fewer. */
  readonly features?: number;
  /** Inputs of such a circuit: those that are features, in order, and those that are trained. */
  readonly inputs?: { readonly features: readonly string[]; readonly trained: readonly string[] };
}

/** The largest side of an image that goes into the principal components. */
const POOLED = 14;

/** The paper's number of features. */
const PAPER_FEATURES = PAPER.model.features;

function observables(text: string | undefined): ModelOptions['observable'] {
  if (text === undefined || isObservableName(text)) return text;
  return text.split(';').map((sum): Observable => parseObservable(sum.trim()));
}

/** The entries of an object that are not undefined. */
function given<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/**
 * The options of training among the flags. Of a flag such as --no-observable-norm the default is there when nobody said
 * anything: it counts as not said.
 */
export function trainingOf(flags: TrainingFlags & CommonFlags): TrainingOptions {
  const names = Object.keys(TRAINING) as (keyof typeof TRAINING)[];
  const said = names.filter(
    (name) => TRAINING[name].flag === undefined || flags[name] !== TRAINING[name].value,
  );
  return Object.fromEntries(said.map((name) => [name, flags[name]]));
}

/** Whether a rule reads an option of training. */
export function isReadBy(rule: RuleName, option: keyof TrainingOptions): boolean {
  const row = (OPTIONS as readonly OptionRow[]).find(({ training }) => training?.name === option);
  const readers = row === undefined ? [] : readersOf(row.name);
  return readers.length === 0 || readers.includes(rule);
}

/** Refuses flags of options that the rule does not read. @throws UsageError */
export function refuseUnread(flags: TrainingFlags, rule: RuleName): void {
  for (const { name, training } of OPTIONS as readonly OptionRow[]) {
    const option = training?.name as keyof TrainingOptions | undefined;
    const readers = readersOf(name);
    if (option === undefined || flags[option] === undefined || readers.length === 0) continue;
    if (readers.includes(rule)) continue;
    const known = listing(readers);
    throw new UsageError(`${flagName(option)} is read by ${known} alone; the rule is ${rule}`);
  }
}

/** Whether the rate of the head moves it. */
export function readsHeadRate(rule: RuleName, headStep: TrainingOptions['headStep'] = 'newton'): boolean {
  return rule === 'frugal' ? headStep === 'adam' : rule !== 'sfgn';
}

/** What a rule has defaults of its own for: those, and not the preset's. */
function withoutDefaultsOf(rule: RuleName): TrainingOptions {
  const names = Object.entries(TRAINING).filter(([, { byRule }]) => byRule?.[rule] !== undefined);
  return Object.fromEntries(names.map(([name]) => [name, undefined]));
}

/** Reads the model and training flags. @throws OptionError, before any data is read */
export function configure(flags: ModelFlags & TrainingFlags & CommonFlags): Configuration {
  const { features: _, ...paper } = PAPER.model;
  const base = flags.preset === 'paper' ? { model: paper, training: PAPER.training } : RECOMMENDED;
  const { qubits, layers, encoding, head, loss, initialisation, initialScale } = flags;
  const structure = Object.fromEntries(STRUCTURE_FIELDS.map((name) => [name, flags[name]]));
  const model: Configuration['model'] = {
    ...base.model,
    ...given({ qubits, layers, encoding, head, loss, initialisation, initialScale, ...structure }),
    ...given({ observable: observables(flags.observable) }),
  };
  // A preset's number of layers is for its own layout.
  if (model.layout !== undefined && layers === undefined) Object.assign(model, { layers });
  // A budget says how long the training is: not the preset.
  const length = flags.shotsBudget === undefined ? {} : { steps: undefined };
  const own = flags.rule === undefined ? {} : withoutDefaultsOf(flags.rule);
  const training: TrainingOptions = {
    ...base.training,
    ...own,
    ...length,
    ...given(trainingOf(flags)),
    ...given({ noise: flags.noise, refitHead: flags.refitHead }),
  };
  const { head: resolved } = resolveModel({ ...model, features: 1 });
  const { rule, headStep } = resolveTraining(training);
  refuseUnread(flags, rule);
  if (flags.headRate !== undefined && resolved === 'none')
    throw new UsageError('--head-rate is the rate of a linear head; --head none has none');
  if (flags.headRate !== undefined && !readsHeadRate(rule, headStep))
    throw new UsageError(
      rule === 'frugal'
        ? '--head-rate is not read by frugal, which fits the head by itself, unless by --head-step adam'
        : `--head-rate is not read by ${rule}, whose steps of the head go by --rate`,
    );
  return { preset: flags.preset, model, training, oneVsRest: flags.multiclass === 'one-vs-rest' };
}

/** What a model reads more classes from than it has qubits, and that it does. */
export interface Outputs {
  readonly configuration: Configuration;
  /** For people; undefined when nothing was changed. */
  readonly sentence?: string;
}

/**
 * The outputs for a number of classes. Of n expectations <Z_i> a linear head tells n classes apart, and hardly more;
 * so where there are more, and nobody has said what is to be observed, the products <Z_i Z_j> join them. They come
 * from the same measurements.
 */
export function outputsFor(configuration: Configuration, classes: number): Outputs {
  const { model, oneVsRest } = configuration;
  const { head = 'linear', observable } = model;
  if (oneVsRest || head !== 'linear' || observable !== undefined) return { configuration };
  const z = resolveModel({ ...model, features: configuration.features ?? 1 }).observables.map(
    ([term]) => term?.pauli as string,
  );
  const qubits = z.length;
  if (classes <= qubits) return { configuration };
  if (qubits < 2) {
    const remedy =
      'fewer --layers leave more of them, --multiclass one-vs-rest trains a model for each class';
    const sentence =
      classes > 2 && model.layout === 'qcnn'
        ? `${classes} classes are read from the one qubit that the QCNN leaves; ${remedy}`
        : undefined;
    return { configuration, sentence };
  }
  const pairs = z.flatMap((first, i) => z.slice(i + 1).map((second) => `${first} ${second}`));
  const added = pairs.slice(0, MAX_OUTPUTS - qubits);
  const sums = [...z, ...added].map((pauli): Observable => [{ pauli, coefficient: 1 }]);
  return {
    configuration: { ...configuration, model: { ...model, observable: sums } },
    sentence: `${classes} classes are more than ${qubits} qubits have <Z_i> for: they are read from ${added.length} <Z_i Z_j> too, of the same measurements; --multiclass one-vs-rest trains a model for each class instead, --observable all-z leaves it at the <Z_i>`,
  };
}

/** Features that a configuration is meant for when no data says otherwise. */
export function plannedFeatures({ preset, model: { qubits, encoding }, features }: Configuration): number {
  if (features !== undefined) return features;
  if (preset === 'paper') return Math.min(PAPER_FEATURES, 2 ** qubits);
  if (encoding === 'zz') return (qubits * (qubits + 1)) / 2;
  return encoding === 'angle' ? qubits : 2 ** qubits;
}

/** The window that `--crop` means, in the middle unless it says where. */
function cropStep({ to, top, left }: NonNullable<PreprocessingFlags['crop']>, shape: Size | undefined): Step {
  const middle = (side: 0 | 1) => Math.max(0, Math.floor(((shape?.[side] ?? 0) - to[side]) / 2));
  return { kind: 'crop', to, top: top ?? middle(0), left: left ?? middle(1) };
}

/** The step that knows the columns by name and makes numbers of them, where the data calls for it. */
function columnsStep({ missing, unseen }: ColumnFlags, dataset: Dataset): ColumnsStep | undefined {
  const { columnNames, categories, source } = dataset;
  if ((columnNames ?? categories ?? source ?? missing ?? unseen) === undefined) return undefined;
  return { kind: 'columns', ...given({ missing, unseen }) };
}

/**
 * The preprocessing of a training set. Columns become numbers; images are pooled to 14 x 14, other columns standardised; then as many
 * principal components are kept as there is room for, if need be. A constant component follows for amplitude
 * encoding, because centred data has a sign that amplitudes alone do not show; for encodings of angles the range
 * becomes 0 to pi, unless the data has angles; the ZZ feature map gets their products. The paper's preset keeps 8 components and adds nothing.
 * Columns that are inputs of a circuit of the user's own stay as they are, but for what flags ask for.
 */
export function preprocessing(
  flags: PreprocessingFlags & ColumnFlags,
  { preset, model: { qubits, encoding }, features }: Configuration,
  dataset: Dataset,
): Step[] {
  const { rows, shape, angles = false } = dataset;
  const first = columnsStep(flags, dataset);
  const columns = first === undefined ? dataset.columns : outputsOf(fitColumns(first, dataset), 0);
  const steps: Step[] = first === undefined ? [] : [first];
  let size: Size | undefined = shape;
  if (flags.crop) {
    steps.push(cropStep(flags.crop, shape));
    size = flags.crop.to;
  }
  const large = size !== undefined && Math.max(...size) > POOLED;
  const pooled: Size | undefined = size && [Math.min(size[0], POOLED), Math.min(size[1], POOLED)];
  const pool = flags.pool ?? (large && pooled);
  if (pool) {
    steps.push({ kind: 'pool', to: pool });
    size = pool;
  }
  const angle = encoding === 'angle' || encoding === 'zz';
  const isOwn = features !== undefined && shape === undefined;
  const asTheyAre = isOwn || (angle && angles);
  if (flags.standardise ?? (shape === undefined && !asTheyAre)) steps.push({ kind: 'standardise' });

  const constant = flags.constant ?? (preset === 'recommended' && !angle && 1);
  const left = size ? size[0] * size[1] : columns;
  const room =
    features ??
    (preset === 'paper' && encoding !== 'zz'
      ? PAPER_FEATURES
      : angle
        ? qubits
        : 2 ** qubits - Number(constant !== false));
  const components = Math.min(room, features ?? 2 ** qubits, left, rows - 1);
  const pca = flags.pca ?? (!isOwn && (shape !== undefined || left > room) && components);
  if (pca !== false) steps.push({ kind: 'pca', components: pca });
  if (flags.minmax ?? (angle && !asTheyAre)) steps.push({ kind: 'minmax' });
  if (constant !== false) steps.push({ kind: 'constant', ratio: constant });
  if (encoding === 'zz') steps.push({ kind: 'products' });
  return steps;
}

/** Refuses more features than there is room for with what to do about it. @throws OptionError */
export function checkRoom(
  { model: { qubits, encoding }, features: taken }: Configuration,
  features: number,
): void {
  if (taken !== undefined && taken !== features) {
    const remedy =
      features > taken
        ? `--columns says which to use, --pca ${taken} makes them that many`
        : `name ${features} inputs`;
    const message = `the circuit takes ${taken} features, but a row has ${features} after preprocessing; ${remedy}`;
    throw new OptionError('ERR_OPTION_COMBINATION', message, 'circuitFeatures');
  }
  const zz = encoding === 'zz';
  const numbers = zz ? anglesOf(features) : features;
  if (encoding === 'angle' || numbers <= (zz ? qubits : 2 ** qubits)) return;
  const room = zz
    ? `the ZZ map takes a number a qubit, ${qubits}`
    : `qubits ${qubits} gives ${2 ** qubits} amplitudes`;
  const wanted = zz ? numbers : Math.ceil(Math.log2(numbers));
  throw new OptionError(
    'ERR_OPTION_COMBINATION',
    `${room}, but a row has ${numbers} features after preprocessing; use --qubits ${wanted} or --pca with fewer components`,
    'qubits',
  );
}
