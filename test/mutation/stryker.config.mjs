/** How Stryker changes the host and runs its tests. What and by which tests is in groups.mjs. */
export default {
  testRunner: 'mocha',
  plugins: ['@stryker-mutator/mocha-runner'],
  testRunnerNodeArgs: [
    // Where it can, Mocha loads tests by require, past the hooks below.
    '--no-experimental-require-module',
    ...['tsx', './test/support/wasm.mjs', './test/mutation/mocha.mjs'].flatMap((name) => ['--import', name]),
  ],
  coverageAnalysis: 'perTest',
  // What runs when a module is loaded takes a new process for each mutant.
  ignoreStatic: true,
  // Nothing checks them here, and a line more would make what is generated out of date.
  disableTypeChecks: false,
  // What the sandbox does without.
  ignorePatterns: [
    ...['/*', '!/host', '!/test', '!/assembly', '!/build', '!/dist'],
    ...['!/package.json', '!/tsconfig.json', '!/asconfig.json'],
    ...['/build/*', '!/build/*.wasm', 'node_modules'],
    ...['/test/engines/*', '!/test/engines/engine.ts'],
  ],
  // Stryker would rewrite it by TypeScript's old interface.
  tsconfigFile: 'build/no-tsconfig.json',
  tempDirName: 'build/stryker',
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  concurrency: 2,
  timeoutMS: 15_000,
};
