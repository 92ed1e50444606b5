/** What the metrics of a set leave open: classes that it has no row of, and classes that are never predicted. */
import type { Metrics } from '../../api/metrics.ts';
import { listed } from '../../data/dataset.ts';

/** Sentences about classes that are not there. @param of the set, as `the test set` */
export function classWarnings({ classes, confusion }: Metrics, of: string): string[] {
  const absent = classes.filter(({ support }) => support === 0).map(({ name }) => name);
  const predicted = (c: number) => confusion.some((row) => (row[c] as number) > 0);
  const silent = classes.filter(({ support }, c) => support > 0 && !predicted(c)).map(({ name }) => name);
  return [
    ...(absent.length > 0
      ? [`${of} has no row of ${listed(absent)}: it says nothing about how well that is recognised`]
      : []),
    ...(silent.length > 0
      ? [`${listed(silent)} is never predicted, though ${of} has rows of it: see --class-weights`]
      : []),
  ];
}
