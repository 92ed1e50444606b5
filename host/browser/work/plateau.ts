/** The work of the Plateau page: each rule's way over Figure 1's landscape, a slice of a real loss, variances of derivatives. */
import { type Circuit, resolveModel, Trainer } from '../../index.ts';
import type { Dataset } from '../../data/index.ts';
import { reverses } from '../settings/rules.ts';
import type { Arm, Settings } from '../settings/settings.ts';
import { CIRCUIT, QUBITS, RATE, series } from './cave.ts';
import type { Prepared } from './data.ts';
import { modelOf, trainingOf } from './options.ts';

/** Where a rule went: x and y in turn, the start first, and after which of its steps it had reversed. */
export interface Way {
  readonly at: Float32Array;
  readonly reversed: Uint8Array;
  /** The energy at the end. */
  readonly energy: number;
  /** Why there is none. */
  readonly failed?: string;
}

/** The way of each rule over the landscape, exactly. */
export async function waysOf({ arms, startX, startY, caveSteps: steps, seed }: Settings): Promise<Way[]> {
  const { hamiltonian, minimise } = await import('../../problems/index.ts');
  const landscape = hamiltonian(series(), { name: 'the landscape', qubits: QUBITS });
  const way = async ({ rule, options }: Arm): Promise<Way> => {
    const at = [startX, startY];
    const reversed: number[] = [];
    try {
      const { headRate: _, ...own } = options;
      const { rate = RATE } = own;
      const training = { ...own, rate, rule, steps, seed, schedule: 'constant' as const };
      const { trainer, energy } = await minimise({ hamiltonian: landscape, circuit: CIRCUIT, training });
      trainer.parameters.set([startX, startY]);
      for await (const { decision } of trainer.fit()) {
        at.push(...trainer.parameters);
        reversed.push(Number(reverses(rule) && decision === 'reversed'));
      }
      return { at: Float32Array.from(at), reversed: Uint8Array.from(reversed), energy: await energy() };
    } catch (error) {
      const empty = { at: Float32Array.from(at), reversed: Uint8Array.from(reversed), energy: Number.NaN };
      return { ...empty, failed: (error as Error).message };
    }
  };
  const ways: Way[] = [];
  for (const arm of arms) ways.push(await way(arm));
  return ways;
}

/** A loss over two parameters, both from -pi to pi beside where they are. */
export interface Slice {
  readonly side: number;
  readonly values: Float32Array;
  readonly parameters: number;
  /** The two, by their places among these. */
  readonly along: readonly [number, number];
}

/** Cells along a side of a slice, and rows of the data that its losses are of. */
const SIDE = 33;
const ROWS = 48;

/** Rows from all over a data set. */
function thinned({ features, labels, rows, columns, lines: _, ...rest }: Dataset): Dataset {
  const at = Array.from({ length: Math.min(rows, ROWS) }, (_, i) =>
    Math.floor((i * rows) / Math.min(rows, ROWS)),
  );
  const values = new Float64Array(at.length * columns);
  at.forEach((from, i) => values.set(features.subarray(from * columns, (from + 1) * columns), i * columns));
  return {
    ...rest,
    ...{ columns, rows: at.length, features: values },
    labels: Int32Array.from(at, (from) => labels[from] as number),
  };
}

/** The loss of the chosen model over two of its parameters, the others as they are. @param from parameters of a trained model */
export async function sliceOf(
  settings: Settings,
  { train, pipeline, features }: Prepared,
  from: ArrayLike<number>,
): Promise<Slice> {
  const model = modelOf(settings, features, train.classes.length);
  const training = { ...trainingOf(settings, { rule: 'sgd', options: {} }), shots: 'exact' as const };
  const trainer = await Trainer.create({ model, training, dataset: thinned(train), pipeline });
  const { parameters } = trainer;
  parameters.set(from);
  const most = trainer.model.circuitParameters - 1;
  const [a, b] = [Math.min(settings.sliceA, most), Math.min(settings.sliceB, most)];
  if (a === b) throw new Error(`both parameters of the slice are θ${a}; expected two of the ${most + 1}`);
  const [x, y] = [from[a] as number, from[b] as number];
  const values = new Float32Array(SIDE * SIDE);
  for (let i = 0; i < values.length; i++) {
    const turn = (k: number) => 2 * Math.PI * (k / (SIDE - 1) - 0.5);
    parameters[b] = y + turn(Math.floor(i / SIDE));
    parameters[a] = x + turn(i % SIDE);
    values[i] = trainer.trainingLoss();
  }
  return { side: SIDE, values, parameters: most + 1, along: [a, b] };
}

/** Mean over the parameters of the variance of a derivative, by qubits. */
export interface Variance {
  readonly qubits: number;
  /** Of <Z_0>, which is local, and of Z_0 Z_1 ... Z_(n-1), which is global. */
  readonly local: number;
  readonly global: number;
}

/** Draws of all parameters for a variance. */
const DRAWS = 40;

/** A sequence of numbers from -pi to pi that is the same everywhere. */
function* angles(): Generator<number, never> {
  for (let state = 1; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield 2 * Math.PI * (state / 2 ** 32 - 0.5);
  }
}

/** Mean over the parameters of E[g^2], g the derivative at angles drawn at random. Its mean is 0. */
async function meanSquare(
  circuit: Circuit,
  qubits: number,
  observable: string,
  parameters: number,
): Promise<number> {
  const { prepareCircuit } = await import('../../circuits.ts');
  const prepared = await prepareCircuit(circuit, { qubits, observable });
  const drawn = angles();
  let sum = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const at = Float64Array.from({ length: parameters }, () => drawn.next().value);
    for (const slope of prepared.gradient(at).gradient) sum += slope * slope;
  }
  return sum / (DRAWS * parameters);
}

/** The variances of the chosen layers without any data, for 2 to 10 qubits. @param tell takes each as it is there */
export async function variances(
  settings: Settings,
  tell: (one: Variance) => void,
  goesOn: () => boolean,
): Promise<void> {
  const { layers, entangler, entanglerGate } = settings;
  for (let qubits = 2; qubits <= 10 && goesOn(); qubits++) {
    const { circuit, circuitParameters } = resolveModel({
      ...{ qubits, features: 2, layers, entangler },
      entanglerGate,
    });
    const strings = Array.from({ length: qubits }, (_, qubit) => `Z${qubit}`);
    const of = (observable: string) => meanSquare(circuit, qubits, observable, circuitParameters);
    tell({ qubits, local: await of('Z0'), global: await of(strings.join(' ')) });
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
