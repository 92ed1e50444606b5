/**
 * Windows of a recording with known anomalies, as the Numenta Anomaly Benchmark has them: a CSV file of `timestamp` and
 * `value`, and a list of times between which something was wrong. Times without a zone are UTC; rows are put in the
 * order of time. A window of consecutive rows is an `anomaly` where at least `share` of its rows lie in such a time,
 * both ends included. The last windows are for testing; those that overlap with both parts are in neither.
 */
import { isListOf, that } from '../../core/checks.ts';
import { DataError } from '../../core/errors.ts';
import { readCsv } from '../csv.ts';
import { decimal, quoted } from '../dataset.ts';
import { datasetOf, described, type Fixed, type MadeData, numberedNames, splitByTime } from './made.ts';
import {
  resolveOptions,
  SEED,
  type SetOption,
  type SetOptions,
  testFractionOption,
  wholeOption,
} from './options.ts';

/** How windows are cut. */
export interface AnomalyOptions {
  /** Rows of a window, 2 to 4096; default 16. */
  readonly length: number;
  /** Rows from the beginning of a window to that of the next, 1 to 1,000,000; default 16. */
  readonly stride: number;
  /** The least share of a window's rows that make it an anomaly, above 0 and up to 1; default 0.5. */
  readonly share: number;
  /** Share of the windows to test on, the last in time, 0 to below 1; default 0.2; 0: no test part. */
  readonly testFraction: number;
  /** Goes into `about` alone: nothing is drawn. 0 to 2^53 - 1; default 1. */
  readonly seed: number;
}

const isShare = (value: unknown) => typeof value === 'number' && value > 0 && value <= 1;
const SHARE: SetOption<number> = {
  kind: 'number',
  argument: 'x',
  help: 'least share of a window inside an anomaly that makes it one',
  value: 0.5,
  read: that<number>('a number above 0 and up to 1', isShare),
};

/** The rows of its options. */
export const ANOMALY_OPTIONS: SetOptions<AnomalyOptions> = {
  length: wholeOption(16, 2, 4096, 'rows of a window'),
  stride: wholeOption(16, 1, 1e6, 'rows from the beginning of a window to that of the next'),
  share: SHARE,
  testFraction: testFractionOption('the last in time'),
  seed: { ...SEED, help: 'accepted everywhere; nothing is drawn here' },
};

/** What is the same for all. */
export const ANOMALIES: Fixed = {
  name: 'nab',
  title: 'Windows of a recording with anomalies',
  task: 'whether something was wrong in a window of a recording',
  formula: 'windows of consecutive values; an anomaly where enough of the rows lie in a known time',
  preprocessing: 'none; amplitude encoding discards the level, which a constant component keeps',
  citation:
    'A. Lavin, S. Ahmad, "Evaluating real-time anomaly detection algorithms: the Numenta Anomaly Benchmark", ICMLA 2015',
  licence: "the file's own; NAB's data is under the MIT licence",
};

const TIME = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(Z|[+-]\d\d:?\d\d)?$/;

/** Milliseconds of a time, or the number itself where it is one; NaN of anything else. */
function timeIn(text: string): number {
  const [, day, clock = '00:00', zone = 'Z'] = TIME.exec(text) ?? [];
  if (day === undefined) return decimal(text) ?? Number.NaN;
  return Date.parse(`${day}T${clock}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
}

/** A time between which something was wrong, both ends included. */
export type Anomaly = readonly [from: string, to: string];

const ANOMALY_LIST = that<readonly Anomaly[]>('a list of pairs of times', (list) =>
  isListOf(list, (pair) => isListOf(pair, (time) => typeof time === 'string') && pair.length === 2),
);

/** Times as numbers. @throws DataError */
function spansOf(anomalies: readonly Anomaly[]): [number, number][] {
  return anomalies.map(([from, to], i) => {
    const span: [number, number] = [timeIn(from), timeIn(to)];
    if (span[0] <= span[1]) return span;
    const message = `anomaly ${i + 1} is from ${quoted(from)} to ${quoted(to)}; expected two times, the later one second`;
    throw new DataError('ERR_DATA_SYNTAX', message);
  });
}

/**
 * Cuts a recording into windows with labels.
 * @param csv a text with the columns `timestamp` and `value`, in a header; others are left out
 * @throws OptionError, DataError
 */
export function anomalyWindows(
  csv: string,
  anomalies: readonly Anomaly[],
  given: Partial<AnomalyOptions> = {},
  name = 'recording',
): MadeData {
  const options = resolveOptions('anomalyWindows', given, ANOMALY_OPTIONS);
  const spans = spansOf(ANOMALY_LIST(anomalies, 'anomalies'));
  const { dataset } = readCsv(csv, {
    name,
    label: 'timestamp',
    header: true,
    use: ({ name: column }) => (column === 'value' ? 'number' : 'skip'),
  });
  const times = Array.from(dataset.labels, (label, i) => {
    const text = dataset.classes[label];
    const time = timeIn(text);
    if (!Number.isNaN(time)) return time;
    const message = `${quoted(text)} is no time; expected such as 2013-12-02 21:15:00, or a number`;
    throw new DataError('ERR_DATA_NUMBER', message, { file: name, line: dataset.lines?.[i] });
  });
  const order = times.map((_, i) => i).sort((a, b) => times[a] - times[b] || a - b);
  const { length, stride, share, testFraction } = options;
  if (dataset.rows < length) {
    const message = `${dataset.rows} rows are less than a window of ${length}`;
    throw new DataError('ERR_DATA_ROWS', message, { file: name });
  }
  const wrong = times.map((time) => spans.some(([from, to]) => time >= from && time <= to));
  const rows: [number, number[]][] = [];
  for (let start = 0; start + length <= order.length; start += stride) {
    const window = order.slice(start, start + length);
    const inside = window.filter((i) => wrong[i]).length;
    rows.push([inside >= share * length ? 1 : 0, window.map((i) => dataset.features[i])]);
  }
  const whole = datasetOf(name, ['normal', 'anomaly'], numberedNames('t', length), rows);
  const gap = Math.ceil(length / stride) - 1;
  const all = rows.map((_, i) => i);
  const facts = {
    rowsRead: dataset.rows,
    rowsInAnomalies: wrong.filter(Boolean).length,
    outOfOrder: order.filter((from, to) => from !== to).length,
  };
  return described(ANOMALIES, splitByTime(whole, [all], testFraction, gap), options, facts);
}
