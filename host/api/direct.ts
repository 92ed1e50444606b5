/**
 * Circuits without a training: expectation, gradient, probabilities, samples. The core computes all of them by what it
 * trains with, so nothing is simulated twice:
 *
 *   expectation   a prediction through a head with weight 1 and bias 0
 *   gradient      a step by the hinge loss max(0, 1 + z) with a bias at which it is never flat, so that it is 1 + <O> + bias
 *   probabilities the expectations of all strings of Z on the measured qubits: see outcomes.ts
 */
import {
  LEAST_RATE,
  MAX_FEATURES,
  MAX_OPERATIONS,
  MAX_OUTPUTS,
  MAX_QUBITS,
  MAX_SHOTS,
  Status,
} from '../../assembly/abi/codes.ts';
import { type Core, loadCore, LOADING } from '../core/core.ts';
import {
  choice,
  contradiction,
  integer,
  isFields,
  isListOf,
  isNumbers,
  looking,
  optional,
  record,
  refuse,
  snapshot,
  type Table,
  whole,
} from '../core/checks.ts';
import { CoreError, OptionError } from '../core/errors.ts';
import { squaredNorm } from '../data/dataset.ts';
import { ENCODINGS, type EncodingName } from './choices.ts';
import {
  type Circuit,
  checkCircuit,
  checkObservables,
  type Observable,
  parametersOf,
  parseObservable,
  pauliMasks,
  tableLength,
} from './circuit.ts';
import { checkNoise, type Noise, type PlacedGate } from './noise.ts';
import { type ResolvedModel, type ResolvedTraining, resolveTraining } from './options.ts';
import { draw, type Sample, transform, zString } from './outcomes.ts';
import { prepareCore } from './program.ts';

/** Most qubits that are measured together; of a circuit with more, name those that matter. */
export const MAX_MEASURED = 12;

/** Numbers, in a plain array or a typed one. */
type Numbers = ArrayLike<number>;

/** How a circuit is run. */
export interface CircuitOptions {
  /** Number of qubits n; default as many as the circuit and the observable name. */
  readonly qubits?: number;
  /** Default 'angle': the start is |0...0>, and features enter by angles. With 'amplitude' the start is x / |x|. */
  readonly encoding?: EncodingName;
  /** Number of features; default as many as the circuit names, with 'amplitude' 2^n. */
  readonly features?: number;
}

/** Options of `prepareCircuit`. */
export interface PrepareOptions extends CircuitOptions {
  /** What `expectation` and `gradient` are of: a Pauli sum, or its text. */
  readonly observable?: Observable | string;
  /**
   * Shots of each circuit that `expectation` and `gradient` run, 1 to 2^20, drawn anew by each call; the gradient is then
   * Eq. 7, with both displaced circuits of every rotation that a parameter drives. Default 'exact'.
   */
  readonly shots?: number | 'exact';
  /** Seed of these draws, 0 to 2^53 - 1; default 1. */
  readonly seed?: number;
  /** The noise of the processor, in the order in which it stands behind each gate; default none. */
  readonly noise?: Noise;
  /**
   * The gates as they stand in a program that the circuit was read from, `applications` of `readOpenQasm`: noise is
   * behind each of them. Default each operation of the circuit.
   */
  readonly placed?: readonly PlacedGate[];
  /** Bytes of another build of the core with training than the library's own. */
  readonly wasm?: ArrayBuffer | ArrayBufferView;
}

/** Which qubits are measured. */
export interface MeasureOptions {
  /** At most 12, each once, the first of them the highest bit of an outcome; default all, qubit 0 first. */
  readonly measured?: readonly number[];
}

/** Options of a sample. */
export interface SampleOptions extends MeasureOptions {
  /** Seed of the draws, 0 to 2^53 - 1; default 1. */
  readonly seed?: number;
}

/** An expectation and its derivatives. */
export interface Gradient {
  /** <O>, exact or the mean over the shots. */
  readonly value: number;
  /** d<O>/d parameter, of every parameter of the circuit. */
  readonly gradient: Float64Array;
}

/** As small a step as there can be: only its gradient is looked at. */
const trainingOf = ({ shots = 'exact', seed = 1, noise }: Pick<PrepareOptions, 'shots' | 'seed' | 'noise'>) =>
  resolveTraining({
    ...{ rule: 'sgd', steps: 1, batch: 1, schedule: 'constant', observableNorm: false, shots, seed, noise },
    ...{ rate: LEAST_RATE, headRate: LEAST_RATE },
  });
const EXACT = trainingOf({});

/** What is run, checked. */
interface Checked extends Pick<
  ResolvedModel,
  'qubits' | 'features' | 'encoding' | 'circuit' | 'circuitParameters'
> {
  readonly observable?: Observable;
  readonly placed?: readonly PlacedGate[];
}

function indices(circuit: Circuit, at: (operation: Circuit[number]) => readonly number[]): number {
  return circuit.reduce((most, operation) => Math.max(most, ...at(operation)), -1) + 1;
}

const HOW: Table<CircuitOptions> = {
  qubits: optional(whole(1, MAX_QUBITS)),
  encoding: optional((encoding, at) => choice(at, encoding, ENCODINGS)),
  features: optional(whole(0, MAX_FEATURES)),
};

const readObservable = (given: unknown, at: string): Observable =>
  typeof given === 'string' ? parseObservable(given) : snapshot(at, given as Observable);

/** Gates in the order of their operations. @throws OptionError */
function readPlaced(given: unknown, at: string): readonly PlacedGate[] {
  const isWhole = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;
  const isGate = (each: unknown) => {
    if (!isFields(each)) return false;
    const { from, to, qubits } = each;
    return isWhole(from) && isWhole(to) && Number(to) >= Number(from) && isListOf(qubits, isWhole);
  };
  const expected = 'gates { name, qubits, from, to } in the order of the circuit';
  const placed = snapshot(at, given as readonly PlacedGate[]);
  if (!isListOf(placed, isGate)) return refuse(at, given, expected);
  const isOrdered = placed.every(({ from }, i) => from >= (placed[i - 1]?.to ?? 0));
  return isOrdered ? placed : refuse(at, given, expected);
}

const PREPARING: Table<PrepareOptions> = {
  ...HOW,
  observable: optional(readObservable),
  shots: optional((shots, at) => (shots === 'exact' ? shots : integer(at, shots, 1, MAX_SHOTS))),
  seed: optional(whole(0)),
  noise: optional((noise, at) => snapshot(at, noise as Noise)),
  placed: optional((placed, at) => readPlaced(placed, at)),
  wasm: LOADING.wasm as Table<PrepareOptions>['wasm'],
};

const MEASURING: Table<MeasureOptions> = {
  measured: optional((measured, at) => snapshot(at, measured as readonly number[])),
};

const SAMPLING: Table<SampleOptions> = {
  ...MEASURING,
  seed: optional(whole(0)),
};

/** Checks and copies a circuit, with what can be seen from it filled in. @throws OptionError */
function check(given: Circuit, how: CircuitOptions, observable?: Observable): Checked {
  const { encoding = 'angle' } = how;
  const circuit = snapshot('circuit', given);
  const most = how.qubits ?? MAX_QUBITS;
  checkCircuit(circuit, most, how.features ?? MAX_FEATURES);
  const length = tableLength(circuit);
  if (length < 1 || length > MAX_OPERATIONS)
    contradiction(`the circuit has ${length} operations; expected 1 to ${MAX_OPERATIONS}`, 'circuit');
  if (observable !== undefined) checkObservables([observable], most);
  const masks = (observable ?? []).map(({ pauli }) => pauliMasks(pauli, most));
  const observed = masks.map(({ x, z }) => 32 - Math.clz32(x | z));
  const qubits =
    how.qubits ??
    Math.max(
      1,
      ...observed,
      indices(circuit, (one) => one.qubits),
    );
  const driving = indices(circuit, ({ angle }) => (angle?.feature === undefined ? [] : [angle.feature]));
  const features = how.features ?? (encoding === 'amplitude' ? 2 ** qubits : driving);
  if (encoding === 'amplitude') integer('features', features, 1, 2 ** qubits);
  return { circuit, observable, qubits, features, encoding, circuitParameters: parametersOf(circuit) };
}

/** A copy of the numbers, if they are so many and finite. @throws OptionError */
function readNumbers(name: string, given: Numbers, count: number): Float64Array {
  return looking(name, given, () => {
    if (!Array.isArray(given) && !isNumbers(given)) refuse(name, given, `a list of ${count} numbers`);
    if (given.length !== count) {
      const message = `${name} has ${given.length} numbers; expected a list of ${count}`;
      throw new OptionError('ERR_OPTION_VALUE', message, name);
    }
    const values = Array.from(given);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    return bad < 0 ? Float64Array.from(values) : refuse(`${name}[${bad}]`, values[bad], 'a finite number');
  });
}

/** The numbers of a call, checked. */
interface Inputs {
  readonly parameters: Float64Array;
  readonly features: Float64Array;
}

/** A circuit with outputs, compiled in a core. */
class Program {
  constructor(
    readonly core: Core,
    readonly checked: Checked,
    readonly observables: readonly Observable[],
    head: Pick<ResolvedModel, 'logits' | 'loss'>,
    readonly training = EXACT,
  ) {
    const rest = { layers: undefined, head: 'linear', classes: 2 } as const;
    // The core has room for one parameter at least, whether there is one or not.
    const circuitParameters = Math.max(1, checked.circuitParameters);
    prepareCore(core, { ...checked, ...head, ...rest, circuitParameters, observables }, training, 0);
  }

  /** Puts in what the circuit is run with. @param head weights row by row, then biases */
  fill({ parameters, features }: Inputs, head: Numbers): void {
    const { core, checked } = this;
    const { abi } = core;
    const all = core.reals(abi.parameters_ptr(), abi.parameter_count());
    all.set(parameters);
    all.set(head, Math.max(1, checked.circuitParameters));
    core.reals(abi.features_ptr(), checked.features).set(features);
  }

  /** The outputs, `count` of them. */
  outputs(count: number): ArrayLike<number> {
    const { core } = this;
    core.integers(core.abi.labels_ptr(), 1).fill(-1);
    const { shots } = this.training;
    let status = core.check(core.abi.predict(1, shots === 'exact' ? 0 : shots), 'predicting');
    while (status === Status.More) status = this.#advance();
    return core.reals(core.abi.outputs_ptr(), count);
  }

  /** The gradient of the loss for class 0. */
  gradient(count: number): Float64Array {
    const { core } = this;
    core.integers(core.abi.labels_ptr(), 1).fill(0);
    core.check(core.abi.step_begin(1), 'beginning a step');
    try {
      while (this.#advance() === Status.More);
    } catch (cause) {
      if (!(cause instanceof CoreError && cause.status === Status.Diverged)) throw cause;
      const message = 'the derivatives are too large to square; make the coefficients or the scales smaller';
      throw new CoreError(cause.status, message, { cause });
    }
    return Float64Array.from(core.reals(core.abi.gradient_ptr(), count));
  }

  #advance(): Status {
    return this.core.check(this.core.abi.step_advance(0x7fffffff), 'running the circuit');
  }
}

/** A circuit that is laid out and compiled once, and run as often as one likes. Made by `prepareCircuit`. */
export class PreparedCircuit {
  /** Number of qubits n. */
  readonly qubits: number;
  /** Parameters of the circuit: so many numbers every call takes. */
  readonly parameters: number;
  /** Features: so many numbers every call takes beside them, 0 for none. */
  readonly features: number;
  readonly #checked: Checked;
  readonly #observed: Program | undefined;
  /** At which the hinge loss is never flat: the observable is no less than minus the sum of its coefficients' sizes. */
  readonly #bias: number;
  readonly #strings: Core;
  /** How probabilities come: without shots, with the noise. */
  readonly #exact: ResolvedTraining;
  /** The latest measured qubits' first strings, which are all of them where there are few. */
  #latest: { readonly key: string; readonly program: Program } | undefined;

  /** @internal @param cores for the observable, and for strings of Z */
  constructor(checked: Checked, [first, second]: readonly [Core, Core], training = EXACT) {
    const { observable } = checked;
    this.#exact = { ...training, shots: 'exact' };
    ({ qubits: this.qubits, circuitParameters: this.parameters, features: this.features } = checked);
    this.#checked = checked;
    this.#strings = second;
    const head = { logits: 1, loss: 'hinge' } as const;
    this.#observed = observable && new Program(first, checked, [observable], head, training);
    this.#bias = (observable ?? []).reduce((sum, { coefficient }) => sum + Math.abs(coefficient), 0);
  }

  /** Checks and copies the numbers of a call. @throws OptionError */
  #read(parameters: Numbers, features: Numbers): Inputs {
    const inputs = {
      parameters: readNumbers('parameters', parameters, this.parameters),
      features: readNumbers('features', features, this.features),
    };
    if (this.#checked.encoding === 'angle') return inputs;
    const square = squaredNorm(inputs.features);
    if (square > 0 && square < Infinity) return inputs;
    const expected = 'amplitudes whose squares have a sum that is neither 0 nor infinite';
    return refuse('features', Array.from(inputs.features), expected);
  }

  /** The program of the observable, with the numbers of a call put in. @throws OptionError */
  #fill(inputs: Inputs, bias: number): Program {
    if (this.#observed === undefined)
      contradiction('the circuit was prepared without an observable, which expectations need', 'observable');
    this.#observed.fill(inputs, [1, bias]);
    return this.#observed;
  }

  #value(inputs: Inputs): number {
    return this.#fill(inputs, 0).outputs(1)[0] as number;
  }

  /** The expectation <O>, exact unless there are shots. @throws OptionError, CoreError */
  expectation(parameters: Numbers, features: Numbers = []): number {
    return this.#value(this.#read(parameters, features));
  }

  /** The expectation and its derivative by every parameter, from one run and one step, exact unless there are shots. @throws OptionError, CoreError */
  gradient(parameters: Numbers, features: Numbers = []): Gradient {
    const inputs = this.#read(parameters, features);
    const value = this.#value(inputs);
    return { value, gradient: this.#fill(inputs, this.#bias).gradient(this.parameters) };
  }

  /**
   * The probability of every outcome of m measured qubits, 2^m of them: the first measured qubit is the highest bit of the
   * index, so that of all qubits outcome k is the state's amplitude k. From 2^m - 1 expectations, 64 a run of the
   * circuit, which is laid out anew for each 64 where they are more.
   * @throws OptionError for more than 12 qubits, CoreError
   */
  probabilities(parameters: Numbers, features: Numbers = [], options: MeasureOptions = {}): Float64Array {
    const all = Array.from({ length: this.qubits }, (_, qubit) => qubit);
    const { measured = all } = record('probabilities', options, MEASURING);
    const inputs = this.#read(parameters, features);
    this.#checkMeasured(measured);
    const expectations = new Float64Array(2 ** measured.length);
    expectations[0] = 1;
    for (let from = 1; from < expectations.length; from += MAX_OUTPUTS) {
      const count = Math.min(MAX_OUTPUTS, expectations.length - from);
      const { program, logits } = this.#stringsFrom(from, count, measured);
      // Each logit is one output.
      const head = Float64Array.from({ length: logits * count + logits }, (_, i) =>
        Number(i < count * count && i % (count + 1) === 0),
      );
      program.fill(inputs, head);
      const outputs = program.outputs(logits);
      for (let i = 0; i < count; i++) expectations[from + i] = outputs[i] as number;
    }
    return transform(expectations);
  }

  /** Some strings of Z on measured qubits, compiled. */
  #stringsFrom(from: number, count: number, measured: readonly number[]) {
    const logits = Math.max(2, count);
    const key = `${from} ${measured.join()}`;
    if (this.#latest?.key !== key) {
      const observables = Array.from({ length: count }, (_, i) => [
        { pauli: zString(from + i, measured), coefficient: 1 },
      ]);
      this.#latest = undefined;
      const head = { logits, loss: 'bce' } as const;
      const program = new Program(this.#strings, this.#checked, observables, head, this.#exact);
      this.#latest = { key, program };
    }
    return { program: this.#latest.program, logits };
  }

  #checkMeasured(measured: readonly number[]): void {
    const { qubits } = this;
    const isQubit = (qubit: unknown) =>
      Number.isInteger(qubit) && (qubit as number) >= 0 && (qubit as number) < qubits;
    const good =
      isListOf(measured, isQubit) &&
      measured.length >= 1 &&
      measured.length <= MAX_MEASURED &&
      new Set(measured).size === measured.length;
    if (!good) refuse('measured', measured, `1 to ${MAX_MEASURED} of the ${qubits} qubits, each once`);
  }

  /**
   * Measures some qubits a number of times: draws from their `probabilities`, at whose price all shots come.
   * @param shots 1 to 2^20
   * @throws OptionError, CoreError
   */
  sample(shots: number, parameters: Numbers, features: Numbers = [], options: SampleOptions = {}): Sample {
    const { seed = 1, measured } = record('sample', options, SAMPLING);
    integer('shots', shots, 1, MAX_SHOTS);
    return draw(this.probabilities(parameters, features, { measured }), shots, seed);
  }
}

/** Two cores, one for an observable and one for strings of Z. */
async function twoCores(wasm?: PrepareOptions['wasm']): Promise<readonly [Core, Core]> {
  return [await loadCore({ wasm }), await loadCore({ wasm })];
}

/**
 * Lays out and compiles a circuit in cores of its own, to be run with many parameters and features.
 * @throws OptionError, CoreError
 * @example
 * ```ts
 * const circuit = await prepareCircuit([{ gate: 'ry', qubits: [0], angle: { parameter: 0 } }], { observable: 'Z0' });
 * console.log(circuit.expectation([0.5]), circuit.gradient([0.5]).gradient[0]); // cos 0.5, -sin 0.5
 * ```
 */
export async function prepareCircuit(
  circuit: Circuit,
  options: PrepareOptions = {},
): Promise<PreparedCircuit> {
  const { observable, wasm, shots, seed, noise, placed, ...how } = record(
    'prepareCircuit',
    options,
    PREPARING,
  );
  const checked = check(circuit, how, observable as Observable | undefined);
  if (noise !== undefined) checkNoise(noise, checked.qubits);
  if (placed !== undefined && placed.some(({ to }) => to > checked.circuit.length))
    refuse('placed', placed, `gates of the ${checked.circuit.length} operations of the circuit`);
  return new PreparedCircuit(
    { ...checked, placed },
    await twoCores(wasm),
    trainingOf({ shots, seed, noise }),
  );
}

/** The cores that all calls without a prepared circuit share, and what was laid out in them last. */
let cores: readonly [Core, Core] | undefined;
let latest: { readonly key: string; readonly prepared: PreparedCircuit } | undefined;

/** The circuit, laid out anew unless it was the last one. */
async function shared(
  circuit: Circuit,
  options: CircuitOptions,
  observable?: Observable,
): Promise<PreparedCircuit> {
  const checked = check(circuit, options, observable);
  const key = JSON.stringify(checked);
  cores ??= await twoCores();
  // From here on nothing waits, so that no other call comes between.
  if (latest?.key === key) return latest.prepared;
  latest = undefined;
  const prepared = new PreparedCircuit(checked, cores);
  latest = { key, prepared };
  return prepared;
}

/**
 * The exact expectation of a Pauli sum behind a circuit. Calls with the same circuit, one after the other, lay it out once.
 * @param observable a Pauli sum, or its text
 * @throws OptionError, CoreError
 * @example
 * ```ts
 * await expectation([{ gate: 'h', qubits: [0] }, { gate: 'cnot', qubits: [0, 1] }], 'Z0 Z1', []); // 1
 * ```
 */
export async function expectation(
  circuit: Circuit,
  observable: Observable | string,
  parameters: Numbers,
  features?: Numbers,
  options: CircuitOptions = {},
): Promise<number> {
  const how = record('expectation', options, HOW);
  return (await shared(circuit, how, readObservable(observable, 'observable'))).expectation(
    parameters,
    features,
  );
}

/** The same with its derivative by every parameter of the circuit. @throws OptionError, CoreError */
export async function gradient(
  circuit: Circuit,
  observable: Observable | string,
  parameters: Numbers,
  features?: Numbers,
  options: CircuitOptions = {},
): Promise<Gradient> {
  const how = record('gradient', options, HOW);
  return (await shared(circuit, how, readObservable(observable, 'observable'))).gradient(
    parameters,
    features,
  );
}

/** The probability of every outcome: see `PreparedCircuit.probabilities`. @throws OptionError, CoreError */
export async function probabilities(
  circuit: Circuit,
  parameters: Numbers,
  features?: Numbers,
  options: CircuitOptions & MeasureOptions = {},
): Promise<Float64Array> {
  const { measured, ...how } = record('probabilities', options, { ...HOW, ...MEASURING });
  return (await shared(circuit, how)).probabilities(parameters, features, { measured });
}

/** Measures qubits a number of times: see `PreparedCircuit.sample`. @throws OptionError, CoreError */
export async function sample(
  circuit: Circuit,
  shots: number,
  parameters: Numbers,
  features?: Numbers,
  options: CircuitOptions & SampleOptions = {},
): Promise<Sample> {
  const { seed, measured, ...how } = record('sample', options, { ...HOW, ...SAMPLING });
  return (await shared(circuit, how)).sample(shots, parameters, features, { seed, measured });
}
