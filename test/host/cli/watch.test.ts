/** What goes on beside a training: the log, the validation set, class weights, the curve and the chart. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withDescription } from '../../support/host-data.ts';
import {
  clusters,
  lasting,
  resultOf,
  signalledAt,
  WITHOUT_RENAME,
  Workshop,
} from '../../support/cli-process.ts';

let shop: Workshop;
const data = ['--csv', 'data.csv', '--label', 'kind', '--shots', 'exact', '--layers', '1', '--batch', '8'];
const watched = ['--validation-fraction', '0.25', '--evaluate-every', '5'];

before(async () => {
  shop = await Workshop.open();
  await shop.write('data.csv', clusters(['a', 'b', 'c'], 120));
  // A tenth of the rows are of the rare class, and lie among the others.
  const rows = Array.from({ length: 300 }, (_, i) => {
    const label = Number(i % 10 === 0);
    const cells = [0, 1, 2].map((column) => {
      const wave = Math.sin(12.9898 * (3 * i + column + 1)) * 43758.5453;
      return ((column === label ? 1.1 : 0.6) + wave - Math.floor(wave)).toFixed(5);
    });
    return [...cells, label === 1 ? 'rare' : 'common'].join(',');
  });
  await shop.write('rare.csv', ['x,y,z,kind', ...rows, ''].join('\n'));
});
after(() => shop.close());

const text = async (name: string) => new TextDecoder().decode(await shop.read(name));
const linesOf = async (name: string) =>
  (await text(name))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('--log', () => {
  test('has a line a step with all that the step reports, and changes no bit', async () => {
    const run = ['train', ...data, '--steps', '30', '--rule', 'nlr'];
    const { trace } = await shop.json(run);
    const result = await shop.json([...run, '--log', 'steps.jsonl', '--evaluate-every', '10']);
    assert.equal(result.trace, trace);
    const lines = await linesOf('steps.jsonl');
    assert.deepEqual(
      lines.map(({ step }) => step),
      Array.from({ length: 30 }, (_, i) => i + 1),
    );
    const names = ['loss', 'tentativeLoss', 'lossChange', 'decision', 'gradientNorm', 'violationRate'];
    for (const name of [...names, 'rate', 'meanRate', 'evaluations', 'shots', 'reversals'])
      assert(name in lines[29], name);
    assert.equal(lines[29].evaluations, result.evaluations);
    const losses = lines.flatMap(({ trainingLoss }) => trainingLoss ?? []);
    assert.deepEqual(
      losses,
      (result.history as { loss: number }[]).map(({ loss }) => loss),
    );
  });

  test('goes on with the same file after kill -9, as if there had been none', async () => {
    const run = ['train', ...data, ...watched, '--steps', '40', '--rule', 'nlr'];
    const whole = await shop.json([...run, '--log', 'whole.jsonl']);
    const log = ['--log', 'killed.jsonl'];
    const first = [...run, ...log, '--checkpoint', 'killed.ckpt', '--every', '10'];
    const { signal } = await shop.run(first, signalledAt(30));
    assert.equal(signal, 'SIGKILL');
    const result = await shop.json(['train', '--resume', 'killed.ckpt', ...log]);
    assert.deepEqual(await linesOf('killed.jsonl'), await linesOf('whole.jsonl'));
    assert.deepEqual(lasting({ ...result, history: 0 }), lasting({ ...whole, history: 0 }));
  });

  test('is over no other file of the run, and no other kind of file', async () => {
    const run = ['train', ...data, '--steps', '3'];
    const refused = async (flags: string[], message: RegExp, expected: number) => {
      const { code, stderr } = await shop.run([...run, ...flags]);
      assert.match(stderr, message);
      assert.equal(code, expected);
    };
    await refused(['--log', 'data.csv'], /--log names data\.csv, which this run reads/, 2);
    await refused(['--log', 'x', '--out', './x'], /--out and --log name the same file, x/, 2);
    await refused(['--log', 'x', '--plot', 'x'], /--log and --plot name the same file, x/, 2);
    await refused(['--log', '.'], /nlr-vqa: \.: cannot be written: it is a folder/, 1);
    await shop.json([...run, '--checkpoint', 'short.ckpt']);
    await shop.write('other.csv', 'a,b\n1,2\n');
    const { code, stderr } = await shop.run(['train', '--resume', 'short.ckpt', '--log', 'other.csv']);
    assert.equal(code, 2);
    assert.match(stderr, /--log names other\.csv, which is there already and is no log of nlr-vqa/);
    assert.equal(await text('other.csv'), 'a,b\n1,2\n');
  });
});

describe('--validation-fraction', () => {
  test('keeps the best parameters, and says of which step', async () => {
    const run = ['train', ...data, ...watched, '--steps', '60', '--rate', '0.9', '--out', 'best.nlrvqa'];
    const { code, stdout } = await shop.run([...run, '--patience', '3', '--log', 'best.jsonl', '--json']);
    assert.equal(code, 0);
    const result = JSON.parse(stdout);
    const looks = (await linesOf('best.jsonl')).filter((line) => 'validationLoss' in line);
    const least = Math.min(...looks.map(({ validationLoss }) => validationLoss));
    const { best, rows, stopped } = result.validation;
    assert.equal(best.loss, least);
    assert.equal(looks.find(({ validationLoss }) => validationLoss === least).step, best.step);
    assert.equal(rows, 24, 'a quarter of the four fifths that the test set leaves');
    assert.deepEqual(result.samples, { train: 72, test: 24 });
    assert.equal(stopped, result.steps < 60);
    assert.equal(result.steps, stopped ? best.step + 15 : 60);
    const shown = await shop.run([...run, '--patience', '3']);
    assert.match(
      shown.stdout,
      new RegExp(`\\nkept +step ${best.step}, with the lowest loss of 24 validation rows`),
    );
  });

  test('a run that was stopped and resumed ends with the same bits and the same choice', async () => {
    const run = ['train', ...data, ...watched, '--patience', '2', '--steps', '60', '--rate', '0.9'];
    const whole = await shop.json(run);
    for (const change of [30, 90]) {
      const { signal } = await shop.run(
        [...run, '--checkpoint', 'v.ckpt', '--every', '1'],
        signalledAt(change),
      );
      assert.equal(signal, 'SIGKILL');
      const result = await shop.json(['train', '--resume', 'v.ckpt']);
      assert.deepEqual(lasting({ ...result, history: 0 }), lasting({ ...whole, history: 0 }));
      const again = await shop.json(['train', '--resume', 'v.ckpt']);
      assert.equal(again.trace, whole.trace, 'resumed after its end, it has nothing left to do');
    }
  });

  test('a checkpoint from before there was anything to watch goes on; one that lies about it is refused', async () => {
    const run = ['train', ...data, ...watched, '--steps', '20'];
    const { trace } = await shop.json([...run, '--checkpoint', 'now.ckpt']);
    const file = await shop.read('now.ckpt');
    const withWatch = (change: (watch: Record<string, unknown>) => unknown) =>
      withDescription(file, ({ context, ...rest }) => {
        const { watch, ...kept } = context as { watch: Record<string, unknown> };
        return { ...rest, context: { ...kept, watch: change(watch) } };
      });
    await shop.write(
      'changed.ckpt',
      withWatch((watch) => watch),
    );
    assert.equal((await shop.json(['train', '--resume', 'changed.ckpt'])).trace, trace);
    const lies = [
      null,
      { every: 0 },
      { patience: -1 },
      { curves: {} },
      { evaluateEvery: 'often' },
      { early: { misses: -1 } },
      { early: { misses: 0, best: { step: 21, loss: 0, accuracy: 1 } } },
      { early: { misses: 0, best: { step: 5, loss: 0, accuracy: 1 }, parameters: ['00'] } },
    ];
    for (const lie of lies) {
      await shop.write(
        'changed.ckpt',
        withWatch((watch) => lie && { ...watch, ...lie }),
      );
      const { code, stderr } = await shop.run(['train', '--resume', 'changed.ckpt']);
      assert.equal(code, 1, JSON.stringify(lie));
      assert.match(
        stderr,
        /changed\.ckpt: (the checkpoint does not say|the state of early stopping is malformed)/,
      );
    }
    await shop.json(['train', ...data, '--steps', '5', '--checkpoint', 'plain.ckpt']);
    const plain = await shop.read('plain.ckpt');
    const old = withDescription(plain, ({ context, ...rest }) => {
      const { watch: _, ...kept } = context as { watch: unknown };
      return { ...rest, context: kept };
    });
    await shop.write('old.ckpt', old);
    const [before, now] = [
      await shop.json(['train', '--resume', 'old.ckpt']),
      await shop.json(['train', '--resume', 'plain.ckpt']),
    ];
    assert.equal(before.trace, now.trace);
  });

  test('what makes no sense is refused', async () => {
    const refused = async (flags: string[], message: RegExp) => {
      const { code, stderr } = await shop.run(['train', ...data, ...flags]);
      assert.equal(code, 2);
      assert.match(stderr, message);
    };
    await refused(['--patience', '3'], /--patience needs --validation-fraction/);
    await refused(
      ['--validation-fraction', '1'],
      /--validation-fraction is 1; expected a number between 0 and 1/,
    );
    await refused(
      ['--validation-fraction', '0.2', '--seeds', '2'],
      /--validation-fraction cannot go with --seeds/,
    );
    await refused(['--log', 'x', '--seeds', '2'], /--log cannot go with --seeds/);
    await refused(['--curve', '--seeds', '2'], /--curve cannot go with --seeds/);
    await refused(['--curve', '--json'], /--curve cannot go with --json/);
    // Not to draw is no wish that several seeds could refuse.
    await shop.json(['train', ...data, '--steps', '2', '--seeds', '2', '--no-curve']);
    await refused(['--patience', '3', '--task', 'regression'], /--patience is for classes/);
  });
});

describe('--class-weights', () => {
  const rare = ['train', '--csv', 'rare.csv', '--label', 'kind', '--shots', 'exact', '--steps', '80'];
  const recallOf = ({ metrics }: Record<string, unknown>) =>
    (metrics as { classes: { recall: number }[] }).classes[1].recall;

  test('balanced finds more of a rare class, and the result says how', async () => {
    const [plain, balanced] = [
      await shop.json(rare),
      await shop.json([...rare, '--class-weights', 'balanced']),
    ];
    assert(recallOf(balanced) > recallOf(plain) + 0.2, `${recallOf(plain)}, then ${recallOf(balanced)}`);
    assert.equal(plain.classWeights, undefined);
    assert.deepEqual(balanced.classWeights, [240 / (2 * 216), 5]);
    const named = await shop.run([...rare, '--class-weights', 'rare=9,common=1', '--out', 'rare.nlrvqa']);
    assert.match(named.stdout, /\nclass weights +common 0\.556, rare 5\.000\n/);
    const { metrics } = await shop.json(['evaluate', 'rare.nlrvqa', '--csv', 'rare.csv', '--label', 'kind']);
    assert.equal((metrics as { classes: unknown[] }).classes.length, 2);
  });

  test('of 1 give the bits of none, also from several seeds', async () => {
    const ones = ['--class-weights', 'common=1,rare=1', '--steps', '10'];
    const [plain, weighted] = [
      await shop.json([...rare, '--steps', '10']),
      await shop.json([...rare, ...ones]),
    ];
    assert.equal(weighted.trace, plain.trace);
    const { seeds } = await shop.json([...rare, ...ones, '--seeds', '1']);
    assert.equal((seeds as { trace: string }[])[0].trace, plain.trace);
  });

  test('what is no weight is refused', async () => {
    for (const [weights, message] of [
      ['balance', /--class-weights is 'balance'; expected 'balanced', or weights by class/],
      ['seldom=3', /--class-weights names "seldom"; the classes are "common", "rare"/],
      ['rare=0', /--class-weights is 0; expected a number from/],
    ] as const) {
      const { code, stderr } = await shop.run([...rare, '--class-weights', weights]);
      assert.match(stderr, message);
      assert.equal(code, 2);
    }
  });
});

describe('curve and chart', () => {
  test('--curve draws the losses without colours in a pipe; without it nothing is drawn there', async () => {
    const run = ['train', ...data, ...watched, '--steps', '30'];
    const { stdout } = await shop.run([...run, '--curve', '--quiet']);
    assert.match(stdout, /\nLoss by step: training set\n +\d\.\d{4} ┼/);
    assert.match(stdout, /\nLoss by step: validation set\n/);
    assert.doesNotMatch(stdout, /\u001b/);
    assert.doesNotMatch((await shop.run(run)).stdout, /Loss by step/);
  });

  test('--plot writes an SVG that needs nothing else, and a resumed run draws all of it', async () => {
    const run = ['train', ...data, ...watched, '--steps', '24', '--rule', 'nlr', '--rate', '0.5'];
    const { stderr } = await shop.run([...run, '--plot', 'whole.svg']);
    assert.match(stderr, /wrote whole\.svg/);
    const svg = await text('whole.svg');
    assert.match(
      svg,
      /^<svg [^>]*role="img"[^>]*><title>nlr on data\.csv, seed 1<\/title><desc>Loss of the mini-batches/,
    );
    for (const part of [
      'prefers-color-scheme',
      'validation set',
      'gradient norm',
      'violations',
      'kept: step',
    ])
      assert(svg.includes(part), part);
    assert.doesNotMatch(svg, /<script|<image|href="(?!#)|url\((?!#)/);
    const flags = ['--checkpoint', 'plot.ckpt', '--every', '5', '--plot', 'killed.svg'];
    assert.equal((await shop.run([...run, ...flags], signalledAt(20))).signal, 'SIGKILL');
    resultOf(await shop.run(['train', '--resume', 'plot.ckpt', '--plot', 'resumed.svg', '--json']));
    assert.ok((await text('resumed.svg')) === svg, 'the chart of the resumed run is another one');
  });

  test('what to do next is a command that can be copied', async () => {
    const { stdout } = await shop.run(['train', ...data, '--steps', '5', '--out', 'my model.nlrvqa']);
    const [, command] = /\nNext:\n {2}node \S+ (.*)\n$/.exec(stdout) ?? [];
    assert.equal(command, "predict 'my model.nlrvqa' --csv NEW.csv --probabilities");
    const none = await shop.run(['train', ...data, '--steps', '5']);
    assert.match(none.stdout, /\nNext: train again with --out FILE to keep the model\.\n$/);
    // What is wrong with a model that was asked for is said; to ask for it is no advice.
    const failed = await shop.run(['train', ...data, '--steps', '5', '--out', 'm'], WITHOUT_RENAME);
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /m: cannot be written/);
    assert.doesNotMatch(failed.stdout, /Next:/);
  });
});
