/** Displaced angles in the Heisenberg engine: what the displaced circuits give, without running one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Gradient, Loss, Rule } from '../../../assembly/abi/codes.ts';
import { type Build, BUILDS, isDevice } from '../../support/core-harness.ts';
import { buildsFor, heisenberg } from '../../support/core-heisenberg.ts';
import { LOSSES_AND_LOGITS } from '../../support/core-models.ts';
import { assertExactStep, randomCase } from '../../support/engine-checks.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1130;
const EXACT = { gradient: Gradient.ParameterShift, shots: 0 } as const;

/** One exact step on every build that has room for it. @returns those */
function check(model: oracle.OracleModel, rng: oracle.Rng, size: number, what: string): readonly Build[] {
  const training = { ...EXACT, rule: Rule.Sgd, batch: size };
  const builds = buildsFor(model, training);
  const make = (build: Build) => heisenberg(build, model, training);
  assertExactStep(randomCase(rng, model, size), builds, make, `seed ${SEED}, ${what}`);
  return builds;
}

describe('heisenberg, displaced angles: exact, against the dense oracle', () => {
  for (const [loss, logits] of LOSSES_AND_LOGITS) {
    it(`${Loss[loss]}, ${logits} logits: random programs of all gates, 1 to 4 qubits, batches of 1 to 5`, () => {
      const rng = oracle.seededRng(SEED + 10 * loss + logits);
      let onDevices = 0;
      for (let trial = 0; trial < 15; trial++) {
        const qubits = 1 + (trial % 4);
        const outputs = logits === 0 ? 1 : 1 + (trial % 3);
        const encoding = trial % 3 === 2 ? Encoding.Zero : Encoding.Amplitude;
        const model = oracle.randomModel(rng, { qubits, outputs, loss, logits, encoding, linear: true });
        onDevices += Number(check(model, rng, 1 + (trial % 5), `trial ${trial}`).some(isDevice));
      }
      assert.ok(onDevices >= 5 || !BUILDS.some(isDevice), `${onDevices} on devices`);
    });
  }
});
