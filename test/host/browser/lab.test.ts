/**
 * The lab page in real browsers, from end to end: it trains with the bits of Node, pauses, goes on, is reproduced by its link,
 * takes a table, says what is wrong with another, saves what was trained, opens without a network, and can be used by
 * keyboard and screen reader. Skipped without the browsers, or failed where all engines are wanted.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { readLink } from '../../../host/browser/settings/link.ts';
import { prepareData } from '../../../host/browser/work/data.ts';
import { layOut } from '../../../host/browser/work/race.ts';
import { loadModel } from '../../../host/index.ts';
import { ROOT } from '../../engines/engine.ts';
import { ensureBuilt } from '../../support/built.mjs';
import { without } from '../../support/installed.ts';
import { BROWSERS, until, Visitor } from './visitor.ts';

const digits = async (name: string) => new Uint8Array(readFileSync(`${ROOT}host/data/mnist-0-1/${name}`));

/** The traces that the rules of a link have in Node. */
async function tracesOf(link: string): Promise<string[]> {
  const { settings, table } = await readLink(link.slice(link.indexOf('#')));
  const runners = await layOut(settings, await prepareData(settings, table, digits));
  for (const runner of runners) while (!runner.finished) await runner.step();
  return runners.map(({ trainer }) => trainer.trace);
}

/** Short races: on angles with shots, and on the digits as the paper has them. */
const MOONS = '#train?rows=80&layers=2&reuploads=2&steps=40&shots=10&rules=nlr,nlr-guarded,adam&seed=7';
const DIGITS =
  '#train?data=digits&encoding=amplitude&qubits=6&reuploads=1&head=none&observable=z0&loss=mse&steps=30&shots=1000&rules=nlr:rate=0.01,adam';

const TABLE = [
  'width,height,kind',
  ...Array.from({ length: 40 }, (_, i) => `${i % 7},${(i * 5) % 11},${i % 2 ? 'bolt' : 'nut'}`),
  '',
].join('\n');

/** What axe finds wrong with the page: an expression, with its program in front. */
const axeRun = (axe: string) =>
  `${axe}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`;

for (const which of BROWSERS) {
  const skip = without(which.program === undefined ? `${which.name}, by ${which.needs}` : undefined);
  describe(`the lab in ${which.name}`, { skip }, () => {
    let visitor: Visitor;
    before(async () => {
      ensureBuilt('dist/lab/index.html');
      visitor = await Visitor.come(which);
    });
    after(() => visitor.leave());

    test('trains with the bits of Node, with shots and on the digits', async () => {
      for (const link of [MOONS, DIGITS, DIGITS.replace('shots=1000', 'shots=0')]) {
        await visitor.open(link);
        await visitor.set('Pace', '0');
        await visitor.press('Run');
        await visitor.phase('finished');
        assert.deepEqual(await visitor.traces(), await tracesOf(link));
      }
    });

    test('pauses, steps, goes on and starts again, which changes no bit', async () => {
      await visitor.open(MOONS);
      await visitor.phase('ready');
      await visitor.set('Pace', '10');
      await visitor.press('Run');
      await until('some steps', async () => (await visitor.steps()) > 2);
      await visitor.press('Pause');
      await visitor.phase('paused');
      const at = await visitor.steps();
      await visitor.press('Step');
      await until('one more step', async () => (await visitor.steps()) === at + 1);
      await visitor.set('Pace', '0');
      await visitor.press('Resume');
      await visitor.phase('finished');
      assert.deepEqual(await visitor.traces(), await tracesOf(MOONS));
      await visitor.press('Reset');
      await visitor.phase('ready');
      assert.equal(await visitor.steps(), 0);
    });

    test('has everything in its link', async () => {
      await visitor.open('');
      await visitor.phase('ready');
      await visitor.set('Rows', '60');
      await visitor.set('Steps', '12');
      await visitor.set('Shots', '0');
      await visitor.set('Seed', '42');
      await visitor.set('Layers', '3');
      await visitor.set('Re-uploads', '2');
      await visitor.set('Rule 2', 'sgd');
      const link = await visitor.page.evaluate(() => location.hash);
      assert.equal(link, '#train?rows=60&layers=3&reuploads=2&steps=12&shots=0&seed=42&rules=nlr,sgd,adam');
      await visitor.phase('ready');
      await visitor.set('Pace', '0');
      await visitor.press('Run');
      await visitor.phase('finished');
      assert.deepEqual(await visitor.traces(), await tracesOf(link));
    });

    test('takes a table that is dropped on it, and has that in its link too', async () => {
      await visitor.open('');
      await visitor.bring('parts.csv', TABLE);
      await until('the classes of the table', async () =>
        (await visitor.text('.confusion tbody')).startsWith('bolt'),
      );
      await visitor.set('Steps', '10');
      await visitor.set('Shots', '0');
      await visitor.phase('ready');
      const link = await visitor.page.evaluate(() => location.hash);
      await visitor.open(link);
      await visitor.phase('ready');
      await visitor.set('Pace', '0');
      await visitor.press('Run');
      await visitor.phase('finished');
      assert.deepEqual(await visitor.traces(), await tracesOf(link));
    });

    test('shows all of a confusion matrix of ten classes, whatever they are called', async () => {
      await visitor.page.setViewport({ width: 1400, height: 900 });
      await visitor.open('');
      const lines = Array.from({ length: 200 }, (_, i) => `${i % 7},${(i * 5) % 11},a long name ${i % 10}`);
      await visitor.bring('ten.csv', ['a,b,kind', ...lines, ''].join('\n'));
      await until('ten classes', () => visitor.has('.confusion tbody tr:nth-child(10)'));
      const cut = await visitor.page.evaluate(() => {
        const found = document.querySelector('.confusion .scroll');
        return found && found.scrollWidth - found.clientWidth;
      });
      assert.equal(cut, 0);
    });

    test('says what is wrong with a table, a number and a link, in a sentence', async () => {
      await visitor.open('#train?qubits=99');
      assert.match(await visitor.text('.notices'), /^qubits is '99'; expected a whole number from 1 to 10/);
      await visitor.bring('bad.csv', 'a,b,kind\n1,2,x\n3,y\n');
      await until('the sentence', async () => (await visitor.text('.failure')) !== '');
      assert.equal(
        await visitor.text('.failure'),
        'bad.csv:3:4: the row has 2 fields, expected 3 as in the first row',
      );
      await visitor.bring('sheet.xlsx', 'PK\0\0');
      await until('the next sentence', async () => (await visitor.text('.notices')).startsWith('sheet'));
      assert.match(await visitor.text('.notices'), /^sheet\.xlsx is not text; expected a CSV file/);
      await visitor.open('');
      await visitor.set('Data set', 'csv');
      await until('what is to be done', async () =>
        /^there is no table: choose or drop/.test(await visitor.text('.failure')),
      );
      await visitor.open('');
      await visitor.set('Batch', '0');
      assert.equal(
        await visitor.text('.field .wrong'),
        "batch is '0'; expected a whole number from 1 to 1024",
      );
      await visitor.setWithin('.arm', 'η', '-5');
      assert.equal(
        await visitor.text('.arm .wrong'),
        "rate of nlr is '-5'; expected a number from 1e-30 to 1000",
      );
      await visitor.setWithin('.arm', 'η', '0.5');
      assert.equal(await visitor.text('.arm .wrong'), '');
      assert.match(await visitor.page.evaluate(() => location.hash), /rules=nlr:rate=0.5,/);
    });

    test('takes another rule in when a race has been run, and reads values off a chart', async () => {
      await visitor.open(MOONS);
      await visitor.set('Pace', '0');
      await visitor.press('Run');
      await visitor.phase('finished');
      const { x, y } = await visitor.middleOf('.plot');
      await visitor.page.mouse.move(x, y);
      await until('numbers under the cursor', () =>
        visitor.page.evaluate(() =>
          [...document.querySelectorAll<HTMLElement>('.plot')].every(({ dataset }) =>
            /^\d+: nlr [\d.–]+[^,]*, nlr-guarded .*, adam /.test(dataset.under ?? ''),
          ),
        ),
      );
      await visitor.press('+ rule');
      await visitor.phase('ready');
      await visitor.press('Run');
      await visitor.phase('finished');
      assert.equal((await visitor.traces()).length, 4);
    });

    test('saves the model, its circuit and the record of the race', async () => {
      await visitor.open(MOONS);
      await visitor.set('Pace', '0');
      await visitor.press('Run');
      await visitor.phase('finished');
      await visitor.press('Model');
      const model = await loadModel(await visitor.saved('moons-nlr.nlrvqa'));
      assert.deepEqual(model.classes, ['0', '1']);
      await visitor.press('OpenQASM');
      assert.match(String(await visitor.saved('moons-nlr.qasm')), /^OPENQASM 3/m);
      await visitor.press('C array');
      assert.match(String(await visitor.saved('moons-nlr.h')), /const uint8_t nlr_model\[\d+\] = \{/);
      await visitor.press('Race as CSV');
      assert.equal(
        String(await visitor.saved('race.csv'))
          .trim()
          .split('\n').length,
        1 + 3 * 40,
      );
      await visitor.press('PNG');
      assert.equal((await visitor.saved('loss.png')).readUInt32BE(0), 0x89504e47);
    });

    test('says what a drawn digit is', async () => {
      await visitor.open(`${DIGITS}`);
      await visitor.phase('ready');
      await visitor.press('Take a test digit');
      await until('an answer', async () => /says of a test digit/.test(await visitor.text('.answer')));
      const before = await visitor.text('.answer');
      const box = await visitor.page.evaluate(() => {
        const pad = document.querySelector('.pad canvas');
        pad?.scrollIntoView();
        const { x = 0, y = 0, width = 0 } = pad?.getBoundingClientRect() ?? {};
        return { x, y, width };
      });
      const { mouse } = visitor.page;
      await mouse.move(box.x + box.width / 2, box.y + 0.2 * box.width);
      await mouse.down();
      await mouse.move(box.x + box.width / 2, box.y + 0.8 * box.width, { steps: 4 });
      await mouse.up();
      await until(
        'another answer',
        async () =>
          /your drawing/.test(await visitor.text('.answer')) && (await visitor.text('.answer')) !== before,
      );
      const shares = (text: string) => text.replace(/.*your drawing/, '');
      const ofNlr = await visitor.text('.answer');
      await visitor.press('Step');
      await until(
        'what it says a step later',
        async () => shares(await visitor.text('.answer')) !== shares(ofNlr),
      );
      const later = await visitor.text('.answer');
      await visitor.page.evaluate(() =>
        document.querySelectorAll<HTMLElement>('input[name=focus]')[1]?.click(),
      );
      await until('what the other rule says', async () => {
        const found = await visitor.text('.answer');
        return found.startsWith('adam') && shares(found) !== shares(later);
      });
    });

    test('can be used by keyboard and screen reader: axe finds nothing, light and dark, wide and narrow', async () => {
      const axe = readFileSync(`${ROOT}node_modules/axe-core/axe.min.js`, 'utf8');
      for (const [theme, width] of [
        ['light', 1400],
        ['dark', 390],
      ] as const) {
        await visitor.page.setViewport({ width, height: 900 });
        await visitor.open(MOONS);
        await visitor.page.evaluate(
          (wanted) => void (document.documentElement.dataset.theme = wanted),
          theme,
        );
        await visitor.phase('ready');
        await visitor.press('Step');
        const found = await visitor.page.evaluate(axeRun(axe));
        assert.deepEqual(found, [], `${theme}, ${width} pixels`);
      }
    });

    test('has its other pages: the landscape, problems, the fit on devices, and the paper', async () => {
      await visitor.page.setViewport({ width: 1300, height: 900 });
      await visitor.open('#plateau?layers=2&reuploads=2&cave-steps=20&rules=nlr,sgd');
      await until('where the rules came to', async () =>
        /nlr 0\.\d+/.test(await visitor.text('.stage .sentences li')),
      );
      await visitor.press('Problems');
      await visitor.press('Solve');
      await until('an energy near the lowest', async () =>
        / off by (0\.000|\d\.\de-)/.test(await visitor.text('.result')),
      );
      await visitor.press('Fit');
      await until('a module that fits', async () =>
        /device-f32.*fits/.test(await visitor.text('.standings tbody tr')),
      );
      await visitor.press('Model and C sources, zip');
      assert.equal((await visitor.saved('nlr-vqa-device-f32.zip')).readUInt32BE(0), 0x504b0304);
      await visitor.press('Paper');
      await until('the report, or that there is none', async () =>
        /claims that were tried|No report/.test(await visitor.text('main')),
      );
      const axe = readFileSync(`${ROOT}node_modules/axe-core/axe.min.js`, 'utf8');
      for (const name of ['Plateau', 'Problems', 'Fit', 'Paper']) {
        await visitor.press(name);
        await until(`the page ${name}`, () => visitor.has('main .stage'));
        assert.deepEqual(await visitor.page.evaluate(axeRun(axe)), [], name);
      }
      await visitor.page.setViewport({ width: 390, height: 844 });
      for (const name of ['Train', 'Plateau', 'Problems', 'Fit', 'Paper']) {
        await visitor.press(name);
        await until(`the page ${name}`, () => visitor.has('main .stage'));
        const beyond = await visitor.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(beyond <= 0, `${name} is ${beyond} pixels wider than a phone`);
        const hidden = await visitor.page.evaluate(
          () =>
            [...document.querySelectorAll('nav button')].filter((each) => {
              const { left, right } = each.getBoundingClientRect();
              const { left: least, right: most } = (
                each.parentElement as HTMLElement
              ).getBoundingClientRect();
              return left < least || right > most;
            }).length,
        );
        assert.equal(hidden, 0, 'pages that a phone does not show the way to');
      }
    });

    test('opens and trains without a network, once it has been there', async () => {
      await visitor.open('');
      await until('its files are kept', () =>
        visitor.page.evaluate(
          async () => (await navigator.serviceWorker.ready).active?.state === 'activated',
        ),
      );
      visitor.disconnect();
      await visitor.page.reload();
      await until('the page is there', () => visitor.has('main'));
      await visitor.set('Steps', '5');
      await visitor.phase('ready');
      await visitor.set('Pace', '0');
      await visitor.press('Run');
      await visitor.phase('finished');
    });

    test('complains of nothing', () => {
      assert.deepEqual(visitor.complaints, []);
    });
  });
}
