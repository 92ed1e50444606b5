/** The tables of the pages, rendered from the recorded results. */
import { existsSync, readFileSync } from 'node:fs';
import { FEATURES, featuresOf } from '../../host/build/profiles.mjs';
import {
  type AccuracyFinding,
  accuracyNeedsTable,
  accuracyShotsTable,
  accuracyTable,
  reachedTable,
} from './accuracy.ts';
import { armsTable, claimSentence, claimTable, creditTable, type TaskFinding } from './claim.ts';
import { coverageTable, type RecordedCoverage } from './coverage.ts';
import { coreMutation, mutationTable, type RecordedMutation } from './mutation.ts';
import { allVerdicts, frontVerdicts, readReport } from './paper.ts';
import { currentPerMegahertz, energyOf, type Microcontroller, NRF52840, timeOf } from './energy.ts';
import { type MoleculeFinding, problemsTable } from './problems.ts';
import { type ProfileFinding, profileTable } from './profile.ts';
import { type StudyFinding, studyTable } from './study.ts';

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

/** How long a loop of whoever works on this takes, as recorded. */
export interface RecordedLoop {
  readonly what: string;
  readonly command: string;
  /** Seconds by the clock. */
  readonly budget: number;
  readonly seconds: number;
  /** Seconds of all processors together. */
  readonly cpuSeconds: number;
  /** How busy the machine was before: processes that wanted to run. */
  readonly load: number;
}

/** One figure of the speed suites, as recorded. */
export interface RecordedSpeed {
  readonly what: string;
  /** Nanoseconds. */
  readonly time: { readonly median: number } | null;
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

/** A row of the comparison with one peer: its name, and what was found in rounds. */
export interface RecordedTitle {
  readonly row: string;
  readonly title: string;
  readonly peer?: string;
  readonly pair?: { readonly ratio: { readonly low: number; readonly high: number } };
}

/** The rows of one run against the C reference, by name. */
export type RecordedRepeat = Readonly<
  Record<string, { readonly ours: number; readonly C: number; readonly ratio: number }>
>;

/** The runs against it: on the machine of the other figures, and beside them on others. */
export interface RecordedRepeats {
  readonly runs: readonly RecordedRepeat[];
  readonly beside?: readonly { readonly runs: readonly RecordedRepeat[] }[];
}

/** A budget of the firmware, as recorded. */
export interface RecordedDevice extends RecordedBudget {
  readonly met: boolean;
}

/** A figure against the version before, as recorded. */
export interface RecordedFinding {
  readonly what: string;
  /** Its median and quartiles: one run's, or the medians of several. */
  readonly found: { readonly median: number; readonly lower: number; readonly upper: number };
  /** What the figure is, behind its number. */
  readonly unit: string;
  readonly bar?: { readonly least?: number; readonly most?: number };
  readonly met?: boolean;
  /** Nanoseconds of one, in each version. */
  readonly before?: { readonly median: number };
  readonly now?: { readonly median: number };
  /** Its median in each run, when there were several. */
  readonly runs?: readonly number[];
}

const results = new URL('./', import.meta.url);

/** Reads a results file. */
export function recorded<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`${name}.json`, results), 'utf8')) as T;
}

/** The same where it has been recorded yet. */
function recordedIfAny<T>(name: string): T | undefined {
  return existsSync(new URL(`${name}.json`, results)) ? recorded<T>(name) : undefined;
}

const grouped = (value: number) => value.toLocaleString('en-US');
/** A number of three digits. */
const digits = (value: number) => grouped(Number(value.toPrecision(3)));
const percent = (value: number) => `${(100 * value).toFixed(1)} %`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** The runs of the demo. */
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
      run.loss < 1e-3 ? run.loss.toPrecision(2) : run.loss.toFixed(4),
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

/** The modules that are published or inside the library, each with what it has. */
export function profilesTable(rows: readonly RecordedBudget[]): string {
  const { targets } = JSON.parse(readFileSync(new URL('../../asconfig.json', results), 'utf8')) as {
    targets: Readonly<Record<string, { readonly outFile: string; readonly use: readonly string[] }>>;
  };
  const shipped = Object.entries(targets).filter(([name]) => name !== 'debug');
  const bytesOf = (outFile: string) =>
    rows.find(({ what }) => what === `${outFile.replace('build/', '')}, raw`)?.found;
  return table(
    ['feature', ...shipped.map(([name]) => name)],
    [
      ['bytes', ...shipped.map(([, { outFile }]) => bytesOf(outFile)?.toLocaleString('en-US') ?? '-')],
      ['reals', ...shipped.map(([, { use }]) => use.find((one) => one.startsWith('real='))?.slice(5) ?? '')],
      ['SIMD', ...shipped.map(([, { use }]) => (use.includes('lanes=v128') ? 'yes' : ''))],
      ...FEATURES.map((feature) => [
        `\`${feature}\``,
        ...shipped.map(([, { use }]) => (featuresOf(use)[feature] ? 'yes' : '')),
      ]),
    ],
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
  const rows = bars.map(({ row, peer, found, factor, met, ours }) => {
    const spread = titles.find((other) => other.row === row && other.peer === peer)?.pair?.ratio;
    return [
      titles.find((other) => other.row === row)?.title ?? row,
      peer,
      ours === undefined ? '-' : duration(ours),
      found === undefined ? '-' : `${digits(found)}x faster`,
      spread === undefined ? '-' : `${digits(spread.low)} to ${digits(spread.high)}`,
      factor >= 1 ? `>= ${ratio(factor)}` : `<= ${ratio(factor)}`,
      met ? 'met' : 'short',
    ];
  });
  return table(['what', 'against', 'nlr-vqa', 'found', 'quartiles', 'bar', ''], rows);
}

/**
 * How far the ratios to the C reference move from run to run; a bar is met when it is in every run.
 * @param machines the runs on each machine, the one of all other figures first
 */
export function repeatsTable(
  machines: readonly (readonly RecordedRepeat[])[],
  bars: readonly RecordedPeer[],
  titles: readonly RecordedTitle[],
): string {
  const cells = (runs: readonly RecordedRepeat[], place: number) => (row: string) => {
    const figures = (part: 'ours' | 'C' | 'ratio') => runs.map((run) => run[row][part]);
    const span = (values: readonly number[], show: (value: number) => string) =>
      `${show(Math.min(...values))} to ${show(Math.max(...values))}`;
    const factor = bars.find((bar) => bar.row === row && bar.peer === 'C reference')?.factor ?? Number.NaN;
    return [
      `${titles.find((other) => other.row === row)?.title ?? row}${place === 0 ? '' : ', on another machine'}`,
      String(runs.length),
      span(figures('ours'), duration),
      span(figures('C'), duration),
      figures('ratio').map(digits).join(', '),
      span(figures('ratio'), digits),
      `>= ${ratio(factor)}`,
      figures('ratio').every((found) => found >= factor) ? 'met' : 'short',
    ];
  };
  const rows = machines.flatMap((runs, place) => Object.keys(runs[0] ?? {}).map(cells(runs, place)));
  return table(['what', 'runs', 'nlr-vqa', 'C', 'times as fast in each', 'from, to', 'bar', ''], rows);
}

/** Everything with a bar against the version before. @param skipped what was not measured, and why */
export function beforeTable(
  findings: readonly RecordedFinding[],
  skipped: readonly { readonly name: string; readonly skipped?: string }[],
): string {
  const rows = findings
    .filter(({ bar }) => bar !== undefined)
    .map(({ what, found, unit, bar, met, before, now, runs }) => {
      const [low, high] = runs ? [Math.min(...runs), Math.max(...runs)] : [found.lower, found.upper];
      return [
        what,
        before === undefined ? '-' : duration(before.median),
        now === undefined ? '-' : duration(now.median),
        `${digits(found.median)} ${unit}`,
        `${digits(low)} to ${digits(high)}`,
        bar?.least === undefined ? `<= ${bar?.most}` : `>= ${bar.least}`,
        met ? 'met' : 'short',
      ];
    });
  const missing = skipped.map(({ name, skipped }) => [name, '-', '-', '-', '-', '-', `not measured: ${skipped}`]);
  const spread = findings.some(({ runs }) => runs) ? 'run to run' : 'quartiles';
  return table(['what', 'before', 'now', 'found', spread, 'bar', ''], [...rows, ...missing]);
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

/** A firmware in numbers, as recorded. */
export interface RecordedFirmware {
  readonly configuration: {
    readonly target: string;
    readonly how: string;
    readonly build: string;
    readonly engine: string;
    /** Of the compiler, where they are not the usual ones. */
    readonly flags?: readonly string[];
  };
  readonly sizes: { readonly flash: number; readonly ram: number };
  readonly counts: Readonly<Record<string, number>>;
}

/** Every firmware that was measured. */
export function firmwareTable(rows: readonly RecordedFirmware[]): string {
  const count = (value: number | undefined) => (value === undefined ? '-' : grouped(value));
  return table(
    ['target', 'how', 'build', 'engine', 'flash, B', 'arena, B', 'exact NLR step', 'longest slice', 'prediction'],
    rows.map(({ configuration: { target, how, build, engine, flags = [] }, sizes, counts }) => [
      target,
      [how, ...flags].join(' '),
      build,
      engine,
      grouped(sizes.flash),
      count(counts.arena),
      count(counts.step),
      count(counts['longest-slice']),
      count(counts.prediction),
    ]),
  );
}

/** Three digits of a span of seconds or joules, in millionths of it. */
const micro = ([least, most]: readonly [number, number]) => `${digits(1e6 * least)} to ${digits(1e6 * most)}`;

/** What is counted of a firmware, and how it is called. */
const COUNTED: Readonly<Record<string, string>> = {
  step: 'exact NLR step, d = 8, B = 32',
  'shots-step': 'NLR step with 1000 shots a circuit, d = 8, B = 32',
  prediction: 'prediction by the effective observable',
};

/** An estimate of the energy that a firmware's counts cost on a microcontroller. */
export function energyTable({ counts }: RecordedFirmware, chip: Microcontroller): string {
  const rows = Object.entries(COUNTED)
    .filter(([count]) => counts[count] !== undefined)
    .map(([count, what]) => [
      what,
      grouped(counts[count]),
      `${micro(timeOf(counts[count], chip))} µs`,
      `${micro(energyOf(counts[count], chip))} µJ`,
    ]);
  const [least, most] = chip.cycles;
  return [
    table(['what', 'instructions', 'time, estimated', 'energy, estimated'], rows),
    '',
    `Estimated for the ${chip.name}: instructions under QEMU, ${least} to ${most} cycles each (assumed), ${digits(currentPerMegahertz(chip))} µA/MHz at ${chip.volts} V (${chip.source}; ${chip.conditions}). Nothing was measured on a chip; the current is that of another program.`,
  ].join('\n');
}

/** The speed suite's exact steps: how long each engine takes, SIMD and scalar. */
export function stepsTable(sections: readonly RecordedSection[]): string {
  const rows = sections
    .filter(({ title }) => title.startsWith('exact NLR step') && !title.includes('wasm3'))
    .flatMap(({ title, rows }) =>
      rows
        .filter(({ what, time }) => what !== 'empty call' && time)
        .map(({ what, time }) => [title.split(':')[0], what, duration(time?.median ?? Number.NaN)]),
    );
  return table(['what', 'engine', 'time of a step'], rows);
}

/** A way to train from several seeds, as recorded. */
export interface RecordedWay {
  readonly way: string;
  readonly seconds: { readonly median: number };
  readonly processorsAtWork: { readonly median: number };
}

/** Training from several seeds, over threads. */
export function seedsTable(rows: readonly RecordedWay[]): string {
  return table(
    ['way', 'seconds', 'processors at work'],
    rows.map(({ way, seconds, processorsAtWork }) => [
      way,
      seconds.median.toFixed(2),
      processorsAtWork.median.toFixed(2),
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

/** The pages with generated tables, and the tables of each. */
export const TABLES: Readonly<Record<string, readonly string[]>> = {
  'README.md': ['first-light', 'claim-sentence', 'accuracy-reached', 'paper-claims'],
  'assembly/README.md': ['profiles'],
  'test/README.md': ['mutation', 'core-mutation', 'coverage'],
  'bench/README.md': ['budgets', 'devices', 'firmware', 'energy', 'steps', 'profile', 'speed', 'before', 'peers', 'repeats', 'seeds', 'claim', 'claim-credit', 'claim-arms', 'variants', 'accuracy', 'accuracy-needs', 'accuracy-shots', 'paper-verdicts', 'problems', 'study'],
};

/** Every table by its name, from the recorded results. */
function recordedTables(): Readonly<Record<string, string>> {
  const { sections } = recorded<{ sections: RecordedSection[] }>('speed');
  const peers = recorded<{ bars: RecordedPeer[]; rows: RecordedTitle[] }>('peers');
  const before = recordedIfAny<{
    findings: RecordedFinding[];
    skipped: { name: string; skipped?: string }[];
  }>('before');
  const claim = recordedIfAny<{ rows: TaskFinding[] }>('claim')?.rows;
  const accuracy = recordedIfAny<{ rows: AccuracyFinding[] }>('accuracy')?.rows ?? [];
  const paper = readReport('full') ?? readReport('quick');
  const repeats = recorded<RecordedRepeats>('c-reference-runs');
  const devices = recorded<{ budgets: RecordedDevice[]; rows: RecordedFirmware[] }>('devices');
  return {
    'first-light': firstLightTable(recorded<{ runs: RecordedRun[] }>('first-light').runs),
    profiles: profilesTable(recorded<{ rows: RecordedBudget[] }>('budgets').rows),
    budgets: budgetsTable(recorded<{ rows: RecordedBudget[] }>('budgets').rows),
    devices: devicesTable(devices.budgets),
    firmware: firmwareTable(devices.rows),
    energy: energyTable(devices.rows[0], NRF52840),
    steps: stepsTable(sections),
    speed: speedTable(sections),
    before: before ? beforeTable(before.findings, before.skipped) : 'Not recorded yet.',
    peers: peersTable(peers.bars, peers.rows),
    repeats: repeatsTable(
      [repeats, ...(repeats.beside ?? [])].map(({ runs }) => runs),
      peers.bars,
      peers.rows,
    ),
    seeds: seedsTable(recorded<{ rows: RecordedWay[] }>('seeds').rows),
    'paper-claims': paper ? frontVerdicts(paper) : 'Not recorded yet.',
    'paper-verdicts': paper ? allVerdicts(paper) : 'Not recorded yet.',
    problems: problemsTable(recorded<{ rows: MoleculeFinding[] }>('problems').rows),
    profile: profileTable(recorded<{ rows: ProfileFinding[] }>('profile').rows),
    coverage: coverageTable(Object.values(recorded<{ parts: Record<string, RecordedCoverage> }>('coverage').parts)),
    mutation: mutationTable(recorded<RecordedMutation>('mutation')),
    'core-mutation': coreMutation(recorded<RecordedMutation>('mutation')),
    study: studyTable(recorded<{ rows: StudyFinding[] }>('study').rows),
    'claim-sentence': claim ? claimSentence(claim) : 'Not recorded yet.',
    claim: claim ? claimTable(claim) : 'Not recorded yet.',
    'claim-credit': claim ? creditTable(claim) : 'Not recorded yet.',
    'claim-arms': claim ? armsTable(claim) : 'Not recorded yet.',
    variants: creditTable(recorded<{ rows: TaskFinding[] }>('variants').rows),
    accuracy: accuracyTable(accuracy),
    'accuracy-needs': accuracyNeedsTable(accuracy),
    'accuracy-shots': accuracyShotsTable(accuracy),
    'accuracy-reached': reachedTable(accuracy),
  };
}

/** A page with its tables as recorded. @param path of the page, from the root of the repository */
export function withRecordedTables(page: string, path: string): string {
  const tables = recordedTables();
  return (TABLES[path] ?? []).reduce((text, name) => withSection(text, name, tables[name]), page);
}
