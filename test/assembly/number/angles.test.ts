/** Angles of every size, from the smallest to the largest number: against the values that angles.py has worked out. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Encoding, Engine, Loss, Operation, Rule, Source, Status } from '../../../assembly/abi/codes.ts';
import { assertClose, assertSameBits } from '../../support/close.ts';
import { COLUMN_BUILDS } from '../../support/core-columns.ts';
import {
  type Build,
  BUILDS,
  DOUBLE_BUILDS,
  isSingle,
  load,
  Machine,
  ok,
  putImage,
} from '../../support/core-harness.ts';
import * as oracle from '../../support/oracle/index.ts';
import { within } from '../../support/tolerance.ts';

/** An angle, its cosine and its sine. */
type Row = readonly [angle: number, cosine: number, sine: number];

const double = (digits: string) => Buffer.from(digits, 'hex').readDoubleBE();
const KNOWN = JSON.parse(readFileSync(new URL('angles.json', import.meta.url), 'utf8')) as Record<
  'f64' | 'f32',
  string[][]
>;
const rowsOf = (name: 'f64' | 'f32') => KNOWN[name].map((row) => row.map(double) as unknown as Row);
const SINGLES = rowsOf('f32');
const DOUBLES = rowsOf('f64');
/** Two modules refuse what is beyond so many radians. */
const isExact = (build: Build) => build !== 'device' && build !== 'device-f32';
const BOUND = { f64: 3.2e6, f32: 3.2e3 } as const;
const isBounded = (build: Build, angle: number) =>
  Math.abs(angle) < (isSingle(build) ? BOUND.f32 : BOUND.f64);
const knownTo = (build: Build) =>
  (isSingle(build) ? SINGLES : [...DOUBLES, ...SINGLES]).filter(
    ([angle]) => isExact(build) || isBounded(build, angle),
  );

/** cos^2 - sin^2 and 2 cos sin of half the angle, each within a rounding or two. */
const ACCURACY = { f64: 4e-16, f32: 4e-7 } as const;
const accuracyOf = (build: Build) => (isSingle(build) ? ACCURACY.f32 : ACCURACY.f64);

/** RY(scale v + offset) on |0>, v from a source, measured as <Z> and <X>: the logits are cosine and sine. */
function turned(source: Source, scale = 1, offset = 0): oracle.OracleModel {
  return {
    qubits: 1,
    features: 1,
    encoding: Encoding.Zero,
    operations: [{ kind: Operation.RY, a: 0, source, index: 0, scale, offset }],
    parameters: 1,
    terms: [oracle.zTerm(0), { output: 1, xMask: 1, zMask: 0, coefficient: 1 }],
    outputs: 2,
    logits: 2,
    loss: Loss.CrossEntropy,
    readoutError: 0,
  };
}

/** Parameters: the angle, and a head that gives the outputs as they are. */
const asTheyAre = (angle: number) => [angle, 1, 0, 0, 1, 0, 0];

/** Cosine and sine of an angle, as a build's circuit gives them. */
function found(machine: Machine, parameter: number, feature: number): number[] {
  return machine.withParameters(asTheyAre(parameter)).predict([[feature]])[0];
}

function check(build: Build, machine: Machine, of: (angle: number) => [number, number], what: string): void {
  for (const [angle, cosine, sine] of knownTo(build)) {
    const [z, x] = found(machine, ...of(angle));
    assertClose(z, cosine, accuracyOf(build), `${build}, ${what}: cos ${angle}`);
    assertClose(x, sine, accuracyOf(build), `${build}, ${what}: sin ${angle}`);
  }
}

describe('angles of every size', () => {
  for (const build of BUILDS) {
    it(`${build}: from a feature, a parameter and a constant`, () => {
      check(build, new Machine(build, turned(Source.Feature)), (angle) => [0, angle], 'feature');
      check(build, new Machine(build, turned(Source.Parameter)), (angle) => [angle, 0], 'parameter');
      for (const [angle, cosine, sine] of knownTo(build)) {
        const [z, x] = found(new Machine(build, turned(Source.Constant, 1, angle)), 0, 0);
        assertClose(z, cosine, accuracyOf(build), `${build}, constant: cos ${angle}`);
        assertClose(x, sine, accuracyOf(build), `${build}, constant: sin ${angle}`);
      }
    });
  }

  it('by a scale, which is exact where it is a power of two', () => {
    for (const build of BUILDS) {
      const machine = new Machine(build, turned(Source.Feature, 2 ** 20));
      for (const [angle, cosine, sine] of knownTo(build)) {
        const feature = angle * 2 ** -20;
        if (Math.abs(feature) < (isSingle(build) ? 1e-36 : 1e-300)) continue;
        const [z, x] = found(machine, 0, feature);
        assertClose(z, cosine, accuracyOf(build), `${build}: cos ${angle}`);
        assertClose(x, sine, accuracyOf(build), `${build}: sin ${angle}`);
      }
    }
  });

  it('in the engines that lay a batch out', () => {
    for (const build of COLUMN_BUILDS) {
      for (const engine of [Engine.Columns, Engine.Heisenberg]) {
        // Amplitudes (1): the start state is |0>, as with features in the angles.
        const model = { ...turned(Source.Parameter), encoding: Encoding.Amplitude };
        const machine = new Machine(build, model, { engine });
        for (const [angle, cosine, sine] of knownTo(build)) {
          const [z, x] = machine.withParameters(asTheyAre(angle)).predict([[1]])[0];
          assertClose(z, cosine, within(build, 1e-15, 1e-6), `${build}, ${Engine[engine]}: cos ${angle}`);
          assertClose(x, sine, within(build, 1e-15, 1e-6), `${build}, ${Engine[engine]}: sin ${angle}`);
        }
      }
    }
  });

  it('gradients by angles that large, against the oracle on the same angle made small', () => {
    for (const build of BUILDS) {
      for (const [angle, cosine, sine] of knownTo(build)) {
        const model = turned(Source.Parameter);
        const machine = new Machine(build, model, {
          rule: Rule.Sgd,
          rate: 1e-30,
          negativeRate: 1e-30,
        }).withParameters(asTheyAre(angle));
        machine.step([[0]], [0]);
        const theta = asTheyAre(Math.atan2(sine, cosine));
        const { gradient } = oracle.lossGradient(model, theta, [[0]], [0]);
        assertClose(machine.gradient[0], gradient[0], within(build, 1e-14, 1e-5), `${build}: ${angle}`);
      }
    }
  });

  it('the same bits in all builds of double precision', () => {
    const bits = DOUBLE_BUILDS.filter(isExact).map((build) => {
      const machine = new Machine(build, turned(Source.Feature));
      return DOUBLES.flatMap(([angle]) => found(machine, 0, angle));
    });
    for (const other of bits) assertSameBits(other, bits[0], 'double precision');
    const image = new Machine('release', turned(Source.Feature)).withParameters(asTheyAre(0)).modelImage();
    const abi = load('compact');
    putImage(abi, image);
    ok(abi.model_read(image.length), 'model_read');
    const view = (address: number, count: number) => new Float64Array(abi.memory.buffer, address, count);
    const predicted = DOUBLES.flatMap(([angle]) => {
      view(abi.features_ptr(), 1)[0] = angle;
      ok(abi.predict(1, 0), 'predict');
      return [...view(abi.outputs_ptr(), 2)];
    });
    assertSameBits(predicted, bits[0], 'compact');
  });

  it('the two smallest modules refuse larger ones, from wherever they come', () => {
    for (const build of BUILDS.filter((each) => !isExact(each))) {
      const all = isSingle(build) ? SINGLES : DOUBLES;
      const large = all.map(([angle]) => angle).filter((angle) => !isBounded(build, angle));
      assert.ok(large.length > 50);
      const refuse = (machine: Machine, value: number, what: string) => {
        machine.withParameters(asTheyAre(value)).fill([[value]], [1]);
        assert.equal(machine.abi.predict(1, 0), Status.BadAngle, `${build}, ${what}: prediction`);
        const before = [...machine.parameters];
        assert.equal(machine.abi.step_begin(1), Status.Ok);
        assert.equal(machine.abi.step_advance(1e6), Status.BadAngle, `${build}, ${what}: step`);
        assertSameBits(machine.parameters, before, what);
      };
      for (const angle of large) {
        for (const source of [Source.Feature, Source.Parameter])
          refuse(new Machine(build, turned(source)), angle, `${Source[source]} ${angle}`);
        refuse(new Machine(build, turned(Source.Constant, 1, angle)), 0, `constant ${angle}`);
        refuse(new Machine(build, turned(Source.Feature, angle)), 1, `scale ${angle}`);
      }
      // And only then.
      const machine = new Machine(build, turned(Source.Feature)).withParameters(asTheyAre(0));
      machine.fill([[large[0]]], [1]);
      assert.equal(machine.abi.predict(1, 0), Status.BadAngle);
      assert.equal(machine.predict([[0]])[0][0], 1);
    }
  });

  it('what is no angle is refused by a step, and predicts not-a-number', () => {
    for (const build of BUILDS) {
      // A scale that takes a finite feature, or parameter, out of the numbers.
      for (const source of [Source.Feature, Source.Parameter]) {
        const machine = new Machine(build, turned(source, isSingle(build) ? 3e38 : 1.7e308));
        for (const value of [2, -2]) {
          assert.ok(found(machine, value, value).every(Number.isNaN), `${build}, ${Source[source]}`);
          machine.fill([[value]], [1]);
          assert.equal(machine.abi.step_begin(1), Status.Ok);
          assert.equal(machine.abi.step_advance(1e6), Status.Diverged, `${build}, ${Source[source]}`);
        }
      }
    }
  });
});
