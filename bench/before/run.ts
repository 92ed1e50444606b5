/**
 * The tree as it is against the version before, commit cb67d5b, which is built with its own host and its own packages
 * in a git worktree below build/. Both are raced in one process: answers compared first, to rounding where they are
 * exact, in the mean within 5 standard errors where they are drawn; ratios round by round, medians with quartiles.
 * Exits 1 when a figure is short of its bar. A whole run is recorded in bench/results/before.json.
 *
 *   npm run bench:before                    the table
 *   npm run bench:before -- --json          one object; nothing is recorded
 *   npm run bench:before -- --only steps    sections whose name contains the word; nothing is recorded
 *   npm run bench:before -- --quick         few short rounds, to see that it works; nothing is recorded
 *   npm run bench:before -- --runs 5        in so many fresh processes; a bar is met when it is in every one
 */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { machine } from '../peers/machine.ts';
import type { RaceOptions } from '../speed/timing.ts';
import { effectivePrediction, firstPrediction } from './calls.ts';
import { binomialDraw, jointShots } from './draws.ts';
import { lanes, largeStates, peakShare } from './exact.ts';
import { combined, findingsTable, judged, type Recorded, type Section } from './findings.ts';
import { fitLoop } from './loop.ts';
import { oneShotStep, shotSteps } from './steps.ts';
import { type Both, COMMIT, loadVersions, type Version } from './versions.ts';

const SECTIONS: Readonly<Record<string, (versions: Both<Version>, pace: RaceOptions) => Promise<Section>>> = {
  steps: shotSteps,
  'one-shot': oneShotStep,
  draw: binomialDraw,
  joint: jointShots,
  fit: fitLoop,
  lanes,
  peak: peakShare,
  large: largeStates,
  effective: effectivePrediction,
  start: firstPrediction,
};

/** Rounds long enough to believe, and such that only show that everything runs. */
const EARNEST: RaceOptions = { rounds: 31 };
const QUICK: RaceOptions = { rounds: 5, bursts: 2, burst: 2e5, warm: 2e7 };

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    runs: { type: 'string', default: '1' },
  },
});
const names = Object.keys(SECTIONS).filter((name) => name.includes(values.only));
if (names.length === 0)
  throw new RangeError(`--only ${values.only}: there are ${Object.keys(SECTIONS).join(', ')}`);
const runs = Number(values.runs);
if (!(Number.isInteger(runs) && runs >= 1)) throw new RangeError(`--runs ${values.runs}: a number from 1`);

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** What a run prints with --json. */
interface Result {
  readonly commit: string;
  readonly machine: ReturnType<typeof machine>;
  readonly findings: readonly Recorded[];
  readonly skipped: readonly Section[];
}

/** Everything that was asked for, in this process. */
async function once(): Promise<Result> {
  const where = machine();
  const versions = await loadVersions((text) => tell(`commit ${COMMIT.slice(0, 7)}: ${text}`));
  const sections: Section[] = [];
  for (const name of names) {
    tell(name);
    sections.push(await SECTIONS[name](versions, values.quick ? QUICK : EARNEST));
  }
  return {
    commit: COMMIT,
    machine: where,
    findings: sections.flatMap(({ findings }) => findings).map(judged),
    skipped: sections.filter(({ skipped }) => skipped !== undefined),
  };
}

/** The same in fresh processes, one after another. */
async function repeatedly(): Promise<Result> {
  const args = ['--json', '--only', values.only, ...(values.quick ? ['--quick'] : [])];
  const results: Result[] = [];
  for (let i = 1; i <= runs; i++) {
    tell(`run ${i} of ${runs}`);
    const command = [...process.execArgv, fileURLToPath(import.meta.url), ...args];
    const { stdout } = await promisify(execFile)(process.execPath, command, { maxBuffer: 2 ** 26 }).catch(
      // It has ended with 1 where a bar was missed, and printed all the same.
      (error: { stdout?: string }) => {
        if (!error.stdout) throw error;
        return { stdout: error.stdout };
      },
    );
    results.push(JSON.parse(stdout) as Result);
  }
  return { ...results[0], findings: combined(results.map(({ findings }) => findings)) };
}

const result = runs === 1 ? await once() : await repeatedly();
const { findings, skipped } = result;
const short = findings.filter(({ met }) => met === false).length;
if (values.only === '' && !values.quick && !values.json) {
  const folder = new URL('../results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('before.json', folder), `${JSON.stringify({ ...result, runs }, null, 2)}\n`);
}
process.stdout.write(
  values.json
    ? `${JSON.stringify(result)}\n`
    : `${findingsTable(findings, skipped)}\n\n${short} short of a bar\n`,
);
process.exitCode = short > 0 ? 1 : 0;
