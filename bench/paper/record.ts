/**
 * Records a report of `nlr-vqa reproduce` with the commit that made it, and puts its verdicts into the pages.
 *
 *   node dist/cli.js reproduce all --quick --out build/paper --mnist FOLDER --fashion FOLDER
 *   npm run bench:paper -- build/paper
 *
 * A quick report becomes bench/results/paper/quick.json, another one full.json; gzipped where it is large. The page goes
 * beside it. The tree has to be the commit's.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Report } from '../../host/paper/index.ts';
import type { RecordedReport } from '../results/paper.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new RangeError('expected the folder that nlr-vqa reproduce wrote');

/** Characters from which a report is kept gzipped. */
const LARGE = 2e6;

const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
const changed = git('status', '--porcelain', '--', 'host', 'assembly', 'package.json');
if (changed !== '') throw new RangeError(`what made the report is not committed:\n${changed}`);

const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
const recorded: RecordedReport = {
  commit: git('rev-parse', 'HEAD'),
  machine: { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length },
  report,
};
const target = join(root, 'bench/results/paper');
mkdirSync(target, { recursive: true });
const name = join(target, report.scope.quick ? 'quick' : 'full');
const text = `${JSON.stringify(recorded)}\n`;
for (const ending of ['json', 'json.gz']) rmSync(`${name}.${ending}`, { force: true });
if (text.length < LARGE) writeFileSync(`${name}.json`, text);
else writeFileSync(`${name}.json.gz`, gzipSync(text, { level: 9 }));
const page = join(folder, 'report.html');
if (existsSync(page)) copyFileSync(page, `${name}.html`);
execFileSync(process.execPath, ['--import', 'tsx', 'test/house/write-pages.ts'], {
  cwd: root,
  stdio: 'inherit',
});
