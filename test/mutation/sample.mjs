/**
 * Some of all changes of the host, drawn without regard to groups: every change of a source that is in a group has the same
 * chance, and every test of a group may notice it. One run for all, for each run has to try the unchanged tests first, with
 * no other change in the sources than those that are drawn: tens of thousands would slow the tests down many times over.
 */
import { Stryker } from '@stryker-mutator/core';
// Stryker can be told which lines to change, not which changes: it is made to pass over those that are not drawn.
import { Instrumenter } from './node_modules/@stryker-mutator/instrumenter/dist/src/instrumenter.js';
import { MutantCollector } from './node_modules/@stryker-mutator/instrumenter/dist/src/transformers/mutant-collector.js';
import { sampled } from './sites.mjs';

const NOT_DRAWN = 'not drawn';

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
  const { instrument } = Instrumenter.prototype;
  const { collect } = MutantCollector.prototype;
  Instrumenter.prototype.instrument = async function (...given) {
    const { mutants } = await instrument.apply(this, given);
    // What cannot be changed, Stryker has marked by now.
    const possible = mutants.filter(({ status }) => status === undefined).map(({ id }) => id);
    all = possible.length;
    const drawn = new Set(sampled(possible, count, seed));
    MutantCollector.prototype.collect = function (...place) {
      const mutant = collect.apply(this, place);
      if (!drawn.has(mutant.id)) mutant.ignoreReason = NOT_DRAWN;
      return mutant;
    };
    return instrument.apply(this, given);
  };
  const stryker = new Stryker({
    ...{ configFile: 'test/mutation/stryker.config.mjs', dryRunOnly, mutate: [...mutate] },
    mochaOptions: { spec: [...spec] },
    tempDirName: 'build/stryker-sample',
    dryRunTimeoutMinutes: 60,
  });
  const results = await stryker.runMutationTest();
  return { results: results.filter(({ statusReason }) => statusReason !== NOT_DRAWN), all };
}
