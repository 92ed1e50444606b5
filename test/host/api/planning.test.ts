/** What a plan says: engines and counts, warnings, notes and advice, and its refusals, with every sentence whole. */
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { plan } from '../../../host/api/planning.ts';
import type { ModelOptions, TrainingOptions } from '../../../host/api/options.ts';
import type { PlanOptions } from '../../../host/api/plan-options.ts';
import { ensureBuilt } from '../../support/built.mjs';
import { assertGolden } from '../../support/golden.ts';
import { settled } from '../../support/settled.ts';

type Loose = Readonly<Record<string, unknown>>;

/** Asks for a plan as JavaScript may. */
const ask = (model: Loose, training: Loose = {}, options: Loose = {}) =>
  plan(
    { qubits: 2, features: 3, layers: 2, ...model } as ModelOptions,
    training as TrainingOptions,
    options as PlanOptions,
  );

/** What a plan says beside its counts. */
const said =
  (...given: Parameters<typeof ask>) =>
  async () => {
    const { fits, warnings, notes, advice } = await ask(...given);
    return { fits, warnings, notes, advice };
  };
/** What a plan counts; its bytes are a matter of the build, and compared with those of trainers elsewhere. */
const counted =
  (...given: Parameters<typeof ask>) =>
  async () => {
    const { arenaBytes: _, ...rest } = await ask(...given);
    return rest;
  };

/** The build for devices: one engine, one page. */
let DEVICE: Uint8Array;
before(() => {
  ensureBuilt('build/core.device.wasm');
  DEVICE = readFileSync(new URL('../../../build/core.device.wasm', import.meta.url));
});

const BARE = { head: 'none', observable: 'z0' };

/** A circuit on three qubits of which the last one is apart: it turns by feature 2 and parameter 1. */
const APART = {
  qubits: 3,
  layers: undefined,
  encoding: 'angle',
  circuit: [
    { gate: 'ry', qubits: [0], angle: { feature: 0 } },
    { gate: 'ry', qubits: [2], angle: { feature: 2 } },
    { gate: 'ry', qubits: [1], angle: { parameter: 0 } },
    { gate: 'ry', qubits: [2], angle: { parameter: 1 } },
  ],
};
const on = (pauli: string) => ({ head: 'none', observable: [[{ pauli, coefficient: 1 }]] });

test('a plan counts what a step takes', async () => {
  const file = new URL('planning-counts.txt', import.meta.url);
  const text = await settled({
    'no option but the model': counted({}),
    shots: counted({}, { shots: 10, batch: 4 }),
    'shots, nlr': counted({}, { shots: 10, batch: 4, rule: 'nlr' }),
    'the parameter shift, exact': counted({}, { gradient: 'parameter-shift', batch: 4 }),
    'two-point': counted({}, { gradient: 'two-point', batch: 4 }),
    'three models': counted({}, { batch: 4 }, { models: 3 }),
    milliseconds: counted({}, { batch: 4 }, { nanosecondsPerGate: 250 }),
    angles: counted({ encoding: 'angle' }, { batch: 4 }),
    'a budget of shots': counted({}, { shots: 10, batch: 4, shotsBudget: 100000 }),
    'a budget of shots that outlasts the steps': counted(
      {},
      { shots: 10, batch: 4, shotsBudget: 100000, steps: 3 },
    ),
    'a budget of three models': counted({}, { shots: 10, batch: 4, shotsBudget: 100000 }, { models: 3 }),
    'a budget, some of it for the head': counted(
      {},
      { shots: 10, batch: 4, shotsBudget: 100000, refitHead: 0.25 },
    ),
    'a budget and a calibration': counted(
      {},
      { shots: 10, batch: 4, shotsBudget: 100000, calibrationShots: 500 },
    ),
    'a budget of less than a step': counted({}, { shots: 10, batch: 4, shotsBudget: 100 }),
    'a budget of less than a step of three': counted(
      {},
      { shots: 10, batch: 4, shotsBudget: 1000 },
      { models: 3 },
    ),
    'a budget of less than a step and its calibration': counted(
      {},
      { shots: 10, batch: 4, shotsBudget: 1100, calibrationShots: 500 },
    ),
    regression: counted({}, { batch: 4 }, { task: 'regression' }),
    'class weights': counted({}, { batch: 4 }, { classWeights: [1, 2] }),
    'the core that only predicts': counted({}, { batch: 4, shots: 10 }, { build: { engines: 'samples' } }),
    'a small build': counted({}, { batch: 4 }, { build: { wasm: DEVICE } }),
    'a small build, beyond its memory': counted(
      { qubits: 16, layers: 1 },
      { batch: 4 },
      { build: { wasm: DEVICE } },
    ),
    'a workspace within a page': counted({ qubits: 6, features: 64 }),
    'a workspace that would need another page': counted({ qubits: 8, features: 200 }, { batch: 12 }),
    'a workspace beyond a page anyhow': counted({ qubits: 10, features: 1000 }),
    'a workspace of its own': counted({ qubits: 6, features: 64 }, { workspace: 100000 }),
    'no workspace': counted({ qubits: 6, features: 64 }, { workspace: 0 }),
  });
  assertGolden(file, text);
});

test('a plan warns, notes, and says what would make it fit', async () => {
  const file = new URL('planning-sentences.txt', import.meta.url);
  const text = await settled({
    'amplitudes that are seen': said({ qubits: 3 }),
    'amplitudes that one qubit of three has, seen': said({ qubits: 3, features: 2, layers: 1, ...on('Z2') }),
    'amplitudes that one qubit of three has, unseen': said({
      ...{ qubits: 3, features: 2, layers: undefined, ...on('Z0') },
      circuit: [{ gate: 'ry', qubits: [0], angle: { parameter: 0 } }],
    }),
    'amplitudes that two qubits of three have, one of them seen': said({
      ...{ qubits: 3, features: 3, layers: undefined, ...on('Z1') },
      circuit: [{ gate: 'ry', qubits: [1], angle: { parameter: 0 } }],
    }),
    'one number, which drives nothing': said({ features: 1, layers: 1 }),
    'angles, all seen': said({ encoding: 'angle' }),
    'angles, one unseen': said({ ...APART, ...on('Z0') }),
    'angles, another unseen': said({ ...APART, ...on('Z2') }),
    'angles, none seen': said({ ...APART, ...on('Z1') }),
    'angles, no feature in the circuit': said({ ...APART, circuit: APART.circuit.slice(2), ...on('Z2') }),
    'parameters outside, by the shift': said({ ...APART, ...on('Z2') }, { gradient: 'parameter-shift' }),
    'parameters outside, by two points': said({ ...APART, ...on('Z2') }, { gradient: 'two-point' }),
    'a shot of bce without a head': said({ ...BARE }, { shots: 1 }),
    '99 shots of bce without a head': said({ ...BARE }, { shots: 99 }),
    '100 shots of bce without a head': said({ ...BARE }, { shots: 100 }),
    '99 shots of mse without a head': said({ ...BARE, loss: 'mse' }, { shots: 99 }),
    '99 shots of bce with a head': said({}, { shots: 99 }),
    'a page that is too small': said({ qubits: 8, features: 200, layers: 5 }, { batch: 1024 }),
    'no memory at all': said({}, {}, { budgetBytes: 0 }),
    'little memory': said({ qubits: 6, features: 60, layers: 6 }, { batch: 64 }, { budgetBytes: 40000 }),
    'less memory': said({ qubits: 6, features: 60, layers: 6 }, { batch: 64 }, { budgetBytes: 20000 }),
    'less memory, angles': said(
      { qubits: 6, features: 60, layers: 6, encoding: 'angle' },
      {},
      { budgetBytes: 20000 },
    ),
    'less memory, zz': said(
      { qubits: 6, features: 21, layers: 6, encoding: 'zz' },
      {},
      { budgetBytes: 16000 },
    ),
    'less memory, mirrored': said(
      { qubits: 6, features: 60, layers: 12, layout: 'mirrored', mirrorDepth: 2 },
      {},
      { budgetBytes: 20000 },
    ),
    'less memory, reuploads': said(
      { qubits: 6, features: 6, layers: 6, encoding: 'angle', reuploads: 4 },
      {},
      { budgetBytes: 16000 },
    ),
    'less memory, a QCNN': said(
      { qubits: 8, features: 60, layout: 'qcnn', layers: undefined },
      { batch: 64 },
      { budgetBytes: 20000 },
    ),
    'less memory, an observable of its own': said(
      { qubits: 6, features: 60, layers: 6, ...on('Z5') },
      { batch: 64 },
      { budgetBytes: 20000 },
    ),
    'less memory, a circuit of its own': said(
      { ...APART, ...on('Z0') },
      { batch: 200 },
      { budgetBytes: 14000 },
    ),
    'little time': said(
      {},
      { gradient: 'parameter-shift' },
      { nanosecondsPerGate: 100, budgetMilliseconds: 0.05 },
    ),
    'too little time for the adjoint gradient': said(
      {},
      { gradient: 'parameter-shift' },
      { nanosecondsPerGate: 100, budgetMilliseconds: 0.02 },
    ),
    'little time, many layers': said(
      { qubits: 4, features: 16, layers: 9 },
      { batch: 8, gradient: 'parameter-shift' },
      { nanosecondsPerGate: 100, budgetMilliseconds: 0.3 },
    ),
    'little time, mirrored layers': said(
      { qubits: 4, features: 4, layers: 12, layout: 'mirrored', mirrorDepth: 2 },
      { batch: 8, shots: 10 },
      { nanosecondsPerGate: 100, budgetMilliseconds: 0.5 },
    ),
    'little time, a QCNN': said(
      { qubits: 8, features: 8, layers: undefined, layout: 'qcnn' },
      { batch: 8, shots: 10 },
      { nanosecondsPerGate: 100, budgetMilliseconds: 3 },
    ),
    'little time, angles': said(
      { qubits: 4, features: 7, layers: 6, encoding: 'angle', reuploads: 3 },
      { batch: 8, shots: 10 },
      { nanosecondsPerGate: 100, budgetMilliseconds: 0.3 },
    ),
    'just enough time': said({}, { batch: 4 }, { nanosecondsPerGate: 1e6, budgetMilliseconds: 1e6 }),
    'no time': said({}, {}, { nanosecondsPerGate: 100, budgetMilliseconds: 0 }),
    'time without its unit': said({}, {}, { budgetMilliseconds: 0 }),
    'little time with shots': said(
      {},
      { shots: 10, batch: 8 },
      { nanosecondsPerGate: 100, budgetMilliseconds: 0.02 },
    ),
  });
  assertGolden(file, text);
});

test('a plan refuses what it cannot be asked, and what cannot be trained', async () => {
  const file = new URL('planning-refusals.txt', import.meta.url);
  const shots = 10;
  const angle = { encoding: 'angle' };
  const sum = { observable: [[{ pauli: 'Z0', coefficient: 1.5 }]], head: 'none' };
  const text = await settled({
    'a strange option': counted({}, {}, { memory: 3 }),
    'no models': counted({}, {}, { models: 0 }),
    'models of a text': counted({}, {}, { models: '2' }),
    '257 models': counted({}, {}, { models: 257 }),
    'half a build': counted({}, {}, { build: 7 }),
    'a strange build': counted({}, {}, { build: { wasm: 7 } }),
    'a strange task': counted({}, {}, { task: 'ranking' }),
    'strange class weights': counted({}, {}, { classWeights: 'equal' }),
    'class weights of null': counted({}, {}, { classWeights: null }),
    'less than no memory': counted({}, {}, { budgetBytes: -1 }),
    'less than no time': counted({}, {}, { budgetMilliseconds: -1 }),
    'gates faster than at once': counted({}, {}, { nanosecondsPerGate: -0.5 }),
    'no model': () => plan(null as unknown as ModelOptions),
    'no model of numbers': () => plan(null as unknown as ModelOptions, {}, { task: 'regression' }),
    'a model that cannot be read': () =>
      plan(
        Object.defineProperty({}, 'qubits', {
          enumerable: true,
          get: () => {
            throw new Error('no');
          },
        }) as ModelOptions,
        {},
        { task: 'regression' },
      ),
    'numbers of models': counted({}, {}, { task: 'regression', models: 2 }),
    'numbers of one model': said({}, {}, { task: 'regression', models: 1 }),
    'numbers with class weights': counted({}, {}, { task: 'regression', classWeights: 'balanced' }),
    'numbers of three classes': counted({ classes: 3 }, {}, { task: 'regression' }),
    'numbers by bce': counted({ loss: 'bce' }, {}, { task: 'regression' }),
    'a head to fit, and no budget': counted({}, { refitHead: 0.1 }),
    'columns of angles': counted(angle, { engine: 'columns' }),
    'heisenberg of angles': counted(angle, { engine: 'heisenberg' }),
    'the caller, exact': counted({}, { answerer: 'caller' }),
    'trajectories, exact': counted({}, { engine: 'trajectories' }),
    'moments of bce': counted({}, { moments: true }),
    'a calibration of frugal': counted({}, { rule: 'frugal', calibrationShots: 10 }),
    'a calibration of nlr-guarded': counted({}, { rule: 'nlr-guarded', shots, calibrationShots: 10 }),
    'shared parameters of rotosolve': counted(
      {
        ...{ ...on('Z0'), loss: 'hinge', layers: undefined },
        circuit: [0, 1].map((qubit) => ({ gate: 'ry', qubits: [0], angle: { parameter: 0, offset: qubit } })),
      },
      { rule: 'rotosolve' },
    ),
    'a rate of gcans beyond the energy': counted({ ...sum, loss: 'energy' }, { rule: 'gcans', rate: 1.4 }),
    'a rate of gcans within the energy': said({ ...sum, loss: 'energy' }, { rule: 'gcans', rate: 1.3 }),
    'one scale': counted({}, { extrapolation: 'linear', scales: 1 }),
    'two scales': said({}, { extrapolation: 'linear', scales: 2 }),
    'a polynomial of too high a degree': counted(
      {},
      { extrapolation: 'polynomial', scales: 3, extrapolationOrder: 3 },
    ),
    'an extrapolation of frugal': counted({}, { rule: 'frugal', extrapolation: 'linear' }),
    'an extrapolation of nlr-guarded': counted({}, { rule: 'nlr-guarded', shots, extrapolation: 'linear' }),
    'an extrapolation of nlr-guarded, exact': said({}, { rule: 'nlr-guarded', extrapolation: 'linear' }),
    'an observable beyond bce': counted(sum),
    'noise in columns': counted({}, { engine: 'columns', noise: [{ channel: 'dephasing', rate: 0.1 }] }),
    'noise of many qubits, exact': counted(
      { qubits: 20, features: 3, layers: 1 },
      { noise: [{ channel: 'dephasing', rate: 0.1 }] },
    ),
    'noise that leaves no room': counted(
      { qubits: 3, layers: 372 },
      { noise: [{ channel: 'dephasing', rate: 0.1 }] },
    ),
  });
  assertGolden(file, text);
});
