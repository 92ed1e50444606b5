/** The cores by which a training is looked at: what they are told, what they have spent, and that they are given up. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Option, Status } from '../../../assembly/abi/codes.ts';
import { AscentMeasure } from '../../../host/api/ascent.ts';
import type { OneModel } from '../../../host/api/one-model.ts';
import type { Trainer, TrainingOptions } from '../../../host/index.ts';
import { qpu } from '../../../host/qpu/index.ts';
import { ensureBuilt } from '../../support/built.mjs';
import { assertGolden } from '../../support/golden.ts';
import { trainerOf } from '../../support/host-data.ts';
import { settled } from '../../support/settled.ts';

const modelsOf = (trainer: Trainer) => (trainer as unknown as { models: readonly OneModel[] }).models;

/** What looks at the steps of a trainer. */
function measureOf(trainer: Trainer, before?: AscentMeasure, wasm?: Uint8Array): Promise<AscentMeasure> {
  const { model, training } = trainer;
  return AscentMeasure.of(modelsOf(trainer), model, training, wasm ? { wasm } : true, before);
}

/** What the cores that look are told, where it is not what a core is told anyhow. */
const TOLD = [
  ...[Option.Rule, Option.Schedule, Option.Gradient, Option.Shots, Option.DisplacedShots, Option.ShotsBudget],
  ...[Option.Rate, Option.NegativeRate, Option.HeadRate, Option.SeedLow, Option.SeedHigh, Option.Engine],
  ...[Option.Workspace, Option.ObservableNorm, Option.Moments, Option.AveragedShare, Option.Displacement],
  ...[Option.Blocks, Option.Lipschitz, Option.Damping, Option.Batch, Option.Answerer],
];

test('they measure a gradient of the mini-batch, exactly or by half the shots, and move nothing', async () => {
  const told =
    (training: TrainingOptions, oneVsRest = false) =>
    async () => {
      const { looks } = await measureOf(await trainerOf({ steps: 6, batch: 4, ...training }, oneVsRest));
      return looks.map(({ one }) =>
        Object.fromEntries(
          TOLD.map((key) => [Option[key], one.core.abi.option_value(key)]).filter(([, value]) => value !== 0),
        ),
      );
    };
  const caller = { answerer: 'caller', shots: 11 } as const;
  const text = await settled({
    'a training': told({ rule: 'nlr' }),
    'a seed of 0': told({ seed: 0 }),
    'a seed of 2': told({ seed: 2 }),
    'a seed of 2^32': told({ seed: 2 ** 32 }),
    shots: told({ rule: 'nlr', shots: 10, displacedShots: 4, shotsBudget: 100000 }),
    'an average': told({ averagedShare: 0.5, engine: 'columns', rate: 0.5 }),
    'two points': told({ gradient: 'two-point', displacement: 0.5 }),
    blocks: told({ blocks: 3, gradient: 'parameter-shift' }),
    'a caller': told(caller),
    'a caller of one shot': told({ ...caller, shots: 1 }),
    'a caller of displaced shots': told({ ...caller, displacedShots: 6 }),
    'a caller of one displaced shot': told({ ...caller, displacedShots: 1 }),
    'three models': told({}, true),
  });
  assertGolden(new URL('ascent-cores.txt', import.meta.url), text);
});

test('they can be given up within a step, and begin it again', async () => {
  const trainer = await trainerOf();
  const measure = await measureOf(trainer);
  const [model] = modelsOf(trainer);
  measure.start(0);
  measure.before(0, model);
  for await (const _ of trainer.fit({ until: 1 }));
  const look = measure.begin(0, model);
  assert.equal(look.advance(1), Status.More);
  measure.abandon();
  assert.equal(look.core.abi.step_advance(1), Status.NotReady);
  const again = measure.begin(0, model);
  while (again.advance(1e6) === Status.More);
  measure.end(0, model);
  const { product, steps, step, evaluations, shots } = measure.take(model.report());
  assert.ok(product < 0, 'a first step goes down');
  assert.deepEqual([steps, step, evaluations, shots], [1, 1, 4, 0]);
});

test('they are those of before where the build is the same, and else take over what was spent', async () => {
  ensureBuilt('build/core.wasm');
  const wasm = readFileSync(new URL('../../../build/core.wasm', import.meta.url));
  const trainer = await trainerOf();
  const first = await measureOf(trainer);
  assert.equal(await measureOf(trainer, first), first);
  const second = await measureOf(trainer, first, wasm);
  assert.notEqual(second, first);
  assert.equal(await measureOf(trainer, second, wasm), second);

  const asked = await trainerOf({ steps: 4, batch: 4, answerer: 'caller', shots: 10 });
  const answer = qpu(({ shots }) => ({ '00': shots }));
  const spent: number[][] = [];
  for (const [until, ascent] of [
    [1, true],
    [2, { wasm }],
    [3, true],
    [4, true],
  ] as const)
    for await (const report of asked.fit({ until, ascent, answer }))
      spent.push([report.ascent?.evaluations ?? 0, report.ascent?.shots ?? 0]);
  const [[evaluations, shots]] = spent;
  assert.ok(evaluations > 0 && shots === 5 * evaluations);
  assert.deepEqual(
    spent,
    [1, 2, 3, 4].map((steps) => [steps * evaluations, steps * shots]),
  );
});
