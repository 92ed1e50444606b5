/** One prediction by the effective observable, called from JavaScript. */
import type { Builds } from './builds.ts';
import { ownCalls, sharedCalls } from './empty.ts';
import { assertClose, Subject } from './subject.ts';
import { row, type Section } from './table.ts';
import { race, ratios, summarise } from './timing.ts';

const BATCH = 32;
/** How many empty calls one prediction of the paper's model may cost. */
const MOST = 3;

/** A model whose effective observable is ready and right. */
async function ready({ release }: Builds, features: number): Promise<Subject> {
  const subject = await Subject.create(release, { features }, { engine: 'columns', batch: BATCH });
  const { core } = subject;
  subject.predict(BATCH);
  const wanted = [...core.reals(core.abi.outputs_ptr(), BATCH)];
  core.check(core.abi.effective_build(), 'building the effective observable');
  const found = wanted.map((_, sample) => core.abi.predict_effective(sample));
  assertClose(found, wanted, 'effective observable');
  return subject;
}

/** Predictions of the paper's model and of one of 64 features, against a call that does nothing. */
export async function effectivePredictions(builds: Builds): Promise<Section> {
  const { abi } = (await ready(builds, 8)).core;
  const { abi: wide } = (await ready(builds, 64)).core;
  const places = [
    { place: 'a place of its own', calls: ownCalls },
    { place: 'a shared place', calls: sharedCalls },
  ];
  const found = await race(
    places.flatMap(({ calls }) => [
      calls('empty call', abi.abi_version),
      calls('d = 8', abi.predict_effective),
      calls('d = 64', wide.predict_effective),
    ]),
  );
  const rows = places.flatMap(({ place }, i) => {
    const [empty, narrow, broad] = found.slice(3 * i, 3 * i + 3);
    const against = (times: readonly number[]) => ({
      time: summarise(times),
      unit: 'predictions',
      ratio: { to: 'the empty call', ...summarise(ratios(times, empty)) },
    });
    return [
      row(`empty call, ${place}`, { time: summarise(empty), unit: 'calls' }),
      row(`d = 8, ${place}`, { ...against(narrow), bar: { most: MOST } }),
      row(`d = 64, ${place}`, against(broad)),
    ];
  });
  return {
    title: 'one prediction by the effective observable, from JavaScript: little more than the call',
    rows,
    skipped: '',
  };
}
