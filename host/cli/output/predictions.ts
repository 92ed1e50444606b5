/** Predictions as lines: CSV or JSON, for programs and spreadsheets. */
import type { Prediction } from '../../api/prediction.ts';
import { plain } from './plain.ts';

/** A prediction a row; undefined of rows that lack a value. */
export type Rows = readonly (Prediction | undefined)[];

/** How predictions are written. */
export type PredictionFormat = 'csv' | 'jsonl' | 'json';

/** The names of the formats. */
export const PREDICTION_FORMATS = ['csv', 'jsonl', 'json'] as const satisfies readonly PredictionFormat[];

/** What a prediction is written with. */
interface PredictionColumns {
  /** Names of all classes. */
  readonly classes: readonly string[];
  /** Probabilities of the classes in place of the scores in CSV, beside them in JSON. */
  readonly probabilities: boolean;
  /** A first line of CSV that names the columns. */
  readonly header: boolean;
  /** Control characters in names are escaped, in CSV: JSON has escapes of its own. */
  readonly escape: boolean;
}

/** A field of CSV that is quoted whatever is in it. */
function quotedField(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** A field of CSV, quoted where it must be. */
function field(text: string): string {
  return /[",\r\n]/.test(text) ? quotedField(text) : text;
}

/** Numbers in a line: a probability a class, or the scores. */
function numbersOf(predictions: Rows, { classes, probabilities }: PredictionColumns): number {
  if (probabilities) return classes.length;
  const known = predictions.find((each) => each !== undefined);
  return known?.scores.length ?? (classes.length === 2 ? 1 : classes.length);
}

/** Lines of CSV, without their ends. A row without a prediction has the commas alone. */
function* csvLines(predictions: Rows, columns: PredictionColumns): Generator<string> {
  const { header, probabilities, escape } = columns;
  const shown = (name: string) => (escape ? plain(name) : name);
  const classes = columns.classes.map(shown);
  const numbers = numbersOf(predictions, columns);
  if (header) {
    const named = numbers === classes.length ? classes : [`${classes[1]} (score)`];
    yield ['prediction', ...named].map(quotedField).join(',');
  }
  for (const each of predictions) {
    if (each === undefined) yield ','.repeat(numbers);
    else yield [field(shown(each.name)), ...(probabilities ? each.probabilities : each.scores)].join(',');
  }
}

/** A prediction as it is written in JSON; null for a row without one. */
export function jsonOf(
  prediction: Prediction | undefined,
  columns: Pick<PredictionColumns, 'classes' | 'probabilities'>,
): object | null {
  if (prediction === undefined) return null;
  const { name, scores, probabilities } = prediction;
  if (!columns.probabilities) return { label: name, scores };
  // Of a null prototype, so that a class may be called anything.
  const byName: Record<string, number> = Object.create(null);
  columns.classes.forEach((each, c) => {
    byName[each] = probabilities[c];
  });
  return { label: name, scores, probabilities: byName };
}

/** Lines of JSON, an object each. */
function* jsonLines(predictions: Rows, columns: PredictionColumns): Generator<string> {
  for (const each of predictions) yield JSON.stringify(jsonOf(each, columns));
}

/** Predictions as lines without their ends, in a format that has lines. */
export function linesOf(
  predictions: Rows,
  format: 'csv' | 'jsonl',
  columns: PredictionColumns,
): Generator<string> {
  return format === 'csv' ? csvLines(predictions, columns) : jsonLines(predictions, columns);
}

/** Predicted numbers as lines without their ends; a row without one has a pair of quotes, or null. */
export function* valueLines(
  values: readonly (number | undefined)[],
  format: 'csv' | 'jsonl',
  header: boolean,
): Generator<string> {
  if (format === 'jsonl') {
    for (const value of values) yield JSON.stringify(value === undefined ? null : { prediction: value });
    return;
  }
  if (header) yield quotedField('prediction');
  for (const value of values) yield value === undefined ? quotedField('') : String(value);
}
