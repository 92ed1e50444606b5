/** `reproduce`: the same report whatever ran it, in however many pieces. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { experimentsOf, type Report, type Scope } from '../../../../host/paper/index.ts';
import { sampleSentences } from '../../../../host/cli/paper/sources.ts';
import { Workshop } from '../../../support/cli-process.ts';

let shop: Workshop;
before(async () => {
  shop = await Workshop.open();
});
after(() => shop.close());

const text = async (name: string) => new TextDecoder().decode(await shop.read(name));
const ONE = ['reproduce', 'table-9', '--quick', '--seeds', '1'];

describe('reproduce', () => {
  test('goes on where it was interrupted, and has the same report on any number of threads', async () => {
    const whole = await shop.run([...ONE, '--threads', '1', '--out', 'whole']);
    assert.equal(whole.code, 0, whole.stderr);
    assert.match(whole.stdout, /Table IX: convergence/);
    assert.doesNotMatch(whole.stderr, /MNIST/, 'the table has no images');
    const cells = (await text('whole/cells.jsonl')).split('\n').filter(Boolean);
    assert.ok(cells.length >= 10, `${cells.length}`);
    // Half of the cells are as a run that was stopped has left them, the last one cut off.
    const half = await shop.folderIn('half');
    await half.write('cells.jsonl', `${cells.slice(0, 5).join('\n')}\n${cells[5].slice(0, 40)}`);
    const rest = await shop.run([...ONE, '--threads', '2', '--out', 'half', '--quiet']);
    assert.equal(rest.code, 0, rest.stderr);
    assert.equal(await text('half/report.json'), await text('whole/report.json'));
    const kept = (await text('half/cells.jsonl')).split('\n').filter(Boolean);
    assert.deepEqual(kept.slice(0, 5), cells.slice(0, 5));
    assert.equal(kept.length, cells.length);
    const report = JSON.parse(await text('half/report.json')) as Report;
    assert.equal(report.command, 'nlr-vqa reproduce table-9 --quick --seeds 1');
    assert.doesNotMatch(JSON.stringify(report), /seconds/);
    assert.match(await text('half/times.csv'), /^experiment,problem,rule,seed,steps,seconds\n/);
    // NLR without shots reverses nothing: it is plain descent to the last bit.
    const exact = report.sections[0].tables[0];
    assert.deepEqual(
      exact.rows[0].cells.slice(0, 2).map(String),
      exact.rows[1].cells.slice(0, 2).map(String),
    );
  });

  test('says of images that come along where they are used, and of no others', () => {
    const none = { training: () => undefined, value: () => undefined, has: () => false };
    const scope: Scope = { seeds: [1], quick: true, images: { mnist: 'sample', 'fashion-mnist': 'whole' } };
    const said = (word: string, images = scope.images) =>
      sampleSentences(
        images,
        (experimentsOf([word]) ?? []).flatMap((each) => each.cells({ ...scope, images }, none)),
      );
    assert.deepEqual(said('table-1'), []);
    assert.match(said('table-8').join(), /^MNIST is the 1000 training and 1000 test digits that come along/);
    assert.equal(said('table-8', { mnist: 'sample', 'fashion-mnist': 'sample' }).length, 2);
    assert.deepEqual(said('table-8', { mnist: 'whole', 'fashion-mnist': 'whole' }), []);
  });

  test('draws figures, and writes the page', async () => {
    const { code, stdout, stderr } = await shop.run(['reproduce', 'figure-1', '--quick', '--out', 'figure']);
    assert.equal(code, 0, stderr);
    const page = await text('figure/report.html');
    for (const name of ['figure-1a', 'figure-1b']) {
      const svg = await text(`figure/${name}.svg`);
      assert.match(svg, /^<svg [^>]*role="img"/);
      assert.ok(page.includes(svg.slice(-2000, -10)), name);
      const png = await shop.read(`figure/${name}.png`);
      assert.deepEqual([...png.slice(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
      assert.ok(png.length > 20000, `${png.length}`);
    }
    assert.match(page, /lets the trajectory leave the cave/);
    assert.match(stdout, /^1 claim: 0 hold, 0 hold in some readings alone, 1 does not hold$/m);
    assert.doesNotMatch(stderr, /MNIST/);
  });

  test('prints the report as JSON', async () => {
    const report = (await shop.json(['reproduce', 'consistency'])) as unknown as Report;
    assert.deepEqual(
      report.sections.map(({ id }) => id),
      ['consistency'],
    );
    assert.ok(report.sections[0].verdicts.some(({ verdict }) => verdict === 'does not hold'));
    assert.equal(report.scope.seeds.length, 20);
  });

  test('refuses what it does not know, and data that is not there', async () => {
    for (const [args, said] of [
      [['table-12'], /expected table-1, .*; not table-12/],
      [['table-1', '--seeds', '0'], /--seeds/],
      [['table-10', '--mnist', 'nowhere'], /nowhere/],
    ] as const) {
      const { code, stderr } = await shop.run(['reproduce', ...args]);
      assert.notEqual(code, 0);
      assert.match(stderr, said);
    }
  });

  test('--help has examples', async () => {
    const { stdout } = await shop.run(['reproduce', '--help']);
    assert.match(stdout, /Examples:\n {2}nlr-vqa reproduce/);
    for (const flag of ['--quick', '--seeds', '--mnist', '--fashion', '--out', '--json'])
      assert.match(stdout, new RegExp(flag));
  });
});
