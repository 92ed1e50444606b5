/** What was found against the version before: figures, their bars, and how far they move from run to run. */
import { aligned, duration, significant } from '../peers/table.ts';
import { quantile, type Summary } from '../speed/timing.ts';

/** The least or most that a figure's median may be. */
export type Bar = { readonly least: number } | { readonly most: number };

/** One figure, taken round by round. */
export interface Finding {
  readonly what: string;
  readonly found: Summary;
  /** What the figure is, behind its number: 'x as fast', 'of its time', 'ns'. */
  readonly unit: string;
  readonly bar?: Bar;
  /** Nanoseconds of one, in each version that was timed. */
  readonly before?: Summary;
  readonly now?: Summary;
  /** Why the figure does not count although it is within its bar. */
  readonly void?: string;
  readonly note?: string;
}

/** What one section measured, or why it did not. */
export interface Section {
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly skipped?: string;
}

/** A figure of one run or of several. */
export interface Recorded extends Finding {
  readonly met?: boolean;
  /** Its median in each run, when there were several. */
  readonly runs?: readonly number[];
}

/** Whether a value is within a bar. */
export function within(value: number, bar: Bar): boolean {
  return 'least' in bar ? value >= bar.least : value <= bar.most;
}

/**
 * Why a ratio over something that both versions have does not count: that has become slower. So far as it can be told,
 * when it took longer in three rounds out of four.
 */
export function slower(what: string, { lower }: Summary): string | undefined {
  return lower > 1 ? `${what} is slower than before` : undefined;
}

/** A finding with its verdict; without a bar it has none. */
export function judged(finding: Finding): Recorded {
  const { bar, found, void: why } = finding;
  return bar === undefined ? finding : { ...finding, met: why === undefined && within(found.median, bar) };
}

function middle(summaries: readonly (Summary | undefined)[]): Summary | undefined {
  const known = summaries.filter((summary) => summary !== undefined);
  if (known.length < summaries.length) return undefined;
  const of = (part: keyof Summary) =>
    quantile(
      known.map((summary) => summary[part]),
      0.5,
    );
  return { median: of('median'), lower: of('lower'), upper: of('upper'), least: of('least') };
}

/**
 * One list of figures from those of several runs: medians of the medians and of the quartiles, each run's median
 * beside them. A bar is met when it is met in every run.
 * @throws RangeError when the runs did not measure the same
 */
export function combined(runs: readonly (readonly Recorded[])[]): readonly Recorded[] {
  const [first = [], ...others] = runs;
  if (
    others.some((run) => run.map(({ what }) => what).join('\n') !== first.map(({ what }) => what).join('\n'))
  )
    throw new RangeError('the runs did not measure the same');
  return first.map((finding, i) => {
    const each = runs.map((run) => run[i]);
    return {
      ...finding,
      found: middle(each.map(({ found }) => found)) as Summary,
      before: middle(each.map(({ before }) => before)),
      now: middle(each.map(({ now }) => now)),
      void: each.find((one) => one.void !== undefined)?.void,
      met: finding.met === undefined ? undefined : each.every(({ met }) => met === true),
      runs: each.map(({ found }) => found.median),
    };
  });
}

const inWords = (bar: Bar) => ('least' in bar ? `>= ${bar.least}` : `<= ${bar.most}`);

/** All figures as an aligned table, and what was skipped. */
export function findingsTable(findings: readonly Recorded[], skipped: readonly Section[]): string {
  const lines = findings.map(({ what, found, unit, bar, met, before, now, runs, note = '', void: why }) => {
    const [low, high] =
      runs === undefined ? [found.lower, found.upper] : [Math.min(...runs), Math.max(...runs)];
    return [
      what,
      before === undefined ? '' : duration(before.median),
      now === undefined ? '' : duration(now.median),
      `${significant(found.median)} ${unit}`,
      `${significant(low)} - ${significant(high)}`,
      bar === undefined ? '' : inWords(bar),
      [met === undefined ? '' : met ? 'met' : 'SHORT', why ?? '', note]
        .filter((text) => text !== '')
        .join('; '),
    ];
  });
  const spread = findings.some(({ runs }) => runs !== undefined) ? 'runs' : 'quartiles';
  const table = aligned(['what', 'before ', 'now ', 'found ', `${spread} `, 'bar ', ''], lines);
  return [table, ...skipped.map(({ name, skipped }) => `${name}: not measured: ${skipped}`)].join('\n');
}
