/** The paper's family of rules in the library: what they have by default, what contradicts, and that they go on. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RULES as RULE_ROWS, type RuleRow } from '../../../assembly/abi/rules.table.ts';
import type { RuleName } from '../../../host/api/choices.ts';
import { READERS } from '../../../host/api/paper-family.ts';
import { OptionError, plan, resolveTraining, Trainer, type TrainingOptions } from '../../../host/index.ts';
import { finish, MODEL, rowsOf, trainerOf } from '../../support/host-data.ts';

const FAMILY = (RULE_ROWS as readonly RuleRow[])
  .filter(({ feature }) => feature === 'PAPER_FAMILY')
  .map(({ word }) => word as RuleName);

/** Rates at which steps fail now and then. */
const RESTLESS: TrainingOptions = { steps: 16, batch: 4, rate: 8, headRate: 0.8, seed: 5 };

/** How a refusal reads. */
async function refusal(training: TrainingOptions, model = MODEL) {
  const refused = async (attempt: () => Promise<unknown>) => {
    try {
      await attempt();
    } catch (error) {
      assert.ok(error instanceof OptionError, String(error));
      return `${error.option}: ${error.message}`;
    }
    return 'taken';
  };
  const planned = await refused(() => plan(model, training));
  const { classes: _, ...given } = model as typeof model & { classes?: number };
  const trained = await refused(() =>
    Trainer.create({ model: given, training, dataset: rowsOf(['no', 'yes']) }),
  );
  assert.equal(planned, trained);
  return trained;
}

describe("the paper's family", () => {
  test('what a rule does not read is 0, so that files and traces of other rules are as they were', () => {
    const all = resolveTraining({ rule: 'nlr' });
    const younger = 'kappa noiseRate threshold deviation stallSteps backtracks decrease'.split(' ');
    for (const name of younger) assert.equal(all[name as keyof typeof all], 0, name);
    assert.deepEqual(
      [all.reversal, all.depth, all.effectiveRate, all.perturbation, all.fallback, all.doubt],
      ['constant', 'layers', false, 'rate', 'reverse', 'halve'],
    );
    assert.equal(resolveTraining({ rule: 'nlr-threshold' }).threshold, 0.1);
    assert.equal(resolveTraining({ rule: 'nlr-noise' }).deviation, 0.05);
    assert.equal(resolveTraining({ rule: 'nlr', reversal: 'kappa' }).kappa, 2);
    assert.equal(resolveTraining({ rule: 'adam-reversal' }).guard, 2);
  });

  for (const rule of [...FAMILY, 'nlr', 'nlr-guarded'] as RuleName[]) {
    for (const shots of ['exact', 20] as const) {
      test(`${rule}, ${shots}: a training goes on from its file with the same bits`, async () => {
        const reads = rule !== 'armijo' && rule.match(/nlr|two|perturb/);
        const source: TrainingOptions = reads
          ? { reversal: 'eq-10', noiseRate: 0.05, effectiveRate: true }
          : {};
        const training = { ...RESTLESS, rule, shots, ...source };
        const whole = await finish(await trainerOf(training));
        const half = await finish(await trainerOf(training), 4);
        const resumed = await Trainer.resume(half.checkpoint(), { dataset: rowsOf(['no', 'yes']) });
        assert.deepEqual(resumed.training, half.training);
        await finish(resumed);
        assert.equal(resumed.trace, whole.trace);
        assert.deepEqual(resumed.report, whole.report);
      });
    }
  }

  test('every source of reversals makes a training of its own', async () => {
    const sources: TrainingOptions[] = [
      {},
      { reversal: 'kappa', kappa: 1.5 },
      { reversal: 'eq-10' },
      { reversal: 'eq-10', noiseRate: 0.05 },
      { reversal: 'eq-10', noiseRate: 0.05, depth: 9 },
      { reversal: 'eq-10-state' },
      { noiseRate: 0.05, effectiveRate: true },
    ];
    const traces = new Set<string>();
    for (const source of sources) {
      const trainer = await finish(await trainerOf({ ...RESTLESS, rule: 'nlr', ...source }));
      assert.ok((trainer.report?.reversals ?? 0) > 0);
      traces.add(trainer.trace);
    }
    assert.equal(traces.size, sources.length);
  });

  test('what contradicts something else is refused, by name and in a sentence', async () => {
    const rule = 'nlr';
    assert.match(
      await refusal({ rule, reversal: 'kappa', negativeRate: 0.5 }),
      /^negativeRate: negativeRate is 0.5, but with the reversal kappa eta' is worked out; leave/,
    );
    assert.match(await refusal({ rule, kappa: 2 }), /^kappa: kappa is 2, but the reversal is constant/);
    assert.match(await refusal({ rule, reversal: 'kappa', kappa: 1.4 }), /^kappa: .* expected 1.5 to 3/);
    assert.match(await refusal({ rule, reversal: 'kappa', kappa: 3.1 }), /^kappa: /);
    assert.match(await refusal({ rule, effectiveRate: true }), /^effectiveRate: .*noiseRate, nu, is 0/);
    assert.match(await refusal({ rule, noiseRate: 0.1 }), /^noiseRate: .*nothing reads it/);
    assert.match(await refusal({ rule, noiseRate: 1.1 }), /^noiseRate: /);
    const sums = { ...MODEL, observable: 'mean-z' as const };
    assert.match(await refusal({ rule, reversal: 'eq-10-state' }, sums), /^reversal: .*one Pauli string/);
    assert.equal(await refusal({ rule, reversal: 'eq-10' }, sums), 'taken');
    assert.match(
      await refusal({ rule, reversal: 'eq-10-state', shots: 1 }),
      /^shots: one shot has no spread/,
    );
    const { layers: _, ...rest } = MODEL as typeof MODEL & { layers?: number };
    const circuit = [
      { gate: 'ry', qubits: [0], angle: { parameter: 0 } },
      { gate: 'ry', qubits: [1], angle: { parameter: 1 } },
    ] as const;
    const own = { ...rest, circuit } as typeof MODEL;
    assert.match(await refusal({ rule, reversal: 'eq-10' }, own), /^depth: a circuit of one's own/);
    assert.equal(await refusal({ rule, reversal: 'eq-10', depth: 3 }, own), 'taken');
    const reversal = 'adam-reversal';
    assert.match(await refusal({ rule: reversal, gradient: 'two-point' }), /^gradient: .*single samples/);
    assert.match(await refusal({ rule: reversal, batch: 1 }), /^batch: .*2 or more/);
    assert.match(await refusal({ rule: reversal, engine: 'columns' }), /^engine: .*at once/);
    assert.equal(await refusal({ rule: reversal, engine: 'columns', shots: 10 }), 'taken');
  });

  test('an option that the rule does not read is refused, whatever it is', async () => {
    const others: readonly TrainingOptions[] = [
      { threshold: 0.5 },
      { deviation: 0.5 },
      { perturbation: 'gradient' },
      { fallback: 'reject' },
      { doubt: 'reverse' },
      { stallSteps: 3 },
      { backtracks: 3 },
      { decrease: 0.5 },
    ];
    for (const other of others) {
      const [name] = Object.keys(other);
      const readers = READERS[name as keyof typeof READERS];
      assert.match(
        await refusal({ rule: 'adam', ...other }),
        new RegExp(`^${name}: .*the rule adam does not read`),
      );
      for (const rule of readers ?? []) assert.equal(await refusal({ rule, ...other }), 'taken');
      const reads = (RULE_ROWS as readonly RuleRow[]).filter((row) =>
        row.reads?.some((each) => each.toLowerCase() === name.toLowerCase()),
      );
      assert.deepEqual(
        readers,
        reads.map(({ word }) => word),
      );
    }
    assert.match(
      await refusal({ rule: 'adam', reversal: 'kappa' }),
      /^reversal: .*the rule adam has no eta'/,
    );
    assert.match(
      await refusal({ rule: 'armijo', noiseRate: 0.1 }),
      /^noiseRate: .*armijo has no eta'.* nlr, /,
    );
  });
});
