/** What became of the paper's claims: the recorded report, and its tables in the pages. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Report, Verdict } from '../../host/paper/index.ts';
import { typeset } from '../../host/paper/typeset.ts';

/** A report with what made it. */
export interface RecordedReport {
  readonly commit: string;
  readonly machine: { readonly node: string; readonly cpu: string; readonly cores: number };
  readonly report: Report;
}

/** A recorded report, `quick` or `full`; undefined where there is none. */
export function readReport(name: 'quick' | 'full'): RecordedReport | undefined {
  const at = (ending: string) => new URL(`./paper/${name}.${ending}`, import.meta.url);
  if (existsSync(at('json'))) return JSON.parse(readFileSync(at('json'), 'utf8')) as RecordedReport;
  if (!existsSync(at('json.gz'))) return undefined;
  return JSON.parse(gunzipSync(readFileSync(at('json.gz'))).toString('utf8')) as RecordedReport;
}

/** Sections whose claims are on the front page: NLR against other ways to train. */
const FRONT: readonly string[] = ['table-6', 'table-8', 'table-10', 'table-11'];

const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
/** A text as print has it, without signs that a page would take for something else. */
const set = (text: string) => typeset(text).replace(/[<>*_]/g, (sign) => `\\${sign}`);

const judged = ({ verdict, condition }: Verdict) =>
  condition === undefined ? verdict : `${verdict}: ${set(condition)}`;

/** How many claims there are, and what became of them. */
function counted(verdicts: readonly Verdict[]): string {
  const words = ['holds', 'holds only if', 'does not hold'] as const;
  return words
    .map((word) => `${verdicts.filter(({ verdict }) => verdict === word).length} ${word === 'holds' ? 'hold' : word === 'holds only if' ? 'hold only in some readings' : 'do not hold'}`)
    .join(', ');
}

/** What made a report, in a sentence. */
function madeBy({ commit, report: { command } }: RecordedReport): string {
  return `Made by \`${command}\` at commit ${commit.slice(0, 10)}.`;
}

/** Claims of some sections with what became of them. */
function verdictTable(verdicts: readonly Verdict[]): string {
  return [
    row(['claim of the paper', 'where', 'found']),
    row(['---', '---', '---']).replaceAll(' ', ''),
    ...verdicts.map((each) => row([set(each.claim), set(each.where), judged(each)])),
  ].join('\n');
}

const claimsOf = ({ report }: RecordedReport, isIn: (id: string) => boolean) =>
  report.sections.filter(({ id }) => isIn(id)).flatMap(({ verdicts }) => verdicts);

/** Of the front page: the claims that matter most, and how all of them fare. */
export function frontVerdicts(recorded: RecordedReport): string {
  const all = claimsOf(recorded, (id) => id !== 'consistency');
  const against = claimsOf(recorded, (id) => id === 'consistency');
  const contradictions = against.filter(({ verdict }) => verdict !== 'holds').length;
  return [
    verdictTable(claimsOf(recorded, (id) => FRONT.includes(id))),
    '',
    `Of all ${all.length} claims that were tried ${counted(all)}; of ${against.length} checks of the paper against itself ${contradictions} fail. ${madeBy(recorded)}`,
  ].join('\n');
}

/** Of the page of figures: all claims. */
export function allVerdicts(recorded: RecordedReport): string {
  return [verdictTable(claimsOf(recorded, () => true)), '', madeBy(recorded)].join('\n');
}
