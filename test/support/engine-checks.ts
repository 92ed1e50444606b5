/** What holds of every engine that is laid out: the same checks, on machines that the caller makes. */
import assert from 'node:assert/strict';
import { Report, Status } from '../../assembly/abi/codes.ts';
import { assertAllClose, assertClose, assertSameBits } from './close.ts';
import { type Build, isSingle, load, type Machine, ok, putImage } from './core-harness.ts';
import * as oracle from './oracle/index.ts';
import { within } from './tolerance.ts';

/** A model at some parameters, and a mini-batch for it. */
export interface Case {
  model: oracle.OracleModel;
  theta: oracle.Vector;
  batch: number[][];
  labels: number[];
}

/** A random case of a model. */
export function randomCase(rng: oracle.Rng, model: oracle.OracleModel, size: number): Case {
  const theta = oracle.randomTheta(rng, model);
  return { model, theta, ...oracle.randomBatch(rng, model, size) };
}

/**
 * Outputs, loss, gradient and norms of one exact step, against the dense adjoint; and the same bits on every
 * build of a precision.
 * @param make a machine that takes plain steps on batches of the case's size
 */
export function assertExactStep(
  { model, theta, batch, labels }: Case,
  builds: readonly Build[],
  make: (build: Build) => Machine,
  what: string,
): void {
  const expected = oracle.lossGradient(model, theta, batch, labels);
  const outputs = batch.map((x) => oracle.logits(model, theta, oracle.evaluate(model, theta, x)));
  const bits = new Map<boolean, number[]>();
  for (const build of builds) {
    const where = `${build}, ${what}`;
    const machine = make(build).withParameters(theta);
    const near = within(build, 1e-11, 5e-4);
    const rows = machine.predict(batch);
    assertAllClose(rows.flat(), outputs.flat(), within(build), `${where}: outputs`);
    const report = machine.step(batch, labels);
    assertClose(report.Loss, expected.loss, near, `${where}: loss`);
    assertAllClose(machine.gradient, expected.gradient, near, `${where}: gradient`);
    const norm = oracle.norm(expected.gradient, model.parameters);
    assertClose(report.GradientNormLoss, norm, near, `${where}: norm of the loss`);
    const observable = oracle.norm(expected.observableGradient);
    assertClose(report.GradientNormObservable, observable, near, `${where}: norm of the observable`);
    const found = [...rows.flat(), ...machine.gradient, ...machine.reportSlots];
    const first = bits.get(isSingle(build)) ?? found;
    bits.set(isSingle(build), first);
    assertSameBits(found, first, where);
  }
}

/**
 * Without the norm of <O> it is not-a-number, and nothing else changes.
 * @param make a machine, with the norm or without
 */
export function assertNormIsOptional(
  { theta, batch, labels }: Case,
  make: (observableNorm: 0 | 1) => Machine,
  what: string,
): void {
  const [plain, full] = ([0, 1] as const).map((observableNorm) => {
    const machine = make(observableNorm).withParameters(theta);
    machine.step(batch, labels);
    return machine;
  });
  assertSameBits(plain.gradient, full.gradient, what);
  assertSameBits(plain.parameters, full.parameters, what);
  assert.ok(full.report.GradientNormObservable > 0);
  assert.equal(plain.report.GradientNormObservable, Number.NaN);
}

/** Samples do not see one another: each has the outputs that it has alone, in any place and batch. */
export function assertSamplesApart(machine: Machine, batch: readonly number[][], what: string): void {
  const alone = batch.map((sample) => machine.predict([sample])[0]);
  for (let size = 2; size <= batch.length; size++) {
    const rows = machine.predict(batch.slice(0, size)).flat();
    assertSameBits(rows, alone.slice(0, size).flat(), `${what}, batch of ${size}`);
  }
  const backwards = machine.predict([...batch].reverse()).flat();
  assertSameBits(backwards, [...alone].reverse().flat(), `${what}, backwards`);
}

/**
 * A step that is begun again or abandoned leaves nothing behind, whatever work had been done on it.
 * @param make a machine that knows its work
 * @param stride of the work that is tried
 */
export function assertAbandonable(
  { batch, labels }: Pick<Case, 'batch' | 'labels'>,
  make: () => Machine,
  stride: (work: number) => number,
  what: string,
): void {
  const fresh = () => {
    const machine = make();
    ok(machine.abi.parameters_initialise(), 'initialise');
    return machine;
  };
  const reference = fresh();
  const expected = [reference.step(batch, labels), reference.trace];
  const work = reference.abi.step_work();
  for (let spent = 1; spent < work; spent += stride(work)) {
    const machine = fresh();
    ok(machine.abi.step_begin(batch.length), 'step_begin');
    machine.fill([...batch].reverse(), [...labels].reverse());
    assert.equal(machine.abi.step_advance(spent), Status.More);
    if (spent % 2) machine.abi.step_abandon();
    assert.deepEqual([machine.step(batch, labels), machine.trace], expected, `${what}, after ${spent}`);
  }
}

/** A model that is written and read has the engine, the predictions, the image and the training that it had. */
export function assertModelReadBack(
  machine: Machine,
  { batch, labels }: Pick<Case, 'batch' | 'labels'>,
  what: string,
): void {
  const expected = machine.predict(batch);
  const image = machine.modelImage();
  const abi = load(machine.build);
  putImage(abi, image);
  ok(abi.model_read(image.length), 'model_read');
  const other = Object.assign(Object.create(machine) as Machine, { abi });
  assert.equal(abi.engine_in_use(), machine.abi.engine_in_use(), what);
  assert.equal(abi.visible_qubits(), machine.abi.visible_qubits(), what);
  assert.deepEqual(other.predict(batch), expected, what);
  assert.deepEqual(other.modelImage(), image, what);
  assert.deepEqual(other.predict(batch), expected, `${what}, after writing an image`);
  machine.step(batch, labels);
  other.step(batch, labels);
  assertSameBits(other.parameters, machine.parameters, what);
  assert.equal(other.reportSlots[Report.Step], 1);
}
