/** The command as people and programs use it: what each command prints, where, and with which exit code. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type OptionRow, OPTIONS, readersOf } from '../../../assembly/abi/options.table.ts';
import { TRAINING, type TrainingOptions, type TrainingRange } from '../../../host/api/training-options.ts';
import { clusters, DIGITS, withoutReading, Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
const quick = ['--shots', 'exact', '--steps', '60'];

before(async () => {
  shop = await Workshop.open();
  await shop.write('three.csv', clusters(['red', 'green', 'blue'], 90));
  await shop.write('two.csv', clusters(['no', 'yes'], 60));
  await shop.json(['train', '--steps', '1', '--out', 'defaults.nlrvqa']);
});
after(() => shop.close());

/** Options of training that only the library has: what they need, no flag can say. */
const LIBRARY_ONLY: readonly string[] = ['moments', 'answerer'];
const optionsWithFlag = (Object.keys(TRAINING) as (keyof TrainingOptions)[]).filter(
  (name) => !LIBRARY_ONLY.includes(name),
);
/** Options whose default `--help` puts into words, or shows elsewhere. */
const IN_WORDS: readonly string[] = [
  'negativeRate',
  'displacedShots',
  'workspace',
  'lipschitz',
  'seed',
  'observable',
  'kappa',
  'depth',
  'threshold',
  'deviation',
  'stallSteps',
  'backtracks',
  'decrease',
  'displacement',
  'noiseRate',
];

/**
 * Where eta' comes from, which contradict one another, and what two-point alone reads: paper-family.test.ts and
 * rivals.test.ts have them.
 */
const APART: readonly string[] = ['reversal', 'kappa', 'noiseRate', 'depth', 'effectiveRate', 'displacement'];

/** Those that a rule reads that nothing extrapolates. */
const OF_EXTRAPOLATIONS: readonly string[] = ['extrapolation', 'scales', 'extrapolationOrder'];

/** The flag of an option, without its hyphens. */
const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** A value of an option that is not its default. */
function otherThanDefault({ choices, flag, whole, least = 0, most = 1, value }: TrainingRange) {
  if (choices !== undefined) return Object.keys(choices).find((word) => word !== value) as string;
  if (flag) return !value;
  return whole ? least + 7 : (3 * least + Math.min(most, 1)) / 4;
}

/** Every control character but line ends: colours, cursor movements. */
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

describe('help and usage', () => {
  for (const command of ['train', 'predict', 'evaluate', 'plan', 'inspect', 'demo']) {
    test(`${command} --help has examples`, async () => {
      const { code, stdout, stderr } = await shop.run([command, '--help']);
      assert.equal(code, 0);
      assert.equal(stderr, '');
      assert.match(stdout, new RegExp(`Usage: nlr-vqa ${command}`));
      assert.match(stdout, new RegExp(`Examples:\n {2}nlr-vqa ${command}`));
      for (const flag of ['--json', '--seed', '--quiet']) assert.match(stdout, new RegExp(flag));
    });
  }

  test('train --help shows the defaults, which are those of a run without flags', async () => {
    const { stdout } = await shop.run(['train', '--help']);
    const help = stdout.replace(/\s+/g, ' ');
    const inspected = await shop.json(['inspect', 'defaults.nlrvqa']);
    const { training, model } = inspected as { training: object; model: object };
    // Of what a single rule reads, the default is that rule's.
    const damping = TRAINING.damping.byRule?.sfgn;
    const found: Record<string, unknown> = { ...training, ...model, steps: TRAINING.steps.value, damping };
    const names = [...optionsWithFlag, 'qubits', 'layers', 'encoding', 'observable', 'head', 'loss'];
    for (const name of names) {
      if (typeof found[name] === 'boolean') assert.match(help, new RegExp(` --(no-)?${kebab(name)} `));
      else if (IN_WORDS.includes(name)) assert.match(help, new RegExp(` --${kebab(name)} <`));
      else {
        const shown = new RegExp(`--${kebab(name)} <[^-]*(-[^-]+)*?\\(default: ([^;)]+)`).exec(help);
        assert.equal(shown?.[2], String(found[name]), name);
      }
    }
    for (const flag of ['steps', 'pool', 'pca', 'constant']) {
      assert.match(help, new RegExp(`--${flag} <[^(]*\\(default: `));
    }
  });

  test('--version prints the version of the package', async () => {
    const { code, stdout } = await shop.run(['--version']);
    assert.equal(code, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  test('no command: the usage on stderr, exit 2', async () => {
    const { code, stdout, stderr } = await shop.run([]);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /Usage: nlr-vqa/);
  });
});

describe('train', () => {
  test('--json: one object with every promised number', async () => {
    const args = ['train', ...quick, '--seed', '3'];
    const { code, stdout, stderr } = await shop.run([...args, '--json']);
    assert.equal(code, 0);
    assert.equal(stderr, '');
    assert.equal(stdout.trim().split('\n').length, 1);
    const result = JSON.parse(stdout);
    const numbers = [
      ...['loss', 'lossTest', 'steps', 'reversals', 'violationRate', 'meanRate', 'evaluations', 'shots'],
      ...['seconds', 'arenaBytes', 'memoryPages', 'wasmBytes', 'seed', 'parameters', 'activeParameters'],
    ];
    for (const name of numbers) assert.equal(typeof result[name], 'number', name);
    for (const name of ['loss', 'observable']) assert.equal(typeof result.gradientNorm[name], 'number', name);
    assert.equal(result.rule, 'adam');
    assert.equal(result.alarm, false);
    assert.equal(result.steps, 60);
    assert.equal(result.seed, 3);
    assert.equal(result.shots, 0);
    assert.equal(result.memoryPages, 1);
    assert.deepEqual(result.classes, ['0', '1']);
    assert.match(result.trace, /^[0-9a-f]{16}$/);
    assert(result.accuracy.train > 0.98 && result.accuracy.test > 0.98);
    assert.equal((await shop.json(args)).trace, result.trace, 'the same seed, the same bits');
    assert.notEqual((await shop.json(['train', ...quick, '--seed', '4'])).trace, result.trace);
  });

  test('without --json: aligned lines without control characters, nothing on stderr', async () => {
    const { code, stdout, stderr } = await shop.run(['train', ...quick], { NO_COLOR: '1' });
    assert.equal(code, 0);
    assert.equal(stderr, '');
    assert.doesNotMatch(stdout, CONTROL);
    for (const name of [
      'loss, train',
      'accuracy, test',
      '|grad L|',
      'By class, on the test set',
      'trace',
      'arena',
    ]) {
      assert(stdout.includes(name), name);
    }
    // Nothing that a user could do nothing about: what the circuit is like, `plan` says.
    assert.doesNotMatch(stdout, /^(warning|note):/m);
    assert.match((await shop.run(['plan'])).stdout, /^note: \d+ of 60 parameters are outside .* light cone/m);
  });

  test('--gradient two-point, exact and with shots', async () => {
    for (const shots of ['exact', '20']) {
      const flags = ['--gradient', 'two-point', '--rule', 'nlr', '--steps', '3', '--batch', '4'];
      const result = await shop.json(['train', ...flags, '--shots', shots]);
      assert.equal(result.evaluations, 3 * 4 * 4);
      assert.equal((result.gradientNorm as { observable: unknown }).observable, null);
    }
  });

  test('digits as IDX files train to the same bits as the built-in ones', async () => {
    const files = (side: string) => [
      join(DIGITS, `${side}-images-idx3-ubyte.gz`),
      join(DIGITS, `${side}-labels-idx1-ubyte.gz`),
    ];
    const idx = ['--idx', ...files('train'), '--test-idx', ...files('t10k'), '--classes', '0,1'];
    const [own, builtIn] = await Promise.all([
      shop.json(['train', ...quick, ...idx]),
      shop.json(['train', ...quick]),
    ]);
    assert.equal(own.trace, builtIn.trace);
    assert.deepEqual(own.accuracy, builtIn.accuracy);
  });

  for (const rule of ['nlr-guarded', 'adam'] as const)
    test(`every model and training option is a flag, but a circuit, moments and the answerer: ${rule}`, async () => {
      // Those that have to suit one another; the rest is what the table of options has besides its default.
      const chosen: TrainingOptions = {
        ...{ rule, gradient: 'parameter-shift', engine: 'samples', workspace: 20000 },
        ...{ steps: 5, batch: 8, shots: 16, shotsBudget: 1e6, readoutError: 0.02, rate: 0.02 },
        // What mitigates noise needs an engine with noise, and not every rule goes with it.
        ...(rule === 'adam' && {
          engine: 'noisy',
          ...{ extrapolation: 'polynomial', scales: 4, extrapolationOrder: 2, shotsBudget: 1e7 },
        }),
        calibrationShots: rule === 'adam' ? 100 : 'none',
      };
      // Those that only other rules read are refused.
      const isRead = (name: string) => {
        if (APART.includes(name) || (rule !== 'adam' && OF_EXTRAPOLATIONS.includes(name))) return false;
        const row = (OPTIONS as readonly OptionRow[]).find(({ training }) => training?.name === name);
        const readers = readersOf(row?.name ?? '');
        return readers.length === 0 || readers.includes(rule);
      };
      const values = optionsWithFlag
        .filter(isRead)
        .map((name) => [name, chosen[name] ?? otherThanDefault(TRAINING[name])] as const);
      const flags = [
        ...['--preset', 'recommended', '--qubits', '3', '--layers', '2', '--encoding', 'amplitude'],
        ...['--observable', '0.5 Z0 Z1 + X2; Z1', '--head', 'linear', '--loss', 'bce'],
        ...(rule === 'adam' ? ['--noise', 'dephasing:0.01'] : []),
        ...values.flatMap(([name, value]) => {
          if (typeof value === 'boolean') return [`--${value ? '' : 'no-'}${kebab(name)}`];
          return [`--${kebab(name)}`, String(value)];
        }),
        ...[
          '--pool',
          '7x7',
          '--crop',
          '24x24+2+2',
          '--pca',
          '6',
          '--constant',
          '0.5',
          '--out',
          'flags.nlrvqa',
        ],
      ];
      const result = await shop.json(['train', ...flags]);
      assert.equal(result.features, 7);
      assert.equal(result.parameters, 18 + 2 + 1);
      const { training, model, pipeline } = await shop.json(['inspect', 'flags.nlrvqa']);
      const expected = { ...Object.fromEntries(values), moments: false, answerer: 'simulator' };
      assert.deepEqual(training, { ...(training as object), ...expected });
      assert.deepEqual((model as { observables: unknown }).observables, [
        [
          { pauli: 'Z0 Z1', coefficient: 0.5 },
          { pauli: 'X2', coefficient: 1 },
        ],
        [{ pauli: 'Z1', coefficient: 1 }],
      ]);
      assert.deepEqual(pipeline, [
        { kind: 'crop', inputs: 784, outputs: 576 },
        { kind: 'pool', inputs: 576, outputs: 49 },
        { kind: 'pca', inputs: 49, outputs: 6 },
        { kind: 'constant', inputs: 6, outputs: 7 },
      ]);
    });

  test("the paper's preset is the paper's model, and its alarm is explained", async () => {
    const { code, stdout } = await shop.run(['train', '--preset', 'paper', '--steps', '20', '--json']);
    assert.equal(code, 0);
    const result = JSON.parse(stdout);
    assert.deepEqual(
      [result.rule, result.qubits, result.features, result.parameters, result.activeParameters],
      ['nlr', 6, 8, 90, 44],
    );
    assert.equal(result.shots, 1000 * result.evaluations);
    const explained = result.warnings.some((text: string) => text.includes('reversals outweighed descent'));
    assert.equal(explained, result.alarm);
    assert.equal(result.alarm, result.meanRate < 0);
  });

  test('a CSV of three classes, by softmax and by one against the rest', async () => {
    const args = ['train', '--csv', 'three.csv', '--label', 'kind', ...quick];
    for (const how of ['softmax', 'one-vs-rest']) {
      const out = `${how}.nlrvqa`;
      const result = await shop.json([...args, '--multiclass', how, '--out', out]);
      assert.deepEqual(result.classes, ['blue', 'green', 'red']);
      assert.deepEqual(result.samples, { train: 72, test: 18 });
      const found = await shop.json(['evaluate', out, '--csv', 'three.csv', '--label', 'kind']);
      assert(Number(found.accuracy) > 0.95, `${how}: ${found.accuracy}`);
      assert.equal(found.rows, 90);
    }
  });

  test('few columns need no components, many are reduced to what fits', async () => {
    const few = await shop.json(['train', '--csv', 'two.csv', '--label', 'kind', ...quick]);
    assert.equal(few.features, 4);
    const header = [...Array.from({ length: 40 }, (_, i) => `c${i}`), 'kind'].join(',');
    const lines = Array.from({ length: 60 }, (_, row) =>
      [...Array.from({ length: 40 }, (_, i) => Math.sin(row * i + row)), row % 2].join(','),
    );
    await shop.write('wide.csv', `${[header, ...lines].join('\n')}\n`);
    const wide = await shop.json(['train', '--csv', 'wide.csv', '--label', '-1', ...quick, '--qubits', '3']);
    assert.equal(wide.features, 8);
  });

  test('angle encoding, and a test set of its own', async () => {
    const args = ['--csv', 'two.csv', '--label', '3', '--test-csv', 'two.csv', '--encoding', 'angle'];
    const result = await shop.json(['train', ...args, '--qubits', '3', ...quick]);
    assert.equal(result.features, 3);
    assert.deepEqual(result.samples, { train: 60, test: 60 });
    const { train, test: tested } = result.accuracy as { train: number; test: number };
    assert.equal(train, tested);
  });

  test('--test-fraction 0 keeps every row for training', async () => {
    const args = ['--csv', 'two.csv', '--label', 'kind', '--test-fraction', '0'];
    const result = await shop.json(['train', ...args, ...quick]);
    assert.deepEqual(result.samples, { train: 60, test: 0 });
    assert.deepEqual([result.lossTest, (result.accuracy as { test: unknown }).test], [null, null]);
  });

  test('--evaluate-every prints the aggregate loss on the way and changes no bit', async () => {
    const args = ['train', '--csv', 'two.csv', '--label', 'kind', ...quick];
    const plain = await shop.json(args);
    const { stdout, stderr } = await shop.run([...args, '--evaluate-every', '25', '--json']);
    const result = JSON.parse(stdout);
    assert.equal(result.trace, plain.trace);
    assert.deepEqual(
      result.history.map(({ step }: { step: number }) => step),
      [25, 50, 60],
    );
    assert.equal(result.history[2].loss, plain.loss);
    assert.match(withoutReading(stderr), /^step 25\/60 {2}aggregate loss 0\.\d+\nstep 50\/60/);
    const quiet = await shop.run([...args, '--evaluate-every', '25', '--json', '--quiet']);
    assert.equal(quiet.stderr, '');
  });
});

describe('a trained model', () => {
  const model = ['model.nlrvqa'];
  before(async () => {
    const args = ['train', '--csv', 'two.csv', '--label', 'kind', ...quick, '--out', ...model];
    const { code, stderr } = await shop.run(args);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /wrote .*model\.nlrvqa/);
  });

  test('predicts a line a row, with or without the label column', async () => {
    const csv = clusters(['no', 'yes'], 8);
    await shop.write('labelled.csv', csv);
    const features = csv
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(0, line.lastIndexOf(',')));
    await shop.write('rows.csv', `${features.join('\n')}\n`);
    const dropped = await shop.run(['predict', ...model, '--csv', 'labelled.csv', '--label', 'kind']);
    const plain = await shop.run(['predict', ...model, '--csv', 'rows.csv']);
    assert.equal(plain.code, 0, plain.stderr);
    assert.equal(plain.stdout, dropped.stdout);
    const lines = plain.stdout.trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => line.split(',')[0]),
      Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? 'no' : 'yes')),
    );
    for (const line of lines) assert.match(line, /^(no|yes),-?\d/);
    const { predictions } = await shop.json(['predict', ...model, '--csv', 'rows.csv']);
    assert.deepEqual(
      (predictions as { label: string; scores: number[] }[]).map(({ label, scores }) =>
        [label, ...scores].join(','),
      ),
      lines,
    );
  });

  test('evaluates with shots, the same for the same seed', async () => {
    const args = ['evaluate', ...model, '--csv', 'two.csv', '--label', 'kind'];
    const exact = await shop.json(args);
    assert.equal(exact.accuracy, 1);
    const losses = [];
    for (const seed of ['5', '5', '6']) {
      losses.push((await shop.json([...args, '--shots', '10', '--seed', seed])).loss);
    }
    assert.equal(losses[0], losses[1]);
    assert.notEqual(losses[0], losses[2]);
    assert.notEqual(losses[0], exact.loss);
  });

  test('--classes keeps some of the labels of other data', async () => {
    await shop.write('more.csv', clusters(['no', 'yes', 'maybe'], 30));
    const args = ['evaluate', ...model, '--csv', 'more.csv', '--label', 'kind'];
    assert.equal((await shop.json([...args, '--classes', 'yes,no'])).rows, 20);
  });

  test('is evaluated on IDX files named before it', async () => {
    const files = ['images-idx3', 'labels-idx1'].map((name) => join(DIGITS, `t10k-${name}-ubyte.gz`));
    const idx = ['--idx', ...files, 'defaults.nlrvqa'];
    assert.equal((await shop.json(['evaluate', ...idx])).rows, 1000);
    const { predictions } = await shop.json(['predict', '--idx', files[0], 'defaults.nlrvqa']);
    assert.equal((predictions as unknown[]).length, 1000);
  });

  test('is described by inspect', async () => {
    const found = await shop.json(['inspect', ...model]);
    assert.equal(found.kind, 'model');
    assert.deepEqual(found.classes, ['no', 'yes']);
    assert.equal(found.parameters, 65);
    assert.equal(found.bytes, (await shop.read('model.nlrvqa')).length);
    const { stdout } = await shop.run(['inspect', ...model]);
    assert.match(stdout, /preprocessing {2}columns 3 -> 3\n +standardise 3 -> 3\n +constant 3 -> 4\n/);
  });
});

describe('plan', () => {
  test('one model per class costs as many models, as training it does', async () => {
    const flags = ['--multiclass', 'one-vs-rest', '--shots', 'exact'];
    const planned = await shop.json(['plan', ...flags, '--classes', 'a,b,c', '--features', '4']);
    const data = ['--csv', 'three.csv', '--label', 'kind', '--steps', '1'];
    const trained = await shop.json(['train', ...flags, ...data]);
    assert.equal(planned.models, 3);
    assert.equal(planned.memoryPages, trained.memoryPages);
    assert.equal(planned.evaluationsPerStep, trained.evaluations);
    const { stdout } = await shop.run(['plan', ...flags, '--classes', 'a,b,c']);
    assert.match(stdout, /^models +3, one a class/m);
  });

  test('--json has every promised number', async () => {
    const found = await shop.json(['plan', '--preset', 'paper', '--target', 'device']);
    const numbers = [
      'arenaBytes',
      'memoryPages',
      'evaluationsPerStep',
      'shotsPerStep',
      'gateApplicationsPerStep',
    ];
    for (const name of numbers) assert.equal(typeof found[name], 'number', name);
    assert.equal(found.fits, true);
    assert.equal(found.shotsPerStep, 1000 * Number(found.evaluationsPerStep));
    assert.equal(found.millisecondsPerStep, null);
    const single = await shop.json(['plan', '--preset', 'paper', '--target', 'device-f32']);
    assert(Number(single.arenaBytes) < 0.7 * Number(found.arenaBytes));
  });

  test('what does not fit gets advice that, taken, fits; exit 0 all the same', async () => {
    const { code, stdout } = await shop.run(['plan', '--budget-bytes', '12000', '--json']);
    assert.equal(code, 0);
    const { fits, advice } = JSON.parse(stdout);
    assert.equal(fits, false);
    const [, batch] = /reduce the batch from 32 to (\d+)/.exec(advice.join('\n')) ?? [];
    assert(batch !== undefined, advice.join('\n'));
    const taken = await shop.json(['plan', '--budget-bytes', '12000', '--batch', batch]);
    assert.equal(taken.fits, true);
  });

  test('what a module lacks is refused by its name', async () => {
    for (const [flags, said] of [
      [['--rule', 'armijo', '--target', 'device'], /--rule is 'armijo', which this module does not have/],
      [
        ['--noise', 'damping:0.1', '--extrapolation', 'linear', '--target', 'device-fast-f32'],
        /--extrapolation is 'linear', which this module does not have/,
      ],
      [
        ['--noise', 'damping:0.1', '--target', 'device'],
        /--noise is a list of channels, which this module does not/,
      ],
      [['--target', 'device-columns'], /expected one of .*device-columns-f32/],
    ] as const) {
      const { code, stderr } = await shop.run(['plan', ...flags]);
      assert.match(stderr, said);
      assert.equal(code, 2);
    }
    const columns = await shop.json([
      'plan',
      '--preset',
      'paper',
      '--shots',
      'exact',
      '--target',
      'device-columns-f32',
    ]);
    assert.equal(columns.engine, 'columns');
  });

  test('a time budget uses the rate given, or measures one here and says so', async () => {
    const given = await shop.json(['plan', '--budget-ms', '1', '--gate-ns', '1000']);
    assert.equal(given.millisecondsPerStep, Number(given.gateApplicationsPerStep) / 1000);
    assert.equal(given.fits, false);
    const { stderr, stdout } = await shop.run(['plan', '--budget-ms', '10000']);
    assert.match(stderr, /measured [\d.]+ ns a gate application/);
    assert.match(stdout, /fits +yes/);
  });
});

describe('demo', () => {
  test('compares five runs, writes the recommended model, and its next commands work', async () => {
    const { code, stdout, stderr } = await shop.run(['demo', '--steps', '3', '--json']);
    assert.equal(code, 0, stderr);
    const { runs, conclusion, next } = JSON.parse(stdout);
    assert.deepEqual(
      runs.map(({ model, rule }: { model: string; rule: string }) => `${model} ${rule}`),
      ['paper nlr', 'paper nlr-guarded', 'paper adam', 'recommended adam', 'recommended frugal'],
    );
    const [adam, frugal] = runs.slice(-2);
    assert(frugal.shots > 0 && frugal.shots <= adam.shots);
    assert.equal(conclusion.length, 4);
    const sentence =
      /reversed \d of 3 steps, .* where more than 33\.3 % .* saw (1 rise|[023] rises) and reversed \d/;
    assert.match(conclusion[1], sentence);
    assert(existsSync(shop.path('recommended.nlrvqa')));
    assert.equal(next.length, 2);
    for (const command of next) {
      const args = command.replace(/^node \S+ /, '').split(' ');
      assert.equal((await shop.run(args)).code, 0, command);
    }
  });

  test('prints a table and the commands for people', async () => {
    const { code, stdout, stderr } = await shop.run(['demo', '--steps', '2', '--out', 'demo.nlrvqa']);
    assert.equal(code, 0);
    assert.equal(stderr, 'nlr-vqa: wrote demo.nlrvqa\n');
    assert.doesNotMatch(stdout, CONTROL);
    assert.match(stdout, /configuration +loss/);
    assert.match(stdout, /Next:\n {2}node \S+ evaluate demo\.nlrvqa --shots 100\n/);
  });
});
