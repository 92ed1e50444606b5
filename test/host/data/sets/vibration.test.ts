/** The vibration of a machine: what the formula says is in its spectrum, and parts that are apart in time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { row } from '../../../../host/data/dataset.ts';
import { type Condition, CONDITIONS, vibration } from '../../../../host/data/sets/vibration.ts';

/** The mean power of a condition's windows near a frequency, Hz. */
function power(condition: Condition, frequency: number, options: object = {}): number {
  const classes: Condition[] = [condition, condition === 'healthy' ? 'bearing' : 'healthy'];
  const { train } = vibration({ samples: 256, perClass: 40, classes, testFraction: 0, ...options });
  let sum = 0;
  for (let i = 0; i < 40; i++) {
    let [re, im] = [0, 0];
    row(train, i).forEach((x, t) => {
      re += x * Math.cos((2 * Math.PI * frequency * t) / 1024);
      im += x * Math.sin((2 * Math.PI * frequency * t) / 1024);
    });
    sum += (re * re + im * im) / 256 ** 2 / 40;
  }
  return sum;
}

test('vibration: each condition has the power of its fault', () => {
  assert(Math.abs(power('healthy', 29) - 0.25) < 0.05);
  assert(power('unbalanced', 29) > 12 * power('healthy', 29));
  assert(power('misaligned', 58) > 40 * power('healthy', 58));
  // A ring that dies away is as broad as it is short: all of a band has it.
  const band = (condition: Condition) => {
    let sum = 0;
    for (let frequency = 300; frequency <= 460; frequency += 4) sum += power(condition, frequency);
    return sum;
  };
  assert(band('bearing') > 3 * band('healthy'), `${band('bearing')} ${band('healthy')}`);
  assert(Math.abs(power('bearing', 29) / power('healthy', 29) - 1) < 0.2);
});

test('vibration: without severity a fault cannot be told, but for the noise', () => {
  for (const condition of CONDITIONS.slice(1))
    assert(Math.abs(power(condition, 29, { severity: 0 }) - power('healthy', 29)) < 0.03);
});

test('vibration: windows follow one another, and the last of each recording are for testing', () => {
  const options = { perClass: 50, samples: 8, noise: 0, seed: 5 };
  const { train, test: held, about } = vibration(options);
  const whole = vibration({ ...options, testFraction: 0 }).train;
  assert.deepEqual(about.perClass, { train: [40, 40], test: [10, 10] });
  const rows = (from: number, to: number) => [...whole.features.subarray(from * 8, to * 8)];
  assert.deepEqual([...train.features], [...rows(0, 40), ...rows(50, 90)]);
  assert.deepEqual([...(held?.features ?? [])], [...rows(40, 50), ...rows(90, 100)]);
  assert.deepEqual([train.part, held?.part], ['train', 'test']);
  // The shaft turns on from one window to the next: no step between them is larger than those within.
  const steps = rows(0, 50).map((x, i, all) => Math.abs(x - (all[i - 1] ?? x)));
  const within = Math.max(...steps.filter((_, i) => i % 8 !== 0));
  assert(Math.max(...steps.filter((_, i) => i % 8 === 0)) <= within * 1.01);
});

test('vibration: classes in the order that they are named, no other and none twice', () => {
  const { train } = vibration({ classes: ['bearing', 'healthy', 'misaligned'], perClass: 10 });
  assert.deepEqual(train.classes, ['bearing', 'healthy', 'misaligned']);
  for (const classes of [['healthy'], ['healthy', 'healthy'], ['healthy', 'broken']])
    assert.throws(() => vibration({ classes: classes as never }), {
      code: 'ERR_OPTION_VALUE',
      option: 'classes',
    });
  assert.throws(() => vibration({ perClass: 2, testFraction: 0.01 }), { code: 'ERR_DATA_ROWS' });
});
