/** What a call from JavaScript costs, and the first one of a fresh process. */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { PAPER } from '../../host/api/options.ts';
import { workFolder } from '../speed/builds.ts';
import { ownCalls } from '../speed/empty.ts';
import { assertClose, type Subject } from '../speed/subject.ts';
import { byRound, race, type RaceOptions, ratios, summarise, turns } from '../speed/timing.ts';
import type { Section } from './findings.ts';
import { type Both, both, type Version } from './versions.ts';

const BATCH = 32;

/** A model of a version whose effective observable is ready and right. */
async function ready(version: Version): Promise<Subject> {
  const subject = await version.subjects.create(
    version.builds.release,
    {},
    { engine: 'columns', batch: BATCH },
  );
  const { core } = subject;
  subject.predict(BATCH);
  const wanted = [...core.reals(core.abi.outputs_ptr(), BATCH)];
  core.check(core.abi.effective_build(), 'building the effective observable');
  const found = wanted.map((_, sample) => core.abi.predict_effective(sample));
  assertClose(found, wanted, `effective observable, ${version.name}`);
  return subject;
}

/** One prediction by the effective observable, called from JavaScript, less a call that does nothing. */
export async function effectivePrediction(versions: Both<Version>, pace: RaceOptions): Promise<Section> {
  const what = 'effective prediction from JavaScript, d = 8, less an empty call';
  const subjects = await both(versions, ready);
  const predicted = ({ core }: Subject) =>
    Array.from({ length: BATCH }, (_, sample) => core.abi.predict_effective(sample));
  assertClose(predicted(subjects.now), predicted(subjects.before), what);
  const [emptyBefore, before, emptyNow, now] = await race(
    [subjects.before, subjects.now].flatMap(({ core: { abi } }) => [
      ownCalls('empty call', abi.abi_version),
      ownCalls('d = 8', abi.predict_effective),
    ]),
    pace,
  );
  const net = (times: readonly number[], empty: readonly number[]) =>
    byRound(times, empty, (all, call) => all - call);
  const current = summarise(net(now, emptyNow));
  return {
    name: 'effective',
    findings: [
      {
        what,
        found: current,
        unit: 'ns',
        bar: { most: 8 },
        before: summarise(net(before, emptyBefore)),
        now: current,
      },
    ],
  };
}

/** Rows of the little data set that a model file is made with. */
const ROWS = 2;

/** A model file of a version. It trains nothing: the parameters as drawn make a model too. */
async function modelFile({ library, name }: Version): Promise<string> {
  const { features: columns } = PAPER.model;
  const dataset = {
    features: Float64Array.from({ length: ROWS * columns }, (_, i) => Math.sin(i + 1)),
    rows: ROWS,
    columns,
    labels: Int32Array.of(0, 1),
    classes: ['0', '1'],
    name: 'two rows',
  };
  const trainer = await library.Trainer.create({ model: PAPER.model, training: { batch: ROWS }, dataset });
  const file = `${workFolder()}model-${name}.nlrvqa`;
  writeFileSync(file, trainer.save());
  return file;
}

/** Nanoseconds from the file's bytes to the prediction in one fresh process, by the wall clock. */
function start({ firstPrediction }: Version, file: string): number {
  const args = [firstPrediction, file, String(PAPER.model.features)];
  return 1e6 * Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

/** The first prediction in a fresh process: instantiate, load, predict, the library already imported. */
export async function firstPrediction(
  versions: Both<Version>,
  { rounds = 31 }: RaceOptions,
): Promise<Section> {
  const what = 'first prediction in a fresh process';
  const files = await both(versions, modelFile);
  const times: Both<number[]> = { before: [], now: [] };
  const names = ['before', 'now'] as const;
  for (let round = 0; round < rounds; round++) {
    for (const i of turns(names.length, round)) {
      const name = names[i];
      times[name].push(start(versions[name], files[name]));
    }
  }
  for (const file of Object.values(files)) rmSync(file);
  return {
    name: 'start',
    findings: [
      {
        what,
        found: summarise(ratios(times.now, times.before)),
        unit: 'of its time',
        bar: { most: 0.6 },
        before: summarise(times.before),
        now: summarise(times.now),
      },
    ],
  };
}
