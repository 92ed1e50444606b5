/** How predictions grow with the batch, and a loss over a whole data set without going through it. */
import type { Builds } from './builds.ts';
import { emptyCall, emptyRow } from './empty.ts';
import { assertClose, ENGINE_NAMES, Subject } from './subject.ts';
import { row, type Section } from './table.ts';
import { race, ratios, repeated, summarise } from './timing.ts';

const COUNTS = [1, 8, 32, 128, 800];
const MOST = Math.max(...COUNTS);
/** Larger and smaller data set, and what the larger one may cost. */
const WHOLE = 800;
const PART = 32;
const WHOLE_AGAINST_PART = 1.2;

/** Exact predictions of so many samples in one call, d = 8. */
export async function predictions({ release }: Builds): Promise<Section> {
  const subjects = await Promise.all(
    ENGINE_NAMES.map((engine) => Subject.create(release, {}, { engine, batch: MOST, observableNorm: false })),
  );
  const outputs = subjects.map((subject) => {
    subject.predict(MOST);
    return [...subject.core.reals(subject.core.abi.outputs_ptr(), MOST)];
  });
  for (const found of outputs) assertClose(found, outputs[0], 'predictions');
  const cases = ENGINE_NAMES.flatMap((engine, i) =>
    COUNTS.map((count) => ({ engine, count, subject: subjects[i] })),
  );
  const [empty, ...found] = await race([
    emptyCall(subjects[0].core.abi),
    ...cases.map(({ engine, count, subject }) => ({
      name: engine,
      run: repeated(() => subject.predict(count)),
    })),
  ]);
  const rows = cases.map(({ engine, count }, i) =>
    row(`${engine}, B = ${count}`, {
      time: summarise(found[i]),
      unit: 'circuits',
      perCall: count,
      ratio: { to: 'one sample', ...summarise(ratios(found[i], found[i - COUNTS.indexOf(count)])) },
    }),
  );
  return {
    title: 'exact predictions in one call, d = 8: laid-out engines share their circuits',
    rows: [emptyRow(empty), ...rows],
    skipped: '',
  };
}

/** The squared error over 800 samples against that over 32, from their second moments, d = 8. */
export async function wholeLosses({ release }: Builds): Promise<Section> {
  const title = `squared error over a fixed data set of ${WHOLE}, d = 8: no dearer than over ${PART}`;
  const cases = (['columns', 'heisenberg'] as const).flatMap((engine) =>
    [PART, WHOLE].map((count) => ({ engine, count })),
  );
  const subjects = await Promise.all(
    cases.map(async ({ engine, count }) => {
      const training = { engine, batch: WHOLE, observableNorm: false, moments: true } as const;
      const subject = await Subject.create(release, {}, training);
      const { core } = subject;
      core.check(core.abi.moments_clear(), 'clearing the moments');
      core.check(core.abi.moments_add(count), 'adding to the moments');
      return subject;
    }),
  );
  const losses = subjects.map(({ core }) => core.abi.moments_loss());
  cases.forEach(({ count }, i) => {
    assertClose([losses[i]], [losses[cases.findIndex((other) => other.count === count)]], 'loss over all');
    subjects[i].predict(count);
    assertClose([losses[i]], [subjects[i].evaluatedLoss], 'loss over all, against predictions');
  });
  const [empty, ...found] = await race([
    emptyCall(subjects[0].core.abi),
    ...subjects.map(({ core: { abi } }, i) => ({
      name: cases[i].engine,
      run: repeated(() => abi.moments_loss()),
    })),
  ]);
  const rows = cases.map(({ engine, count }, i) =>
    row(`${engine}, ${count} samples`, {
      time: summarise(found[i]),
      unit: 'losses',
      ...(count === WHOLE
        ? {
            ratio: { to: `${PART} samples`, ...summarise(ratios(found[i], found[i - 1])) },
            bar: { most: WHOLE_AGAINST_PART },
          }
        : {}),
    }),
  );
  return { title, rows: [emptyRow(empty), ...rows], skipped: '' };
}
