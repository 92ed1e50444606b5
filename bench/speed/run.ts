/**
 * The speed suite: how fast the core is, on this machine, against what it could be. Contestants of a section
 * are timed in turns, in many short rounds of one run; figures are medians, ratios are taken round by round.
 * Exits 1 when a ratio is short of its bar. A whole run is recorded in bench/results/speed.json.
 *
 *   npm run bench                     the table
 *   npm run bench -- --json           one object
 *   npm run bench -- --only steps     sections whose name contains the word; nothing is recorded
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { arithmeticRate } from './arithmetic.ts';
import { predictions, wholeLosses } from './batches.ts';
import { type Builds, loadBuilds } from './builds.ts';
import { effectivePredictions } from './effective.ts';
import { gateGrowth, gradientGrowth } from './growth.ts';
import { shotSteps } from './shots.ts';
import { firstPredictions } from './start.ts';
import { simdSteps, wideSteps } from './steps.ts';
import { type Section, table } from './table.ts';
import { interpretedSteps } from './wasm3.ts';

const SECTIONS: Readonly<Record<string, (builds: Builds) => Promise<Section>>> = {
  'steps-plain': (builds) => simdSteps(builds, false),
  'steps-norm': (builds) => simdSteps(builds, true),
  'steps-wide': wideSteps,
  losses: wholeLosses,
  predictions,
  arithmetic: arithmeticRate,
  shots: shotSteps,
  gradients: gradientGrowth,
  gates: gateGrowth,
  effective: effectivePredictions,
  start: firstPredictions,
  wasm3: interpretedSteps,
};

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
});

/** Says on a terminal what is being measured. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

progress('compiling');
const builds = await loadBuilds();
const sections: Section[] = [];
for (const [name, measure] of Object.entries(SECTIONS)) {
  if (!name.includes(values.only)) continue;
  progress(name);
  sections.push(await measure(builds));
}
progress('');

const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
const short = sections.flatMap(({ rows }) => rows).filter(({ ok }) => ok === false).length;
if (values.only === '') {
  const folder = new URL('../results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('speed.json', folder), `${JSON.stringify({ machine, sections }, null, 2)}\n`);
}
process.stdout.write(
  values.json
    ? `${JSON.stringify({ machine, sections, short })}\n`
    : `${table(sections)}\n\n${short} short of a bar\n`,
);
process.exitCode = short > 0 ? 1 : 0;
