/** Whether the claim is put to the test as it says: settings, cells that are kept, the search, figures and tables. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type Arm, ARMS, combinations } from '../../bench/claim/arms.ts';
import { type Cell, keyOf, type Outcome, Store } from '../../bench/claim/cells.ts';
import { armFinding, difference } from '../../bench/claim/findings.ts';
import { cellsOf, type Laboratory } from '../../bench/claim/laboratory.ts';
import { TASKS } from '../../bench/claim/tasks.ts';
import { VARIANTS } from '../../bench/claim/variant-tasks.ts';
import { FIRST_TUNING_SEED, tuned } from '../../bench/claim/tuning.ts';
import {
  armsTable,
  claimTable,
  creditTable,
  isWon,
  shotsText,
  type TaskFinding,
} from '../../bench/results/claim.ts';
import { resolveModel, resolveTraining, type TrainingOptions } from '../../host/api/options.ts';
import { plan } from '../../host/index.ts';

const outcome = (loss: number): Outcome => ({
  ...{ loss, area: 2 * loss, testLoss: loss, testAccuracy: 1 - loss, steps: 3, shots: 1000 },
  trace: 'none',
});

describe('settings', () => {
  it('are every combination of the values', () => {
    assert.deepEqual(combinations({}), [{}]);
    assert.deepEqual(combinations({ shots: [1, 2], schedule: ['linear', 'cosine'] }), [
      { shots: 1, schedule: 'linear' },
      { shots: 1, schedule: 'cosine' },
      { shots: 2, schedule: 'linear' },
      { shots: 2, schedule: 'cosine' },
    ]);
  });

  it('are such as the library takes', () => {
    for (const { fixed, coarse = () => [{}], fine = {} } of Object.values(ARMS))
      for (const axes of [3e5, 3e6, 3e7].flatMap(coarse))
        for (const setting of combinations({ ...axes, ...fine }))
          assert.doesNotThrow(() => resolveTraining({ ...fixed, ...setting }));
  });

  it('of Adam have every number of shots at every budget', () => {
    for (const budget of [3e5, 3e6, 3e7]) {
      const shots = ARMS.adam.coarse?.(budget).flatMap((axes) => axes.shots ?? []);
      assert.deepEqual(new Set(shots), new Set([1, 2, 5, 20, 100]));
    }
  });

  it('of what is in between are the rule without a part of it, and no rivals', async () => {
    const rivals = Object.keys(ARMS).filter((name) => ARMS[name].rival);
    assert.deepEqual(rivals, ['adam', 'adam-allocated']);
    const parts = Object.values(ARMS).filter(({ rival }) => !rival);
    assert.equal(parts.length, 9);
    // Each is a training of its own: no two settings are the same.
    const settings = parts.map(({ fixed }) => JSON.stringify(resolveTraining(fixed)));
    assert.equal(new Set(settings).size, parts.length);
    // What a step of Adam without head noise costs is what Adam's costs.
    const { model } = TASKS.gaussians;
    const cost = async (training: TrainingOptions) => (await plan(model, training)).shotsPerStep;
    assert.equal(
      await cost({ ...ARMS['adam-covariance'].fixed, shots: 20 }),
      await cost({ ...ARMS.adam.fixed, shots: 20 }),
    );
    assert.equal(
      await cost({ ...ARMS['adam-allocated-covariance'].fixed, shots: 32 }),
      await cost({ ...ARMS['adam-allocated'].fixed, shots: 32 }),
    );
  });

  it('of the rule are those that it comes with', () => {
    assert.deepEqual(ARMS.frugal.fixed, { rule: 'frugal' });
    assert.equal(ARMS.frugal.coarse, undefined);
  });
});

describe('tasks', () => {
  it('are eight, and three in reserve', () => {
    const reserve = Object.values(TASKS).filter((task) => task.reserve);
    assert.equal(reserve.length, 3);
    assert.equal(Object.keys(TASKS).length, 11);
  });
});

describe('variants', () => {
  it('are models that there are, each apart from the tasks of the claim', () => {
    for (const [name, { model, warm, budgets }] of Object.entries(VARIANTS)) {
      assert.ok(!(name in TASKS) && budgets.length > 0, name);
      assert.doesNotThrow(() => resolveModel(model));
      const same = Object.values(TASKS).some((task) => JSON.stringify(task.model) === JSON.stringify(model));
      assert.ok(!same || warm !== undefined || Math.max(...budgets) > 3e6, name);
    }
    const { circuitParameters, logits, observables } = resolveModel(VARIANTS['ten-layers'].model);
    assert.equal(circuitParameters + logits * (observables.length + 1), 187);
  });
});

describe('cells', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-claim-'));
  after(() => rmSync(folder, { recursive: true }));
  const cell: Cell = { task: 'moons', training: { rule: 'adam', rate: 0.1 }, seed: 1, budget: 1e5 };

  it('have a hash of all that decides them, whatever the order of the options', () => {
    const key = keyOf(cell, []);
    assert.equal(keyOf({ ...cell, training: { rate: 0.1, rule: 'adam' } }, []), key);
    const others: readonly [Cell, unknown][] = [
      [{ ...cell, task: 'gaussians' }, []],
      [{ ...cell, training: { rule: 'adam', rate: 0.2 } }, []],
      [{ ...cell, seed: 2 }, []],
      [{ ...cell, budget: 2e5 }, []],
      [cell, ['another preprocessing']],
    ];
    // A task that starts as it is drawn has the hash that it had before there were others.
    assert.equal(keyOf(cell, { steps: [], warm: undefined }), keyOf(cell, { steps: [] }));
    assert.equal(new Set([key, ...others.map((other) => keyOf(...other))]).size, 1 + others.length);
  });

  it('stay on disk, and a line that was being written is written again', () => {
    const file = join(folder, 'kept/cells.jsonl');
    const store = new Store(file);
    assert.equal(store.get('a'), undefined);
    store.add('a', cell, outcome(0.25));
    store.add('b', cell, outcome(0.5));
    const whole = readFileSync(file, 'utf8');
    appendFileSync(file, '{"key":"c","cell":');
    const again = new Store(file);
    assert.deepEqual(again.get('a'), outcome(0.25));
    assert.deepEqual(again.get('b'), outcome(0.5));
    assert.equal(again.get('c'), undefined);
    assert.equal(readFileSync(file, 'utf8'), whole);
    again.add('c', cell, outcome(1));
    assert.deepEqual(new Store(file).get('c'), outcome(1));
  });

  it('damaged in the middle are not taken for done', () => {
    const file = join(folder, 'damaged.jsonl');
    appendFileSync(file, '{"key":"a"\n');
    assert.throws(() => new Store(file), SyntaxError);
  });
});

describe('the search', () => {
  /** A laboratory where a setting's loss is known, and each training takes 1000 shots. */
  function knowing(lossOf: (cell: Cell) => number) {
    const asked: Cell[] = [];
    const run = async (cells: readonly Cell[]) => {
      asked.push(...cells);
      return cells.map((cell) => outcome(lossOf(cell)));
    };
    return { asked, laboratory: { run } as unknown as Laboratory };
  }

  const arm: Arm = {
    title: 'an arm',
    fixed: { rule: 'adam', batch: 2 },
    coarse: () => [{ rate: [0.1, 0.2, 0.3], shots: [1, 1000] }],
    fine: { beta2: [0.9, 0.99] },
  };
  const search = { seeds: [1, 2, 3], kept: [2, 2] } as const;

  it('finds the best, on seeds of its own, without what the budget does not pay for', async () => {
    const { asked, laboratory } = knowing(({ training: { rate = 0, beta2 }, seed }) => {
      return Math.abs(rate - 0.2) + (beta2 === 0.9 ? 0.01 : 0.02) + seed * 1e-6;
    });
    const found = await tuned(laboratory, 'moons', arm, 1e4, search);
    assert.deepEqual(found?.setting, {
      ...{ rule: 'adam', batch: 2, schedule: 'linear', beta2: 0.9, rate: 0.2, shots: 1 },
    });
    assert.ok(asked.every(({ seed, budget }) => seed >= FIRST_TUNING_SEED && budget === 1e4));
    assert.ok(asked.every(({ training }) => training.shots === 1));
    // Three rates, then the other beta2 of two of them.
    assert.equal(found?.search.settings, 5);
    // Those on one seed, on two, on three: what is asked for again is not charged again.
    assert.equal(found?.search.shots, 1000 * new Set(asked.map((cell) => JSON.stringify(cell))).size);
  });

  it('has nothing to do for a rule as it comes', async () => {
    const { asked, laboratory } = knowing(() => 0);
    assert.equal(await tuned(laboratory, 'moons', ARMS.frugal, 1e5, search), undefined);
    assert.equal(asked.length, 0);
  });

  it('gives every seed of a setting a cell', () => {
    assert.deepEqual(
      cellsOf('moons', { rule: 'sgd' }, [3, 4], 10).map(({ seed, budget }) => [seed, budget]),
      [
        [3, 10],
        [4, 10],
      ],
    );
  });
});

describe('figures', () => {
  it('of pairs: mean, t and wins', () => {
    // Differences -1, -2, -3, 2: mean -1, standard deviation sqrt(14/3).
    const { mean, t, wins } = difference([0, 0, 0, 3], [1, 2, 3, 1]);
    assert.equal(mean, -1);
    assert.ok(Math.abs(t - -1 / (Math.sqrt(14 / 3) / 2)) < 1e-4);
    assert.equal(wins, 3);
  });

  const rule = [0.1, 0.12, 0.11, 0.13].map(outcome);
  const head = (arm: string, rival: boolean) => ({
    arm,
    title: arm,
    rival,
    setting: { rule: arm, rate: 0.1 },
  });
  const finding = (own: readonly number[], reserve = false): TaskFinding => ({
    ...{ task: 'moons', title: 'two moons', reserve, budget: 3e5 },
    arms: [
      armFinding(head('frugal', false), rule, undefined),
      armFinding(head('adam', true), [0.9, 0.8, 0.9, 0.8].map(outcome), rule),
      armFinding(head('other', true), own.map(outcome), rule),
      armFinding(head('part', false), [0, 0, 0, 0.001].map(outcome), rule),
    ],
  });
  const far = finding([0.3, 0.33, 0.32, 0.33]);
  const near = finding([0.12, 0.1, 0.12, 0.12]);

  it('are won against every rival, or not', () => {
    assert.ok(isWon(far));
    assert.ok(!isWon(near));
    assert.ok(!isWon({ ...far, arms: far.arms.slice(0, 1) }));
  });

  it('are a line for each task, and a sentence', () => {
    const lines = claimTable([far, near, finding([0.01, 0.02, 0.01, 0.02], true)]).split('\n');
    assert.equal(lines[0], '| task | shots | adam | other | frugal | t | wins | test % |  |');
    assert.match(
      lines[2],
      /^\| two moons \| 3e5 \| 0\.8500 \| 0\.3200 \| 0\.1150 \| -\d+\.\d \| 4 of 4 \| 68\.0 to 88\.5 \| won \|$/,
    );
    assert.match(lines[3], /open \|$/);
    assert.match(lines[4], /^\| two moons \(reserve\) .* lost \|$/);
    assert.equal(
      lines[6],
      '`frugal` is below every Adam with |t| > 4 on 1 of 2 at 3e5 shots, 0 of 1 kept in reserve at 3e5 shots.',
    );
  });

  it('of all arms are printed, parts of the rule too', () => {
    const lines = armsTable([far]).split('\n');
    assert.equal(lines.length, 2 + 4);
    assert.match(
      lines[2],
      /^\| two moons \| 3e5 \| frugal \| rate 0\.1 \| 3 \| 0\.1150 ± 0\.0129 \|  \|  \| 0\.2300 /,
    );
  });

  it('of parts of the rule are a line for each task that has them', () => {
    const without = { ...near, arms: near.arms.slice(0, 3) };
    assert.equal(creditTable([without]), 'Not recorded yet.');
    const lines = creditTable([without, far]).split('\n');
    assert.equal(lines.length, 2 + 1);
    assert.equal(lines[0], '| task | shots | frugal | adam | other | part |');
    assert.match(
      lines[2],
      /^\| two moons \| 3e5 \| 0\.1150 \| 0\.8500 \(-\d+\.\d\) \| 0\.3200 \(-\d+\.\d\) \| 0\.0003 \(\d+\.\d\) \|$/,
    );
  });

  it('name budgets shortly', () => {
    assert.equal(shotsText(3e5), '3e5');
    assert.equal(shotsText(3e7), '3e7');
  });
});
