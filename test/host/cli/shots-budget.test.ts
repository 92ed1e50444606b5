/** `--shots-budget`: as long as the shots last. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clusters, lasting, Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
const run = [
  'train',
  '--csv',
  'data.csv',
  '--label',
  'kind',
  '--layers',
  '1',
  '--batch',
  '4',
  '--shots',
  '20',
];
let step: number;

before(async () => {
  shop = await Workshop.open();
  await shop.write('data.csv', clusters(['a', 'b'], 40));
  const { shots } = (await shop.json([...run, '--steps', '1'])) as { shots: number };
  step = shots;
});
after(() => shop.close());

test('train takes as many steps as the budget pays for, and says so', async () => {
  const budget = ['--shots-budget', String(7 * step + 1)];
  const found = await shop.json([...run, ...budget]);
  assert.equal(found.steps, 7);
  assert.equal(found.shots, 7 * step);
  const preset = await shop.json([...run, '--preset', 'paper', ...budget]);
  assert.ok((preset.steps as number) > 0 && (preset.shots as number) <= 7 * step + 1);
  const few = await shop.json([...run, ...budget, '--steps', '3']);
  assert.equal(few.steps, 3);
  const plan = await shop.run(['plan', '--batch', '4', '--shots', '20', '--shots-budget', '1000000']);
  assert.match(plan.stdout, /steps within the budget +\d/);
});

test('an interrupted run goes on with what is left of the budget', async () => {
  const budget = ['--shots-budget', String(9 * step)];
  const whole = await shop.json([...run, ...budget]);
  const first = await shop.run([...run, ...budget, '--checkpoint', 'run.ckpt', '--every', '4']);
  assert.equal(first.code, 0, first.stderr);
  const again = await shop.json(['train', '--resume', 'run.ckpt']);
  assert.deepEqual(lasting(again), lasting(whole));
});

test("a share of the budget is the head's, in train, resume, plan and compare", async () => {
  const budget = ['--shots-budget', String(20 * step), '--refit-head', '0.25'];
  const whole = await shop.json([...run, ...budget]);
  assert.equal(whole.steps, 15);
  // 8 times each of the 32 rows to train on, at one setting.
  const each = Math.floor((5 * step) / (8 * 32));
  assert.equal(whole.shots, 15 * step + 8 * 32 * each);
  const stopped = [...run, ...budget, '--checkpoint', 'refit.ckpt', '--every', '4'];
  assert.equal((await shop.run(stopped)).code, 0);
  const again = await shop.json(['train', '--resume', 'refit.ckpt']);
  assert.deepEqual(lasting(again), lasting(whole));
  const plan = await shop.run(['plan', ...run.slice(5), ...budget, '--features', '2']);
  assert.equal(plan.code, 0, plan.stderr);
  const rules = 'adam:refit-head=0.25,adam:refit-head=none';
  const compared = await shop.run([
    ...['compare', '--rules', rules, '--csv', 'data.csv', '--label', 'kind', '--layers', '1', '--seeds', '2'],
    ...['--batch', '4', '--shots', '20', '--shots-budget', String(20 * step), '--json'],
  ]);
  assert.equal(compared.code, 0, compared.stderr);
  const alone = await shop.run([...run, '--refit-head', '0.25']);
  assert.equal(alone.code, 2);
  assert.match(alone.stderr, /--refit-head.*no --shots-budget/);
  const wrong = await shop.run(['compare', '--rules', 'adam:refit-head=much,sgd', '--shots-budget', '1e6']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /refit-head is 'much'; expected a number or 'none'/);
});

test('seeds have the budget each', async () => {
  const { seeds } = (await shop.json([...run, '--seeds', '2', '--shots-budget', String(3 * step)])) as {
    seeds: { steps: number; shots: number }[];
  };
  for (const one of seeds) assert.equal(one.shots, 3 * step);
});

test('a budget that does not pay for a step is refused before anything is written', async () => {
  const args = [...run, '--shots-budget', String(step - 1), '--out', 'none.nlrvqa'];
  const { code, stderr } = await shop.run(args);
  assert.equal(code, 2);
  assert.equal(
    stderr.trimEnd().split('\n').at(-1),
    `nlr-vqa: --shots-budget is ${step - 1}, but a single step takes ${step} shots; expected at least as many`,
  );
  assert.notEqual((await shop.run(['inspect', 'none.nlrvqa'])).code, 0);
});

test('a budget without shots, and one that is no number, are refused', async () => {
  const exact = await shop.run([...run.slice(0, -2), '--shots-budget', '1000']);
  assert.equal(exact.code, 2);
  assert.match(exact.stderr, /--shots-budget is 1000, but exact expectations take no shots/);
  const word = await shop.run([...run, '--shots-budget', 'all']);
  assert.equal(word.code, 2);
  assert.match(word.stderr, /--shots-budget/);
});
