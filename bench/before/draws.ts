/** Draws alone, through predictions of many samples whose circuit costs next to nothing for each of them. */
import type { ModelOptions } from '../../host/api/options.ts';
import { assertClose, type Subject } from '../speed/subject.ts';
import { byRound, race, type RaceOptions, ratios, repeated, summarise } from '../speed/timing.ts';
import { assertSameMeans } from './agreement.ts';
import type { Finding, Section } from './findings.ts';
import { type Both, both, type Version } from './versions.ts';

/** Samples of one prediction: in columns all share one circuit. */
const SAMPLES = 800;
/** Predictions of each version whose means are compared. */
const ANSWERS = 64;

/** A model that predicts in columns. */
async function create(version: Version, model: Partial<ModelOptions>): Promise<Subject> {
  return version.subjects.create(version.builds.release, model, {
    engine: 'columns',
    batch: SAMPLES,
    observableNorm: false,
  });
}

/** Predictions of every sample with so many shots each; 0: exact. */
function predicting({ core }: Subject, shots: number): () => void {
  return () => {
    core.check(core.abi.predict(SAMPLES, shots), 'predicting');
  };
}

function outputs(subject: Subject, shots: number): number[] {
  predicting(subject, shots)();
  return [...subject.core.reals(subject.core.abi.outputs_ptr(), SAMPLES)];
}

/** Asserts that exact predictions agree, and drawn ones in the mean. */
function compare(subjects: Both<Subject>, shots: number, what: string): void {
  assertClose(outputs(subjects.now, 0), outputs(subjects.before, 0), what);
  const drawn = (subject: Subject) => Array.from({ length: ANSWERS }, () => outputs(subject, shots));
  assertSameMeans({ before: drawn(subjects.before), now: drawn(subjects.now) }, what);
}

/**
 * What shots add to predictions, of the version before and of this one: what those with shots take longer than exact
 * ones, for each sample.
 */
async function added(
  subjects: Both<Subject>,
  shots: number,
  pace: RaceOptions,
): Promise<Pick<Finding, 'found' | 'unit' | 'before' | 'now'>> {
  const [drawnBefore, exactBefore, drawnNow, exactNow] = await race(
    [subjects.before, subjects.now].flatMap((subject) =>
      [shots, 0].map((each) => ({ name: `${each} shots`, run: repeated(predicting(subject, each)) })),
    ),
    pace,
  );
  const draws = (drawn: readonly number[], exact: readonly number[]) =>
    byRound(drawn, exact, (all, circuit) => (all - circuit) / SAMPLES);
  const [before, now] = [draws(drawnBefore, exactBefore), draws(drawnNow, exactNow)];
  return {
    found: summarise(ratios(now, before)),
    unit: 'of its time',
    before: summarise(before),
    now: summarise(now),
  };
}

/** One binomial draw of 1000 shots, its random bits included. */
export async function binomialDraw(versions: Both<Version>, pace: RaceOptions): Promise<Section> {
  const shots = 1000;
  const what = `one binomial draw, M = ${shots}, random bits included`;
  const subjects = await both(versions, (version) => create(version, {}));
  compare(subjects, shots, what);
  const figures = await added(subjects, shots, pace);
  return { name: 'draw', findings: [{ what, ...figures, bar: { most: 0.4 } }] };
}

/** Joint shots of one sample: four terms of four qubits, and two columns, whose probabilities are quickly made. */
export async function jointShots(versions: Both<Version>, pace: RaceOptions): Promise<Section> {
  const shots = 20;
  const what = `joint shots of a sample, M = ${shots}`;
  const terms = Array.from({ length: 4 }, (_, q) => ({ pauli: `Z${q}`, coefficient: 0.25 }));
  const model = { qubits: 4, features: 2, observable: [terms] };
  const subjects = await both(versions, (version) => create(version, model));
  compare(subjects, shots, what);
  const figures = await added(subjects, shots, pace);
  const note = 'with the probabilities of their 16 outcomes';
  return { name: 'joint', findings: [{ what, ...figures, bar: { most: 0.45 }, note }] };
}
