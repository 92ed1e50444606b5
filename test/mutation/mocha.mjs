/**
 * Loaded into the processes in which Stryker runs tests: what tests import as `node:test` is Mocha, by which Stryker runs
 * them in one process, a mutant after another. A process for each mutant and test file would take a hundred times as long.
 */
import { register } from 'node:module';

register('./mocha-hook.mjs', import.meta.url);
