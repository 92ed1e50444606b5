/** Trainings on worker threads, as the package has them: the bits, the order, the errors and the end of each. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CoreError, DataError, FormatError, NlrError, OptionError } from '../../../host/core/errors.ts';
import type { Dataset, TrainerOptions } from '../../../host/index.ts';
import type { RunProgress, TrainedRun, TrainingRun } from '../../../host/parallel/index.ts';
import { errorOf, named, refusalOf } from '../../../host/parallel/refusal.ts';
import { MODEL, rowsOf, TRAINING } from '../../support/host-data.ts';

// Threads run the built package, whose classes are not those of the sources.
const dist = new URL('../../../dist/', import.meta.url);
const library = (await import(new URL('index.js', dist).href)) as typeof import('../../../host/index.ts');
const { trainAll, trainSeeds } = (await import(
  new URL('parallel.js', dist).href
)) as typeof import('../../../host/parallel/index.ts');

const dataset = rowsOf(['no', 'yes']);
const held = rowsOf(['no', 'yes'], 7);
const options = { model: MODEL, training: TRAINING, dataset };

/** What `Trainer.create` takes of a training. */
function withoutThreads({ name: _, test: __, evaluateEvery: ___, ...given }: TrainingRun): TrainerOptions {
  return given;
}

/** The same training in this thread, without the helper. */
async function alone(run: TrainingRun) {
  const { test: tested, evaluateEvery } = run;
  const trainer = await library.Trainer.create(withoutThreads(run));
  const losses: number[] = [];
  const history: { step: number; loss: number }[] = [];
  for await (const { step, loss } of trainer.fit()) {
    losses.push(loss);
    const last = step === trainer.training.steps;
    if (evaluateEvery && (step % evaluateEvery === 0 || last))
      history.push({ step, loss: trainer.evaluate(run.dataset).loss });
  }
  return {
    seed: trainer.training.seed,
    trace: trainer.trace,
    report: trainer.report,
    losses: Float64Array.from(losses),
    history,
    model: trainer.save(),
    train: trainer.evaluate(run.dataset),
    test: tested && trainer.evaluate(tested),
  };
}

/** What does not depend on the clock. */
function lasting({ seconds: _, name: __, ...rest }: TrainedRun) {
  return rest;
}

/** The first step that a training from a seed cannot do. */
async function lastStep(run: TrainingRun, seed: number): Promise<number> {
  const trainer = await library.Trainer.create({ ...run, training: { ...run.training, seed } });
  await assert.rejects(async () => {
    for await (const _ of trainer.fit());
  });
  return trainer.steps;
}

describe('trainSeeds', () => {
  const kinds: Record<string, TrainingRun> = {
    exact: { ...options, test: held },
    shots: { ...options, training: { ...TRAINING, shots: 50, rule: 'nlr-guarded' }, evaluateEvery: 4 },
    softmax: { ...options, model: { ...MODEL, classes: 3 }, dataset: rowsOf(['a', 'b', 'c']) },
    'one model per class': { ...options, dataset: rowsOf(['a', 'b', 'c']), oneVsRest: true },
    preprocessed: { ...options, pipeline: [{ kind: 'scale', factor: 0.5 }], evaluateEvery: 1 },
  };
  for (const [kind, run] of Object.entries(kinds)) {
    test(`${kind}: every seed has the bits of its single run, in the order of the seeds`, async () => {
      const seeds = [5, 2 ** 40, 2, 9];
      const found = await trainSeeds({ ...run, seeds, threads: 3 });
      assert.deepEqual(
        found.map(({ name }) => name),
        seeds.map((seed) => `seed ${seed}`),
      );
      for (const [i, seed] of seeds.entries()) {
        const single = await alone({ ...run, training: { ...run.training, seed } });
        assert.deepEqual(lasting(found[i]), single);
        assert(found[i].seconds >= 0);
      }
      assert.equal(new Set(found.map(({ trace }) => trace)).size, seeds.length);
    });
  }

  test('the number of threads changes nothing', async () => {
    const seeds = [1, 2, 3, 4, 5];
    const [one, ...others] = await Promise.all(
      [1, 2, 7, undefined].map(async (threads) =>
        (await trainSeeds({ ...options, seeds, threads })).map(lasting),
      ),
    );
    for (const other of others) assert.deepEqual(other, one);
  });

  test('another build of the core may be given as bytes', async () => {
    const run = { ...options, wasm: await readFile(new URL('core.device-f32.wasm', dist)) };
    const [found] = await trainSeeds({ ...run, seeds: [3] });
    const training = { ...TRAINING, seed: 3 };
    assert.deepEqual(lasting(found), await alone({ ...run, training }));
    assert.notEqual(found.trace, (await alone({ ...options, training })).trace);
  });

  test('what is wrong with every seed is said without one', async () => {
    const refused: [object, RegExp, object][] = [
      [{ threads: 0 }, /^threads is 0; expected a whole number from 1 to 256$/, { option: 'threads' }],
      [{ threads: 1.5 }, /^threads is 1\.5/, { option: 'threads' }],
      [{ seeds: [] }, /^seeds is \[\]; expected one seed at least$/, { option: 'seeds' }],
      [
        { seeds: [4, 7, 4] },
        /^seeds is \[4,7,4\]; expected different ones: 4 comes twice$/,
        { option: 'seeds' },
      ],
      [{ seeds: [1, -1] }, /^seed is -1; expected/, { option: 'seed' }],
      [{ model: { ...MODEL, qubits: 99 } }, /^qubits is 99; expected/, { option: 'qubits' }],
      [{ training: { steps: 0 } }, /^steps is 0; expected/, { option: 'steps' }],
    ];
    for (const [change, message, fields] of refused) {
      await assert.rejects(trainSeeds({ ...options, seeds: [1, 2], ...change }), (error) => {
        assert(error instanceof library.OptionError);
        assert.match(error.message, message);
        assert.deepEqual({ ...error, ...fields }, { ...error });
        return true;
      });
    }
    const narrow: Dataset = { ...held, columns: 1, features: held.features.slice(0, 7) };
    await assert.rejects(
      trainSeeds({ ...options, seeds: [1], test: narrow }),
      (error) => error instanceof library.DataError && error.code === 'ERR_DATA_FEATURES',
    );
  });

  test('a seed that fails names itself and stops the others', async () => {
    const diverging: TrainingRun = {
      model: { ...MODEL, loss: 'mse' },
      training: { rule: 'sgd', schedule: 'constant', rate: 0.1, headRate: 1, batch: 4, steps: 5000 },
      dataset,
    };
    const candidates = [1, 2, 3, 4, 5, 6];
    const steps = await Promise.all(candidates.map((seed) => lastStep(diverging, seed)));
    const [early, late] = [Math.min(...steps), Math.max(...steps)];
    assert(early < late, `${steps}`);
    const [failing, lasting] = [early, late].map((step) => candidates[steps.indexOf(step)]);
    const run = { ...diverging, training: { ...diverging.training, steps: late } };
    const seeds = [lasting, failing];
    await assert.rejects(trainSeeds({ ...run, seeds }), (error) => {
      assert(error instanceof library.CoreError);
      assert.equal(error.code, 'ERR_CORE_DIVERGED');
      assert.match(error.message, new RegExp(`^seed ${failing}: while training: training left the finite`));
      assert.match(error.stack ?? '', new RegExp(`seed ${failing}: .*\n +at `));
      return true;
    });
    const outcomes = await trainAll(seeds.map((seed) => ({ ...run, training: { ...run.training, seed } })));
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
  });
});

describe('trainAll', () => {
  test('different trainings, some prepared when their turn comes, in the order given', async () => {
    const ended: string[] = [];
    const prepared: number[] = [];
    let othersEnded: () => void = () => {};
    const untilOthersEnd = new Promise<void>((resolve) => {
      othersEnded = resolve;
    });
    const run = (steps: number): TrainingRun => ({
      ...options,
      name: `${steps} steps`,
      training: { ...TRAINING, steps },
    });
    const later = (steps: number) => async () => {
      prepared.push(steps);
      return run(steps);
    };
    const onProgress = ({ name, report, steps }: RunProgress) => {
      // A slow thread tells of the last step itself, too.
      if (report.step === steps && !ended.includes(name)) ended.push(name);
      if (ended.length === 4) othersEnded();
    };
    const slow = async () => {
      await untilOthersEnd;
      return run(5);
    };
    const planned = [slow, later(1), later(2), run(3), later(4)];
    const outcomes = await trainAll(planned, { threads: 2, onProgress });
    const names = outcomes.map((outcome) => outcome.status === 'fulfilled' && outcome.value.name);
    assert.deepEqual(names, ['5 steps', '1 steps', '2 steps', '3 steps', '4 steps']);
    assert.deepEqual(prepared, [1, 2, 4]);
    assert.equal(ended.at(-1), '5 steps', 'nothing waits for the first one');
    assert.deepEqual([...ended].sort(), [...names].sort());
    assert.deepEqual(await trainAll([]), []);
  });

  test('errors have the class, the code and the fields that they have without threads', async () => {
    const bad = { ...dataset, lines: Int32Array.from(dataset.labels, (_, i) => i + 2) };
    const broken: TrainingRun[] = [
      {
        ...options,
        name: 'no number',
        dataset: { ...bad, features: dataset.features.map(() => Number.NaN) },
      },
      { ...options, name: 'zeros', dataset: { ...bad, features: dataset.features.map(() => 0) } },
      { ...options, name: 'typo', training: { steep: 1 } as object },
      { ...options, name: 'rubbish', wasm: Uint8Array.of(1, 2, 3) },
      { ...options, name: 'no step', evaluateEvery: 0 },
      { ...options, name: 'no data', dataset: undefined as unknown as Dataset },
    ];
    const outcomes = await trainAll([...broken, options]);
    const classes = [library.DataError, library.DataError, library.OptionError, library.CoreError];
    for (const [i, expected] of [...classes, library.OptionError, library.OptionError].entries()) {
      const [outcome, { name }] = [outcomes[i], broken[i]];
      assert(outcome.status === 'rejected' && outcome.reason instanceof expected, name);
      assert(outcome.reason.message.startsWith(`${name}: `), outcome.reason.message);
      if (i >= classes.length) continue;
      await assert.rejects(
        library.Trainer.create(withoutThreads(broken[i])),
        (error: InstanceType<typeof library.NlrError>) => {
          assert.equal(outcome.reason.message, `${name}: ${error.message}`);
          assert.deepEqual({ ...outcome.reason }, { ...error });
          return true;
        },
      );
    }
    assert.equal(outcomes.at(-1)?.status, 'fulfilled');
  });

  test('an error that preparing throws is the one of its training', async () => {
    const [first, second] = await trainAll([
      () => {
        throw new RangeError('nothing there');
      },
      options,
    ]);
    assert(first.status === 'rejected' && first.reason.message === 'nothing there');
    assert.equal(second.status, 'fulfilled');
  });
});

describe('progress', () => {
  test('never goes back, has every aggregate loss, and ends with the last report', async () => {
    const told = new Map<string, RunProgress[]>();
    const onProgress = (progress: RunProgress) => {
      told.set(progress.name, [...(told.get(progress.name) ?? []), progress]);
    };
    const runs = await trainSeeds({ ...options, seeds: [1, 2, 3], evaluateEvery: 1, onProgress });
    assert.equal(told.size, 3);
    for (const { name, seed, report, history } of runs) {
      const list = told.get(name) as RunProgress[];
      const steps = list.map((progress) => progress.report.step);
      assert.deepEqual(
        steps,
        [...steps].sort((a, b) => a - b),
      );
      assert(list.every((progress) => progress.seed === seed && progress.steps === TRAINING.steps));
      assert.deepEqual(
        list.flatMap(({ aggregate }) => aggregate ?? []),
        history,
      );
      assert.deepEqual(list.at(-1), { name, seed, steps: TRAINING.steps, report });
    }
  });

  test('whoever is told may stop everything by throwing', async () => {
    const enough = new Error('enough');
    const endless = { ...options, training: { ...TRAINING, steps: 1e9 } };
    const onProgress = () => {
      throw enough;
    };
    await assert.rejects(trainSeeds({ ...endless, seeds: [1, 2], onProgress }), enough);
  });
});

describe('an abort', () => {
  test('before the start, and in the middle, rejects with its reason', async () => {
    const endless = { ...options, training: { ...TRAINING, steps: 1e9 } };
    const reason = new Error('stop');
    const early = trainSeeds({ ...endless, seeds: [1], signal: AbortSignal.abort(reason) });
    await assert.rejects(early, reason);
    const controller = new AbortController();
    const onProgress = () => controller.abort(reason);
    const { signal } = controller;
    await assert.rejects(trainSeeds({ ...endless, seeds: [1, 2, 3], signal, onProgress }), reason);
    await assert.rejects(trainAll([endless], { signal }), reason);
  });

  test('leaves no thread behind that would keep the process', () => {
    const program = `
      import { trainSeeds } from './dist/parallel.js';
      const dataset = { features: Float64Array.of(1, 2, 2, 1), rows: 2, columns: 2,
        labels: Int32Array.of(0, 1), classes: ['a', 'b'], name: 'rows' };
      const training = { steps: 1e9 };
      const run = { model: { qubits: 2, features: 2 }, training, dataset, seeds: [1, 2, 3, 4] };
      const stop = new AbortController();
      let told = 0;
      const onProgress = () => ++told === 3 && stop.abort();
      const { name } = await trainSeeds({ ...run, signal: stop.signal, onProgress }).catch((error) => error);
      console.log(name);`;
    const cwd = fileURLToPath(new URL('../../..', import.meta.url));
    const args = ['--input-type=module', '-e', program];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
    assert.deepEqual([stdout, stderr, status], ['AbortError\n', '', 0]);
  });
});

describe('an error that crosses threads', () => {
  const cause = new Error('cause');
  const errors = [
    new NlrError('ERR_DATA_FILE', 'plain'),
    new DataError('ERR_DATA_NUMBER', "'x' is no number", { file: 'a.csv', line: 3, column: 7 }, { cause }),
    new OptionError('ERR_OPTION_VALUE', 'rate is 0', 'rate'),
    new FormatError('ERR_FORMAT_MAGIC', 'another kind of file', 'm.nlrvqa'),
    new CoreError(-11, 'while training'),
    new CoreError(Number.NaN, 'no module'),
  ];
  for (const error of errors) {
    test(`${error.name} ${error.code} is the same on the other side`, () => {
      const refusal = refusalOf(error);
      assert(refusal !== undefined);
      const copy = errorOf(structuredClone(refusal));
      assert.equal(copy.constructor, error.constructor);
      assert.deepEqual({ ...copy }, { ...error });
      assert.deepEqual([copy.message, copy.stack, String(copy)], [error.message, error.stack, String(error)]);
      assert.equal(Object.prototype.toString.call(copy), '[object Error]');
      const message = `seed 3: ${error.message}`;
      assert.equal(named('seed 3', copy).message, message);
      assert(copy.stack?.includes(message));
    });
  }

  test('others are left alone', () => {
    assert.equal(refusalOf(new TypeError('no')), undefined);
    assert.equal(named('seed 1', 'text').message, 'seed 1: text');
  });
});

describe('a thread that ends by itself', () => {
  const endless = { ...options, training: { ...TRAINING, steps: 1e9 } };
  for (const [what, start] of [
    ['trainSeeds', () => trainSeeds({ ...endless, seeds: [1, 2], threads: 2 })],
    ['trainAll', () => trainAll([endless, endless, endless], { threads: 2 })],
  ] as const) {
    test(`stops all of ${what} with an error of the package`, async () => {
      process.once('worker', (worker) => {
        worker.once('online', () => void worker.terminate());
      });
      await assert.rejects(start(), (error: Error) => {
        assert(error instanceof library.NlrError, error.stack);
        assert.equal(error.code, 'ERR_PARALLEL_THREAD');
        assert.match(error.message, /a thread ended with exit code 1; all trainings are stopped$/);
        return true;
      });
    });
  }
});

test('what the library does not take, threads do not take either, and say the same', async () => {
  const single = { ...dataset, features: Float32Array.from(dataset.features) } as unknown as Dataset;
  const wrong = { ...options, name: 'single', dataset: single };
  const [outcome] = await trainAll([wrong]);
  assert(outcome.status === 'rejected');
  await assert.rejects(library.Trainer.create(withoutThreads(wrong)), (error: Error) => {
    assert.equal(outcome.reason.message, `single: ${error.message}`);
    return error.message === 'features is a Float32Array; expected a Float64Array';
  });
  const uncloneable = { ...options, training: { steps: () => 1 } } as unknown as TrainingRun;
  const [refused] = await trainAll([uncloneable]);
  assert(refused.status === 'rejected' && refused.reason instanceof library.OptionError);
});

test('an error whose message cannot be changed does not hide behind another one', () => {
  const frozen = Object.freeze(new RangeError('cold'));
  const aborted = new DOMException('gone', 'AbortError');
  class Own extends Error {
    override get message() {
      return 'own';
    }
  }
  for (const [error, before] of [
    [frozen, 'cold'],
    [aborted, 'gone'],
    [new Own(), 'own'],
  ] as const) {
    const found = named('seed 4', error);
    assert.equal(found.message, `seed 4: ${before}`);
    assert(found === error || found.cause === error);
  }
  assert.equal(named('seed 4', Object.create(null)).message, 'seed 4: {}');
});

/** What needs no class of the library: its errors are those of the main entry in every bundle. */
const SHARED = ['../index.ts', '../core/checks.ts', '../core/core.ts', '../data/dataset.ts'];

test('the entry takes the library from the main one, whose classes its errors then have', async () => {
  const folder = new URL('../../../host/parallel/', import.meta.url);
  const sources = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
  assert(sources.length > 5);
  for (const name of sources) {
    const text = await readFile(new URL(name, folder), 'utf8');
    for (const [, from] of text.matchAll(/ from '(\.\.\/[^']*)'/g))
      assert(SHARED.includes(from), `${name} imports ${from}`);
  }
});
