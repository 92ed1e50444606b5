/**
 * Every function and method of the package's entries with wrong values in every place: what comes out is an error of
 * the package, or a result, and what was called upon is as before.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import * as circuits from '../../host/circuits.ts';
import * as data from '../../host/data/index.ts';
import { EarlyStopping } from '../../host/early-stopping.ts';
import * as growth from '../../host/growth.ts';
import * as noise from '../../host/noise.ts';
import * as library from '../../host/index.ts';
import * as problems from '../../host/problems/index.ts';
import * as qpu from '../../host/qpu/index.ts';
import { Training } from '../../host/api/training.ts';
import { finish, MODEL, rowsOf, TRAINING, trainerOf } from '../support/host-data.ts';

const { NlrError, Trainer } = library;

// Threads run the built package, whose classes are not those of the sources.
const dist = new URL('../../dist/', import.meta.url);
const parallel = (await import(
  new URL('parallel.js', dist).href
)) as typeof import('../../host/parallel/index.ts');
const built = (await import(new URL('index.js', dist).href)) as typeof library;

/** Values of every kind that JavaScript has, made anew each time. */
const WRONG: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  '-1': () => -1,
  '0.5': () => 0.5,
  '1e300': () => 1e300,
  NaN: () => Number.NaN,
  'a text': () => 'text',
  'an empty text': () => '',
  'a BigInt': () => 3n,
  'a symbol': () => Symbol('x'),
  'a function': () => () => 1,
  'an object': () => ({}),
  'an object without a prototype': () => Object.create(null),
  'a list': () => [],
  'a list of BigInts': () => [1n, 2n],
  'a list of lists of nothing': () => [[undefined], [null]],
  'a list with a hole': () => new Array(3),
  'a list in a circle': () => {
    const list: unknown[] = [];
    list.push(list);
    return list;
  },
  'an object in a circle': () => {
    const object: Record<string, unknown> = {};
    object.self = object;
    return object;
  },
  'an object with __proto__': () => JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'),
  'a Float32Array': () => new Float32Array(4),
  'a BigInt64Array': () => new BigInt64Array(4),
  'an ArrayBuffer': () => new ArrayBuffer(8),
  'a date': () => new Date(0),
  'a map': () => new Map([[1, 2]]),
  'getters that throw': () => thrower({}),
  'a list whose entries throw': () => thrower([1]),
  'a proxy that throws': () =>
    new Proxy(
      {},
      {
        get: () => {
          throw new RangeError('proxy');
        },
        ownKeys: () => {
          throw new RangeError('proxy');
        },
        has: () => {
          throw new RangeError('proxy');
        },
        getPrototypeOf: () => {
          throw new RangeError('proxy');
        },
      },
    ),
  'a revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    return proxy;
  },
};

/** Getters, under names that options have, which throw something that is no error. */
function thrower<T extends object>(object: T): T {
  for (const name of ['0', 'model', 'features', 'rows', 'kind', 'name', 'qubits', 'shots', 'then2']) {
    Object.defineProperty(object, name, {
      enumerable: true,
      get: () => {
        throw 'from a getter';
      },
    });
  }
  return object;
}

/** A call with good arguments; each of them, and each field of those that are records, is then spoilt in turn. */
interface Call {
  readonly call: (...args: never[]) => unknown;
  readonly args: readonly unknown[];
  /** What must not change, as text. */
  readonly state?: () => string;
}

const dataset = rowsOf(['no', 'yes']);
const { pipeline } = data.fitPipeline(dataset, [{ kind: 'standardise' }, { kind: 'pca', components: 2 }]);
const step = { model: MODEL, training: TRAINING, dataset };
const trainer = await finish(await trainerOf());
const caller = await trainerOf({ ...TRAINING, shots: 10, answerer: 'caller' });
const [model, checkpoint] = [trainer.save(), trainer.checkpoint()];
const loaded = await library.loadModel(model);
const NOISE: noise.Noise = [
  { channel: 'damping', rate: 0.1, gates: ['ry'], qubits: [0], operations: [0, 9] },
];
const core = await library.loadCore();
const ising = problems.tfim(2, 1);
const minimisation = await problems.minimise({ hamiltonian: ising, layers: 1, training: { shots: 2 } });
const pairOfNodes = problems.graph(2, [[0, 1]]);
const cutting = (await problems.qaoa({ graph: pairOfNodes }).next()).value as problems.QaoaStage;
const idx = { name: 'x', shape: [2, 2], data: Uint8Array.of(1, 2, 3, 4) };
const question: qpu.Question = {
  qubits: 1,
  encoding: 'amplitude',
  features: Float64Array.of(3, 4),
  operations: [{ gate: 'rx', qubits: [0], angle: 1 }],
  bases: ['Z'],
  shots: 5,
  step: 1,
  evaluation: 0,
  sample: 0,
};
const early = new EarlyStopping(trainer, { dataset });
const openQuestion: library.Answer = async ({ abi }) => {
  abi.tell(0, 10);
};

const trained = () =>
  [trainer.trace, trainer.steps, [...trainer.parameters], trainer.report].map(String).join();
const counted = { ...dataset, targets: Float64Array.from(dataset.labels, (label) => 3 * label) };
const counter = await Trainer.create({
  task: 'regression',
  model: { qubits: 2, features: 3 },
  training: { steps: 1 },
  dataset: counted,
});
const turn: circuits.Circuit = [{ gate: 'ry', qubits: [0], angle: { parameter: 0 } }];
/** Its gates, as they stand in a program. */
const PLACED = [{ name: 'ry', qubits: [0], from: 0, to: 1 }];
const how = { qubits: 2, encoding: 'angle', features: 1 };
const prepared = await circuits.prepareCircuit(turn, { observable: 'Z0' });
const turned = () => JSON.stringify(prepared.gradient([0.5]));
const predicted = () => JSON.stringify(loaded.predict([[1, 2, 3]]));

/** One step of a training, or none. */
async function fit(options: library.FitOptions): Promise<void> {
  await trainer.fit(options).next();
}

const CALLS: Readonly<Record<string, Call>> = {
  'index.loadCore': { call: library.loadCore, args: [{ engines: 'all' }] },
  'index.angleEncoding': { call: library.angleEncoding, args: [2, 3] },
  'index.chainAnsatz': { call: library.chainAnsatz, args: [2, 3] },
  'index.zOnEach': { call: library.zOnEach, args: [2] },
  'index.parseObservable': { call: library.parseObservable, args: ['Z0'] },
  'index.applyPipeline': { call: library.applyPipeline, args: [pipeline, [1, 2, 3]] },
  'noise.checkNoise': { call: noise.checkNoise, args: [NOISE, 2] },
  'noise.loadNoisyModel': {
    call: noise.loadNoisyModel,
    args: [model, { noise: NOISE, engine: 'auto', shots: 10, name: 'm', seed: 3 }],
  },
  'index.loadModel': { call: library.loadModel, args: [model, { name: 'm', seed: 3 }], state: predicted },
  'index.resolveModel': {
    call: library.resolveModel,
    args: [{ ...MODEL, observable: 'z0', head: 'none', loss: 'mse', classes: 2, encoding: 'angle' }],
  },
  'index.resolveTraining': { call: library.resolveTraining, args: [{ ...library.resolveTraining() }] },
  'index.plan': {
    call: library.plan,
    args: [
      MODEL,
      TRAINING,
      {
        models: 2,
        classWeights: 'balanced',
        task: 'classification',
        budgetBytes: 1e5,
        budgetMilliseconds: 1,
        nanosecondsPerGate: 10,
        build: { engines: 'all' },
      },
    ],
  },
  'index.metrics': {
    call: library.metrics,
    args: [loaded.predict(dataset), [...dataset.labels], dataset.classes],
  },
  EarlyStopping: {
    call: (...args: [never, never]) => new EarlyStopping(...args),
    args: [trainer, { dataset, every: 2, patience: 3 }],
    state: trained,
  },
  'EarlyStopping.prototype.resume': {
    call: (...args: [never, never]) => early.resume(...args),
    args: [{ misses: 1 }, 'n'],
    state: trained,
  },
  'EarlyStopping.prototype.look': { call: () => early.look(), args: [], state: trained },
  'EarlyStopping.prototype.restore': { call: () => early.restore(), args: [], state: trained },
  'index.supportsSimd': { call: library.supportsSimd, args: [] },
  'Trainer.create': {
    call: (options: never) => Trainer.create(options),
    args: [{ ...step, pipeline: pipeline.slice(0, 1), oneVsRest: false, engines: 'all' }],
  },
  'Trainer.create, its data': {
    call: (rows: never) => Trainer.create({ ...step, dataset: rows }),
    args: [dataset],
  },
  'Trainer.create, its model': {
    call: (options: never) => Trainer.create({ ...step, model: options }),
    args: [
      {
        ...MODEL,
        layers: undefined,
        circuit: [{ gate: 'rx', qubits: [0], angle: { parameter: 0 } }],
        observable: [[{ pauli: 'Z0', coefficient: 1 }]],
      },
    ],
  },
  'Trainer.create, its operation': {
    call: (operation: never) =>
      Trainer.create({ ...step, model: { ...MODEL, layers: undefined, circuit: [operation] } }),
    args: [{ gate: 'rx', qubits: [0], angle: { parameter: 0 } }],
  },
  'Trainer.create, its training': {
    call: (options: never) => Trainer.create({ ...step, training: options }),
    args: [{ ...library.resolveTraining(TRAINING) }],
  },
  'Trainer.create, its preprocessing': {
    call: (first: never) => Trainer.create({ ...step, pipeline: [first] }),
    args: [pipeline[0]],
  },
  'Trainer.resume': {
    call: (file: never, options: never) => Trainer.resume(file, options),
    args: [checkpoint, { dataset, name: 'c' }],
  },
  'Trainer.contextOf': {
    call: (file: never, name: never) => Trainer.contextOf(file, name),
    args: [checkpoint, 'c'],
  },
  'Trainer.prototype.fit': {
    call: fit,
    args: [{ until: 0, slice: 10, signal: new AbortController().signal, answer: openQuestion }],
    state: trained,
  },
  'Trainer.prototype.save': {
    call: (context: never) => trainer.save(context),
    args: [{ a: 1 }],
    state: trained,
  },
  'Trainer.prototype.checkpoint': {
    call: (context: never) => trainer.checkpoint(context),
    args: [{ a: 1 }],
    state: trained,
  },
  'Trainer.prototype.trainingLoss': { call: () => trainer.trainingLoss(), args: [], state: trained },
  'Classifier.prototype.predict': {
    call: (rows: never, options: never) => trainer.predict(rows, options),
    args: [
      [
        [1, 2, 3],
        [3, 2, 1],
      ],
      { shots: 5 },
    ],
    state: trained,
  },
  'Classifier.prototype.predict, a data set': {
    call: (rows: never, options: never) => loaded.predict(rows, options),
    args: [dataset, { shots: 'exact' }],
    state: predicted,
  },
  'Classifier.prototype.evaluate': {
    call: (rows: never, options: never) => loaded.evaluate(rows, options),
    args: [dataset, { shots: 'exact' }],
    state: predicted,
  },
  'Classifier.prototype.predictValues': {
    call: (rows: never, options: never) => counter.predictValues(rows, options),
    args: [[[1, 2, 3]], { shots: 5 }],
  },
  'Classifier.prototype.evaluateValues': {
    call: (rows: never, options: never) => counter.evaluateValues(rows, options),
    args: [counted, { shots: 'exact' }],
  },
  Core: { call: (abi: never, bytes: never) => new library.Core(abi, bytes), args: [core.abi, 5] },
  'Core.prototype.check': { call: (...args: [never, never]) => core.check(...args), args: [1, 'doing'] },
  'Core.prototype.configure': { call: (...args: [never, never]) => core.configure(...args), args: [0, 3] },
  'Core.prototype.reals': { call: (...args: [never, never]) => core.reals(...args), args: [64, 3] },
  'Core.prototype.integers': { call: (...args: [never, never]) => core.integers(...args), args: [64, 3] },
  'Core.prototype.doubles': { call: (...args: [never, never]) => core.doubles(...args), args: [64, 3] },
  'Core.prototype.takeImage': { call: (...args: [never]) => core.takeImage(...args), args: [3] },
  'Core.prototype.putImage': { call: (...args: [never]) => core.putImage(...args), args: [Uint8Array.of(1)] },
  'Core.prototype.trace': { call: () => core.trace(), args: [] },
  'circuits.expectation': { call: circuits.expectation, args: [turn, 'Z0', [0.5], [1], how] },
  'circuits.gradient': {
    call: circuits.gradient,
    args: [turn, [{ pauli: 'Z0', coefficient: 2 }], [0.5], [1], how],
  },
  'circuits.gradient, a term': {
    call: (term: never) => circuits.gradient(turn, [term], [0.5]),
    args: [{ pauli: 'Z0', coefficient: 2 }],
  },
  'circuits.probabilities': {
    call: circuits.probabilities,
    args: [turn, [0.5], [1], { ...how, measured: [0] }],
  },
  'circuits.sample': {
    call: circuits.sample,
    args: [turn, 5, [0.5], [1], { ...how, measured: [1], seed: 2 }],
  },
  'growth.growLayers': {
    call: (options: never) => growth.growLayers(options).next(),
    args: [{ model: { qubits: 2, features: 3, entanglerGate: 'cz' }, dataset, stages: [1] }],
  },
  'growth.growAdapt': {
    call: (options: never) => growth.growAdapt(options).next(),
    args: [{ model: { qubits: 2, features: 3 }, dataset, stages: 1, tolerance: 0 }],
  },
  'problems.builtIn': { call: problems.builtIn, args: ['tfim:3,1'] },
  'problems.tfim': { call: problems.tfim, args: [3, 0.5] },
  'problems.heisenberg': { call: problems.heisenberg, args: [3] },
  'problems.hamiltonian': {
    call: problems.hamiltonian,
    args: [[{ pauli: 'Z0', coefficient: 1 }], { name: 'h', qubits: 2, about: {}, electrons: 1 }],
  },
  'problems.readHamiltonian': {
    call: problems.readHamiltonian,
    args: ['0.5 [Z0 Z1]', { name: 'h', qubits: 2 }],
  },
  'problems.lowestEnergy': { call: problems.lowestEnergy, args: [ising, 8] },
  'problems.ansatz': { call: problems.ansatz, args: [ising, 'hardware', 1] },
  'problems.minimise': {
    call: problems.minimise,
    args: [
      {
        ...{ hamiltonian: ising, ansatz: 'hardware', layers: 1, grouping: 'commuting' },
        ...{ initialisation: 'small-angles', initialScale: 0.1, training: { shots: 2 }, wasm: undefined },
        checkpoint: undefined,
      },
    ],
  },
  'problems.measureEnergy': { call: problems.measureEnergy, args: [minimisation, 20] },
  'problems.graph': { call: problems.graph, args: [3, [[0, 1]], 'pair'] },
  'problems.randomRegular': { call: problems.randomRegular, args: [4, 3, 2] },
  'problems.namedGraph': { call: problems.namedGraph, args: ['random:4,3'] },
  'problems.readGraph': { call: problems.readGraph, args: ['0 1', 'pair'] },
  'problems.largestCut': { call: problems.largestCut, args: [pairOfNodes] },
  'problems.cutHamiltonian': { call: problems.cutHamiltonian, args: [pairOfNodes] },
  'problems.oneLayerCut': { call: problems.oneLayerCut, args: [pairOfNodes, 0.5, 0.3] },
  'problems.qaoa': {
    call: (options: never) => problems.qaoa(options).next(),
    args: [{ graph: pairOfNodes, layers: 1, warmStart: 'none', training: { shots: 2 }, wasm: undefined }],
  },
  'problems.noisyProbabilities': { call: problems.noisyProbabilities, args: [cutting] },
  'problems.sampleCuts': {
    call: problems.sampleCuts,
    args: [cutting, 10, 1, new Float64Array(4).fill(0.25)],
  },
  'circuits.zzFeatureMap': { call: circuits.zzFeatureMap, args: [2] },
  'circuits.prepareCircuit': {
    call: circuits.prepareCircuit,
    args: [turn, { ...how, observable: 'Z0', noise: NOISE, placed: PLACED, wasm: undefined }],
  },
  'circuits.prepareCircuit, an operation': {
    call: (operation: never) => circuits.prepareCircuit([operation]),
    args: [{ gate: 'u', qubits: [0], angles: [1, 2, 3] }],
  },
  'PreparedCircuit.prototype.expectation': {
    call: (...args: [never, never]) => prepared.expectation(...args),
    args: [[0.5], []],
    state: turned,
  },
  'PreparedCircuit.prototype.gradient': {
    call: (...args: [never, never]) => prepared.gradient(...args),
    args: [[0.5], []],
    state: turned,
  },
  'PreparedCircuit.prototype.probabilities': {
    call: (...args: [never, never, never]) => prepared.probabilities(...args),
    args: [[0.5], [], { measured: [0] }],
    state: turned,
  },
  'PreparedCircuit.prototype.sample': {
    call: (...args: [never, never, never, never]) => prepared.sample(...args),
    args: [5, [0.5], [], { measured: [0], seed: 3 }],
    state: turned,
  },
  'data.parseCsv': {
    call: data.parseCsv,
    args: [
      'a,b,c\n1,2,x\n3,4,y\n',
      { name: 'n', label: 'c', header: true, classes: ['x', 'y'], delimiter: ',' },
    ],
  },
  'data.readCsv': {
    call: data.readCsv,
    args: ['a,b,c\n1,x,2\n', { name: 'n', label: 'b', decimal: '.', missing: 'drop', use: () => 'number' }],
  },
  'data.checkDataset': {
    call: data.checkDataset,
    args: [
      {
        ...dataset,
        shape: [1, 3],
        columnNames: ['a', 'b', 'c'],
        labelName: 'l',
        source: { columns: 4, at: [0, 1, 2] },
        lines: dataset.labels.slice(),
        part: 'train',
      },
    ],
  },
  'data.checkEncodable': { call: data.checkEncodable, args: [dataset, { amplitudes: 4 }] },
  'data.checkFeatures': { call: data.checkFeatures, args: [dataset] },
  'data.row': { call: data.row, args: [dataset, 1] },
  'data.selectClasses': { call: data.selectClasses, args: [dataset, ['yes', 'no']] },
  'data.subset': { call: data.subset, args: [dataset, [0, 1]] },
  'data.fitPipeline': { call: data.fitPipeline, args: [dataset, [{ kind: 'standardise' }]] },
  'data.fitPipeline, a step': {
    call: (first: never) => data.fitPipeline({ ...dataset, shape: [1, 3] }, [first]),
    args: [{ kind: 'crop', top: 0, left: 0, to: [1, 2], from: [1, 3] }],
  },
  'data.fitPipeline, another step': {
    call: (first: never) => data.fitPipeline(dataset, [first]),
    args: [{ kind: 'pca', components: 2 }],
  },
  'data.fitPipeline, a third step': {
    call: (first: never) => data.fitPipeline(dataset, [first]),
    args: [{ kind: 'constant', ratio: 2 }],
  },
  'data.mnist01': { call: data.mnist01, args: [async () => Uint8Array.of(1)] },
  'data.mnist01, a file': { call: (file: never) => data.mnist01(async () => file), args: [Uint8Array.of(1)] },
  'data.gunzip': { call: data.gunzip, args: [Uint8Array.of(1), 'n'] },
  'data.idxDataset': {
    call: data.idxDataset,
    args: [idx, { ...idx, shape: [2], data: Uint8Array.of(0, 1) }, { classes: ['0', '1'], name: 'n' }],
  },
  'data.parseIdx': { call: data.parseIdx, args: [Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 5), 'n'] },
  'data.readIdx': { call: data.readIdx, args: [Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 5), 'n'] },
  'data.readIdxDataset': {
    call: data.readIdxDataset,
    args: [
      { name: 'i', bytes: Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 1, 5, 6) },
      { name: 'l', bytes: Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 0, 1) },
    ],
  },
  'data.adHoc': { call: data.adHoc, args: [{ train: 2, test: 1, gap: 0.3, distinct: true, seed: 1 }] },
  'data.anomalyWindows': {
    call: data.anomalyWindows,
    args: [
      'timestamp,value\n1,2\n2,3\n3,4\n4,5\n',
      [['2', '3']],
      { length: 2, stride: 2, share: 0.5, testFraction: 0.5, seed: 1 },
      'n',
    ],
  },
  'data.bayesOfGaussians': { call: data.bayesOfGaussians, args: [4, 90] },
  'data.gaussians': {
    call: data.gaussians,
    args: [{ rows: 8, dimensions: 2, separation: 4, angle: 90, testFraction: 0.5, seed: 1 }],
  },
  'data.makeData': { call: data.makeData, args: ['moons', { rows: 8 }, {}] },
  'data.moons': { call: data.moons, args: [{ rows: 8, noise: 0.1, testFraction: 0.5, seed: 1 }] },
  'data.qdataset': {
    call: data.qdataset,
    args: [
      {
        rows: 4,
        realisations: 1,
        pulses: 'square',
        control: 'x',
        noise: ['N1'],
        testFraction: 0.5,
        seed: 1,
      },
      // All of the default rows would take their time.
      {
        progress: (_: number, rows: number) => {
          if (rows > 4) throw new library.OptionError('ERR_OPTION_VALUE', 'enough');
        },
        signal: new AbortController().signal,
      },
    ],
  },
  'data.readOriginals': {
    call: data.readOriginals,
    args: [
      'mnist',
      async (file: string) =>
        readFileSync(new URL(`../../host/data/samples/mnist/${file}.gz`, import.meta.url)),
      { classes: ['0', '1'], perClass: 1, testPerClass: 1, side: 8, seed: 1 },
      'sample',
    ],
  },
  'data.vibration': {
    call: data.vibration,
    args: [
      {
        perClass: 4,
        samples: 8,
        classes: ['healthy', 'bearing'],
        severity: 1,
        noise: 0.1,
        testFraction: 0.5,
        seed: 1,
      },
    ],
  },
  'data.csvLines': { call: (rows: never) => [...data.csvLines(rows)], args: [dataset] },
  'data.toCsv': { call: data.toCsv, args: [dataset] },
  'data.toIdx': { call: data.toIdx, args: [dataset] },
  'data.applyPipeline': { call: data.applyPipeline, args: [pipeline, [1, 2, 3]] },
  'data.parsePipeline': { call: data.parsePipeline, args: [pipeline] },
  'data.pipelineInputs': { call: data.pipelineInputs, args: [pipeline] },
  'data.pipelineOutputs': { call: data.pipelineOutputs, args: [pipeline, 3] },
  'data.transformDataset': { call: data.transformDataset, args: [pipeline, dataset] },
  'data.shuffled': { call: data.shuffled, args: [3, 1] },
  'data.trainTestSplit': {
    call: data.trainTestSplit,
    args: [dataset, { testFraction: 0.5, seed: 1, stratify: true }],
  },
  'parallel.trainAll': {
    call: parallel.trainAll,
    args: [[], { threads: 1, onProgress: () => {}, signal: new AbortController().signal }],
  },
  'parallel.trainSeeds': {
    call: parallel.trainSeeds,
    args: [
      {
        ...step,
        training: { ...TRAINING, steps: 2 },
        seeds: [1],
        threads: 1,
        evaluateEvery: 1,
        test: dataset,
      },
    ],
  },
  'qpu.qpu': {
    call: qpu.qpu,
    args: [() => new Map(), { attempts: 1, timeout: 5, bitOrder: 'qubit-0-last' }],
  },
  'qpu.qpu, its answer': {
    call: (given: never, signal: never) => qpu.qpu(() => ({}))(given, signal),
    args: [core, new AbortController().signal],
  },
  'qpu.predictByQpu': {
    call: qpu.predictByQpu,
    args: [caller, [[1, 2, 3]], { answer: openQuestion, shots: 10, signal: new AbortController().signal }],
  },
  'qpu.toOpenQasm': { call: qpu.toOpenQasm, args: [question] },
  'qpu.toOpenQasm, an operation': {
    call: (first: never) => qpu.toOpenQasm({ ...question, operations: [first] }),
    args: [question.operations[0]],
  },
  'qpu.amplitudes': { call: qpu.amplitudes, args: [question] },
  'qpu.readQuestion': { call: qpu.readQuestion, args: [core] },
};

/** Every spoilt variant of some arguments: an argument, a field of a record, or a field too many. */
function* spoilt(args: readonly unknown[]): Generator<[what: string, args: unknown[]]> {
  for (const [i, arg] of args.entries()) {
    const withOther = (other: unknown) => args.map((old, k) => (k === i ? other : old));
    for (const [what, make] of Object.entries(WRONG)) {
      yield [`${what} as argument ${i + 1}`, withOther(make())];
      if (typeof arg !== 'object' || arg === null || ArrayBuffer.isView(arg)) continue;
      if (Array.isArray(arg)) {
        yield [`${what} inside argument ${i + 1}`, withOther([make(), ...arg.slice(1)])];
        continue;
      }
      if (![Object.prototype, null].includes(Object.getPrototypeOf(arg))) continue;
      for (const field of Object.keys(arg))
        yield [`${what} as ${field}`, withOther({ ...arg, [field]: make() })];
    }
    if (typeof arg === 'object' && arg !== null && Object.getPrototypeOf(arg) === Object.prototype)
      yield ['an unknown field', withOther({ ...arg, strange: 1 })];
  }
}

/** What a call threw, if it did. */
async function thrown(call: Call['call'], args: readonly unknown[]): Promise<unknown> {
  try {
    await call(...(args as never[]));
    return undefined;
  } catch (error) {
    return error ?? 'nothing';
  }
}

describe('wrong values', () => {
  for (const [name, { call, args, state }] of Object.entries(CALLS)) {
    test(name, async () => {
      for (const [what, wrong] of spoilt(args)) {
        const before = state?.();
        const error = await thrown(call, wrong);
        if (error === undefined) continue;
        assert.equal(state?.(), before, what);
        assert.ok(
          error instanceof NlrError || error instanceof built.NlrError,
          `${what}: ${(error as Error).stack ?? String(error)}`,
        );
        assert.equal(typeof error.code, 'string', what);
        assert.doesNotMatch(
          error.message,
          /\n|is not a function|not iterable|Cannot (read|convert|mix)/,
          what,
        );
        assert.ok(error.message.length < 600, `${what}: ${error.message}`);
      }
      assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    });
  }

  test('are tried with every function and method that the entries export', () => {
    const tried = Object.keys(CALLS).map((name) => name.replace(/,.*/, ''));
    const isClass = (value: unknown) => /^class\b/.test(String(value));
    const entries = { index: library, circuits, data, growth, noise, parallel, problems, qpu };
    for (const [entry, exports] of Object.entries(entries)) {
      for (const [name, value] of Object.entries(exports)) {
        // The errors are made by the package.
        if (typeof value !== 'function' || value.prototype instanceof Error) continue;
        if (!isClass(value)) assert.ok(tried.includes(`${entry}.${name}`), `${entry}.${name}`);
      }
    }
    const own = (of: object) => Object.getOwnPropertyNames(of);
    const classes = {
      Trainer: Training,
      Classifier: Object.getPrototypeOf(Training) as typeof Training,
      Core: library.Core,
      EarlyStopping,
      PreparedCircuit: circuits.PreparedCircuit,
    };
    for (const [called, one] of Object.entries(classes)) {
      const methods = own(one.prototype).filter(
        (name) => typeof Object.getOwnPropertyDescriptor(one.prototype, name)?.value === 'function',
      );
      // One is marked as internal.
      for (const method of methods.filter((name) => name !== 'predictionOf')) {
        const name = method === 'constructor' ? called : `${called}.prototype.${method}`;
        if (method !== 'constructor' || one === library.Core || one === EarlyStopping)
          assert.ok(tried.includes(name), name);
      }
      for (const method of own(one).filter(
        (name) => typeof one[name as never] === 'function' && name !== 'prototype',
      ))
        assert.ok(tried.includes(`${called}.${method}`), method);
    }
    for (const method of own(Trainer)) assert.ok(tried.includes(`Trainer.${method}`), method);
  });

  test('good arguments are taken, so that it is not those that are refused', async () => {
    const refused: string[] = [];
    for (const [name, { call, args }] of Object.entries(CALLS)) {
      const error = await thrown(call, args);
      if (error !== undefined) refused.push(name);
    }
    assert.deepEqual(refused, [
      'data.mnist01',
      'data.mnist01, a file',
      'qpu.qpu, its answer',
      'qpu.readQuestion',
    ]);
  });
});
