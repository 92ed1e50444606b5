/**
 * What of the host is changed, and by which tests that has to be noticed: those of its room that run in one process. What
 * only tests of the built command, of threads, of browsers or of compilers reach is in no group: Stryker changes what is
 * loaded in the process of the test. Nor is what is generated, which the test of what generates it compares.
 */

/**
 * @typedef {object} Group
 * @property {RegExp} sources below host/
 * @property {RegExp} tests below test/host/, or with 'faults/' before their names below test/faults/
 */

/** @type {Readonly<Record<string, Group>>} */
export const GROUPS = {
  statistics: {
    sources: /^study\/(?:bootstrap|paired|spread|wilcoxon|looks|shard)\.ts$/,
    tests: /^study\/(?:statistics|looks|shard)\.test\.ts$/,
  },
  studies: {
    sources: /^study\/(?:cell|comparison|csv|result|run-cells|store|train-cell)\.ts$/,
    tests: /^study\/(?:store|tables|train-cell)\.test\.ts$/,
  },
  split: { sources: /^data\/(?:split|philox)\.ts$/, tests: /^data\/split\.test\.ts$/ },
  tables: {
    sources: /^data\/(?:csv|csv-numbers|csv-place|csv-records|write)\.ts$/,
    tests: /^data\/(?:csv|csv-texts|write)\.test\.ts$/,
  },
  images: {
    sources: /^data\/(?:checksum|dataset|gzip|idx)\.ts$/,
    tests: /^data\/(?:data-texts|dataset|idx|write)\.test\.ts$/,
  },
  preprocessing: {
    sources: /^data\/(?:columns|fit|fit-columns|moments|parse-columns|preprocess|sums|transform)\.ts$/,
    tests: /^data\/(?:columns|data-texts|fit|preprocess)\.test\.ts$/,
  },
  components: { sources: /^data\/(?:eigen|pca)\.ts$/, tests: /^data\/pca\.test\.ts$/ },
  sets: {
    sources: /^data\/sets\/(?:ad-hoc|anomalies|hermitian|moons|normal|numpy-random)\.ts$/,
    tests: /^data\/sets\/(?:ad-hoc|anomalies|moons|set-texts)\.test\.ts$/,
  },
  gaussians: {
    sources: /^data\/sets\/(?:gaussians|made|options)\.ts$/,
    tests: /^data\/sets\/(?:ad-hoc|anomalies|gaussians|moons|set-texts)\.test\.ts$/,
  },
  vibration: {
    sources: /^data\/sets\/(?:fft|vibration)\.ts$/,
    tests: /^data\/sets\/(?:set-texts|vibration)\.test\.ts$/,
  },
  digits: { sources: /^data\/digits\.ts$/, tests: /^data\/digits\.test\.ts$/ },
  qdataset: {
    sources: /^data\/sets\/qdataset(?:|-evolution|-noise)\.ts$/,
    tests: /^data\/sets\/(?:qdataset|set-texts)\.test\.ts$/,
  },
  qasm: { sources: /^qasm\/[^/]*\.ts$/, tests: /^qasm\/[^/]*\.test\.ts$/ },
  plateau: { sources: /^plateau\/[^/]*\.ts$/, tests: /^plateau\/[^/]*\.test\.ts$/ },
  hamiltonians: {
    sources:
      /^problems\/(?:bases|built-in|groups|hamiltonian|lowest|pauli|read-hamiltonian|text-scanner)\.ts$/,
    tests: /^problems\/(?:groups|hamiltonian|hamiltonian-texts|lowest)\.test\.ts$/,
  },
  graphs: {
    sources: /^problems\/(?:circuits|cuts|graph|qaoa|read-graph|relax|state)\.ts$/,
    tests: /^problems\/(?:graph|graph-texts|hamiltonian-texts|minimise-texts|qaoa)\.test\.ts$/,
  },
  minimising: {
    sources: /^problems\/(?:measure|minimise)\.ts$/,
    tests: /^problems\/(?:minimise|minimise-texts)\.test\.ts$/,
  },
  core: { sources: /^core\/(?:checks|core|errors)\.ts$/, tests: /^core\/[^/]*\.test\.ts$/ },
  containers: { sources: /^files\/container\.ts$/, tests: /^files\/(?:container|files)\.test\.ts$/ },
  locks: {
    sources: /^files\/(?:claim|disk|lock|output-file)\.ts$/,
    tests: /^files\/(?:claims|disk|files|lock|refusals)\.test\.ts$/,
  },
  logs: { sources: /^files\/line-log\.ts$/, tests: /^files\/(?:line-log|refusals)\.test\.ts$/ },
  processors: { sources: /^qpu\/[^/]*\.ts$/, tests: /^(?:qpu\/[^/]*|faults\/qpu)\.test\.ts$/ },
  circuits: {
    sources: /^api\/(?:ansatz|circuit|gates|light-cone|program)\.ts$/,
    tests: /^api\/(?:ansatz|circuit|circuit-sentences|gates|light-cone)\.test\.ts$/,
  },
  heads: {
    sources: /^api\/(?:exponential|head-newton|head-refit)\.ts$/,
    tests: /^api\/(?:head-newton|head-refit)\.test\.ts$/,
  },
  starts: {
    sources: /^api\/(?:initialise|paper-family|noise)\.ts$/,
    tests: /^api\/(?:circuit-sentences|initialise|paper-family|noise|option-values)\.test\.ts$/,
  },
  training: {
    sources: /^api\/(?:early-stopping|in-turn|shots-budget|class-weights|metrics|prediction)\.ts$/,
    tests:
      /^api\/(?:averaging|class-weights|early-stopping|in-turn|metrics|refusals|scores|shots-budget)\.test\.ts$/,
  },
  models: {
    sources:
      /^api\/(?:asking|beside|classifier|file-description|head-share|losses|model|named-model|named-training|noisy-model|one-model|outcomes|pacer|predicting-model|regression|report|task|trainer|training|words)\.ts$/,
    tests:
      /^(?:api\/(?:averaging|classifier|noise|options|plan|refusals|regression|round-trip|scores|trainer)|faults\/(?:files|images|lying-images|wrong-values))\.test\.ts$/,
  },
  expectations: {
    sources: /^api\/(?:ascent|direct|plan|reversal-rate)\.ts$/,
    tests: /^api\/(?:ascent|ascent-cores|circuit-sentences|direct|plan)\.test\.ts$/,
  },
  options: {
    sources: /^api\/(?:method-checks|options|plan-options|planning|trainer-options)\.ts$/,
    tests: /^api\/(?:option-values|options|plan|planning|trainer)\.test\.ts$/,
  },
  growth: { sources: /^api\/growth\.ts$/, tests: /^api\/growth(?:|-stages)\.test\.ts$/ },
  theory: {
    sources: /^(?:paper\/(?:consistency|landscape)|paper\/theory\/(?:curvature|diffusion|exit-time))\.ts$/,
    tests: /^(?:paper\/(?:consistency|landscape|sections)|paper\/theory\/formulas)\.test\.ts$/,
  },
  experiments: {
    sources:
      /^paper\/(?:(?:arms|estimate|experiment|global-cost|grid|judge|printed|problems|readings|section|summary)|(?:tables|figures)\/[^/]*)\.ts$/,
    tests: /^paper\/(?:experiments|global-cost|judge|problems|sections)\.test\.ts$/,
  },
  runners: {
    sources: /^paper\/(?:runners|theory)\/(?!index|curvature|diffusion|exit-time)[^/]*\.ts$/,
    tests: /^paper\/theory\/(?:experiments|numbers|runners|sections)\.test\.ts$/,
  },
  figures: {
    sources:
      /^cli\/(?:output\/(?:curve|failure|sparkline|thinned)|paper\/(?:landscape-figure|page|page-style|pictures|terminal)|study\/glance|training\/minimising)\.ts$/,
    tests:
      /^cli\/(?:curves|drawings|failure|minimising|sparkline|paper\/(?:landscape-figure|page))\.test\.ts$/,
  },
  lab: {
    sources: /^browser\/(?:drawing\/(?:digit|format|thin)|work\/[^/]*)\.ts$/,
    tests: /^browser\/(?:drawing|plateau|problems|race|work)\.test\.ts$/,
  },
  generated: { sources: /^build\/generate\/[^/]*\.ts$/, tests: /^build\/generate\.test\.ts$/ },
  settings: {
    sources: /^browser\/settings\/[^/]*\.ts$/,
    tests: /^browser\/(?:link|settings)\.test\.ts$/,
  },
};
