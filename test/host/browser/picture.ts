/**
 * `npm run lab:picture`: takes the picture of the lab that README.md shows, host/browser/lab.png, after a race of a stated
 * seed has come to its end.
 */
import { writeFileSync } from 'node:fs';
import { ROOT } from '../../engines/engine.ts';
import { ensureBuilt } from '../../support/built.mjs';
import { BROWSERS, Visitor } from './visitor.ts';

ensureBuilt('dist/lab/index.html');
const [chromium] = BROWSERS;
if (chromium?.program === undefined)
  throw new Error(`the picture is taken by ${chromium?.name}: ${chromium?.needs}`);
const visitor = await Visitor.come(chromium);
try {
  await visitor.page.setViewport({ width: 1250, height: 690 });
  await visitor.open('');
  await visitor.set('Pace', '0');
  await visitor.press('Run');
  await visitor.phase('finished');
  // The charts are drawn with the next frame.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const picture = await visitor.page.screenshot({ type: 'png' });
  writeFileSync(`${ROOT}host/browser/lab.png`, picture);
  process.stderr.write(`host/browser/lab.png: ${picture.length} bytes\n`);
} finally {
  await visitor.leave();
}
