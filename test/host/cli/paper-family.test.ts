/** The paper's family of rules from the command line. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clusters, lasting, resultOf, Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
const run = 'train --csv data.csv --label kind --layers 1 --batch 4 --steps 30 --rate 8 --head-rate 8'.split(
  ' ',
);

before(async () => {
  shop = await Workshop.open();
  // Every third row has the wrong class, so that steps fail now and then.
  const lines = clusters(['a', 'b'], 40).split('\n');
  await shop.write(
    'data.csv',
    lines.map((line, i) => (i % 3 === 0 ? line.replace(/,b$/, ',a') : line)).join('\n'),
  );
});
after(() => shop.close());

const trace = async (...more: string[]) => (await shop.json([...run, ...more])).trace;

test('every source of eta, and every option of a rule, makes a training of its own', async () => {
  const trainings = [
    '--rule nlr',
    '--rule nlr --reversal kappa --kappa 1.5',
    '--rule nlr --reversal eq-10 --noise-rate 0.01',
    '--rule nlr --reversal eq-10-state --noise-rate 0.01 --depth 7',
    '--rule nlr --noise-rate 0.5 --effective-rate',
    '--rule nlr-guarded --guard 0.5 --fallback reject --doubt descend --shots 8',
    '--rule nlr-guarded --guard 0.5 --fallback halve --doubt reject --shots 8',
    '--rule perturb-uniform',
    '--rule perturb-uniform --perturbation gradient',
    '--rule sgd-restart --threshold 10 --stall-steps 3',
    '--rule armijo --backtracks 2 --decrease 0.9',
    '--rule nlr-noise --deviation 0.5',
  ];
  const traces = await Promise.all(trainings.map((text) => trace(...text.split(' '))));
  assert.equal(new Set(traces).size, trainings.length);
});

test('an interrupted training goes on with the same bits', async () => {
  const rule = ['--rule', 'nlr-adaptive', '--reversal', 'eq-10', '--shots', '10'];
  const whole = await shop.json([...run, ...rule]);
  const first = await shop.run([...run, ...rule, '--checkpoint', 'run.ckpt', '--every', '5']);
  assert.equal(first.code, 0, first.stderr);
  assert.deepEqual(lasting(await shop.json(['train', '--resume', 'run.ckpt'])), lasting(whole));
});

test('seeds on threads have the bits of one after the other', async () => {
  const { seeds } = (await shop.json([...run, '--rule', 'adam-reversal', '--seeds', '2'])) as {
    seeds: { seed: number; trace: string }[];
  };
  for (const one of seeds)
    assert.equal(one.trace, await trace('--rule', 'adam-reversal', '--seed', `${one.seed}`));
});

test('plan counts the tries of armijo', async () => {
  const shots = async (tries: string) => {
    const args = ['plan', '--rule', 'armijo', '--shots', '10', '--backtracks', tries, '--json'];
    return (resultOf(await shop.run(args)) as { shotsPerStep: number }).shotsPerStep;
  };
  const [none, four] = [await shots('0'), await shots('4')];
  assert.equal(four - none, 4 * 32 * 10);
});

test('what contradicts something else is a usage error, with the flag that does', async () => {
  for (const [text, message] of [
    ['--rule nlr --kappa 2', /kappa is 2, but the reversal is constant/],
    ['--rule nlr --reversal kappa --kappa 9', /kappa/],
    ['--rule nlr --reversal kappa --negative-rate 1', /eta' is worked out/],
    ['--rule nlr --effective-rate', /noise/],
    ['--rule adam --fallback reject', /--fallback is read by nlr-guarded alone; the rule is adam/],
    ['--rule armijo --backtracks 33', /0 to 32/],
    ['--rule nlr --reversal eq-11', /eq-10/],
  ] as const) {
    const { code, stderr, stdout } = await shop.run([...run, ...text.split(' '), '--out', 'none.nlrvqa']);
    assert.equal(code, 2, `${text}: ${stderr}`);
    assert.match(stderr, message);
    assert.equal(stdout, '');
    await assert.rejects(shop.read('none.nlrvqa'));
  }
});
