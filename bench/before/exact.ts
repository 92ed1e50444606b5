/** Exact steps and gradients: what lanes gain, how near the peak they come, how large states slow them down. */
import { columnsOperations } from '../speed/formulas.ts';
import { create as createWhole, gates } from '../speed/growth.ts';
import type { OperationCounter } from '../speed/operations.ts';
import { PEAK_OPERATIONS, peakContestant } from '../speed/peak.ts';
import { assertClose, ENGINE_NAMES, type Subject } from '../speed/subject.ts';
import { byRound, race, type RaceOptions, ratios, repeated, summarise } from '../speed/timing.ts';
import { type Finding, type Section, slower } from './findings.ts';
import { type Both, both, type Version } from './versions.ts';

/** Asserts that both versions take the same step, to rounding. */
function compare({ before, now }: Both<Subject>, what: string): void {
  const [earlier, current] = [before.answer(), now.answer()];
  assertClose([current.loss], [earlier.loss], `${what}: loss`);
  assertClose(current.gradient, earlier.gradient, `${what}: gradient`);
}

/** SIMD against scalar, of each engine. */
export async function lanes(versions: Both<Version>, pace: RaceOptions): Promise<Section> {
  const findings: Finding[] = [];
  for (const engine of ENGINE_NAMES) {
    const what = `exact step, d = 8, B = 32, ${engine}`;
    const training = { engine, observableNorm: false } as const;
    const make = (build: 'release' | 'scalar') =>
      both(versions, (version) => version.subjects.create(version.builds[build], {}, training));
    const [simd, scalar] = [await make('release'), await make('scalar')];
    compare(simd, what);
    compare(scalar, `${what}, scalar`);
    const [lanesBefore, plainBefore, lanesNow, plainNow] = await race(
      [simd.before, scalar.before, simd.now, scalar.now].map(({ step }) => ({
        name: engine,
        run: repeated(step),
      })),
      pace,
    );
    const now = ratios(plainNow, lanesNow);
    const plain = summarise(ratios(plainNow, plainBefore));
    findings.push(
      {
        what: `${what}: SIMD`,
        found: summarise(now),
        unit: 'x the scalar rate',
        // The third engine has strings for lanes, of which there are few.
        ...(engine === 'heisenberg' ? {} : { bar: { least: 1.7 }, void: slower('the scalar step', plain) }),
        before: summarise(lanesBefore),
        now: summarise(lanesNow),
        note: `before ${summarise(ratios(plainBefore, lanesBefore)).median.toFixed(2)}`,
      },
      {
        what: `${what}: SIMD against before`,
        found: summarise(ratios(lanesBefore, lanesNow)),
        unit: 'x as fast',
        before: summarise(lanesBefore),
        now: summarise(lanesNow),
      },
      {
        what: `${what}: scalar against before`,
        found: summarise(ratios(plainBefore, plainNow)),
        unit: 'x as fast',
        before: summarise(plainBefore),
        now: summarise(plainNow),
      },
    );
  }
  return { name: 'lanes', findings };
}

/** Loss and gradient of a batch, d = 64, B = 32, as a share of the peak of multiplications and additions. */
export async function peakShare(versions: Both<Version>, pace: RaceOptions): Promise<Section> {
  const what = 'loss and gradient, d = 64, B = 32, columns';
  const shape = { qubits: 6, layers: 5, features: 64, batch: 32 };
  const training = { rule: 'sgd', batch: shape.batch, engine: 'columns', observableNorm: false } as const;
  const make = (build: 'release' | 'counting') =>
    both(versions, (version) =>
      version.subjects.create(version.builds[build], { features: shape.features }, training),
    );
  const subjects = await make('release');
  compare(subjects, what);
  const operations = await both(versions, async ({ name }) => {
    const counting = (await make('counting'))[name];
    const counter = counting.core.abi as unknown as OperationCounter;
    counting.step();
    const before = counter.operations();
    counting.step();
    return counter.operations() - before;
  });
  const [peak, before, now] = await race(
    [
      peakContestant(versions.now.builds.peak.wasm),
      { name: 'before', run: repeated(subjects.before.step) },
      { name: 'now', run: repeated(subjects.now.step) },
    ],
    pace,
  );
  const share = (times: readonly number[], count: number) =>
    summarise(byRound(times, peak, (own, chains) => (count / own) * (chains / PEAK_OPERATIONS)));
  const formula = ((100 * columnsOperations(shape)) / operations.now).toFixed(0);
  return {
    name: 'peak',
    findings: [
      {
        what,
        found: share(now, operations.now),
        unit: 'of the f64x2 peak',
        bar: { least: 0.6 },
        before: summarise(before),
        now: summarise(now),
        note: `${operations.now} operations, ${formula} % by formula; before ${operations.before}, ${share(before, operations.before).median.toFixed(2)}`,
      },
    ],
  };
}

/** Layers of the circuit that grows. */
const LAYERS = 5;
const [FROM, TO] = [16, 20];

/** The gradient of two samples for each gate and amplitude, n = 20 against n = 16. */
export async function largeStates(versions: Both<Version>, pace: RaceOptions): Promise<Section> {
  const make = (qubits: number) =>
    both(versions, (version) => createWhole(version.builds, qubits, LAYERS, 'samples', version.subjects));
  const [small, large] = [await make(FROM), await make(TO)];
  compare(small, `n = ${FROM}`);
  compare(large, `n = ${TO}`);
  const [smallBefore, largeBefore, smallNow, largeNow] = await race(
    [small.before, large.before, small.now, large.now].map(({ step }) => ({ name: '', run: repeated(step) })),
    // One step of 20 qubits takes about a second.
    { ...pace, rounds: Math.max(3, Math.round((pace.rounds ?? 31) / 3)) },
  );
  const unit = (qubits: number) => 2 ** qubits * gates(qubits, LAYERS);
  const growth = (long: readonly number[], short: readonly number[]) =>
    summarise(ratios(long, short).map((ratio) => (ratio * unit(FROM)) / unit(TO)));
  return {
    name: 'large',
    findings: [
      {
        what: `gradient for each gate and amplitude, n = ${TO}`,
        found: growth(largeNow, smallNow),
        unit: `x that of n = ${FROM}`,
        bar: { most: 1.5 },
        void: slower(`n = ${FROM}`, summarise(ratios(smallNow, smallBefore))),
        before: summarise(largeBefore),
        now: summarise(largeNow),
        note: `before ${growth(largeBefore, smallBefore).median.toFixed(2)}`,
      },
      ...[FROM, TO].map((qubits, i) => {
        const [before, now] = [
          [smallBefore, smallNow],
          [largeBefore, largeNow],
        ][i];
        return {
          what: `gradient, n = ${qubits}, against before`,
          found: summarise(ratios(before, now)),
          unit: 'x as fast',
          before: summarise(before),
          now: summarise(now),
        };
      }),
    ],
  };
}
