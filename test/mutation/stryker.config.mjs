/**
 * Mutation testing of rooms of the host: what is changed, and which tests have to notice. Other rooms by
 * `npm run mutate:host -- --mutate host/files/container.ts`.
 */
export default {
  testRunner: 'tap',
  plugins: ['@stryker-mutator/tap-runner'],
  tap: {
    testFiles: ['test/host/data/split.test.ts', 'test/host/study/statistics.test.ts'],
    nodeArgs: ['--import', 'tsx', '--import', './test/support/wasm.mjs'],
  },
  // Rooms whose tests take no core and no file, so that a mutant takes a second.
  mutate: ['host/data/split.ts', 'host/study/{bootstrap,paired,spread,wilcoxon}.ts'],
  coverageAnalysis: 'perTest',
  disableTypeChecks: 'host/**/*.ts',
  // What the sandbox does without.
  ignorePatterns: [
    ...[
      '/*',
      '!/host',
      '!/test',
      '!/assembly',
      '!/build',
      '!/package.json',
      '!/tsconfig.json',
      '!/asconfig.json',
    ],
    ...['/build/*', '!/build/*.wasm', 'node_modules', '/test/fuzz', '/test/engines'],
  ],
  // Stryker would rewrite it by TypeScript's old interface.
  tsconfigFile: 'build/no-tsconfig.json',
  tempDirName: 'build/stryker',
  reporters: ['clear-text', 'json', 'progress-append-only'],
  jsonReporter: { fileName: 'build/mutation-host.json' },
  clearTextReporter: { allowColor: false, reportTests: false, logTests: false },
  concurrency: 2,
  timeoutMS: 60_000,
  thresholds: { high: 85, low: 75, break: 75 },
  checkers: [],
  allowEmpty: false,
};
