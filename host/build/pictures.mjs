/**
 * Draws the pictures of the pages, by the commands that the pages show.
 *
 *   npm run pictures
 *   node host/build/pictures.mjs FOLDER     into another folder; the command has to be built
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ROOT } from './fresh.mjs';

/** Each picture: the commands that lead to it, and the file that it is then. */
const PICTURES = [
  {
    name: 'compare.svg',
    commands: [
      'compare --rules sgd,nlr,nlr-guarded,adam --data moons:rows=120 --encoding angle --shots 50 --shots-budget 4000000 --rate 0.1 --seeds 4 --out moons',
    ],
    drawn: 'moons/loss.svg',
  },
  {
    name: 'csv.svg',
    commands: [
      'data make moons --rows 300 --out moons.csv',
      'train --csv moons.csv --label class --encoding angle --reuploads 2 --steps 150 --validation-fraction 0.2 --patience 5 --plot loss.svg --out moons.nlrvqa',
    ],
    drawn: 'loss.svg',
  },
];

const target = resolve(process.argv[2] ?? `${ROOT}host/guides/pictures`);
mkdirSync(target, { recursive: true });
for (const { name, commands, drawn } of PICTURES) {
  const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-picture-'));
  try {
    for (const command of commands) {
      const args = [`${ROOT}dist/cli.js`, ...command.split(' '), '--quiet'];
      execFileSync(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    }
    copyFileSync(join(folder, drawn), join(target, name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
