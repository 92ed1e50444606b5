/** The problems and the fit of the page, in Node. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { unzipSync } from 'fflate';
import { readSettings } from '../../../host/browser/settings/link.ts';
import { fitsOf, firmware } from '../../../host/browser/work/fit.ts';
import { boys, hydrogen } from '../../../host/browser/work/hydrogen.ts';
import { type Progress, solve } from '../../../host/browser/work/problems.ts';
import { plan, Trainer } from '../../../host/index.ts';
import { builtIn, hamiltonian, lowestEnergy } from '../../../host/problems/index.ts';
import { ROOT } from '../../engines/engine.ts';
import { assertClose } from '../../support/close.ts';
import { ensureBuilt } from '../../support/built.mjs';

const beside = async (name: string) => {
  ensureBuilt('dist/lab/index.html');
  return new Uint8Array(await readFile(`${ROOT}dist/lab/${name}`));
};

describe('hydrogen at any bond length', () => {
  test('is the built-in Hamiltonian at its own, but for its rounded constants', () => {
    const known = builtIn('h2');
    const terms = hamiltonian(hydrogen(0.735));
    assert.equal(terms.terms.length, 14);
    assertClose(terms.constant, known?.constant ?? Number.NaN, 1e-7, 'constant');
    for (const { pauli, coefficient } of terms.terms)
      assertClose(
        coefficient,
        known?.terms.find((term) => term.pauli === pauli)?.coefficient ?? Number.NaN,
        1e-7,
        pauli,
      );
  });

  test('is that of two atoms far apart, and lowest near its own bond length', () => {
    // Of one atom in this basis, hartree.
    const far = 2 * -0.4665818503844346;
    assertClose(lowestEnergy(hamiltonian(hydrogen(20))), far, 1e-5, 'two atoms');
    assert.ok(lowestEnergy(hamiltonian(hydrogen(0.735))) < lowestEnergy(hamiltonian(hydrogen(0.5))));
    assert.ok(lowestEnergy(hamiltonian(hydrogen(0.735))) < lowestEnergy(hamiltonian(hydrogen(1))));
  });

  test('Boys’ function is the integral that it stands for', () => {
    const integral = (t: number) => {
      const n = 4000;
      let sum = 0;
      for (let i = 0; i < n; i++) sum += Math.exp(-t * ((i + 0.5) / n) ** 2) / n;
      return sum;
    };
    for (const t of [0, 0.1, 1, 5, 20, 34.9, 35.1, 80]) assertClose(boys(t), integral(t), 1e-7, `${t}`);
  });
});

/** Solves a problem to its end, with what came of it put together. */
async function solved(link: string): Promise<{ all: Progress[]; values: number[] }> {
  const all: Progress[] = [];
  const { settings } = readSettings(link);
  await solve(
    3,
    settings,
    settings.arms[0] as (typeof settings.arms)[0],
    (progress) => all.push(progress),
    () => true,
  );
  assert.ok(all.every(({ run }) => run === 3));
  assert.equal(all.at(-1)?.done, true);
  return { all, values: all.flatMap(({ values = [] }) => [...values]) };
}

describe('a problem', () => {
  test('of a molecule ends at its lowest energy, at every bond length', async () => {
    const { all, values } = await solved('#problems?distance=0.9&rules=adam:rate=0.1');
    const exact = all.find((progress) => progress.exact !== undefined)?.exact ?? Number.NaN;
    assertClose(exact, lowestEnergy(hamiltonian(hydrogen(0.9))), 1e-9, 'lowest');
    assert.equal(values.length, 120);
    assertClose(values.at(-1) ?? 0, exact, 1e-3, 'energy');
    const { curve = [] } = [...all].reverse().find((progress) => progress.curve !== undefined) ?? {};
    assert.equal(curve.length, 16);
    for (const [distance, lowest, found] of curve)
      assertClose(found ?? Number.NaN, lowest, 2e-3, `${distance}`);
  });

  test('of a graph ends near its largest cut, which measuring finds', async () => {
    const { all, values } = await solved('#problems?problem=maxcut&nodes=6&degree=3&rules=adam');
    const { exact = 0 } = all.find((progress) => progress.exact !== undefined) ?? {};
    const { cut } = [...all].reverse().find((progress) => progress.cut !== undefined) ?? {};
    assert.equal(cut?.value, exact);
    assert.ok((values.at(-1) ?? 0) > 0.8 * exact && (values.at(-1) ?? 0) <= exact);
    assert.ok(Math.abs((cut?.top ?? []).reduce((sum, [, share]) => sum + share, 0) - 1) < 0.9);
  });

  test('of a graph that there is none of is a sentence about its nodes and degree', async () => {
    for (const [nodes, degree] of [
      [5, 3],
      [4, 4],
    ]) {
      const { settings } = readSettings(`#problems?problem=maxcut&nodes=${nodes}&degree=${degree}`);
      const solved = solve(
        1,
        settings,
        { rule: 'adam', options: {} },
        () => {},
        () => true,
      );
      await assert.rejects(solved, {
        message: `degree is ${degree} and nodes ${nodes}; expected a degree below the nodes, and an even product of both`,
      });
    }
  });

  test('ends when nobody wants it any more', async () => {
    let words = 0;
    const { settings } = readSettings('#problems');
    await solve(
      1,
      settings,
      settings.arms[0] as (typeof settings.arms)[0],
      () => words++,
      () => words < 2,
    );
    assert.ok(words < 10, `${words}`);
  });
});

describe('the fit of a model', () => {
  const { settings } = readSettings(
    '#fit?encoding=amplitude&qubits=6&head=none&observable=z0&loss=mse&shots=1000&budget-bytes=14000&rules=nlr,frugal',
  );
  const [nlr, frugal] = settings.arms as [(typeof settings.arms)[0], (typeof settings.arms)[0]];

  test('is what the library plans for each module', async () => {
    const fits = await fitsOf(settings, nlr, 8, 2, beside);
    assert.deepEqual(
      fits.map(({ plan: found }) => found?.fits),
      [true, false, true, true, false],
    );
    const wasm = await beside('nlr-vqa/core.device-f32.wasm');
    const { encoding, loss, observable } = { encoding: 'amplitude', loss: 'mse', observable: 'z0' } as const;
    const expected = await plan(
      { ...{ qubits: 6, features: 8, encoding, loss, observable }, head: 'none' },
      { rule: 'nlr', steps: 300, shots: 1000, schedule: 'constant' },
      { build: { wasm }, budgetBytes: 14000 },
    );
    assert.deepEqual(fits[0]?.plan, expected);
    assert.equal(fits[0]?.moduleBytes, wasm.length);
    assert.ok((fits[1]?.plan?.advice.length ?? 0) > 0, 'says what would make it fit');
  });

  test('of a rule that a module lacks is a sentence', async () => {
    const [first] = await fitsOf(
      { ...settings, head: 'linear', observable: 'all-z', loss: 'bce' },
      frugal,
      8,
      2,
      beside,
    );
    assert.equal(first?.plan, undefined);
    assert.match(
      first?.refusal ?? '',
      /^this module cannot train it by frugal: rule is 'frugal', which this module does not have/,
    );
  });

  test('comes with the sources and the model, the same bytes each time', async () => {
    const features = Float64Array.from({ length: 16 }, (_, i) => Math.sin(i));
    const dataset = {
      features,
      rows: 8,
      columns: 2,
      labels: Int32Array.from({ length: 8 }, (_, i) => i % 2),
      classes: ['a', 'b'],
      name: 'rows',
    };
    const trainer = await Trainer.create({
      model: { qubits: 1, features: 2 },
      training: { steps: 3 },
      dataset,
    });
    const one = await firmware('device-f32', trainer, beside);
    assert.deepEqual((await firmware('device-f32', trainer, beside)).bytes, one.bytes);
    const files = unzipSync(one.bytes);
    assert.deepEqual(files['model.nlrvqa'], trainer.save());
    for (const name of [
      'model.h',
      'README.txt',
      'compile.txt',
      'core-module-device-f32.c',
      'nlr_vqa.h',
      'example.c',
    ])
      assert.ok((files[name]?.length ?? 0) > 50, name);
  });
});
