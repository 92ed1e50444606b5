/**
 * The vibration of a rotating machine, synthetic: a recording of each condition, cut into windows one after the other.
 *
 * Sampled at 1024 Hz, the shaft turns at f(t) = 29 (1 + 0.02 sin(2 pi t / 7.3 s + theta)) Hz; with its angle phi,
 *
 *   x(t) = a_1 sin phi + a_2 sin(2 phi + theta_2) + a_3 sin(3 phi + theta_3) + ring(t) + N(0, noise^2).
 *
 * A healthy machine has a = (1, 0.25, 0.1) and no ring. Unbalanced: a_1 = 1 + 3 severity. Misaligned: a_2 = 0.25 + 2
 * severity. A faulty bearing: 3.585 times a turn, as a ball passes the flaw of a common bearing's outer race, begins
 * ring(t) = severity e^(-t / 4 ms) sin(2 pi 380 t) anew. The last share of each recording is for testing.
 */
import { HostRandom } from '../philox.ts';
import { datasetOf, described, type Fixed, type MadeData, numberedNames, splitByTime } from './made.ts';
import { Normals } from './normal.ts';
import {
  realOption,
  resolveOptions,
  SEED,
  type SetOptions,
  testFractionOption,
  wholeOption,
  wordsOption,
} from './options.ts';

/** Conditions of the machine. */
export const CONDITIONS = ['healthy', 'unbalanced', 'misaligned', 'bearing'] as const;
/** One of them. */
export type Condition = (typeof CONDITIONS)[number];

/** Which conditions, and how they are recorded. */
export interface VibrationOptions {
  /** Windows of each condition, 2 to 100,000; default 1000. */
  readonly perClass: number;
  /** Samples of a window, at 1024 a second, 4 to 4096; default 64. */
  readonly samples: number;
  /** Conditions of the machine, 2 to 4 of them, in the order of the classes; default healthy and bearing. */
  readonly classes: readonly Condition[];
  /** How grave the faults are, as a factor of what they add, 0 to 100; default 1. */
  readonly severity: number;
  /** Standard deviation of the sensor's noise, 0 to 100; a healthy shaft has amplitude 1; default 0.3. */
  readonly noise: number;
  /** Share of the windows to test on, the last of each recording, 0 to below 1; default 0.2; 0: no test part. */
  readonly testFraction: number;
  /** Of everything that is drawn, 0 to 2^53 - 1; default 1. */
  readonly seed: number;
}

/** The rows of its options. */
export const VIBRATION_OPTIONS: SetOptions<VibrationOptions> = {
  perClass: wholeOption(1000, 2, 1e5, 'windows of each condition'),
  samples: wholeOption(64, 4, 4096, 'samples of a window, at 1024 a second'),
  classes: wordsOption<Condition>(['healthy', 'bearing'], CONDITIONS, [2, 4], 'conditions of the machine'),
  severity: realOption(1, 0, 100, 'how grave the faults are'),
  noise: realOption(0.3, 0, 100, "standard deviation of the sensor's noise"),
  testFraction: testFractionOption('the last of each recording'),
  seed: SEED,
};

/** What is the same for all. */
export const VIBRATION: Fixed = {
  name: 'vibration',
  title: 'Vibration of a machine',
  task: 'the condition of a rotating machine, by a window of its acceleration',
  formula:
    'three harmonics of 29 Hz, rings of 380 Hz where a bearing is faulty, noise; 1024 samples a second',
  preprocessing:
    'none: leave the samples as they are (--no-standardise); amplitude encoding discards the level, which a constant component keeps',
  citation: 'none: a formula',
  licence: 'none: generated',
};

const RATE = 1024;
const SHAFT = 29;
const WANDER = 0.02;
const WANDER_PERIOD = 7.3;
const PASSES = 3.585;
const RING = 380;
const DECAY = 0.004;
const TURN = 2 * Math.PI;

/** One recording. */
function recording(
  condition: Condition,
  count: number,
  { severity, noise, seed }: VibrationOptions,
): Float64Array {
  const random = new HostRandom(seed, 1 + CONDITIONS.indexOf(condition));
  const normals = new Normals(random);
  const [wander, second, third] = Array.from({ length: 3 }, () => TURN * random.uniform());
  const first = condition === 'unbalanced' ? 1 + 3 * severity : 1;
  const twice = condition === 'misaligned' ? 0.25 + 2 * severity : 0.25;
  let turns = random.uniform();
  let since = Infinity;
  return Float64Array.from({ length: count }, (_, i) => {
    const time = i / RATE;
    const speed = SHAFT * (1 + WANDER * Math.sin((TURN * time) / WANDER_PERIOD + wander));
    const before = turns;
    turns += speed / RATE;
    since += 1 / RATE;
    // The ball has passed since the sample before: how long ago, by what it has turned beyond.
    const passed = PASSES * turns - Math.floor(PASSES * turns);
    if (Math.floor(PASSES * turns) > Math.floor(PASSES * before)) since = passed / (PASSES * speed);
    const ring =
      condition === 'bearing' && since < Infinity
        ? severity * Math.exp(-since / DECAY) * Math.sin(TURN * RING * since)
        : 0;
    const angle = TURN * turns;
    const shaft =
      first * Math.sin(angle) + twice * Math.sin(2 * angle + second) + 0.1 * Math.sin(3 * angle + third);
    return shaft + ring + noise * normals.next();
  });
}

/** Makes the windows. @throws OptionError, DataError */
export function vibration(given: Partial<VibrationOptions> = {}): MadeData {
  const options = resolveOptions('vibration', given, VIBRATION_OPTIONS);
  const { perClass, samples, classes, testFraction } = options;
  const rows = classes.flatMap((condition, label) => {
    const recorded = recording(condition, perClass * samples, options);
    return Array.from(
      { length: perClass },
      (_, i) => [label, recorded.subarray(i * samples, (i + 1) * samples)] as const,
    );
  });
  const whole = datasetOf('vibration', classes, numberedNames('t', samples), rows);
  const groups = classes.map((_, k) => Array.from({ length: perClass }, (_, i) => k * perClass + i));
  return described(VIBRATION, splitByTime(whole, groups, testFraction), options, { samplesPerSecond: RATE });
}
