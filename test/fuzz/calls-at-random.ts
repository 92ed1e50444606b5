/** Random use of the ABI: any call, any argument, any buffer content, any order. */
import assert from 'node:assert/strict';
import {
  Ask,
  ASK_COUNT,
  Engine,
  Loss,
  Option,
  Report,
  REPORT_COUNT,
  Rule,
  Status,
} from '../../assembly/abi/codes.ts';
import {
  type Abi,
  type Build,
  type CoreTraining,
  hasColumns,
  isDevice,
  load,
  Machine,
  ok,
  optionValues,
  putImage,
} from '../support/core-harness.ts';
import { sealed } from '../support/core-image.ts';
import { BUFFERS, drawContent, type HostBuffer, roomOf } from './buffers.ts';
import { CALLS, DEEDS } from './calls.ts';
import { Canaries } from './canaries.ts';
import { Draws } from './draws.ts';
import { drawProgram } from './programs.ts';
import { type Entry, Recorder } from './recorder.ts';
import * as oracle from '../support/oracle/index.ts';

/** Bytes of a device's memory. */
const PAGE = 65536;
/** Larger plans are not laid out, to save time. */
const LARGEST_PLAN = 1 << 21;
/** No step of these small programs has more ticks, shots included. */
const MOST_TICKS = 1_000_000;

/** The entry that stands for `#fillPage`. */
const FILL_PAGE = 'fill_page';

/** Bytes of a buffer that are filled at once. */
const MOST_SCRIBBLED = 2048;

/** The functions of a build that the fuzzer knows. */
export function fuzzed(build: Build): string[] {
  const abi = load(build);
  return Object.keys(CALLS).filter((name) => name in abi);
}

/** One instance under fire. */
export class Fuzzer {
  readonly #abi: Abi;
  readonly #canaries: Canaries;
  readonly #draws: Draws;
  readonly #recorder = new Recorder();
  /** Whether the latest run that was begun is a step, and no prediction. */
  #isTraining = false;
  /** The last image written, if any: later put back, whole or damaged. */
  #image = new Uint8Array(0);
  /** Whole steps and predictions that each `Engine` has done. */
  readonly done: number[] = [0, 0, 0, 0, 0, 0];
  /** Numbers, other than not-a-number, that `predict_effective` and `moments_loss` have come up with. */
  readonly found = { predict_effective: 0, moments_loss: 0 };
  /** The longest call so far, milliseconds: to be told, not judged. */
  longest = 0;
  /** Called after every call with what it returned. */
  watch: (name: string, result: number) => void = () => {};
  readonly #functions: readonly string[];
  readonly #deeds: readonly string[];

  constructor(
    readonly build: Build,
    rng: oracle.Rng,
  ) {
    this.#abi = load(build);
    this.#draws = new Draws(rng);
    this.#canaries = new Canaries(this.#abi);
    this.#functions = fuzzed(build);
    this.#deeds = DEEDS.filter((name) => name in this.#abi);
  }

  /** Keeps all that is done from now on, not the latest alone. */
  record(): void {
    this.#recorder.keepAll();
  }

  /** The engine in use; builds with one do not say. */
  get engine(): Engine {
    return this.#abi.engine_in_use?.() ?? Engine.Samples;
  }

  get recorded(): readonly Entry[] {
    return this.#recorder.entries;
  }

  /** The latest calls and writes, for the message. */
  history = (): string => `${this.build}: ${this.#recorder}`;

  /** Calls one function and checks that it came back and wrote where it may. */
  call(name: string, args: number[] = this.#arguments(name)): number {
    const abi = this.#abi;
    const planned = name === 'init' ? abi.plan() : 0;
    if (name === 'init' && !isDevice(this.build) && (planned > LARGEST_PLAN || planned < 0)) return 0;
    this.#recorder.call(name, args);
    const training = name === 'step_advance' && this.#isTraining;
    const started = performance.now();
    let result: number;
    try {
      result = (abi[name] as (...args: number[]) => number)(...args);
    } catch (error) {
      throw new Error(`${error} in ${this.history()}`, { cause: error });
    }
    this.longest = Math.max(this.longest, performance.now() - started);
    if (name === 'init' && result === 0) this.#canaries.protect(planned, this.history);
    else if (name === 'model_read') this.#protectModel();
    else this.#canaries.check(this.history);
    if (name === 'step_begin') this.#isTraining = result === Status.Ok;
    if (name.startsWith('predict') && result !== Status.Busy) this.#isTraining = false;
    if (training && result === Status.Ok) this.#checkStep();
    this.#note(name, result);
    return result;
  }

  /** Ok means finite parameters and a whole step, not below 1. */
  #checkStep(): void {
    const abi = this.#abi;
    const { buffer } = abi.memory;
    const count = abi.parameter_count();
    const parameters =
      abi.real_bytes() === 8
        ? new Float64Array(buffer, abi.parameters_ptr(), count)
        : new Float32Array(buffer, abi.parameters_ptr(), count);
    const wild = parameters.findIndex((value) => !Number.isFinite(value));
    if (wild >= 0) assert.fail(`parameter ${wild} is ${parameters[wild]} after ${this.history()}`);
    const step = new Float64Array(buffer, abi.report_ptr(), REPORT_COUNT)[Report.Step];
    if (!Number.isInteger(step) || step < 1) assert.fail(`step ${step} after ${this.history()}`);
  }

  #arguments(name: string): number[] {
    return CALLS[name]({ draws: this.#draws, imageLength: this.#image.length });
  }

  /** The arena of the model just read, or of the program from before. */
  #protectModel(): void {
    this.#canaries.protect(Math.max(this.#canaries.guard, this.#abi.plan()), this.history);
  }

  #note(name: string, result: number): void {
    const abi = this.#abi;
    if ((name === 'step_advance' || name === 'predict') && result === Status.Ok) this.done[this.engine]++;
    if ((name === 'predict_effective' || name === 'moments_loss') && !Number.isNaN(result))
      this.found[name]++;
    if (name.endsWith('_write') && result > 0)
      this.#image = new Uint8Array(abi.memory.buffer, abi.image_ptr(), result).slice();
    this.watch(name, result);
  }

  /** Writes bytes where a host may, as many as there is room for. */
  #write(to: HostBuffer, given: Uint8Array): void {
    const bytes = given.subarray(0, roomOf(this.#abi, to));
    if (bytes.length === 0) return;
    const at = this.#abi[to]();
    this.#canaries.makeRoom(at + bytes.length, this.history);
    new Uint8Array(this.#abi.memory.buffer, at, bytes.length).set(bytes);
    this.#recorder.write(to, bytes);
  }

  /** Does again what was recorded elsewhere. */
  replay(entries: readonly Entry[]): void {
    for (const { name, args, bytes } of entries) {
      if (bytes !== undefined) this.#write(name as HostBuffer, bytes);
      else if (name === FILL_PAGE) this.#fillPage(args[0]);
      else if (name in this.#abi) this.call(name, [...args]);
    }
  }

  /** Fills one of the buffers that a host may write with anything. */
  scribble(): void {
    const name = this.#draws.pick(BUFFERS);
    const bytes = Math.min(roomOf(this.#abi, name), MOST_SCRIBBLED);
    this.#write(name, drawContent(this.#draws, name, bytes, this.#abi.real_bytes()));
  }

  /** Puts the last image in place, as it was or with a few bytes changed, sealed or not. */
  putImage(): void {
    const draws = this.#draws;
    const image = this.#image.slice();
    if (image.length === 0 || image.length > this.#abi.image_capacity()) return;
    for (let changes = draws.pick([0, 1, 1, 2, 8]); changes > 0; changes--) {
      if (draws.rng() < 0.5) image[draws.below(image.length)] = draws.below(256);
      else {
        const at = 8 * draws.below(Math.floor((image.length - 8) / 8));
        new DataView(image.buffer).setFloat64(at, draws.pick([draws.number(), draws.below(9)]), true);
      }
    }
    this.#write('image_ptr', draws.rng() < 0.9 ? this.#sealedLike(image) : image);
  }

  /** Has an image read whose header agrees with the caller about a wrong length. */
  lie(): void {
    const draws = this.#draws;
    const capacity = this.#abi.image_capacity();
    const length = draws.pick([
      capacity,
      capacity + 1,
      capacity + 64,
      this.#image.length + 8,
      draws.integer(),
    ]);
    const image = this.#image.slice(0, capacity);
    if (image.length === 0) return;
    this.#write('image_ptr', sealed(image, length >>> 0));
    this.call(draws.pick(['checkpoint_read', 'model_read'].filter((name) => this.#has(name))), [length]);
  }

  /** Keeps magic, version, kind and precision, so that more than the header is looked at. */
  #sealedLike(image: Uint8Array): Uint8Array {
    if (this.#draws.rng() < 0.9) image.set(this.#image.subarray(0, 8));
    return sealed(image);
  }

  /** Whether the build has a function. */
  #has(name: string): boolean {
    return name in this.#abi;
  }

  /** A model that another build has made, for one that makes none. */
  #receive(model: oracle.OracleModel, training: CoreTraining): void {
    const { batch, weights } = training;
    const machine = new Machine('release', model, { batch, weights });
    machine.abi.parameters_initialise();
    this.#image = new Uint8Array(machine.modelImage());
    this.call('configure', [Option.Batch, batch]);
    this.#write('image_ptr', this.#image);
    this.call('model_read', [this.#image.length]);
  }

  /** A sound program, now and then with a wrong option in it. */
  program(): void {
    const { rng } = this.#draws;
    const { model, training } = drawProgram(this.#draws, this.build);
    if (!this.#has('model_write') && rng() < 0.7) return this.#receive(model, training);
    for (const [key, value] of optionValues(model, training)) this.call('configure', [key, value]);
    if (rng() < 0.1) this.call('configure');
    if (isDevice(this.build) && rng() < 0.2) this.#fillPage(this.#draws.pick([0, 0, -4, -16, 4]));
    this.addProgram(model);
    const wanted = rng() < 0.9 ? this.call('compile', []) && this.call('workspace_wanted', []) : 0;
    if (wanted > 0) {
      // The engine says what it lacks: most of the time it gets it, sometimes a little less.
      this.call('configure', [Option.Workspace, wanted - this.#draws.pick([0, 0, 0, 1, 16])]);
      this.addProgram(model);
      this.call('compile', []);
    }
    if (rng() < 0.5 && this.#has('parameters_initialise')) this.call('parameters_initialise', []);
  }

  /**
   * Enlarges the work area until the arena ends with the page, or so many bytes behind its end. Recorded as one entry:
   * how large the work area then is goes by the build.
   */
  #fillPage(beyond: number): void {
    this.#recorder.call(FILL_PAGE, [beyond]);
    const guess = 40_000;
    this.#abi.configure(Option.Workspace, guess);
    this.#abi.configure(Option.Workspace, guess + PAGE - this.#abi.plan() + beyond);
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
    const draws = this.#draws;
    const batch = abi.option_value(Option.Batch);
    const count = batch * abi.option_value(Option.Features);
    if (abi.features_ptr() === 0 || count > 4096) return;
    const features = abi.real_bytes() === 8 ? new Float64Array(count) : new Float32Array(count);
    for (let i = 0; i < count; i++) features[i] = draws.between(-3, 3);
    this.#write('features_ptr', new Uint8Array(features.buffer));
    const labels = Int32Array.from({ length: batch }, () => draws.below(2));
    this.#write('labels_ptr', new Uint8Array(labels.buffer));
    const reals = (least: number) => {
      const values = Array.from({ length: batch }, () => draws.between(least, 3));
      return new Uint8Array(
        (abi.real_bytes() === 8 ? new Float64Array(values) : new Float32Array(values)).buffer,
      );
    };
    this.#write('targets_ptr', reals(-3));
    this.#write('weights_ptr', reals(0));
    if (draws.rng() < 0.3 && this.#has('parameters_initialise')) this.call('parameters_initialise', []);
    if (hasColumns(this.build) && draws.rng() < 0.3) return this.#askMore();
    if (draws.rng() < 0.3 || !this.#has('step_begin')) {
      if (this.call('predict', [1 + draws.below(batch), draws.pick([0, 0, 3])]) === Status.Asked)
        this.#finish(3);
      return;
    }
    if (this.call('step_begin', [1 + draws.below(batch)]) !== Status.Ok) return;
    if (draws.rng() < 0.2) this.#tickByTick();
    else this.#finish(30);
  }

  /** What only builds with all engines have. */
  #askMore(): void {
    const effective = [
      ['effective_build', 'predict_effective', 'predict_effective'],
      ['effective_build', 'configure', 'predict_effective'],
    ];
    const moments = [
      ['moments_clear', 'moments_add', 'moments_add', 'moments_loss', 'predict_effective'],
      ['moments_clear', 'moments_add', 'moments_loss', 'moments_loss'],
    ];
    const kept = this.#abi.option_value(Option.Moments) !== 0;
    for (const name of this.#draws.pick(
      kept ? [...effective, ...moments, ...moments] : [...effective, moments[0]],
    ))
      this.call(name);
    if (this.#draws.rng() < 0.7) return;
    // The arena is void now, and would be too small.
    this.call('configure', [this.#draws.pick([Option.Batch, Option.Features]), 1024]);
    this.call('predict_effective', [1023]);
    this.call('moments_loss');
  }

  /** Goes on with the step under way, with something in between now and then. */
  #finish(slices: number): void {
    for (let slice = 0; slice < slices; slice++) {
      const status = this.call('step_advance');
      if (status === Status.Asked || status === Status.BadCounts) this.#answer();
      else if (status !== Status.More) return;
      const choice = this.#draws.rng();
      if (choice < 0.05) this.scribble();
      else if (choice < 0.1) this.call(this.#draws.pick(this.#deeds));
    }
  }

  /** Tells counts, most of the time as many as asked for. */
  #answer(): void {
    const draws = this.#draws;
    const at = this.call('ask_ptr', []);
    if (at === 0) return;
    const shots = new Int32Array(this.#abi.memory.buffer, at, ASK_COUNT)[Ask.Shots];
    const qubits = this.#abi.option_value(Option.Qubits);
    for (let operation = draws.below(3); operation > 0; operation--) this.call('ask_angle');
    const first = draws.below(shots + 1);
    const rest = draws.rng() < 0.8 ? shots - first : draws.below(shots + 3);
    for (const count of [first, rest]) this.call('tell', [draws.below(2 ** qubits), count]);
  }

  /** The smallest slices: there are no more of them than work, nor without end. */
  #tickByTick(): void {
    // The work of a step is known of whole mini-batches, where the caller does not measure.
    const work = this.#abi.option_value(Option.Answerer) === 0 ? this.#abi.step_work?.() : undefined;
    const most = work ?? MOST_TICKS;
    for (let ticks = 1; this.call('step_advance', [1]) > 0; ticks++) {
      if (ticks > most) assert.fail(`${ticks} ticks for ${most} units of work in ${this.history()}`);
      if (this.#abi.option_value(Option.Answerer) !== 0) this.#answer();
    }
  }

  /** A sequence of random calls and writes. */
  run(length: number): void {
    const { rng } = this.#draws;
    if (rng() < 0.9) this.program();
    for (let i = 0; i < length; i++) {
      const choice = rng();
      if (choice < 0.15) this.scribble();
      else if (choice < 0.25) this.use();
      else if (choice < 0.39) this.putImage();
      else if (choice < 0.4) this.lie();
      else if (choice < 0.85) this.call(this.#draws.pick(this.#deeds));
      else this.call(this.#draws.pick(this.#functions));
    }
  }

  /** The trace of a short run of a known program on this very instance: whatever came before must not show. */
  knownTrace(): bigint {
    const trace = knownTrace(this.build, this.#abi);
    // That program had an arena of its own.
    this.#canaries.restart(this.#abi.plan(), this.history);
    return trace;
  }
}

/** What the known program of a build that does not train predicts, as one number. */
function knownPrediction(model: oracle.OracleModel, abi: Abi): bigint {
  const machine = new Machine('release', model, {});
  machine.abi.parameters_initialise();
  const image = machine.modelImage();
  // Makes room, whatever was there.
  ok(abi.configure(Option.Batch, 1), 'configure');
  putImage(abi, image);
  ok(abi.model_read(image.length), 'model_read');
  new Float64Array(abi.memory.buffer, abi.features_ptr(), 4).set([1, 2, 3, 4]);
  ok(abi.predict(1, 7), 'predict');
  const bits = new BigUint64Array(abi.memory.buffer, abi.outputs_ptr(), 2);
  return bits[0] ^ (bits[1] << 1n);
}

/** The trace of a short run of a known program on an instance; of a build that does not train, its prediction. */
export function knownTrace(build: Build, abi = load(build)): bigint {
  const model = oracle.paperModel(2, 1, 4, { logits: 2, loss: Loss.CrossEntropy });
  if (!('step_begin' in abi)) return knownPrediction(model, abi);
  const machine = new Machine(build, model, { rule: Rule.NlrGuarded }, abi);
  abi.parameters_initialise();
  machine.step([[1, 2, 3, 4]], [0]);
  machine.step([[4, -3, 2, 1]], [1]);
  return machine.trace;
}
