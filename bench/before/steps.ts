/** Whole steps with shots, of the configurations that users and experiments run, against the version before. */
import { REPORT_COUNT, Report } from '../../assembly/abi/codes.ts';
import type { ModelOptions, TrainingOptions } from '../../host/api/options.ts';
import { TRAINING } from '../../host/api/training-options.ts';
import type { Subject } from '../speed/subject.ts';
import { byRound, race, type RaceOptions, ratios, repeated, summarise } from '../speed/timing.ts';
import { assertSameMeans } from './agreement.ts';
import { between, displacedShots, shotsOfSample } from './equal-shots.ts';
import type { Bar, Finding, Section } from './findings.ts';
import { type Both, both, type Version } from './versions.ts';

/** Answers of each version whose means are compared. */
const ANSWERS = 128;
/** What is recommended, beside a seed: the library's defaults, with the shots of the demo. */
const MODEL = { observable: 'all-z', head: 'linear', loss: 'bce' } as const;
const TRAINED: TrainingOptions = {
  rule: 'adam',
  rate: 0.03,
  gradient: 'parameter-shift',
  schedule: 'cosine',
};
const SHOTS = 20;
/** Of the step with one shot a sign: shots of every other circuit. */
const PLAIN_SHOTS = 32;

const RECOMMENDED: Partial<ModelOptions> = { ...MODEL, qubits: 4, features: 16 };

/** The step of `finding`: title, model, bar. */
const STEPS: readonly { readonly what: string; readonly model: Partial<ModelOptions>; readonly bar: Bar }[] =
  [
    {
      what: 'recommended configuration, a step with 20 joint shots',
      model: RECOMMENDED,
      bar: { least: 3.5 },
    },
    {
      what: 'four classes, a step with 20 joint shots',
      model: { ...RECOMMENDED, classes: 4 },
      bar: { least: 1.5 },
    },
    {
      what: 'angle encoding, a step with 20 joint shots',
      model: { ...MODEL, qubits: 4, features: 8, encoding: 'angle' },
      bar: { least: 1.5 },
    },
  ];

/** A model of a version, whose parameters stay where they began while its answers are compared. */
async function create(
  version: Version,
  model: Partial<ModelOptions>,
  training: TrainingOptions,
): Promise<Subject> {
  return version.subjects.create(version.builds.release, model, { ...TRAINED, ...training });
}

/**
 * Loss and gradient of many steps from the same parameters, each with shots of its own.
 * @param withLoss whether the loss belongs to them
 */
function answers(subject: Subject, withLoss: boolean): number[][] {
  const { core } = subject;
  const { abi } = core;
  const parameters = core.reals(abi.parameters_ptr(), abi.parameter_count());
  const start = parameters.slice();
  return Array.from({ length: ANSWERS }, () => {
    parameters.set(start);
    subject.step();
    const gradient = [...core.reals(abi.gradient_ptr(), abi.parameter_count())];
    const loss = core.doubles(abi.report_ptr(), REPORT_COUNT)[Report.Loss];
    return withLoss ? [loss, ...gradient] : gradient;
  });
}

/** Steps with 20 shots, the same in both versions. */
export async function shotSteps(versions: Both<Version>, pace: RaceOptions): Promise<Section> {
  const findings: Finding[] = [];
  for (const { what, model, bar } of STEPS) {
    const make = () => both(versions, (version) => create(version, model, { shots: SHOTS }));
    const asked = await make();
    assertSameMeans(await both(versions, ({ name }) => answers(asked[name], true)), what);
    const timed = await make();
    const [before, now] = await race(
      [
        { name: 'before', run: repeated(timed.before.step) },
        { name: 'now', run: repeated(timed.now.step) },
      ],
      pace,
    );
    findings.push({
      what,
      found: summarise(ratios(before, now)),
      unit: 'x as fast',
      bar,
      before: summarise(before),
      now: summarise(now),
    });
  }
  return { name: 'steps', findings };
}

/**
 * One shot a sign and 32 of every other circuit. The version before has one number of shots for all circuits, so it
 * is timed with the two numbers that come closest in all, and held against this step at equal shots: in proportion
 * between the two.
 */
export async function oneShotStep(versions: Both<Version>, pace: RaceOptions): Promise<Section> {
  const name = 'one-shot';
  const option = displacedShots(Object.keys(TRAINING));
  if (option === undefined)
    return { name, findings: [], skipped: 'displaced circuits have no shots of their own' };
  const what = `recommended model, a step with one shot a sign and ${PLAIN_SHOTS} f0 shots`;
  const apart: TrainingOptions = { shots: PLAIN_SHOTS, [option]: 1 };
  // The gradient's mean depends on the shots of f0, and not on those of a sign.
  assertSameMeans(
    {
      before: answers(await create(versions.before, RECOMMENDED, { shots: PLAIN_SHOTS }), false),
      now: answers(await create(versions.now, RECOMMENDED, apart), false),
    },
    what,
  );
  const subject = await create(versions.now, RECOMMENDED, apart);
  const circuits = subject.core.abi.step_evaluations() / subject.batch - 1;
  const shots = shotsOfSample(circuits, 1, PLAIN_SHOTS);
  // With M shots for each of them all.
  const least = Math.floor(shots / (circuits + 1));
  const numbers = [least, least + 1];
  const earlier = await Promise.all(numbers.map((shots) => create(versions.before, RECOMMENDED, { shots })));
  const [now, ...before] = await race(
    [
      { name: 'now', run: repeated(subject.step) },
      ...earlier.map(({ step }, i) => ({ name: `${numbers[i]} shots`, run: repeated(step) })),
    ],
    pace,
  );
  const totals = numbers.map((number) => shotsOfSample(circuits, number, number)) as [number, number];
  const equal = byRound(before[0], before[1], (short, long) => between(totals, [short, long], shots));
  return {
    name,
    findings: [
      {
        what,
        found: summarise(ratios(equal, now)),
        unit: 'x as fast',
        bar: { least: 3 },
        before: summarise(equal),
        now: summarise(now),
        note: `${shots} shots a sample, before in proportion between ${totals.join(' and ')}`,
      },
      ...numbers.map((number, i) => ({
        what: `the same, against ${number} ${number === 1 ? 'shot' : 'shots'} for every circuit before`,
        found: summarise(ratios(before[i], now)),
        unit: 'x as fast',
        before: summarise(before[i]),
        now: summarise(now),
        note: `${totals[i]} shots a sample`,
      })),
    ],
  };
}
