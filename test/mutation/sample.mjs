/**
 * Some of all changes of the host, drawn without regard to groups: every change of a source that is in a group has the same
 * chance, and every test of a group may notice it. One run for all, for each run has to try the unchanged tests first.
 */
import { Stryker } from '@stryker-mutator/core';
// Stryker can be told which lines to change, not which changes; here it decides what is to be run of all that it has found.
import { MutantTestPlanner } from './node_modules/@stryker-mutator/core/dist/src/mutants/mutant-test-planner.js';
import { sampled } from './sites.mjs';

/**
 * Runs them.
 * @param {readonly string[]} mutate sources
 * @param {readonly string[]} spec tests
 * @param {number} count how many are drawn
 * @param {number} seed
 * @param {boolean} dryRunOnly
 */
export async function sampleOf(mutate, spec, count, seed, dryRunOnly) {
  let all = 0;
  const { makePlan } = MutantTestPlanner.prototype;
  MutantTestPlanner.prototype.makePlan = function (mutants) {
    // What cannot be run, Stryker has marked by now.
    const possible = mutants.filter(({ status }) => status === undefined);
    all = possible.length;
    return makePlan.call(this, sampled(possible, count, seed));
  };
  const stryker = new Stryker({
    ...{ configFile: 'test/mutation/stryker.config.mjs', dryRunOnly, mutate: [...mutate] },
    mochaOptions: { spec: [...spec] },
    tempDirName: 'build/stryker-sample',
    dryRunTimeoutMinutes: 60,
  });
  return { results: await stryker.runMutationTest(), all };
}
