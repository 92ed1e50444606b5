/** What every build makes of a model: the outputs of the dense oracle. */
import { assertAllClose, assertSameBits } from './close.ts';
import { BUILDS, DOUBLE_BUILDS, Machine } from './core-harness.ts';
import * as oracle from './oracle/index.ts';
import { within } from './tolerance.ts';

/**
 * The outputs of a mini-batch on every build, against the dense oracle; and the same bits on all builds in
 * double precision.
 * @param tolerance in double and in single precision
 */
export function assertOutputs(
  model: oracle.OracleModel,
  theta: oracle.Vector,
  batch: readonly number[][],
  tolerance: readonly [double?: number, single?: number],
  what: string,
): void {
  const expected = batch.flatMap((x) => oracle.logits(model, theta, oracle.evaluate(model, theta, x)));
  const found = new Map(
    BUILDS.map((build) => {
      const machine = new Machine(build, model, { batch: batch.length }).withParameters(theta);
      return [build, machine.predict(batch).flat()];
    }),
  );
  for (const [build, rows] of found) {
    assertAllClose(rows, expected, within(build, ...tolerance), `${build}, ${what}`);
  }
  const [first] = DOUBLE_BUILDS;
  for (const build of DOUBLE_BUILDS) {
    assertSameBits(found.get(build) as number[], found.get(first) as number[], `${build}, ${what}`);
  }
}
