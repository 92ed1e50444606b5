/** The loop around the core: steps through `Trainer.fit` of the published library against the bare core's. */
import { PAPER } from '../../host/api/options.ts';
import type { Trainer } from '../../host/index.ts';
import { assertClose, type Subject } from '../speed/subject.ts';
import {
  type Contestant,
  clock,
  race,
  type RaceOptions,
  ratios,
  repeated,
  summarise,
} from '../speed/timing.ts';
import type { Section } from './findings.ts';
import { type Both, both, type Version } from './versions.ts';

/** The paper's training set has so many rows. */
const ROWS = 800;
/** Steps whose losses and parameters must be the same, bit by bit, by both ways. */
const COMPARED = 5;
const COLUMNS = PAPER.model.features;
const TRAINING = { ...PAPER.training, shots: 'exact', steps: 1e9 } as const;

/** Numbers without pattern, both labels in turn. */
const dataset = {
  features: Float64Array.from({ length: ROWS * COLUMNS }, (_, i) => ((i * 7919 + 13) % 1009) / 1009 - 0.3),
  rows: ROWS,
  columns: COLUMNS,
  labels: Int32Array.from({ length: ROWS }, (_, i) => i % 2),
  classes: ['0', '1'],
  name: 'numbers without pattern',
};

/** The training of a version by its library. */
async function trainer({ library }: Version): Promise<Trainer> {
  return library.Trainer.create({ model: PAPER.model, training: TRAINING, dataset });
}

/** The same training in its bare core, which draws its mini-batches; the version before has them streamed. */
async function bare(version: Version): Promise<Subject> {
  return version.subjects.create(version.builds.release, {}, TRAINING, ROWS);
}

/** One step of the bare core on the mini-batch that it draws, its features copied row by row. */
function drawnStep({ core, batch }: Subject): void {
  const { abi } = core;
  core.check(abi.step_begin(batch), 'beginning a step');
  const features = core.reals(abi.features_ptr(), batch * COLUMNS);
  const labels = core.integers(abi.labels_ptr(), batch);
  core.integers(abi.indices_ptr(), batch).forEach((row, i) => {
    features.set(dataset.features.subarray(row * COLUMNS, (row + 1) * COLUMNS), i * COLUMNS);
    labels[i] = dataset.labels[row];
  });
  core.check(abi.step_advance(0x7fffffff), 'stepping');
}

/**
 * Asserts that both versions take the same steps to rounding, and `fit` those of the bare core by the bits of every
 * loss and parameter.
 */
async function compare(versions: Both<Version>): Promise<void> {
  const fitted = await both(versions, async (version) => {
    const training = await trainer(version);
    for await (const _ of training.fit({ until: COMPARED }));
    return training;
  });
  const answer = ({ report, gradient }: Trainer) => [report?.loss ?? Number.NaN, ...gradient];
  assertClose(answer(fitted.now), answer(fitted.before), 'steps through fit');
  const core = await bare(versions.now);
  for (let step = 0; step < COMPARED; step++) drawnStep(core);
  if (fitted.now.trace !== core.core.trace()) throw new Error('fit and the bare core differ in their bits');
}

/** Steps of a training, as a user's loop takes them. */
function fitting(training: Trainer): Contestant['run'] {
  return async (times) => {
    const start = clock();
    for await (const _ of training.fit({ until: training.steps + times }));
    return clock() - start;
  };
}

/** Steps a second through `fit`, as a share of those of the bare core, whose mini-batch stays where it is. */
export async function fitLoop(versions: Both<Version>, pace: RaceOptions): Promise<Section> {
  await compare(versions);
  const [trainers, cores] = [await both(versions, trainer), await both(versions, bare)];
  const [coreBefore, fitBefore, coreNow, fitNow] = await race(
    (['before', 'now'] as const).flatMap((name) => [
      { name: 'bare core', run: repeated(cores[name].step) },
      { name: 'fit', run: fitting(trainers[name]) },
    ]),
    pace,
  );
  return {
    name: 'fit',
    findings: [
      {
        what: 'exact steps through Trainer.fit, d = 8, B = 32',
        found: summarise(ratios(coreNow, fitNow)),
        unit: 'of the bare core',
        bar: { least: 0.93 },
        before: summarise(fitBefore),
        now: summarise(fitNow),
        note: `before ${summarise(ratios(coreBefore, fitBefore)).median.toFixed(2)}`,
      },
    ],
  };
}
