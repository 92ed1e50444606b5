/** The report adds up, and the trace is what it says: FNV-1a over losses and parameters. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Decision,
  Gradient,
  MAX_LOGITS,
  MAX_OUTPUTS,
  MAX_PARAMETERS,
  Option,
  Rule,
  Schedule,
} from '../../../assembly/abi/codes.ts';
import { BUILDS, isSingle, load, Machine, ok, stepEvaluations } from '../../support/core-harness.ts';
import * as oracle from '../../support/oracle/index.ts';

/** FNV-1a, 64 bits, over the eight bytes of each number, least significant first. */
function hash(numbers: Iterable<number>): bigint {
  let value = 0xcbf29ce484222325n;
  const bytes = new DataView(new ArrayBuffer(8));
  for (const number of numbers) {
    bytes.setFloat64(0, number, true);
    for (let i = 0; i < 8; i++) {
      value = BigInt.asUintN(64, (value ^ BigInt(bytes.getUint8(i))) * 0x100000001b3n);
    }
  }
  return value;
}

const model = oracle.paperModel(2, 2, 4);
const samples = [
  [1, 2, 3, 4],
  [3, -1, 0, 2],
  [0, 0, 1, -1],
];

for (const build of BUILDS) {
  describe(`progress: ${build}`, () => {
    it('the trace hashes every loss, then the parameters', () => {
      const machine = new Machine(build, model, { batch: 3 });
      ok(machine.abi.parameters_initialise(), 'initialise');
      const losses: number[] = [];
      assert.equal(machine.trace, hash(machine.parameters));
      for (let t = 0; t < 5; t++) {
        losses.push(machine.step(samples, [0, 1, 1]).Loss);
        assert.equal(machine.trace, hash([...losses, ...machine.parameters]), `step ${t}`);
      }
      machine.parameters[0] += 1e-3;
      assert.equal(machine.trace, hash([...losses, ...machine.parameters]), 'another parameter');
    });

    it('a core without a program has no trace to read, whatever its options have become', () => {
      const fresh = load(build);
      assert.deepEqual([fresh.trace_low(), fresh.trace_high()], [0, 0]);
      const { abi } = new Machine(build, model);
      for (const [key, value] of [
        [Option.Parameters, MAX_PARAMETERS],
        [Option.Outputs, MAX_OUTPUTS],
        [Option.Logits, MAX_LOGITS],
      ]) {
        ok(abi.configure(key, value), 'configure');
        abi.trace_low();
        abi.trace_high();
      }
    });

    it('counts of steps, rises, reversals, circuits, shots and rates', () => {
      const shots = 8;
      const options = { rate: 0.6, negativeRate: 0.3, shots, gradient: Gradient.ParameterShift, batch: 3 };
      // Those of the paper's family: test/assembly/rules/family.test.ts.
      for (const rule of [Rule.Nlr, Rule.NlrGuarded, Rule.Sgd]) {
        const machine = new Machine(build, model, { ...options, rule, guard: 0.5 });
        ok(machine.abi.parameters_initialise(), 'initialise');
        const expected = { rises: 0, reversals: 0, circuits: 0, rateSum: 0 };
        for (let t = 0; t < 12; t++) {
          const size = 1 + (t % 3);
          const report = machine.step(samples.slice(0, size), [0, 1, 1]);
          const tested = rule !== Rule.Sgd;
          assert.equal(Number.isNaN(report.TentativeLoss), !tested);
          if (tested && report.TentativeLoss > report.Loss) expected.rises += 1;
          assert.equal(report.Decision !== Decision.Descended, tested && report.TentativeLoss > report.Loss);
          if (report.Decision === Decision.Reversed) expected.reversals += 1;
          const circuits = (stepEvaluations(machine) * size) / 3;
          expected.circuits += circuits;
          expected.rateSum += report.Rate;
          assert.equal(report.Step, t + 1);
          assert.equal(report.Violations, expected.rises);
          assert.equal(report.Reversals, expected.reversals);
          assert.equal(report.StepEvaluations, circuits);
          assert.equal(report.StepShots, circuits * shots);
          assert.equal(report.Evaluations, expected.circuits);
          assert.equal(report.Shots, expected.circuits * shots);
          assert.equal(report.RateSum, expected.rateSum);
          const eta = isSingle(build) ? Math.fround : Number;
          const rates: Partial<Record<Decision, number>> = {
            [Decision.Descended]: 0.6,
            [Decision.Reversed]: -0.3,
            [Decision.Halved]: 0.3,
          };
          assert.equal(report.Rate, eta(rates[report.Decision] ?? Number.NaN));
        }
        assert.ok(rule === Rule.Sgd || expected.reversals > 0, 'some steps were reversed');
      }
    });

    it('beyond the end of the cosine nothing moves', () => {
      const machine = new Machine(build, model, { schedule: Schedule.Cosine, steps: 2, batch: 3 });
      ok(machine.abi.parameters_initialise(), 'initialise');
      for (let t = 0; t < 2; t++) machine.step(samples, [0, 1, 1]);
      const before = machine.parameters.slice();
      const report = machine.step(samples, [0, 1, 1]);
      assert.ok(report.Rate === 0 && report.Step === 3);
      assert.deepEqual(machine.parameters, before);
    });
  });
}
