/**
 * Bitstrings of one shot that sixteen bits of chance leave undecided, once in some thousand draws: more bits are taken then,
 * for either sample of a pair alike, whatever the build. A build that takes others leaves the trace of all.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Gradient, Loss, Rule } from '../../../assembly/abi/codes.ts';
import { DOUBLE_BUILDS, hasColumns, Machine } from '../../support/core-harness.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 77;
const QUBITS = 5;
const STEPS = 400;

describe('one shot of a displaced circuit', () => {
  const builds = DOUBLE_BUILDS.filter(hasColumns);
  const model = oracle.paperModel(QUBITS, 1, 4, {
    terms: Array.from({ length: QUBITS }, (_, qubit) => oracle.zTerm(qubit, 0, 1 / QUBITS)),
    loss: Loss.MeanSquare,
    encoding: Encoding.Amplitude,
  });
  const training = {
    ...{ rule: Rule.Sgd, gradient: Gradient.ParameterShift, shots: 4, displacedShots: 1, batch: 2 },
    ...{ seed: [SEED, 0] as const, steps: STEPS },
  } as const;
  const rng = oracle.seededRng(SEED);
  const parameters = oracle.randomTheta(rng, model);
  const batches = Array.from({ length: STEPS }, () => oracle.randomBatch(rng, model, 2));

  it(`is the same in every build, seed ${SEED}: of ${STEPS} steps, some hundred draws take more bits`, () => {
    const traces = builds.map((build) => {
      const machine = new Machine(build, model, training).withParameters(parameters);
      return batches.map(({ batch, labels }) => {
        machine.step(batch, labels);
        return [...machine.gradient];
      });
    });
    for (const [i, trace] of traces.entries())
      assert.deepEqual(trace, traces[0], `${builds[i]} and ${builds[0]}`);
  });
});
