/**
 * The conformance runner: one list of cases on every engine and build.
 *
 *   npm run test:engines                          all engines that are there; the others are skipped
 *   npm run test:engines -- --only node,chromium
 *   npm run test:engines -- --json FILE           the matrix as data
 *   npm run test:engines -- --record              no engine is run: hashes.json gets what the cases come to here
 *
 * Every cell shows the start of two hashes of a transcript: of the numbers that the cases look at, and of the shape
 * around them. All cells of double precision have to show the same for a list of cases, all cells of single precision
 * another pair; hashes.json has them on record. Where they do not, the first case and line that differ are printed, and
 * the exit status is 1. With NLR_ALL_ENGINES set, as in continuous integration, a missing engine is a failure.
 */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { ENGINES } from './engines.ts';
import { defectsOf, expectedOf, isGood, recordOf, rowOf, type Row, writeTasks } from './matrix.ts';
import { heading, line, notes } from './table.ts';

const print = (text: string) => process.stdout.write(`${text}\n`);

const command = new Command('test:engines')
  .option('--only <engines>', 'names, with commas between them')
  .option('--json <file>', 'write the matrix as JSON')
  .option('--record', 'write hashes.json anew instead of running engines; sound cases only')
  .parse();

const HASHES = new URL('./hashes.json', import.meta.url);

/** The engines of these names, or all. */
function chosen(names: string | undefined) {
  if (names === undefined) return ENGINES;
  const key = (name: string) => name.toLowerCase().replaceAll(' ', '-');
  const words = names.toLowerCase().split(',');
  const unknown = words.filter((word) => !ENGINES.some(({ name }) => key(name) === word));
  if (unknown.length > 0)
    command.error(`unknown: ${unknown}; engines are ${ENGINES.map(({ name }) => key(name))}`);
  return ENGINES.filter(({ name }) => words.includes(key(name)));
}

const { only, json, record = false } = command.opts<{ only?: string; json?: string; record?: boolean }>();

const engines = chosen(only);
const tasks = writeTasks();
const expected = expectedOf(tasks);
const faults = defectsOf(tasks, expected);
if (record) {
  for (const fault of faults) process.stderr.write(`the cases themselves: ${fault}\n`);
  if (faults.length === 0) writeFileSync(HASHES, `${JSON.stringify(recordOf(tasks, expected), null, 2)}\n`);
  process.exit(faults.length === 0 ? 0 : 1);
}

const rows: Row[] = [];
print(heading());
for (const engine of engines) {
  const row = await rowOf(engine, tasks, expected);
  rows.push(row);
  print(line(row));
}
print('');
for (const fault of faults) print(`the cases themselves: ${fault}`);
for (const note of notes(rows)) print(note);
const same = rows.filter(({ verdict }) => verdict === 'same').length;
const missing = rows.filter(({ verdict }) => verdict === 'missing').length;
print(`${same} of ${rows.length} engines have the same bits, ${missing} not installed`);
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ faults, rows }, null, 2)}\n`);
process.exitCode = isGood(rows, faults, process.env.NLR_ALL_ENGINES !== undefined) ? 0 : 1;
