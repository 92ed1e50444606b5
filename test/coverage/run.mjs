/**
 * Which branches the tests take: of the host by Istanbul, of the C around the core by gcov, of the core by counters in its
 * debug build.
 *
 *   npm run coverage                  all three; it takes as long as the tests, several times over
 *   npm run coverage -- c host        these
 *   npm run coverage -- host --words qasm   by the test files with the word in their names
 *   npm run coverage -- c host --minutes 60   begins no test file later than that in either
 *   npm run coverage -- --record      and writes bench/results/coverage.json, of which `npm run pages` makes a table
 *
 * The branches that no test took are listed in build/coverage/host-missed.txt and c-missed.txt.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { coverC } from './c.mjs';
import { FOLDER, ROOT } from './common.mjs';
import { coverCore } from './core.mjs';
import { coverHost } from './host.mjs';

const { values, positionals } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    words: { type: 'string', default: '' },
    minutes: { type: 'string', default: 'Infinity' },
  },
  allowPositionals: true,
});
const minutes = Number(values.minutes);
const words = values.words.split(',').filter((word) => word !== '');
if (values.record && words.length > 0) throw new Error('what some tests take is no record');

/** @type {Record<string, () => Promise<import('./common.mjs').Part>>} */
const PARTS = {
  host: () => coverHost(words, minutes),
  c: () => coverC(minutes),
  core: coverCore,
};
const asked = positionals.length > 0 ? positionals : Object.keys(PARTS);
const unknown = asked.find((name) => !(name in PARTS));
if (unknown !== undefined) throw new Error(`there is no part ${unknown}; expected ${Object.keys(PARTS)}`);

mkdirSync(FOLDER, { recursive: true });
const RECORD = `${ROOT}bench/results/coverage.json`;
for (const name of asked) {
  const { missed, ...part } = await PARTS[name]();
  if (missed) writeFileSync(`${FOLDER}${name}-missed.txt`, `${missed.join('\n')}\n`);
  for (const { room, branches, taken } of part.rows)
    process.stdout.write(
      `${room}: ${taken} of ${branches} branches, ${((100 * taken) / branches).toFixed(1)} %\n`,
    );
  const [taken, branches] = [
    part.rows.reduce((sum, row) => sum + row.taken, 0),
    part.rows.reduce((sum, row) => sum + row.branches, 0),
  ];
  process.stdout.write(
    `${part.what}: ${taken} of ${branches} branches, ${((100 * taken) / branches).toFixed(1)} %, by ${part.tests} test files, ${part.failed} of which failed\n`,
  );
  if (values.record) {
    /** @type {{ parts: Record<string, unknown> }} */
    const { parts } = JSON.parse(readFileSync(RECORD, 'utf8'));
    writeFileSync(RECORD, `${JSON.stringify({ parts: { ...parts, [name]: part } }, null, 2)}\n`);
  }
}
