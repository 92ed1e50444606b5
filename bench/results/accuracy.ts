/** Which accuracy is reached on each set: what is recorded, and its tables. */

/** Mean and standard deviation over the seeds, shares of right answers. */
export interface Shares {
  readonly mean: number;
  readonly deviation: number;
  /** Of each seed, in their order. */
  readonly seeds: readonly number[];
}

/** What classical classifiers reach on the same rows, and with which parameters. */
export interface Classical {
  readonly 'scikit-learn': string;
  readonly numpy: string;
  readonly logistic: Baseline;
  readonly svm: Baseline;
}

/** One of them. */
export interface Baseline {
  readonly accuracy: number;
  readonly parameters: Readonly<Record<string, number>>;
  /** Training rows that it learned from. */
  readonly rows: number;
}

/** Shots a circuit that models are trained and read with. */
export const SHOTS = [1000, 100] as const;

/** The chosen configuration trained with shots, and read with them. */
export interface WithShots {
  readonly shots: number;
  readonly rule: string;
  readonly steps: number;
  readonly read: Shares;
}

/** What was found on a set. */
export interface AccuracyFinding {
  readonly set: string;
  readonly title: string;
  readonly rows: { readonly train: number; readonly test: number };
  readonly paper?: number;
  readonly reach: number;
  readonly bayes?: number;
  /** What cross-validation chose, among how many, and the accuracies there of it and of the next. */
  readonly chosen: {
    readonly recipe: string;
    readonly circuit: string;
    readonly rate: number;
    readonly steps: number;
    readonly qubits: number;
    readonly features: number;
    readonly parameters: number;
    readonly models: number;
    /** Numbers in the fitted preprocessing. */
    readonly fitted: number;
    /** Bytes of one model and its training, in double precision, and in single precision on a device. */
    readonly bytes: number;
    readonly deviceBytes: number;
    readonly tried: number;
    readonly trainings: number;
    readonly validation: number;
    readonly next: number;
  };
  readonly exact: Shares;
  /** The models of `exact`, read with each of `SHOTS`. */
  readonly read: readonly Shares[];
  /** Absent where it was not done. */
  readonly shots?: readonly WithShots[];
  /** The paper's circuit, trained by NLR with its settings, and by Adam. */
  readonly paperModel: { readonly nlr: Shares; readonly adam: Shares };
  readonly classical: Classical;
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), `|${'---|'.repeat(head.length)}`, ...rows.map(row)].join('\n');

const percent = (share: number) => (100 * share).toFixed(2);
const spread = ({ mean, deviation }: Shares) => `${percent(mean)} ± ${percent(deviation)}`;
const grouped = (value: number) => value.toLocaleString('en-US');

/** Standard error that so many test rows leave in a share of right answers. */
export function binomialError(share: number, rows: number): number {
  return Math.sqrt((share * (1 - share)) / rows);
}

/** Whether the bar is reached; one that is missed by less than the test rows can tell says so. */
export function verdictOf({ exact, reach, rows }: Pick<AccuracyFinding, 'exact' | 'reach' | 'rows'>): string {
  if (exact.mean >= reach) return 'met';
  const error = binomialError(exact.mean, rows.test);
  return exact.mean + error >= reach ? 'short, within the error' : 'short';
}

/** What is reached on every set, and what others reach on it. */
export function accuracyTable(rows: readonly AccuracyFinding[]): string {
  return table(
    [
      ...['set', 'test rows', 'to reach', 'found', 'error', ''],
      ...["paper's circuit, NLR", 'by Adam', 'paper prints', 'logistic', 'RBF-SVM'],
    ],
    rows.map((each) => [
      each.title,
      grouped(each.rows.test),
      `${percent(each.reach)}${each.bayes ? ` (Bayes ${percent(each.bayes)})` : ''}`,
      spread(each.exact),
      percent(binomialError(each.exact.mean, each.rows.test)),
      verdictOf(each),
      spread(each.paperModel.nlr),
      spread(each.paperModel.adam),
      each.paper === undefined ? '-' : (100 * each.paper).toFixed(1),
      percent(each.classical.logistic.accuracy),
      percent(each.classical.svm.accuracy),
    ]),
  );
}

/** What each of them takes. */
export function accuracyNeedsTable(rows: readonly AccuracyFinding[]): string {
  return table(
    [
      ...['set', 'chosen, of how many', 'η, steps', 'qubits', 'parameters', 'fitted before', 'pages'],
      ...['bytes of a model, f64', 'f32', 'validation, next'],
    ],
    rows.map(({ title, chosen }) => [
      title,
      `${chosen.recipe}; ${chosen.circuit} (${chosen.tried})`,
      `${chosen.rate}, ${grouped(chosen.steps)}`,
      `${chosen.qubits}`,
      chosen.models > 1 ? `${chosen.models} x ${chosen.parameters}` : `${chosen.parameters}`,
      chosen.fitted === 0 ? '-' : chosen.fitted === 1 ? '1 number' : `${grouped(chosen.fitted)} numbers`,
      `${chosen.models}`,
      grouped(chosen.bytes),
      grouped(chosen.deviceBytes),
      `${percent(chosen.validation)}, ${percent(chosen.next)}`,
    ]),
  );
}

/** Most that a training and a reading with shots may take from the exact one, by their number. */
const TOLERANCES: Readonly<Record<number, number>> = { 1000: 0.005, 100: 0.015 };

/** The same with shots: exact models that are read with them, and models that are trained with them too. */
export function accuracyShotsTable(rows: readonly AccuracyFinding[]): string {
  const asked = SHOTS.map((shots) => `${shots} shots`);
  const head = [
    ...['set', 'exact', ...asked.map((shots) => `read with ${shots}`)],
    ...asked.flatMap((shots) => [`trained and read with ${shots}`, '']),
  ];
  const lines = rows.map((each) => [
    each.title,
    percent(each.exact.mean),
    ...each.read.map(spread),
    ...SHOTS.flatMap((shots) => {
      const own = each.shots?.find((one) => one.shots === shots);
      if (own === undefined) return ['-', 'not measured'];
      const isNear = each.exact.mean - own.read.mean <= TOLERANCES[shots];
      return [`${spread(own.read)} (${own.rule}, ${grouped(own.steps)} steps)`, isNear ? 'met' : 'short'];
    }),
  ]);
  return table(head, lines);
}

/** The short table of the front page. */
export function reachedTable(rows: readonly AccuracyFinding[]): string {
  return table(
    ['set', 'paper, printed', "paper's circuit by NLR, measured", 'this package', 'RBF-SVM', 'qubits, pages'],
    rows.map((each) => [
      each.title,
      each.paper === undefined ? '-' : (100 * each.paper).toFixed(1),
      (100 * each.paperModel.nlr.mean).toFixed(1),
      `${spread(each.exact)}`,
      percent(each.classical.svm.accuracy),
      `${each.chosen.qubits}, ${each.chosen.models}`,
    ]),
  );
}
