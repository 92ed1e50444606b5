/** How a classifier does, for people: a line a class, and what is taken for what. */
import type { ClassMetrics, Metrics } from '../../api/metrics.ts';
import { count, fixed, percent, plural, table } from './format.ts';
import { plain } from './plain.ts';

/** Classes in the table of classes at most. */
const MOST_CLASSES = 20;
/** Classes in the confusion matrix at most: more do not fit on a terminal. */
const MOST_SQUARE = 10;
/** Mistakes that are named when the matrix is not shown. */
const MOST_MISTAKES = 5;
/** Characters of a name in a table at most. */
const MOST_LETTERS = 24;

/** A name that fits into a column. */
function short(name: string): string {
  const shown = plain(name);
  return shown.length > MOST_LETTERS ? `${shown.slice(0, MOST_LETTERS - 1)}…` : shown;
}

/** The classes to show: all of them, or those with the lowest F1. */
function shownOf(classes: readonly ClassMetrics[]): readonly ClassMetrics[] {
  if (classes.length <= MOST_CLASSES) return classes;
  return [...classes].sort((a, b) => (a.f1 ?? 2) - (b.f1 ?? 2)).slice(0, MOST_CLASSES);
}

/** Precision, recall and F1 by class. */
function perClass({ classes, macro }: Metrics): string[] {
  const shown = shownOf(classes);
  const rows = shown.map(({ name, precision, recall, f1, support }) => [
    short(name),
    percent(precision),
    percent(recall),
    percent(f1),
    count(support),
  ]);
  const total = classes.reduce((sum, { support }) => sum + support, 0);
  const mean = [percent(macro.precision), percent(macro.recall), percent(macro.f1)];
  const cut = `the ${shown.length} of ${classes.length} classes with the lowest F1; --json has all`;
  return [
    ...table(['class', 'precision', 'recall', 'F1', 'rows'], [...rows, ['mean', ...mean, count(total)]]),
    ...(shown.length < classes.length ? [cut] : []),
  ];
}

/** The commonest mistakes, one a line. */
function mistakes({ classes, confusion }: Metrics): string[] {
  const all = confusion.flatMap((row, is) =>
    row.flatMap((times, said) => (is === said || times === 0 ? [] : [{ is, said, times }])),
  );
  const most = all.sort((a, b) => b.times - a.times).slice(0, MOST_MISTAKES);
  if (most.length === 0) return ['no row was taken for another class'];
  return [
    `of ${classes.length} classes the matrix is in --json; the commonest mistakes:`,
    ...most.map(({ is, said, times }) => {
      return `  ${short(classes[is].name)} taken for ${short(classes[said].name)}: ${plural(times, 'row')}`;
    }),
  ];
}

/** Rows by true and predicted class. */
function matrix({ classes, confusion }: Metrics): string[] {
  if (classes.length > MOST_SQUARE) return mistakes({ classes, confusion } as Metrics);
  const names = classes.map(({ name }) => short(name));
  const rows = confusion.map((row, c) => [names[c], ...row.map(count)]);
  return table(['true \\ predicted', ...names], rows);
}

/** The metrics in two aligned tables, below a line that says of which rows. @param of what they are measured on */
export function describeMetrics(metrics: Metrics, of: string): string[] {
  return [`By class, ${of}:`, ...perClass(metrics), '', ...matrix(metrics)];
}

/** Names and values of what one number says. */
export function singleNumbers({ balancedAccuracy, logLoss, auc }: Metrics): [string, string][] {
  return [
    ['balanced accuracy', percent(balancedAccuracy, 2)],
    ['log loss', fixed(logLoss)],
    ...(auc === null ? [] : ([['area under the ROC curve', fixed(auc)]] as [string, string][])),
  ];
}
