/** Exact NLR steps of the paper's model: every engine, SIMD against scalar, then larger samples and batches. */
import assert from 'node:assert/strict';
import type { EngineName, ModelOptions, TrainingOptions } from '../../host/api/options.ts';
import type { Builds } from './builds.ts';
import { emptyCall, emptyRow } from './empty.ts';
import { assertAgreement, ENGINE_NAMES, Subject } from './subject.ts';
import { row, type Section } from './table.ts';
import { race, ratios, repeated, summarise } from './timing.ts';

/** What SIMD has to gain on the engines whose lanes are samples or columns. */
const SIMD_GAIN = 1.6;
const LANE_ENGINES: readonly EngineName[] = ['samples', 'columns'];

/** Asserts that two builds went the same way, bit by bit. */
function assertSameBits(a: Subject, b: Subject, what: string): void {
  assert.equal(a.core.trace(), b.core.trace(), `${what}: other bits`);
}

/** d = 8, B = 32: SIMD against the scalar twin of the same source. */
export async function simdSteps({ release, scalar }: Builds, observableNorm: boolean): Promise<Section> {
  const pairs = await Promise.all(
    ENGINE_NAMES.map(async (engine) => {
      const training: TrainingOptions = { engine, observableNorm };
      return [
        await Subject.create(release, {}, training),
        await Subject.create(scalar, {}, training),
      ] as const;
    }),
  );
  assertAgreement(pairs.flat(), 'engines');
  pairs.forEach(([simd, twin], i) => assertSameBits(simd, twin, ENGINE_NAMES[i]));
  const [empty, ...found] = await race([
    emptyCall(pairs[0][0].core.abi),
    ...pairs.flatMap(([simd, twin], i) => [
      { name: `${ENGINE_NAMES[i]}, SIMD`, run: repeated(simd.step) },
      { name: `${ENGINE_NAMES[i]}, scalar`, run: repeated(twin.step) },
    ]),
  ]);
  const rows = ENGINE_NAMES.flatMap((engine, i) => {
    const [simd, twin] = [found[2 * i], found[2 * i + 1]];
    return [
      row(`${engine}, SIMD`, {
        time: summarise(simd),
        unit: 'steps',
        ratio: { to: 'the scalar rate', ...summarise(ratios(twin, simd)) },
        bar: LANE_ENGINES.includes(engine) ? { least: SIMD_GAIN } : undefined,
      }),
      row(`${engine}, scalar`, { time: summarise(twin), unit: 'steps' }),
    ];
  });
  const norm = observableNorm ? 'with' : 'without';
  return {
    title: `exact NLR step, d = 8, B = 32, ${norm} |grad <O>|: SIMD as fast as possible`,
    rows: [emptyRow(empty), ...rows],
    skipped: '',
  };
}

/** d = 64: a batch of 32, and the whole training set at once. */
export async function wideSteps({ release }: Builds): Promise<Section> {
  const model: Partial<ModelOptions> = { features: 64 };
  const cases = [32, 800].flatMap((batch) => ENGINE_NAMES.map((engine) => ({ batch, engine })));
  const subjects = await Promise.all(
    cases.map((training) => Subject.create(release, model, { ...training, observableNorm: false })),
  );
  assertAgreement(subjects.slice(0, ENGINE_NAMES.length), 'd = 64, B = 32');
  assertAgreement(subjects.slice(ENGINE_NAMES.length), 'd = 64, B = 800');
  const [empty, ...found] = await race([
    emptyCall(subjects[0].core.abi),
    ...subjects.map((subject, i) => ({ name: cases[i].engine, run: repeated(subject.step) })),
  ]);
  const rows = cases.map(({ batch, engine }, i) => {
    const samples = found[i - ENGINE_NAMES.indexOf(engine)];
    return row(`B = ${batch}, ${engine}`, {
      time: summarise(found[i]),
      unit: 'steps',
      ratio: { to: 'the rate of samples', ...summarise(ratios(samples, found[i])) },
    });
  });
  return {
    title: 'exact NLR step, d = 64, without |grad <O>|: a batch costs the laid-out engines little',
    rows: [emptyRow(empty), ...rows],
    skipped: '',
  };
}
