/**
 * Any build of the core, driven through its ABI alone: programs an `OracleModel`, moves samples in and
 * results out, runs steps. One test body then serves all builds.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import {
  Answerer,
  type Decision,
  type Doubt,
  Draws,
  Encoding,
  Engine,
  type Fallback,
  Gradient,
  HeadNoise,
  HeadStep,
  MAX_FEATURES,
  OPTION_COUNT,
  Option,
  type Perturbation,
  REPORT_COUNT,
  Report,
  type Reversal,
  Rule,
  Schedule,
  Status,
} from '../../assembly/abi/codes.ts';
import type { CoreExports } from '../../host/core/abi.ts';
import { ensureLoaded } from './built.mjs';
import type { OracleModel, Vector } from './oracle/index.ts';

/** The exports of the core. */
export type Abi = CoreExports;

const DOUBLE = ['release', 'device', 'debug', 'device-fast'] as const;
const SINGLE = ['device-f32', 'device-fast-f32'] as const;

/** One of the targets of asconfig.json that train. */
export type TrainingBuild = (typeof DOUBLE)[number] | (typeof SINGLE)[number];

/** One of the targets of asconfig.json. */
export type Build = TrainingBuild | 'compact';

/** Those of some builds that NLR_BUILDS lists; all without it. Two of them say most while one thing is worked on. */
export function wanted<B extends Build>(builds: readonly B[]): readonly B[] {
  const names = process.env.NLR_BUILDS?.split(',');
  return names === undefined ? builds : builds.filter((build) => names.includes(build));
}

/** The builds in double precision that train; their bits agree. Those of `compact`: test/assembly/compact.test.ts. */
export const DOUBLE_BUILDS = wanted(DOUBLE);

/** The builds in single precision; theirs agree too. */
export const SINGLE_BUILDS = wanted(SINGLE);

/** The builds by precision. Those of one run the same bits. */
export const PRECISIONS = [DOUBLE_BUILDS, SINGLE_BUILDS].filter(({ length }) => length > 0);

/** All builds that train. */
export const BUILDS: readonly TrainingBuild[] = [...DOUBLE_BUILDS, ...SINGLE_BUILDS];

/** Whether a build computes in single precision. */
export function isSingle(build: Build): boolean {
  return build.endsWith('f32');
}

/** Whether a build has one page of memory and no more. */
export function isDevice(build: Build): boolean {
  return build.startsWith('device');
}

/** Whether a build has the laid-out engines, columns and Heisenberg, and what goes with them. */
export function hasColumns(build: Build): boolean {
  return build === 'release' || build === 'debug' || build.startsWith('device-fast');
}

/** Exports that only the builds with the laid-out engines have. */
export const LAID_OUT_EXPORTS: readonly string[] = [
  'targets_ptr',
  'weights_ptr',
  'effective_build',
  'predict_effective',
  'moments_clear',
  'moments_add',
  'moments_loss',
  'ask_ptr',
  'ask_operation',
  'ask_angle',
  'tell',
  'engine_in_use',
  'step_work',
  'step_evaluations',
  'step_shots',
  'active_parameters',
  'visible_qubits',
];

/** Exports that only the builds for comparisons have. */
export const RIVAL_EXPORTS: readonly string[] = ['average_ptr'];

const FILES: Record<Build, string> = {
  release: 'core.wasm',
  device: 'core.device.wasm',
  debug: 'core.debug.wasm',
  compact: 'core.compact.wasm',
  'device-fast': 'core.device-fast.wasm',
  'device-f32': 'core.device-f32.wasm',
  'device-fast-f32': 'core.device-fast-f32.wasm',
};

/** Where a build's module lies, up to date. */
export function moduleUrl(build: Build): URL {
  const { NLR_MUTANT: changed, NLR_MUTANT_PLACE: place = 'release' } = process.env;
  // Mutation testing and coverage put a changed core in the place of a build. That is the release, which every test of a
  // single build takes, or one that alone has what is changed.
  if (changed !== undefined && build === place) return pathToFileURL(changed);
  // What takes the place of the release is a changed debug build: the release is held against it.
  const compared = changed !== undefined && place === 'release' && build === 'debug';
  const path = `build/${FILES[compared ? 'release' : build]}`;
  ensureLoaded(path);
  return new URL(`../../${path}`, import.meta.url);
}

const modules = new Map<Build, WebAssembly.Module>();

/** A fresh instance of a build. It imports nothing. */
export function load(build: Build): Abi {
  let module = modules.get(build);
  if (module === undefined) {
    module = new WebAssembly.Module(readFileSync(moduleUrl(build)));
    modules.set(build, module);
  }
  return new WebAssembly.Instance(module, {}).exports as Abi;
}

/** Every training option of the core, by its name in `Option`. */
export interface CoreTraining {
  batch: number;
  gradient: Gradient;
  /** 0: exact */
  shots: number;
  /** 0: as many as `shots` */
  displacedShots: number;
  draws: Draws;
  headStep: HeadStep;
  headNoise: HeadNoise;
  rule: Rule;
  schedule: Schedule;
  steps: number;
  /** 0: the caller chooses the mini-batches. */
  samples: number;
  engine: Engine;
  /** Bytes of the work area; 'wanted': as many as the engine asks for. */
  workspace: number | 'wanted';
  observableNorm: 0 | 1;
  /** 1: room for the moments of a data set. */
  moments: 0 | 1;
  /** 1: samples have weights. */
  weights: 0 | 1;
  answerer: Answerer;
  seed: readonly [seedLow: number, seedHigh: number];
  rate: number;
  negativeRate: number;
  headRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  guard: number;
  /** 0, or left out: none. */
  shotsBudget?: number;
  /** Of the paper's family: 0, or left out, as before there was one. */
  reversal?: Reversal;
  kappa?: number;
  noiseRate?: number;
  depth?: number;
  effectiveRate?: 0 | 1;
  threshold?: number;
  deviation?: number;
  perturbation?: Perturbation;
  fallback?: Fallback;
  doubt?: Doubt;
  stallSteps?: number;
  backtracks?: number;
  decrease?: number;
  /** 0, or left out: no average. */
  averagedShare?: number;
  /** 0, or left out: 0.1. */
  displacement?: number;
  /** 0, or left out: all parameters in each step. */
  blocks?: number;
  /** 0, or left out: what follows from the loss. */
  lipschitz?: number;
  /** Of the rules with a matrix: above 0. */
  damping?: number;
  /** Options that most programs leave at 0. */
  extra?: readonly (readonly [Option, number])[];
  /** Room for this many operations and terms; default: as many as the model has. */
  operations?: number;
  terms?: number;
}

/** The paper's rates; exact adjoint gradients of two streamed samples, in the engine that every build has. */
export const DEFAULTS: CoreTraining = {
  batch: 2,
  gradient: Gradient.Adjoint,
  shots: 0,
  displacedShots: 0,
  draws: Draws.BySlope,
  headStep: HeadStep.Newton,
  headNoise: HeadNoise.Removed,
  rule: Rule.Nlr,
  schedule: Schedule.Constant,
  steps: 500,
  samples: 0,
  engine: Engine.Samples,
  workspace: 'wanted',
  observableNorm: 1,
  moments: 0,
  weights: 0,
  answerer: Answerer.Simulator,
  seed: [1, 2],
  rate: 0.01,
  negativeRate: 0.02,
  headRate: 0.02,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  guard: 3,
};

/** What `configure` is called with for a model and its training; a work area that is 'wanted' starts at its least. */
export function optionValues(model: OracleModel, training: CoreTraining): [Option, number][] {
  const values: [Option, number][] = [
    [Option.Qubits, model.qubits],
    [Option.Features, model.features],
    [Option.Encoding, model.encoding],
    [Option.Operations, training.operations ?? Math.max(model.operations.length, 1)],
    [Option.Parameters, model.parameters],
    [Option.Terms, training.terms ?? Math.max(model.terms.length, 1)],
    [Option.Outputs, model.outputs],
    [Option.Logits, model.logits],
    [Option.Batch, training.batch],
    [Option.Loss, model.loss],
    [Option.Gradient, training.gradient],
    [Option.Shots, training.shots],
    [Option.DisplacedShots, training.displacedShots],
    [Option.Draws, training.draws],
    [Option.HeadStep, training.headStep],
    [Option.HeadNoise, training.headNoise],
    [Option.Rule, training.rule],
    [Option.Schedule, training.schedule],
    [Option.Steps, training.steps],
    [Option.Samples, training.samples],
    [Option.Engine, training.engine],
    [Option.Workspace, training.workspace === 'wanted' ? 0 : training.workspace],
    [Option.ObservableNorm, training.observableNorm],
    [Option.Moments, training.moments],
    [Option.Targets, Number(model.targets ?? false)],
    [Option.Weights, training.weights],
    [Option.Answerer, training.answerer],
    [Option.SeedLow, training.seed[0]],
    [Option.SeedHigh, training.seed[1]],
    [Option.Rate, training.rate],
    [Option.NegativeRate, training.negativeRate],
    [Option.HeadRate, training.headRate],
    [Option.Beta1, training.beta1],
    [Option.Beta2, training.beta2],
    [Option.Epsilon, training.epsilon],
    [Option.Guard, training.guard],
    [Option.ShotsBudget, training.shotsBudget ?? 0],
    [Option.Reversal, training.reversal ?? 0],
    [Option.Kappa, training.kappa ?? 0],
    [Option.NoiseRate, training.noiseRate ?? 0],
    [Option.Depth, training.depth ?? 0],
    [Option.EffectiveRate, training.effectiveRate ?? 0],
    [Option.Threshold, training.threshold ?? 0],
    [Option.Deviation, training.deviation ?? 0],
    [Option.Perturbation, training.perturbation ?? 0],
    [Option.Fallback, training.fallback ?? 0],
    [Option.Doubt, training.doubt ?? 0],
    [Option.StallSteps, training.stallSteps ?? 0],
    [Option.Backtracks, training.backtracks ?? 0],
    [Option.Decrease, training.decrease ?? 0],
    [Option.AveragedShare, training.averagedShare ?? 0],
    [Option.Displacement, training.displacement ?? 0],
    [Option.Blocks, training.blocks ?? 0],
    [Option.Lipschitz, training.lipschitz ?? 0],
    [Option.Damping, training.damping ?? 0],
    [Option.ReadoutError, model.readoutError],
  ];
  values.push(...(training.extra ?? []).map(([key, value]): [Option, number] => [key, value]));
  // An option added since is as if it were not there: a core may have been left with another value.
  for (let key = 0; key < OPTION_COUNT; key++) {
    if (!values.some(([known]) => known === key)) values.push([key, 0]);
  }
  return values;
}

/** Asserts that a call was not refused. */
export function ok(status: number, doing: string): number {
  assert.ok(status >= 0, `${doing}: ${Status[status] ?? status}`);
  return status;
}

/** The report of a step, slot by slot. */
export type CoreReport = Record<keyof typeof Report, number> & { Decision: Decision };

/** Lays a configured core out and adds a model's circuit and observable. @returns the status of `compile` */
export function addProgram(abi: Abi, model: OracleModel): number {
  ok(abi.plan(), 'plan');
  ok(abi.init(), 'init');
  for (const { kind, a, b, source, index, scale, offset } of model.operations) {
    ok(abi.circuit_add(kind, a, b ?? a, source, index, scale, offset), 'circuit_add');
  }
  for (const { output, xMask, zMask, coefficient } of model.terms) {
    ok(abi.observable_add(output, xMask, zMask, coefficient), 'observable_add');
  }
  return abi.compile();
}

/** The same program in a build that counts its work: those with one engine leave it to another of their precision. */
function counting({ build, model, training }: Machine): Abi {
  const other = isSingle(build) ? 'device-fast-f32' : 'device-fast';
  return new Machine(other, model, { ...training, engine: Engine.Samples }).abi;
}

/** Work of one step. */
export function stepWork(machine: Machine): number {
  return (hasColumns(machine.build) ? machine.abi : counting(machine)).step_work();
}

/** Circuit evaluations of one step. */
export function stepEvaluations(machine: Machine): number {
  return (hasColumns(machine.build) ? machine.abi : counting(machine)).step_evaluations();
}

/** Shots of one step. */
export function stepShots(machine: Machine): number {
  return (hasColumns(machine.build) ? machine.abi : counting(machine)).step_shots();
}

/** A compiled model in one instance of the core. */
export class Machine {
  readonly training: CoreTraining;
  readonly abi: Abi;

  constructor(
    readonly build: Build,
    readonly model: OracleModel,
    training: Partial<CoreTraining> = {},
    abi = load(build),
  ) {
    this.abi = abi;
    this.training = { ...DEFAULTS, ...training };
    for (const [key, value] of optionValues(model, this.training)) {
      ok(abi.configure(key, value), `configure ${Option[key]} = ${value}`);
    }
    let status = addProgram(abi, model);
    const wanted = abi.workspace_wanted();
    if (this.training.workspace === 'wanted' && wanted > 0) {
      ok(abi.configure(Option.Workspace, wanted), 'configure Workspace');
      status = addProgram(abi, model);
    }
    ok(status, 'compile');
  }

  /** A zero-copy view of reals. */
  reals(address: number, count: number): Float64Array | Float32Array {
    const { buffer } = this.abi.memory;
    return this.abi.real_bytes() === 8
      ? new Float64Array(buffer, address, count)
      : new Float32Array(buffer, address, count);
  }

  get parameters() {
    return this.reals(this.abi.parameters_ptr(), this.abi.parameter_count());
  }

  /** Writes all parameters, head included. @returns this */
  withParameters(theta: Vector): this {
    this.parameters.set(theta);
    return this;
  }

  get gradient() {
    return this.reals(this.abi.gradient_ptr(), this.abi.parameter_count());
  }

  get indices(): number[] {
    return [...new Int32Array(this.abi.memory.buffer, this.abi.indices_ptr(), this.training.batch)];
  }

  /** The report, zero-copy. */
  get reportSlots(): Float64Array {
    return new Float64Array(this.abi.memory.buffer, this.abi.report_ptr(), REPORT_COUNT);
  }

  get report(): CoreReport {
    const slots = this.reportSlots;
    const entries = Array.from(slots, (value, slot) => [Report[slot], value]);
    return Object.fromEntries(entries) as CoreReport;
  }

  /** The trace as one number of 64 bits. */
  get trace(): bigint {
    return (BigInt(this.abi.trace_high() >>> 0) << 32n) | BigInt(this.abi.trace_low() >>> 0);
  }

  /** Puts samples, labels or targets (default: none) and weights (default: 1 each) at the front of the mini-batch. */
  fill(samples: readonly Vector[], labels?: Vector, weights?: Vector): void {
    const { features, encoding } = this.model;
    assert.ok(features <= MAX_FEATURES && (encoding === Encoding.Zero || features > 0));
    const view = this.reals(this.abi.features_ptr(), this.training.batch * features);
    const { batch } = this.training;
    const marks = this.model.targets
      ? this.reals(this.abi.targets_ptr(), batch)
      : new Int32Array(this.abi.memory.buffer, this.abi.labels_ptr(), batch);
    const shares = this.training.weights ? this.reals(this.abi.weights_ptr(), batch) : undefined;
    samples.forEach((sample, b) => {
      view.set(sample, b * features);
      marks[b] = labels?.[b] ?? (this.model.targets ? Number.NaN : -1);
      if (shares) shares[b] = weights?.[b] ?? 1;
    });
  }

  /** Model outputs of samples, a row each; with shots when M > 0. */
  predict(samples: readonly Vector[], shots = 0, labels?: Vector, weights?: Vector): number[][] {
    this.fill(samples, labels, weights);
    ok(this.abi.predict(samples.length, shots), 'predict');
    const width = Math.max(this.model.logits, 1);
    const rows = this.reals(this.abi.outputs_ptr(), samples.length * width);
    return samples.map((_, b) => [...rows.slice(b * width, (b + 1) * width)]);
  }

  /** Runs the step under way to its end, `work` at a time. @returns how many slices it took */
  finish(work = 0x7fffffff): number {
    for (let slices = 1; ; slices++) {
      const status = ok(this.abi.step_advance(work), 'step_advance');
      if (status === Status.Ok) return slices;
    }
  }

  /** One whole step on a mini-batch of the caller's. */
  step(samples: readonly Vector[], labels: Vector, work?: number, weights?: Vector): CoreReport {
    ok(this.abi.step_begin(samples.length), 'step_begin');
    this.fill(samples, labels, weights);
    this.finish(work);
    return this.report;
  }

  /** One whole step on the mini-batch that the core draws from a training set of `training.samples`. */
  drawnStep(samples: readonly Vector[], labels: Vector, work?: number, weights?: Vector): CoreReport {
    ok(this.abi.step_begin(this.training.batch), 'step_begin');
    const chosen = this.indices;
    this.fill(
      chosen.map((i) => samples[i]),
      chosen.map((i) => labels[i]),
      weights && chosen.map((i) => weights[i]),
    );
    this.finish(work);
    return this.report;
  }

  /** A copy of the image of `length` bytes just written. */
  takeImage(length: number): Uint8Array {
    return new Uint8Array(this.abi.memory.buffer, this.abi.image_ptr(), ok(length, 'image')).slice();
  }

  /** Puts bytes where the core reads images. */
  putImage(image: Uint8Array): void {
    putImage(this.abi, image);
  }

  checkpoint(): Uint8Array {
    return this.takeImage(this.abi.checkpoint_write());
  }

  modelImage(): Uint8Array {
    return this.takeImage(this.abi.model_write());
  }

  /** Restores a checkpoint. @returns the status */
  restore(image: Uint8Array): number {
    this.putImage(image);
    return this.abi.checkpoint_read(image.length);
  }
}

/** Puts bytes where a core reads images. */
export function putImage(abi: Abi, image: Uint8Array): void {
  assert.ok(image.length <= abi.image_capacity(), 'the image fits');
  new Uint8Array(abi.memory.buffer, abi.image_ptr(), image.length).set(image);
}
