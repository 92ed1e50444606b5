/** Stages of a growth one by one: their seeds and what they spent, rotations gate by gate, and refusals by their whole sentences. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type AdaptOptions,
  growAdapt,
  growLayers,
  type LayerGrowthOptions,
  type Stage,
} from '../../../host/growth.ts';
import { angleEncoding, zzFeatureMap } from '../../../host/api/ansatz.ts';
import { pauliRotation } from '../../../host/api/growth.ts';
import { type Circuit, type ModelOptions, parseObservable } from '../../../host/index.ts';
import { assertGolden, outcomes } from '../../support/golden.ts';
import { finish, rowsOf } from '../../support/host-data.ts';
import { settled } from '../../support/settled.ts';

const golden = (name: string) => new URL(`growth-stages-${name}.txt`, import.meta.url);
const CZ: ModelOptions = { qubits: 2, features: 3, entanglerGate: 'cz' };
const BARE: ModelOptions = { qubits: 2, features: 3 };
const SHORT = { steps: 2, batch: 4, shots: 10, rule: 'sgd' } as const;

/** A circuit in short: a gate, its qubits, and its angle by parameter, scale and offset. */
const written = (circuit: Circuit) =>
  circuit
    .map(({ gate, qubits, angle }) => {
      if (angle === undefined) return `${gate} ${qubits}`;
      const { parameter, feature, scale = 1, offset = 0 } = angle;
      const driver = parameter !== undefined ? `p${parameter}` : feature !== undefined ? `x${feature}` : '-';
      return `${gate} ${qubits} (${driver} ${scale} ${Number(offset.toPrecision(6))})`;
    })
    .join('; ');

/** Trains all stages, and tells of each. */
async function told(stages: AsyncIterable<Stage>): Promise<object[]> {
  const lines: object[] = [];
  for await (const stage of stages) {
    const { number, size, added, slope, trainer, before } = stage;
    // As a stage begins it has spent nothing of its own.
    assert.deepEqual(stage.spent, before);
    await finish(trainer);
    const rounded = slope === undefined ? {} : { slope: Number(slope.toPrecision(6)) };
    lines.push({ number, size, added, ...rounded, seed: trainer.training.seed, before, spent: stage.spent });
  }
  return lines;
}

test('a rotation about a string is made of gates, Z in the place of X and of Y', () => {
  const letters = ['I', 'X', 'Y', 'Z'];
  const pairs = letters.flatMap((first) => letters.map((second) => `${first}0 ${second}2`)).slice(1);
  const strings = [...pairs, 'X0 Y1 Z2', 'Z2 Z1 Z0', 'Y0 Y1 Y2', 'X2 I1 Y0', 'I0 Z1 X2'];
  const calls = strings.map(
    (pauli) => [pauli, () => written(pauliRotation(pauli, 3, { parameter: 4, scale: 2 }))] as const,
  );
  assertGolden(golden('rotations'), outcomes(Object.fromEntries(calls)));
});

describe('stages', () => {
  test('have seeds of their own, and count what was spent before them', async () => {
    const dataset = rowsOf(['no', 'yes']);
    const layers = (training: object, stages: readonly number[] = [1, 2, 3]) =>
      told(growLayers({ model: CZ, training: { ...SHORT, ...training }, dataset, stages }));
    const adapt = (model: ModelOptions, options: object = {}) =>
      told(growAdapt({ model, training: SHORT, dataset, stages: 3, ...options }));
    const circuit = [{ gate: 'h', qubits: [1] }] as const;
    const text = await settled({
      layers: () => layers({}),
      'layers by a seed': () => layers({ seed: 7 }),
      'layers by the largest seed': () => layers({ seed: Number.MAX_SAFE_INTEGER - 1 }),
      'layers, exact': () => layers({ shots: 'exact' }),
      'one stage': () => layers({}, [2]),
      rotations: () => adapt(BARE),
      'rotations of a pool': () => adapt(BARE, { pool: ['X0', 'Y1', 'Y0 Y1'] }),
      'a pool of one, which is not repeated': () => adapt(BARE, { pool: ['Y0'] }),
      'rotations by a seed': () => adapt(BARE, { training: { ...SHORT, seed: 9 } }),
      'rotations behind angles': () => adapt({ ...BARE, encoding: 'angle' }),
      'rotations behind a circuit': () => adapt({ ...BARE, circuit }),
      'rotations without a head': () => adapt({ ...BARE, head: 'none', loss: 'mse', observable: 'z0' }),
      'rotations, none steep enough': () => adapt(BARE, { tolerance: 10 }),
    });
    assertGolden(golden('spent'), text);
  });

  test('begin with the encoding of the model, and with what it starts from', async () => {
    const dataset = rowsOf(['no', 'yes']);
    const starts = async (model: ModelOptions, encoding: Circuit) => {
      const training = { steps: 1, batch: 4 };
      const { value } = await growAdapt({ model, training, dataset, stages: 1, tolerance: 0 }).next();
      const { added = '', trainer } = value as Stage;
      assert.deepEqual(trainer.model.circuit, [...encoding, ...pauliRotation(added, 2, { parameter: 0 })]);
    };
    await starts({ ...BARE, encoding: 'angle' }, angleEncoding(2, 3));
    await starts({ ...BARE, encoding: 'zz' }, zzFeatureMap(2));
    await starts(BARE, []);
    const circuit: Circuit = [{ gate: 'ry', qubits: [0], angle: { offset: 1 } }];
    await starts({ ...BARE, circuit }, circuit);
  });

  test('are refused where they make no sense', async () => {
    const dataset = rowsOf(['no', 'yes']);
    const layers = (change: object) => async () => {
      const options = {
        model: CZ,
        training: SHORT,
        dataset,
        stages: [1, 2],
        ...change,
      } as LayerGrowthOptions;
      const { value } = await growLayers(options).next();
      return value?.size ?? 'none';
    };
    const adapt = (change: object) => async () => {
      const options = { model: BARE, training: SHORT, dataset, stages: 1, ...change } as AdaptOptions;
      const { value } = await growAdapt(options).next();
      return value?.size ?? 'none';
    };
    const stage = (await growLayers({ model: CZ, training: SHORT, dataset, stages: [1] }).next())
      .value as Stage;
    const rotation = (
      await growAdapt({ model: BARE, training: SHORT, dataset, stages: 1, tolerance: 0 }).next()
    ).value as Stage;
    const damaged = (kept: unknown) => stage.trainer.checkpoint(kept);
    const before = { steps: 0, evaluations: 0, shots: 0 };
    const kept = { growth: 'layers', number: 0, before };
    const text = await settled({
      layers: layers({}),
      'no stages': layers({ stages: [] }),
      'stages of a number': layers({ stages: 3 }),
      'stages of texts': layers({ stages: ['1'] }),
      'stages of halves': layers({ stages: [0.5] }),
      'a stage of no layers': layers({ stages: [0, 1] }),
      'stages as large as before': layers({ stages: [2, 2] }),
      'stages that shrink': layers({ stages: [2, 1] }),
      'layers of its own': layers({ model: { ...CZ, layers: 1 } }),
      'a circuit of its own': layers({ model: { ...CZ, circuit: [] } }),
      'no model': layers({ model: undefined }),
      CNOT: layers({ model: BARE }),
      'CNOT, mirrored': layers({ model: { ...BARE, layout: 'mirrored' }, stages: [2] }),
      'CNOT, mirrored by halves': layers({ model: { ...BARE, layout: 'mirrored' }, stages: [2, 3] }),
      'CZ and X': layers({ model: { ...CZ, observable: [parseObservable('X0')] } }),
      'CZ and y': layers({ model: { ...CZ, observable: [parseObservable('Z0 + y1')] } }),
      'CZ and Z': layers({ model: { ...CZ, observable: [parseObservable('Z0 Z1 + 2')] } }),
      'a QCNN': layers({ model: { ...BARE, layout: 'qcnn' }, stages: [1] }),
      reuploads: layers({ model: { ...CZ, encoding: 'angle', reuploads: 2 }, stages: [2] }),
      'one upload': layers({ model: { ...CZ, encoding: 'angle', reuploads: 1 } }),
      'a strange option of layers': layers({ pool: [] }),
      'a checkpoint of layers': layers({ checkpoint: stage.checkpoint() }),
      'a checkpoint of rotations for layers': layers({ checkpoint: rotation.checkpoint() }),
      'a checkpoint of no growth': layers({ checkpoint: damaged(undefined) }),
      'a checkpoint of what it is': layers({ checkpoint: damaged(kept) }),
      'a checkpoint without a number': layers({ checkpoint: damaged({ ...kept, number: undefined }) }),
      'a checkpoint of a number below': layers({ checkpoint: damaged({ ...kept, number: -1 }) }),
      'a checkpoint that spent nothing known': layers({
        checkpoint: damaged({ ...kept, before: undefined }),
      }),
      'a checkpoint that spent halves': layers({
        checkpoint: damaged({ ...kept, before: { ...before, shots: 0.5 } }),
      }),
      'a checkpoint that is none': layers({ checkpoint: new Uint8Array(3) }),
      rotations: adapt({ tolerance: 0 }),
      'no rotations': adapt({ stages: 0 }),
      '1024 rotations': adapt({ stages: 1024, tolerance: 0 }),
      '1025 rotations': adapt({ stages: 1025 }),
      'stages of a list': adapt({ stages: [1, 2] }),
      'an empty pool': adapt({ pool: [] }),
      'a pool of 1024': adapt({
        pool: new Array(1024).fill('Y0'),
        tolerance: 0,
        training: { ...SHORT, shots: 'exact' },
      }),
      'a pool of 1025': adapt({ pool: new Array(1025).fill('Y0') }),
      'a pool of a text': adapt({ pool: 'Y0' }),
      'a pool of numbers': adapt({ pool: [1] }),
      'a pool of the identity': adapt({ pool: ['Y0', 'I0 I1'] }),
      'a pool of other qubits': adapt({ pool: ['Y2'] }),
      'a tolerance of 0': adapt({ tolerance: 0 }),
      'a tolerance below': adapt({ tolerance: -1e-9 }),
      'an endless tolerance': adapt({ tolerance: Infinity }),
      'a tolerance of a text': adapt({ tolerance: '1' }),
      'a model a class': adapt({ oneVsRest: true }),
      'not a model a class': adapt({ oneVsRest: false, tolerance: 0 }),
      'a model a class by 1': adapt({ oneVsRest: 1 }),
      'no model of rotations': adapt({ model: undefined }),
      'a model of a list': adapt({ model: [] }),
      'layers of rotations': adapt({ model: { ...BARE, layers: 1 } }),
      'an entangler of rotations': adapt({ model: { ...BARE, entangler: 'ring' } }),
      'an initialisation of rotations': adapt({ model: { ...BARE, initialisation: 'zero' } }),
      'a circuit with a parameter': adapt({
        model: { ...BARE, circuit: [{ gate: 'rx', qubits: [0], angle: { parameter: 0 } }] },
      }),
      'a circuit that is none': adapt({ model: { ...BARE, circuit: [{ gate: 'rw', qubits: [0] }] } }),
      'no data': adapt({ dataset: undefined }),
      'a strange option of rotations': adapt({ layers: 3 }),
      'a checkpoint of rotations': adapt({ checkpoint: rotation.checkpoint() }),
      'a checkpoint of layers for rotations': adapt({ checkpoint: stage.checkpoint() }),
    });
    assertGolden(golden('refusals'), text);
  });
});
