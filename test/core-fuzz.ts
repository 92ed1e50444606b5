/** Random use of the ABI: any call, any argument, any buffer content, any order. */
import assert from 'node:assert/strict';
import {
  Encoding,
  Engine,
  Gradient,
  Loss,
  OPTION_COUNT,
  Option,
  REPORT_COUNT,
  Rule,
  Status,
} from '../assembly/status.ts';
import {
  type Abi,
  type Build,
  DEFAULTS,
  hasColumns,
  isDevice,
  LAID_OUT_EXPORTS,
  load,
  Machine,
  optionValues,
} from './core-harness.ts';
import { sealed } from './core-image.ts';
import * as oracle from './oracle.ts';

const CANARY = 0xa5;
/** As far behind the arena as it is looked for stray writes. */
const GUARD_BYTES = 65536;
const UNTOUCHED = new Uint8Array(GUARD_BYTES).fill(CANARY);
/** Larger plans are not laid out, to save time. */
const LARGEST_PLAN = 1 << 21;
/** No call on these small programs takes longer, on any machine, unless it hangs. */
const PATIENCE_MS = 10_000;

const INTEGERS = [0, 0, 1, 1, 2, 3, 4, 5, 8, 17, -1, -2, 64, 255, 256, 65535, 65536, 2 ** 31 - 1, -(2 ** 31)];
const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.5,
  3,
  1e-3,
  -2.5,
  1e30,
  1e308,
  -1e308,
  5e-324,
  NaN,
  Infinity,
  -Infinity,
  2 ** 32,
];
const SHOTS = [0, 0, 1, 2, 7, 64, 65, -1, 2 ** 20 + 1, 2 ** 31 - 1, -(2 ** 31)];

type Call = (fuzzer: Fuzzer) => number[];

/** How the arguments of every exported function are drawn. */
const CALLS: Record<string, Call> = {
  abi_version: () => [],
  real_bytes: () => [],
  configure: (f) => f.option(),
  option_value: (f) => [f.integer()],
  reseed: (f) => [f.integer(), f.integer()],
  plan: () => [],
  init: () => [],
  circuit_add: (f) => [
    f.pick([f.below(8), f.integer()]),
    f.pick([f.below(3), f.integer()]),
    f.pick([f.below(3), f.integer()]),
    f.pick([f.below(3), f.integer()]),
    f.pick([f.below(4), f.integer()]),
    f.number(),
    f.number(),
  ],
  circuit_ansatz: (f) => [f.integer()],
  observable_add: (f) => [f.pick([0, f.below(3), f.integer()]), f.integer(), f.integer(), f.number()],
  compile: () => [],
  parameters_initialise: () => [],
  step_begin: (f) => [f.pick([1, 2, 3, 4, f.integer()])],
  step_advance: (f) => [f.pick([1, 1, 3, 10, 50, 1e6, f.integer()])],
  step_abandon: () => [],
  predict: (f) => [f.pick([1, 2, 3, f.integer()]), f.pick(SHOTS)],
  ask_ptr: () => [],
  ask_operation: (f) => [f.pick([f.below(4), f.integer()])],
  ask_angle: (f) => [f.pick([f.below(4), f.integer()])],
  tell: (f) => [f.pick([f.below(8), f.integer()]), f.pick(SHOTS)],
  effective_build: () => [],
  predict_effective: (f) => [f.pick([0, 0, 1, 2, 1023, f.integer()])],
  moments_clear: () => [],
  moments_add: (f) => [f.pick([1, 2, 3, f.integer()])],
  moments_loss: () => [],
  checkpoint_write: () => [],
  checkpoint_read: (f) => [f.imageLength()],
  model_write: () => [],
  model_read: (f) => [f.imageLength()],
  step_evaluations: () => [],
  step_work: () => [],
  trace_low: () => [],
  trace_high: () => [],
  active_parameters: () => [],
  engine_in_use: () => [],
  workspace_wanted: () => [],
  visible_qubits: () => [],
  parameter_count: () => [],
  features_ptr: () => [],
  labels_ptr: () => [],
  indices_ptr: () => [],
  parameters_ptr: () => [],
  gradient_ptr: () => [],
  outputs_ptr: () => [],
  report_ptr: () => [],
  image_ptr: () => [],
  image_capacity: () => [],
};

/** The functions of a build that the fuzzer knows. */
export function fuzzed(build: Build): string[] {
  return Object.keys(CALLS).filter((name) => hasColumns(build) || !LAID_OUT_EXPORTS.includes(name));
}

/** Calls that do something are drawn more often than getters. */
const DEEDS: readonly string[] = [
  'step_begin',
  'step_advance',
  'step_advance',
  'step_advance',
  'predict',
  'checkpoint_write',
  'checkpoint_read',
  'model_write',
  'model_read',
  'parameters_initialise',
];

/** The deeds of a build with the laid-out engines. */
const LAID_OUT_DEEDS: readonly string[] = [...DEEDS, ...LAID_OUT_EXPORTS, 'predict_effective'];

/** One instance under fire. */
export class Fuzzer {
  #abi: Abi;
  /** No call may touch the bytes from `guard` to `painted`. */
  #guard = 0;
  #painted = 0;
  /** The last image written, if any: later put back, whole or damaged. */
  #image = new Uint8Array(0);
  /** Whole steps and predictions that each `Engine` has done. */
  readonly done: number[] = [0, 0, 0, 0];
  /** Numbers, other than not-a-number, that `predict_effective` and `moments_loss` have come up with. */
  readonly found = { predict_effective: 0, moments_loss: 0 };
  readonly #functions: readonly string[];
  readonly #deeds: readonly string[];
  /** The latest calls, for the message. */
  readonly #log: string[] = [];

  constructor(
    readonly build: Build,
    readonly rng: oracle.Rng,
  ) {
    this.#abi = load(build);
    this.#functions = fuzzed(build);
    this.#deeds = hasColumns(build) ? LAID_OUT_DEEDS : DEEDS;
    // Nothing is known about the memory before the first arena.
    this.#guard = this.#painted = this.#abi.memory.buffer.byteLength;
  }

  below(bound: number): number {
    return oracle.randomInteger(this.rng, bound);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  integer(): number {
    return this.rng() < 0.9 ? this.pick(INTEGERS) : Math.floor((this.rng() - 0.5) * 2 ** 32);
  }

  number(): number {
    return this.rng() < 0.5 ? this.pick(NUMBERS) : oracle.randomBetween(this.rng, -4, 4);
  }

  /** A key and a value: the limits of shots and sizes are left out, they are only slow. */
  option(): number[] {
    const key = this.rng() < 0.9 ? this.below(OPTION_COUNT) : this.integer();
    if (key === Option.Shots) return [key, this.pick(SHOTS)];
    return [key, this.pick([this.number(), this.below(6), this.integer(), 4096])];
  }

  /** The length of the image in place, most of the time. */
  imageLength(): number {
    return this.rng() < 0.8 ? this.#image.length : this.integer();
  }

  /** Calls one function and checks that it came back and wrote where it may. */
  call(name: string, args: number[] = CALLS[name](this)): number {
    const abi = this.#abi;
    if (name === 'init' && (abi.plan() > LARGEST_PLAN || abi.plan() < 0) && !isDevice(this.build)) return 0;
    this.#log.push(`${name}(${args.join(', ')})`);
    const started = performance.now();
    let result: number;
    try {
      result = (abi[name] as (...args: number[]) => number)(...args);
    } catch (error) {
      throw new Error(`${error} in ${this.history()}`);
    }
    assert.ok(performance.now() - started < PATIENCE_MS, `slow: ${this.history()}`);
    if (name === 'init' && result === 0) this.#protect(abi.plan());
    else if (name === 'model_read') this.#protect(Math.max(this.#guard, abi.plan()));
    else this.#check(this.#guard);
    if ((name === 'step_advance' || name === 'predict') && result === Status.Ok)
      this.done[abi.engine_in_use?.() ?? Engine.Samples]++;
    if ((name === 'predict_effective' || name === 'moments_loss') && !Number.isNaN(result))
      this.found[name]++;
    if (name.endsWith('_write') && result > 0) {
      this.#image = new Uint8Array(abi.memory.buffer, abi.image_ptr(), result).slice();
    }
    return result;
  }

  history(): string {
    return `${this.build}: ${this.#log.slice(-40).join('; ')}`;
  }

  /** Checks what stays protected, then protects what lies behind an address, wherever it was before. */
  #protect(from: number): void {
    const { buffer } = this.#abi.memory;
    this.#check(Math.max(this.#guard, from));
    this.#guard = Math.min(from, buffer.byteLength);
    this.#painted = Math.min(this.#guard + GUARD_BYTES, buffer.byteLength);
    new Uint8Array(buffer).fill(CANARY, this.#guard, this.#painted);
  }

  #check(from: number): void {
    if (from >= this.#painted) return;
    const bytes = new Uint8Array(this.#abi.memory.buffer, from, this.#painted - from);
    if (Buffer.compare(bytes, UNTOUCHED.subarray(0, bytes.length)) === 0) return;
    const stray = from + bytes.findIndex((byte) => byte !== CANARY);
    assert.fail(`byte ${stray} behind the arena changed in ${this.history()}`);
  }

  /** The host itself writes up to here. */
  #make(room: number): void {
    if (room > this.#guard) this.#protect(room);
  }

  /** Fills one of the buffers that a host may write with anything. */
  scribble(): void {
    const abi = this.#abi;
    const batch = abi.option_value(Option.Batch);
    const real = abi.real_bytes();
    const [name, at, bytes] = this.pick<[string, number, number]>([
      ['features', abi.features_ptr(), real * batch * abi.option_value(Option.Features)],
      ['labels', abi.labels_ptr(), 4 * batch],
      ['indices', abi.indices_ptr(), 4 * batch],
      ['parameters', abi.parameters_ptr(), real * abi.parameter_count()],
      ['gradient', abi.gradient_ptr(), real * abi.parameter_count()],
      ['outputs', abi.outputs_ptr(), real * batch * Math.max(abi.option_value(Option.Logits), 1)],
      ['report', abi.report_ptr(), 8 * REPORT_COUNT],
      ['image area', abi.image_ptr(), Math.min(abi.image_capacity(), 2048)],
    ]);
    if (at === 0) return;
    this.#log.push(`write ${name}`);
    const { buffer } = abi.memory;
    this.#make(at + bytes);
    const wide = name === 'report' || real === 8;
    if (this.rng() < 0.3) {
      for (let i = 0; i < bytes; i++) new Uint8Array(buffer, at, bytes)[i] = this.below(256);
    } else if (name === 'labels' || name === 'indices') {
      const view = new Int32Array(buffer, at, bytes >> 2);
      for (let i = 0; i < view.length; i++) view[i] = this.pick([0, 1, this.integer()]);
    } else {
      const view = wide ? new Float64Array(buffer, at, bytes >> 3) : new Float32Array(buffer, at, bytes >> 2);
      const tame = this.rng() < 0.5;
      for (let i = 0; i < view.length; i++) {
        view[i] = tame ? oracle.randomBetween(this.rng, -3, 3) : this.number();
      }
    }
  }

  /** Puts the last image in place, as it was or with a few bytes changed, sealed or not. */
  putImage(): void {
    const abi = this.#abi;
    const image = this.#image.slice();
    if (image.length === 0 || image.length > abi.image_capacity()) return;
    for (let changes = this.pick([0, 1, 1, 2, 8]); changes > 0; changes--) {
      if (this.rng() < 0.5) image[this.below(image.length)] = this.below(256);
      else {
        const at = 8 * this.below(Math.floor((image.length - 8) / 8));
        new DataView(image.buffer).setFloat64(at, this.pick([this.number(), this.below(9)]), true);
      }
    }
    const bytes = this.rng() < 0.9 ? this.#sealedLike(image) : image;
    this.#log.push(`put image of ${bytes.length}`);
    this.#make(abi.image_ptr() + bytes.length);
    new Uint8Array(abi.memory.buffer, abi.image_ptr(), bytes.length).set(bytes);
  }

  /** Keeps magic, version, kind and precision, so that more than the header is looked at. */
  #sealedLike(image: Uint8Array): Uint8Array {
    if (this.rng() < 0.9) image.set(this.#image.subarray(0, 8));
    return sealed(image);
  }

  /** A sound program, now and then with a wrong option in it. */
  program(): void {
    const rng = this.rng;
    const logits = this.below(4);
    const qubits = 1 + this.below(3);
    const engine = this.pick([Engine.Auto, Engine.Samples, Engine.Columns, Engine.Heisenberg]);
    // What the engine can run, most of the time.
    const sound = hasColumns(this.build) && engine >= Engine.Columns && rng() < 0.8;
    const heisenberg = sound && engine === Engine.Heisenberg;
    const model = oracle.randomModel(rng, {
      qubits,
      features: 1 + this.below(2 ** qubits),
      linear: sound || rng() < 0.5,
      diagonal: !heisenberg && rng() < 0.5,
      logits,
      ...(logits < 2 && rng() < 0.5 ? { loss: Loss.MeanSquare } : {}),
      ...(logits === 0 ? { outputs: 1 } : {}),
      extraOperations: this.below(3),
      encoding: this.pick([Encoding.Zero, Encoding.Amplitude]),
    });
    const gradient = heisenberg ? Gradient.Adjoint : this.pick([Gradient.Adjoint, Gradient.ParameterShift]);
    const training = {
      ...DEFAULTS,
      batch: 1 + this.below(4),
      gradient,
      shots: gradient === Gradient.Adjoint ? 0 : this.pick([0, 1, 9]),
      rule: this.below(6) as Rule,
      samples: this.pick([0, 4, 1000]),
      engine,
      moments: model.loss === Loss.MeanSquare ? this.pick([0, 1, 1] as const) : (0 as const),
      workspace: this.pick([0, 0, this.below(5000), 20_000]),
      observableNorm: this.pick([0, 1] as const),
    };
    for (const [key, value] of optionValues(model, training)) this.call('configure', [key, value]);
    if (this.rng() < 0.1) this.call('configure');
    this.addProgram(model);
    const wanted = this.rng() < 0.9 ? this.call('compile', []) && this.call('workspace_wanted', []) : 0;
    if (wanted > 0) {
      // The engine says what it lacks: most of the time it gets it, sometimes a little less.
      this.call('configure', [Option.Workspace, wanted - this.pick([0, 0, 0, 1, 16])]);
      this.addProgram(model);
      this.call('compile', []);
    }
    if (this.rng() < 0.5) this.call('parameters_initialise', []);
  }

  /** Lays out, and adds a circuit and an observable. */
  addProgram(model: oracle.OracleModel): void {
    this.call('plan', []);
    this.call('init', []);
    for (const { kind, a, b, source, index, scale, offset } of model.operations) {
      this.call('circuit_add', [kind, a, b ?? a, source, index, scale, offset]);
    }
    for (const { output, xMask, zMask, coefficient } of model.terms) {
      this.call('observable_add', [output, xMask, zMask, coefficient]);
    }
  }

  /** Sound samples and labels, then a step or a prediction, now and then with something else in between. */
  use(): void {
    const abi = this.#abi;
    const batch = abi.option_value(Option.Batch);
    const count = batch * abi.option_value(Option.Features);
    const at = abi.features_ptr();
    if (at === 0 || count > 4096) return;
    this.#make(abi.labels_ptr() + 4 * batch);
    const { buffer } = abi.memory;
    const view =
      abi.real_bytes() === 8 ? new Float64Array(buffer, at, count) : new Float32Array(buffer, at, count);
    for (let i = 0; i < count; i++) view[i] = oracle.randomBetween(this.rng, -3, 3);
    new Int32Array(buffer, abi.labels_ptr(), batch).forEach((_, b, labels) => {
      labels[b] = this.below(2);
    });
    this.#log.push('write samples');
    if (this.rng() < 0.3) this.call('parameters_initialise', []);
    if (hasColumns(this.build) && this.rng() < 0.3) {
      for (const name of this.pick([
        ['effective_build', 'predict_effective', 'predict_effective'],
        ['moments_clear', 'moments_add', 'moments_add', 'moments_loss', 'predict_effective'],
        ['moments_add', 'moments_loss'],
        ['effective_build', 'configure', 'predict_effective'],
      ]))
        this.call(name);
      return;
    }
    if (this.rng() < 0.3) {
      this.call('predict', [1 + this.below(batch), this.pick([0, 0, 3])]);
      return;
    }
    this.call('step_begin', [1 + this.below(batch)]);
    for (let slices = 0; slices < 30 && this.call('step_advance') === Status.More; slices++) {
      const choice = this.rng();
      if (choice < 0.05) this.scribble();
      else if (choice < 0.1) this.call(this.pick(this.#deeds));
    }
  }

  /** A sequence of random calls and writes. */
  run(length: number): void {
    if (this.rng() < 0.9) this.program();
    for (let i = 0; i < length; i++) {
      const choice = this.rng();
      if (choice < 0.15) this.scribble();
      else if (choice < 0.25) this.use();
      else if (choice < 0.4) this.putImage();
      else if (choice < 0.85) this.call(this.pick(this.#deeds));
      else this.call(this.pick(this.#functions));
    }
  }

  /** The trace of a short run of a known program on this very instance: whatever came before must not show. */
  knownTrace(): bigint {
    const trace = knownTrace(this.build, this.#abi);
    // That program had an arena of its own.
    this.#painted = 0;
    this.#protect(this.#abi.plan());
    return trace;
  }
}

/** The trace of a short run of a known program on an instance. */
export function knownTrace(build: Build, abi = load(build)): bigint {
  const model = oracle.paperModel(2, 1, 4, { logits: 2, loss: Loss.CrossEntropy });
  const machine = new Machine(build, model, { rule: Rule.NlrGuarded }, abi);
  abi.parameters_initialise();
  machine.step([[1, 2, 3, 4]], [0]);
  machine.step([[4, -3, 2, 1]], [1]);
  return machine.trace;
}
