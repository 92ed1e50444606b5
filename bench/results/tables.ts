/** The README's tables, rendered from the recorded results. */
import { readFileSync } from 'node:fs';

/** A run of the demo, as recorded. */
export interface RecordedRun {
  readonly model: string;
  readonly rule: string;
  readonly loss: number;
  readonly accuracy: { readonly train: number; readonly test: number };
  readonly violationRate: number | null;
  readonly reversals: number;
  readonly shots: number;
  readonly arenaBytes: number;
  readonly trace: string;
}

/** A budget, as recorded. */
export interface RecordedBudget {
  readonly what: string;
  readonly budget: number;
  readonly found: number;
  readonly unit: string;
}

/** One figure of the speed suites, as recorded. */
export interface RecordedSpeed {
  readonly what: string;
  readonly ratio: { readonly median: number; readonly to: string } | null;
  /** Least or greatest ratio asked for. */
  readonly bar: { readonly least?: number; readonly most?: number } | null;
  readonly ok: boolean | null;
}

/** A part of the own speed suite, as recorded. */
export interface RecordedSection {
  readonly title: string;
  readonly rows: readonly RecordedSpeed[];
}

/** A promise against another package, as recorded. */
export interface RecordedPeer {
  readonly row: string;
  readonly peer: string;
  /** The other's time over ours, and the least asked for. */
  readonly found?: number;
  readonly factor: number;
  readonly met: boolean;
  /** Our time, nanoseconds. */
  readonly ours?: number;
}

/** The name of a row of the comparison. */
export interface RecordedTitle {
  readonly row: string;
  readonly title: string;
}

/** A budget of the firmware, as recorded. */
export interface RecordedDevice extends RecordedBudget {
  readonly met: boolean;
}

const results = new URL('./', import.meta.url);

/** Reads a results file. */
export function recorded<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`${name}.json`, results), 'utf8')) as T;
}

const grouped = (value: number) => value.toLocaleString('en-US');
const percent = (value: number) => `${(100 * value).toFixed(1)} %`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** The four runs of the demo. */
export function firstLightTable(runs: readonly RecordedRun[]): string {
  const head = [
    'configuration',
    'loss, train',
    'accuracy, train',
    'accuracy, test',
    'violated',
    'reversed',
    'shots',
    'arena',
  ];
  const rows = runs.map((run) => {
    const tests = run.rule.startsWith('nlr');
    return [
      `${run.model}, ${run.rule}`,
      run.loss.toFixed(4),
      percent(run.accuracy.train),
      percent(run.accuracy.test),
      tests ? percent(run.violationRate ?? 0) : '-',
      tests ? grouped(run.reversals) : '-',
      `${grouped(Number((run.shots / 1e6).toPrecision(4)))} M`,
      `${grouped(run.arenaBytes)} B`,
    ];
  });
  return table(head, rows);
}

/** The budgets. */
export function budgetsTable(rows: readonly RecordedBudget[]): string {
  const number = (value: number) => (Number.isInteger(value) ? grouped(value) : value.toFixed(1));
  return table(
    ['what', 'budget', 'found'],
    rows.map(({ what, budget, found, unit }) => [
      what,
      `${number(budget)} ${unit}`,
      `${number(found)} ${unit}`,
    ]),
  );
}

/** The speed suite's figures that have a bar. */
export function speedTable(sections: readonly RecordedSection[]): string {
  const rows = sections.flatMap(({ title, rows }) =>
    rows
      .filter(({ bar, ratio }) => bar !== null && ratio !== null)
      .map(({ what, ratio, bar, ok }) => [
        `${title.split(':')[0]}: ${what}`,
        `${ratio?.median.toFixed(2)} of ${ratio?.to}`,
        bar?.least === undefined ? `<= ${bar?.most}` : `>= ${bar.least}`,
        ok ? 'met' : 'short',
      ]),
  );
  return table(['what', 'measured', 'bar', ''], rows);
}

/** Nanoseconds, in the unit that reads best. */
function duration(nanoseconds: number): string {
  const [scale, unit] = nanoseconds < 1e3 ? [1, 'ns'] : nanoseconds < 1e6 ? [1e3, 'µs'] : [1e6, 'ms'];
  return `${Number((nanoseconds / scale).toPrecision(3))} ${unit}`;
}

/** Where the other is asked to be no faster than so, it is told as a share of its time. */
function ratio(times: number): string {
  return times >= 1 ? `${grouped(Number(times.toPrecision(3)))}x` : `${(1 / times).toFixed(1)}x its time`;
}

/** The comparison with other packages: every figure that has a bar. */
export function peersTable(bars: readonly RecordedPeer[], titles: readonly RecordedTitle[]): string {
  const rows = bars.map(({ row, peer, found, factor, met, ours }) => [
    titles.find((other) => other.row === row)?.title ?? row,
    peer,
    ours === undefined ? '-' : duration(ours),
    found === undefined ? '-' : `${grouped(Number(found.toPrecision(3)))}x faster`,
    factor >= 1 ? `>= ${ratio(factor)}` : `<= ${ratio(factor)}`,
    met ? 'met' : 'short',
  ]);
  return table(['what', 'against', 'nlr-vqa', 'found', 'bar', ''], rows);
}

/** The budgets of the firmware. */
export function devicesTable(rows: readonly RecordedDevice[]): string {
  return table(
    ['what', 'budget', 'found', ''],
    rows.map(({ what, budget, found, unit, met }) => [
      what,
      `${grouped(budget)} ${unit}`,
      `${grouped(found)} ${unit}`,
      met ? 'met' : 'short',
    ]),
  );
}

/** A page with the lines between `<!-- name -->` and `<!-- /name -->` replaced. */
export function withSection(page: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
  const from = page.indexOf(open) + open.length;
  const to = page.indexOf(close, from - 1);
  if (from < open.length || to < 0) throw new RangeError(`the page has no section ${name}`);
  return page.slice(0, from) + content + page.slice(to);
}

/** The README with its tables as recorded. */
export function withRecordedTables(page: string): string {
  const { runs } = recorded<{ runs: RecordedRun[] }>('first-light');
  const { rows } = recorded<{ rows: RecordedBudget[] }>('budgets');
  const { sections } = recorded<{ sections: RecordedSection[] }>('speed');
  const peers = recorded<{ bars: RecordedPeer[]; rows: RecordedTitle[] }>('peers');
  const tables = {
    'first-light': firstLightTable(runs),
    budgets: budgetsTable(rows),
    speed: speedTable(sections),
    peers: peersTable(peers.bars, peers.rows),
    devices: devicesTable(recorded<{ budgets: RecordedDevice[] }>('devices').budgets),
  };
  return Object.entries(tables).reduce((text, [name, content]) => withSection(text, name, content), page);
}
