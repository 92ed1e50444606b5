/** Trainings by a quantum processor: what is asked, in which forms it is answered, and the package's entry. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { OptionError, Trainer } from '../../../host/index.ts';
import {
  amplitudes,
  predictByQpu,
  type Question,
  qpu,
  type QpuOptions,
  type Run,
} from '../../../host/qpu/index.ts';
import { assertAllClose, assertClose } from '../../support/close.ts';
import { rowsOf } from '../../support/host-data.ts';
import { assertUndisturbed, builtIn, simulated, trained, trainerOf } from '../../support/qpu-trainings.ts';

/** An outcome's text, qubit 0 first. */
function textOf(outcome: number): string {
  return [...outcome.toString(2).padStart(2, '0')].reverse().join('');
}

describe('qpu: with the counts of the simulator the trace is the built-in one', () => {
  const forms: [string, Run, QpuOptions?][] = [
    ['a map', (question) => simulated(question)],
    ['a promise', async (question) => simulated(question)],
    [
      'pairs in parts',
      (question) =>
        [...simulated(question)].flatMap(
          ([o, n]) =>
            [
              [o, 1],
              [o, 0],
              [o, n - 1],
            ] as const,
        ),
    ],
    [
      'a generator',
      function* (question) {
        yield* simulated(question);
      },
    ],
    ['texts', (question) => [...simulated(question)].map(([o, n]) => [textOf(o), n] as const)],
    ['a record', (question) => Object.fromEntries([...simulated(question)].map(([o, n]) => [textOf(o), n]))],
    [
      'texts as Qiskit has them',
      (question) => [...simulated(question)].map(([o, n]) => [o.toString(2).padStart(2, '0'), n] as const),
      { bitOrder: 'qubit-0-last' },
    ],
  ];
  for (const [name, run, options] of forms) test(name, () => assertUndisturbed(run, options));

  test('one term', () => assertUndisturbed((question) => simulated(question, 'z0'), {}, 'z0'));

  test('from a checkpoint on too', async () => {
    const answer = qpu((question) => simulated(question));
    const first = await trainerOf('all-z', { answerer: 'caller' });
    for await (const _ of first.fit({ answer, until: 1 }));
    const second = await Trainer.resume(first.checkpoint(), { dataset: rowsOf(['no', 'yes'], 7) });
    for await (const _ of second.fit({ answer }));
    assert.equal(second.trace, (await builtIn()).trace);
  });
});

describe('qpu: the question', () => {
  test('says what to run', async () => {
    const questions: Question[] = [];
    const trainer = await trained((question) => {
      questions.push(question);
      return simulated(question);
    });
    const [first] = questions;
    assert.deepEqual(
      { ...first, features: first.features.length, operations: first.operations.length },
      {
        qubits: 2,
        encoding: 'amplitude',
        features: 3,
        // Behind the last CNOT no RZ is seen by a Z.
        operations: 12,
        bases: ['Z', 'Z'],
        shots: 40,
        step: 1,
        evaluation: 0,
        sample: 0,
      },
    );
    assert.deepEqual(first.operations[0].qubits.length, 1);
    const fixed = first.operations.filter(({ gate }) => gate === 'cnot');
    assert.deepEqual(fixed, [
      { gate: 'cnot', qubits: [0, 1], angle: 0 },
      { gate: 'cnot', qubits: [0, 1], angle: 0 },
    ]);
    assert.deepEqual([...new Set(questions.map(({ step }) => step))], [1, 2, 3]);
    assert.deepEqual([...new Set(questions.map(({ sample }) => sample))].sort(), [0, 1, 2]);
    assert.equal(questions.length, trainer.report?.evaluations);
    const start = amplitudes(first);
    assertClose(
      start.reduce((sum, value) => sum + value * value, 0),
      1,
      1e-15,
      'norm',
    );
    const norm = Math.hypot(...first.features);
    assertAllClose(start, [...[...first.features].map((value) => value / norm), 0], 1e-15, 'amplitudes');
  });

  test('stays as it was when the training has gone on', async () => {
    const kept: Question[] = [];
    const copies: Question[] = [];
    await trained((question) => {
      kept.push(question);
      copies.push(structuredClone(question));
      return simulated(question);
    });
    assert.deepEqual(kept, copies);
  });
});

describe('qpu: options', () => {
  test('out of range', () => {
    const run = () => [];
    for (const attempts of [0, -1, 1.5, Number.NaN, '3' as unknown as number]) {
      assert.throws(() => qpu(run, { attempts }), OptionError);
    }
    for (const timeout of [0, -1, Number.NaN, 2 ** 31])
      assert.throws(() => qpu(run, { timeout }), OptionError);
    assert.throws(() => qpu(run, { bitOrder: 'first' as 'qubit-0-first' }), OptionError);
  });

  test('the training asks only where its answerer is the caller, and then needs an answer', async () => {
    const trainer = await trainerOf('all-z', { answerer: 'caller' });
    await assert.rejects(trainer.fit().next(), { code: 'ERR_OPTION_COMBINATION', option: 'answer' });
    const own = await trainerOf('all-z');
    for await (const _ of own.fit({ answer: qpu(() => assert.fail('asked')) }));
    assert.equal(own.steps, 3);
  });
});

describe('qpu: the package entry', () => {
  test('runs in browsers, and throws the errors of the main entry', async () => {
    const dist = new URL('../../../dist/', import.meta.url);
    const library = (await import(new URL('index.js', dist).href)) as typeof import('../../../host/index.ts');
    const entry = (await import(new URL('qpu.js', dist).href)) as typeof import('../../../host/qpu/index.ts');
    assert.throws(() => entry.qpu(() => [], { attempts: 0 }), library.OptionError);
    assert.ok(entry.QpuError.prototype instanceof library.NlrError);
    const { metafile } = await build({
      entryPoints: [fileURLToPath(new URL('qpu.js', dist))],
      bundle: true,
      platform: 'browser',
      format: 'esm',
      external: ['./release-core.js'],
      write: false,
      metafile: true,
    });
    assert.deepEqual(
      Object.keys(metafile.inputs)
        .map((path) => path.replace(/.*\//, ''))
        .sort(),
      ['head-refit.js', 'index.js', 'qpu.js', 'training.js'],
    );
  });
});

describe('who answers', () => {
  test('cannot change the question that the answer is checked against, nor what a later attempt sees', async () => {
    const seen: string[] = [];
    await assertUndisturbed(
      (question) => {
        const writable = question as { shots: number; features: Float64Array };
        assert.throws(() => (writable.shots = 1), TypeError);
        assert.ok(
          [question, question.operations, question.operations[0], question.bases].every(Object.isFrozen),
        );
        seen.push(question.features.join());
        const counts = simulated(question);
        question.features.fill(7);
        if (seen.length % 2 === 1) throw new Error('once more');
        return counts;
      },
      { attempts: 2 },
    );
    for (let i = 0; i < seen.length; i += 2) assert.equal(seen[i], seen[i + 1]);
  });

  for (const observable of ['z0', 'all-z'] as const) {
    test(`${observable}: and tells nothing is not asked without end, in training and in prediction`, async () => {
      const trainer = await trainerOf(observable, { answerer: 'caller' });
      const before = [trainer.steps, [...trainer.parameters]];
      let asked = 0;
      const answer = async () => {
        asked++;
      };
      const refused = {
        name: 'CoreError',
        code: 'ERR_CORE_BAD_COUNTS',
        message: /without telling any counts/,
      };
      await assert.rejects(trainer.fit({ answer }).next(), refused);
      assert.ok(asked <= 2, `${asked}`);
      await assert.rejects(predictByQpu(trainer, [[1, 2, 3]], { answer, shots: 5 }), refused);
      assert.deepEqual([trainer.steps, [...trainer.parameters]], before);
      for await (const _ of trainer.fit({ answer: qpu((question) => simulated(question, observable)) }));
      assert.equal(trainer.trace, (await builtIn(observable)).trace);
    });
  }
});

test('the start of as many features as there can be is worked out', () => {
  const features = new Float64Array(65536).fill(1e-200);
  const question = { encoding: 'amplitude', qubits: 16, features, bases: new Array(16).fill('Z') } as const;
  const rest = { operations: [], shots: 1, step: 1, evaluation: 0, sample: 0 };
  assertClose(amplitudes({ ...question, ...rest })[65535], 2 ** -8, 1e-12, 'amplitude');
});
