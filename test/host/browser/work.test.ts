/** The page's work, told by a clock of its own: what is trained, drawn, prepared, told in which order, and taken home. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, type TestContext, test } from 'node:test';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { DEFAULTS } from '../../../host/browser/settings/presets.ts';
import { readSettings } from '../../../host/browser/settings/link.ts';
import type { Settings } from '../../../host/browser/settings/settings.ts';
import { prepareData, type Prepared } from '../../../host/browser/work/data.ts';
import { cArray, fileOf } from '../../../host/browser/work/files.ts';
import { firmware } from '../../../host/browser/work/fit.ts';
import { pointsOf, surfaceOf, tested } from '../../../host/browser/work/looks.ts';
import type { Batch } from '../../../host/browser/work/messages.ts';
import { modelOf, trainingOf } from '../../../host/browser/work/options.ts';
import { sliceOf, type Variance, variances, waysOf } from '../../../host/browser/work/plateau.ts';
import { type Progress, solve } from '../../../host/browser/work/problems.ts';
import { layOut } from '../../../host/browser/work/race.ts';
import { workbench } from '../../../host/browser/work/workbench.ts';
import { Trainer } from '../../../host/index.ts';
import { assertGolden } from '../../support/golden.ts';

const folder = new URL('../../../host/data/mnist-0-1/', import.meta.url);
const digits = async (name: string) => new Uint8Array(await readFile(new URL(name, folder)));
const settingsOf = (link: string) => readSettings(link).settings;
const golden = (name: string, text: string) => assertGolden(new URL(name, import.meta.url), text);

/** Five digits, lists of numbers on a line each; traces are of all bits, and are compared with the library's elsewhere. */
const rounded = (value: unknown) =>
  JSON.stringify(
    value,
    (_, each) => {
      if (ArrayBuffer.isView(each)) return Array.from(each as Float64Array);
      if (typeof each !== 'number') return each;
      if (Number.isNaN(each)) return 'none';
      return Math.abs(each) < 1e-9 ? 0 : Number(each.toPrecision(5));
    },
    1,
  )
    .replaceAll(/"trace": "[0-9a-f]+"/g, '"trace": "…"')
    .replaceAll(/[[{][^[\]{}]*[\]}]/g, (list) => list.replaceAll(/\s+/g, ' '));

/** Time that passes where something waits, and at once. */
function clockOf({ mock }: Pick<TestContext, 'mock'>) {
  const clock = { now: 0, waited: [] as number[] };
  mock.method(performance, 'now', () => clock.now);
  mock.method(globalThis, 'setTimeout', ((call: () => void, ms = 0) => {
    clock.now += ms;
    clock.waited.push(ms);
    return setImmediate(call);
  }) as never);
  return clock;
}

/** Rows of two numbers by whole numbers, which every engine has alike. */
function rowsOf(count: number, classes = ['a', 'b']) {
  return {
    features: Float64Array.from({ length: 2 * count }, (_, k) => ((k * 5) % 7) / 4 - (Math.floor(k / 2) % 2)),
    ...{ rows: count, columns: 2, classes, name: 'rows' },
    labels: Int32Array.from({ length: count }, (_, i) => i % classes.length),
  };
}
const prepared: Prepared = { train: rowsOf(12), test: rowsOf(6), pipeline: [], features: 2 };
const SMALL = '#train?layers=1&reuploads=1&batch=4&steps=4';

describe('settings as the library takes them', () => {
  test('are a model and a training without what has no use', () => {
    const changes: readonly Partial<Settings>[] = [
      {},
      ...([{ encoding: 'amplitude' }, { encoding: 'zz', entangler: 'ring', entanglerGate: 'cz' }] as const),
      ...([{ layout: 'qcnn' }, { layout: 'qcnn', encoding: 'amplitude' }, { layout: 'mirrored' }] as const),
      ...([
        { head: 'none' },
        { head: 'none', observable: 'z0', loss: 'mse' },
        { observable: 'parity' },
      ] as const),
      { initialisation: 'zero', qubits: 3, layers: 7, reuploads: 2 },
    ];
    const models = changes.map((change) =>
      [JSON.stringify(change), rounded(modelOf({ ...DEFAULTS, ...change }, 3)), ''].join('\n'),
    );
    const arms = [
      { rule: 'nlr', options: { rate: 0.1, headRate: 0.2 } },
      { rule: 'frugal', options: { headRate: 0.2 } },
    ] as const;
    const trainings = [{}, { shots: 0 }, { head: 'none' }, { shots: 0, head: 'none' }].flatMap((change) =>
      arms.map((arm) =>
        [
          `${JSON.stringify(change)} ${arm.rule}`,
          rounded(trainingOf({ ...DEFAULTS, ...change } as Settings, arm)),
          '',
        ].join('\n'),
      ),
    );
    assert.equal(modelOf(DEFAULTS, 3).classes, 2);
    assert.equal(modelOf(DEFAULTS, 3, 5).classes, 5);
    golden('options.txt', [...models, ...trainings].join(''));
  });

  test('prepare data by what encodes them', async () => {
    const table = (columns: number) => ({
      name: 'own.csv',
      text: Array.from({ length: 40 }, (_, row) =>
        [...Array.from({ length: columns }, (_, k) => (row * (k + 3)) % 11), row % 2 ? 'x' : 'y'].join(','),
      ).join('\n'),
    });
    const named = { ...table(2), text: `a,b,kind\n${table(2).text.replace('0,0,', '0,,')}\n` };
    const cases = [
      ['#train?data=digits&qubits=4'] as const,
      ['#train?data=digits&qubits=4&encoding=amplitude&head=none'] as const,
      ...['angle', 'amplitude', 'zz'].flatMap((encoding) =>
        ['linear', 'none'].map(
          (head) => [`#train?data=csv&qubits=2&encoding=${encoding}&head=${head}`, table(9)] as const,
        ),
      ),
      ['#train?data=csv&qubits=3&encoding=amplitude&head=none', table(8)] as const,
      ['#train?data=csv&qubits=4&encoding=amplitude&head=none', table(9)] as const,
      ['#train?data=csv&qubits=3&encoding=amplitude', table(7)] as const,
      ['#train?data=csv&qubits=3&encoding=amplitude', table(8)] as const,
      ['#train?data=csv&qubits=2&label=0', table(2)] as const,
      ['#train?data=csv&qubits=2&label=-1', table(2)] as const,
      ['#train?data=csv&qubits=2&label=kind', named] as const,
      ['#train?data=ad-hoc&encoding=zz'] as const,
      ['#train?data=ad-hoc&encoding=angle'] as const,
      ['#train?data=ad-hoc&encoding=amplitude'] as const,
      ['#train?data=gaussians&rows=40&qubits=3'] as const,
      ['#train?rows=40&qubits=1'] as const,
      ['#train?rows=40&qubits=2'] as const,
    ];
    const lines: string[] = [];
    for (const [link, own] of cases) {
      const { train, test: held, pipeline, features } = await prepareData(settingsOf(link), own, digits);
      const steps = pipeline.map((step) =>
        [
          step.kind,
          ...Object.entries(step).flatMap(([name, value]) =>
            typeof value === 'number' ? [`${name} ${value}`] : [],
          ),
        ].join(' '),
      );
      const single = [...train.features.slice(0, 50)].every((value) => value === Math.fround(value));
      lines.push(
        `${link}${own ? ` with ${own.text.split('\n')[1]}` : ''}\n  ${train.rows} and ${held.rows} rows of ${train.columns}${single ? ', of single precision' : ''}, ${train.classes.join(' or ')}: ${steps.join(', ')}: ${features}`,
      );
    }
    golden('data.txt', `${lines.join('\n')}\n`);
  });
});

describe('a race', () => {
  test('writes down of each step what the page draws', async () => {
    const texts: string[] = [];
    const links = [
      `${SMALL}&shots=20&rules=nlr:rate=0.3,adam,nlr-guarded,sgd`,
      `${SMALL}&steps=8&shots=0&rules=nlr:rate=8,adam-reversal:rate=8,nlr-guarded:rate=8:guard=0`,
      `${SMALL}&shots=0&rules=nlr:rate=0.5,adam-reversal,armijo,sgd-restart`,
      `${SMALL}&steps=50&shots=0&loss=mse&rules=sgd:rate=1000:head-rate=1000`,
    ];
    for (const link of links) {
      for (const runner of await layOut(settingsOf(link), prepared)) {
        const before = runner.standing;
        assert.deepEqual(
          [before.step, before.finished, before.reversals, before.alarm],
          [0, false, 0, false],
        );
        while (!runner.finished) await runner.step();
        await runner.step();
        const columns = runner.take();
        assert.equal(runner.take().loss.length, 0);
        const { failed, ...standing } = runner.standing;
        const all = failed === undefined ? columns : { failed: failed.replace(/\d+/g, '…') };
        texts.push(`${runner.arm.rule}\n${rounded({ ...all, ...(failed ? {} : { standing }) })}\n`);
      }
    }
    golden('race.txt', texts.join(''));
  });

  test('of three classes is one model for each where there is no head', async () => {
    const three = { ...prepared, train: rowsOf(12, ['a', 'b', 'c']) };
    for (const [link, models] of [
      [`${SMALL}&head=none&loss=mse&rules=sgd`, 3],
      [`${SMALL}&rules=sgd`, 1],
    ] as const) {
      const [runner] = await layOut(settingsOf(link), three);
      assert.equal(runner?.trainer.classes.length, 3);
      assert.equal(runner?.trainer.modelParameters?.length ?? models, models);
    }
  });

  test('is looked at by its points, a surface over them and the rows to test on', async () => {
    const points = pointsOf(prepared);
    assert.ok(points);
    const flat = {
      ...prepared,
      train: { ...rowsOf(4), features: new Float64Array(8).fill(2) },
      test: rowsOf(0),
    };
    const none = [
      pointsOf({ ...prepared, train: { ...rowsOf(4), columns: 1, rows: 8 } }),
      pointsOf({ ...prepared, train: { ...rowsOf(4), shape: [1, 2] } }),
      pointsOf({ ...prepared, train: { ...rowsOf(4), categories: [undefined, ['x']] } as never }),
    ];
    assert.deepEqual(none, [undefined, undefined, undefined]);
    assert.ok(
      pointsOf({ ...prepared, train: { ...rowsOf(4), categories: [undefined, undefined] } as never }),
    );
    const trainers: Trainer[] = [];
    for (const classes of [
      ['a', 'b'],
      ['a', 'b', 'c'],
    ]) {
      const [runner] = await layOut(settingsOf(`${SMALL}&rules=sgd`), {
        ...prepared,
        train: rowsOf(12, classes),
      });
      trainers.push(runner?.trainer as Trainer);
    }
    const [two, three] = trainers as [Trainer, Trainer];
    const { side, values, arm } = surfaceOf(two, points, 3);
    assert.deepEqual([side, values.length, arm], [44, 44 * 44, 3]);
    const [left, right, bottom, top] = points.window;
    const at = (x: number, y: number) =>
      two.predict([
        [left + ((right - left) * (x + 0.5)) / side, top - ((top - bottom) * (y + 0.5)) / side],
      ])[0]?.probabilities[1] as number;
    for (const [x, y] of [
      [0, 0],
      [43, 0],
      [0, 43],
      [20, 31],
    ] as const)
      assert.equal(values[y * side + x], Math.fround(at(x, y)), `${x}, ${y}`);
    assert.ok(surfaceOf(three, points, 0).values.every((value) => [0, 1, 2].includes(value)));
    const many = rowsOf(1001);
    const seen = (whole: boolean) =>
      (tested(two, many, whole).confusion ?? []).flat().reduce((a, b) => a + b, 0);
    assert.deepEqual([seen(true), seen(false)], [1001, 400]);
    const some = Array.from({ length: 400 }, (_, i) => Math.floor((i * 1001) / 400));
    const thin = {
      ...many,
      ...{ rows: 400, labels: Int32Array.from(some, (i) => many.labels[i] as number) },
      features: Float64Array.from(some.flatMap((i) => [...many.features.subarray(2 * i, 2 * i + 2)])),
    };
    assert.deepEqual(tested(two, many, false), tested(two, thin, true));
    assert.deepEqual(tested(two, rowsOf(400), false), tested(two, rowsOf(400), true));
    golden('points.txt', `${rounded(points)}\n${rounded(pointsOf(flat))}\n`);
  });
});

describe('the bench', () => {
  /** A bench whose steps take some milliseconds each. */
  async function bench(context: Pick<TestContext, 'mock'>, link: string, ms = 0) {
    const clock = clockOf(context);
    const told: Batch[] = [];
    const made = workbench(digits, (batch) => told.push(batch));
    const opened = await made.calls.open(7, settingsOf(link), undefined);
    const trainer = made.trainerAt(0);
    const { fit } = trainer;
    Object.assign(trainer, {
      async *fit(...given: Parameters<typeof fit>) {
        for await (const report of fit.apply(trainer, given)) {
          clock.now += ms;
          yield report;
        }
      },
    });
    /** Steps of each batch, and whether rows and surface were looked at. */
    const batches = () =>
      told.map(({ race, running, arms: [arm], surface }) =>
        [
          race,
          running,
          arm?.columns.loss.length,
          arm?.standing.accuracy !== undefined,
          surface !== undefined,
        ].join(' '),
      );
    const end = async () => {
      while (told.at(-1)?.running || !told.at(-1)?.arms.every(({ standing }) => standing.finished))
        await new Promise((resolve) => setImmediate(resolve));
    };
    return { ...made, clock, told, opened, batches, end };
  }
  const LINK = '#train?rows=20&layers=1&reuploads=1&batch=4&shots=0&rules=sgd';

  test('tells in batches of 60 ms, and looks every 300, at any pace', async (context) => {
    const lines: string[] = [];
    for (const [pace, steps, ms] of [
      [50, 21, 0],
      [10, 8, 0],
      [1000, 130, 0],
      [0, 21, 10],
      [0, 5, 100],
      [100, 30, 25],
    ] as const) {
      const { calls, clock, batches, end } = await bench(context, `${LINK}&steps=${steps}`, ms);
      clock.waited = [];
      await calls.run(pace);
      await end();
      const waits = new Map<number, number>();
      for (const each of clock.waited) waits.set(each, (waits.get(each) ?? 0) + 1);
      const waited = [...waits].map(([each, times]) => `${times} of ${each} ms`).join(', ');
      lines.push(
        `${steps} steps of ${ms} ms, ${pace} a second: waits ${waited}`,
        ...batches().map((each) => `  ${each}`),
      );
      context.mock.reset();
    }
    golden('bench.txt', `race, running, steps, rows, surface\n${lines.join('\n')}\n`);
  });

  test('steps, pauses, focuses and answers', async (context) => {
    const {
      calls,
      told,
      batches,
      opened,
      prepared: data,
      trainerAt,
      inTurn,
    } = await bench(
      context,
      '#train?rows=20&layers=1&reuploads=1&batch=4&shots=0&rules=sgd,adam&steps=3&observable=mean-z',
    );
    const { points, ...rest } = opened;
    assert.equal(points?.labels.length, 20);
    await calls.step();
    await calls.focus(1);
    await calls.step();
    await calls.pause();
    assert.deepEqual(batches(), [
      '7 false 0 true true',
      '7 false 1 true true',
      '7 false 0 true true',
      '7 false 1 true true',
    ]);
    assert.deepEqual(
      told.map(({ surface }) => surface?.arm),
      [0, 0, 1, 1],
    );
    const { test: held } = data();
    for (const index of [0, 1, held.rows - 1, held.rows, 2 * held.rows + 1]) {
      const at = index % held.rows;
      assert.deepEqual(await calls.sample(index), {
        row: held.features.slice(2 * at, 2 * at + 2),
        label: held.classes[held.labels[at] as number],
      });
    }
    const { row } = await calls.sample(0);
    assert.deepEqual(await calls.classify(row), trainerAt(1).predict([row])[0]?.probabilities);
    const names = await Promise.all(
      (['model', 'qasm', 'c', 'parameters'] as const).map(async (kind) => {
        const { name, type } = await calls.file(kind, 1);
        return `${name} ${type}`;
      }),
    );
    // What fails within a turn fails alone.
    await assert.rejects(
      inTurn(() => assert.fail('mine')),
      { message: 'mine' },
    );
    assert.equal(await inTurn(() => 3), 3);
    for (const [call, message] of [
      [() => calls.focus(2), 'there is no rule 3 in this race'],
      [() => calls.file('c', 5), 'there is no rule 6 in this race'],
      [() => workbench(digits, () => {}).calls.run(0), 'there is no race yet'],
      [() => workbench(digits, () => {}).calls.sample(0), 'there is no race yet'],
    ] as const)
      await assert.rejects(call, { message });
    const others = [calls.open(8, DEFAULTS, undefined), calls.open(9, settingsOf(LINK), undefined)] as const;
    await assert.rejects(others[0], { message: 'another race has been asked for' });
    assert.equal((await others[1]).parameters, trainerAt(0).parameters.length);
    assert.equal(told.at(-1)?.race, 9);
    const images = await calls.open(
      10,
      settingsOf('#train?data=digits&encoding=amplitude&qubits=3&layers=1&rules=sgd'),
      undefined,
    );
    const { circuit: _, ...more } = images;
    golden('opened.txt', `${rounded(rest)}\n${rounded(more)}\n${names.join('\n')}\n`);
  });
});

describe('what is taken home', () => {
  /** A model at parameters that are written with few digits. */
  async function trainerOf(encoding: 'angle' | 'amplitude') {
    const reuploads = encoding === 'angle' ? { reuploads: 1 } : {};
    const trainer = await Trainer.create({
      model: { qubits: 2, features: 2, encoding, layers: 1, ...reuploads },
      ...{ training: { rule: 'adam', steps: 3, seed: 5 }, dataset: rowsOf(8) },
    });
    trainer.parameters.forEach((_, i) => (trainer.parameters[i] = i / 8 - 0.5));
    return trainer;
  }

  test('is text that says what it is', async () => {
    const texts: string[] = [];
    for (const encoding of ['angle', 'amplitude'] as const) {
      const trainer = await trainerOf(encoding);
      for (const kind of ['qasm', 'parameters'] as const) {
        const { name, type, bytes } = await fileOf(kind, trainer, 'own');
        texts.push(`${name} ${type}\n${strFromU8(bytes).replace(trainer.trace, 'TRACE')}\n`);
      }
      const [model, array] = [await fileOf('model', trainer, 'own'), await fileOf('c', trainer, 'own')];
      assert.deepEqual(model, {
        name: 'own.nlrvqa',
        type: 'application/octet-stream',
        bytes: trainer.save(),
      });
      assert.deepEqual(array, {
        name: 'own.h',
        type: 'text/plain',
        bytes: strToU8(cArray(trainer.save(), 'nlr_model')),
      });
    }
    for (const length of [0, 1, 16, 17, 33])
      texts.push(
        cArray(
          Uint8Array.from({ length }, (_, i) => i * 7),
          `of${length}`,
        ),
      );
    golden('files.txt', texts.join(''));
  });

  test('is an archive with the sources of a module, the model twice and a line to read', async () => {
    const trainer = await trainerOf('angle');
    const asked: string[] = [];
    const source = zipSync({ 'core.c': strToU8('int core;\n'), 'README.txt': strToU8('of the module') });
    const { name, type, bytes } = await firmware('device-fast', trainer, async (path) => {
      asked.push(path);
      return source;
    });
    assert.deepEqual(
      [name, type, asked],
      ['nlr-vqa-device-fast.zip', 'application/zip', ['c/device-fast.zip']],
    );
    const files = unzipSync(bytes);
    assert.deepEqual(Object.keys(files), ['core.c', 'README.txt', 'model.h', 'model.nlrvqa']);
    assert.deepEqual(files['model.nlrvqa'], trainer.save());
    assert.equal(strFromU8(files['model.h'] as Uint8Array), cArray(trainer.save(), 'nlr_model'));
    golden('firmware.txt', strFromU8(files['README.txt'] as Uint8Array));
  });
});

describe('the other pages', () => {
  test('solve problems step by step, in words of 60 ms', async (context) => {
    const lines: string[] = [];
    for (const [link, most] of [
      ['#problems?distance=0.9&rules=adam:rate=0.1&problem-shots=0', 28],
      ['#problems?distance=0.9&rules=sgd:rate=0.1:head-rate=2&problem-shots=50&seed=4', 3],
      ['#problems?problem=maxcut&nodes=4&degree=2&cut-layers=2&rules=adam:rate=0.1', 60],
      ['#problems?problem=maxcut&nodes=4&degree=2&cut-layers=1&rules=sgd:rate=0.1', 3],
    ] as const) {
      const clock = clockOf(context);
      const told: string[] = [];
      const settings = settingsOf(link);
      const [arm] = settings.arms as [Settings['arms'][number]];
      // Put down at once: what is told later is of the same list.
      const tell = ({ run, values, curve, ...rest }: Progress) => {
        const steps = values && { steps: values.length, last: values.at(-1) };
        const solved = curve?.filter(([, , found]) => found !== null).length;
        told.push(rounded({ run, ...steps, solved, point: curve?.[0], ...rest }).replaceAll(/\s+/g, ' '));
      };
      await solve(2, settings, arm, tell, () => told.length < most);
      const waits = [...new Set(clock.waited)].join(' and ');
      lines.push(`${link}: waits of ${waits} ms`, ...told.map((each) => `  ${each}`));
      context.mock.reset();
    }
    golden('problems.txt', `${lines.join('\n')}\n`);
  });

  test('go over the landscape, slice a loss, and draw variances', async (context) => {
    clockOf(context);
    const ways = await waysOf(
      settingsOf(
        '#plateau?start-x=0.5&start-y=0.25&cave-steps=6&rules=nlr:rate=5:head-rate=2,nlr,adam,frugal',
      ),
    );
    const settings = settingsOf('#plateau?layers=1&reuploads=1&slice-a=1&slice-b=3&rules=sgd');
    const slices = [];
    for (const rows of [47, 49, 130]) {
      const train = rowsOf(rows);
      const from = Float64Array.from({ length: 20 }, (_, i) => i / 8).subarray(0, 9);
      const [runner] = await layOut(settings, { ...prepared, train });
      const count = runner?.trainer.parameters.length ?? 0;
      const { side, values, ...rest } = await sliceOf(
        settings,
        { ...prepared, train },
        from.subarray(0, count),
      );
      slices.push({ side, ...rest, values: [0, 5, 33, 544, 1088].map((i) => values[i]) });
    }
    const told: Variance[] = [];
    await variances(
      settingsOf('#plateau?layers=2&entangler=ring&entangler-gate=cz'),
      (one) => told.push(one),
      () => told.length < 3,
    );
    const whole: number[] = [];
    await variances(
      settingsOf('#plateau?layers=1'),
      ({ qubits }) => whole.push(qubits),
      () => true,
    );
    assert.deepEqual(whole, [2, 3, 4, 5, 6, 7, 8, 9, 10]);
    golden('plateau.txt', `${rounded(ways)}\n${rounded(slices)}\n${rounded(told)}\n`);
  });
});
