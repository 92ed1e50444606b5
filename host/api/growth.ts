/**
 * Trainings whose circuit grows. Layer by layer (Skolik et al., "Layerwise learning for quantum neural networks", 2021): each
 * stage starts from the parameters of the one before, its new layers at zero, where they are the identity. Or operation by
 * operation (ADAPT: Grimsley et al., "An adaptive variational algorithm", 2019): each stage appends the rotation of a
 * pool by which the loss has the largest slope, at zero. In both every stage trains all parameters.
 */
import { MAX_BATCH } from '../../assembly/abi/codes.ts';
import {
  anything,
  contradiction,
  flag,
  integer,
  isFields,
  isListOf,
  optional,
  record,
  refuse,
  snapshot,
  type Table,
  that,
  whole,
} from '../core/checks.ts';
import { readDataset } from '../data/dataset.ts';
import type { FileBytes } from '../files/container.ts';
import { anglesOf, angleEncoding, zzFeatureMap } from './ansatz.ts';
import {
  type Angle,
  type Circuit,
  type CircuitOperation,
  checkCircuit,
  type GateName,
  parametersOf,
  pauliMasks,
} from './circuit.ts';
import { type ModelOptions, resolveModel } from './options.ts';
import { Trainer, type TrainerOptions } from './trainer.ts';

/** What stages have taken, all together. */
export interface Spent {
  /** Steps of training. */
  readonly steps: number;
  /** Circuits that were run. */
  readonly evaluations: number;
  /** Shots of all of them; 0 when exact. */
  readonly shots: number;
}

/** One stage of a growth, to be trained by its trainer. */
export interface Stage {
  /** From 0. */
  readonly number: number;
  /** Layers of a stage by layers; else trained operations. */
  readonly size: number;
  /** Of ADAPT, the string whose rotation was appended. */
  readonly added?: string;
  /** Of ADAPT, the slope of the loss by its angle when it was chosen, per radian. */
  readonly slope?: number;
  /** Fresh, or as far as its checkpoint. It has `training.steps` steps of its own. */
  readonly trainer: Trainer;
  /** What the stages before took, choosing operations included. */
  readonly before: Spent;
  /** What all stages took so far, this one as far as it has come. */
  readonly spent: Spent;
  /** The training state as a file, from which `growLayers` or `growAdapt` goes on, given as `checkpoint`. */
  checkpoint(): Uint8Array;
}

/** Layers in each stage. */
export interface LayerGrowthOptions extends TrainerOptions {
  /** Layers of the stages, each more than the one before, in blocks of the layout 'mirrored'. */
  readonly stages: readonly number[];
  /** Goes on from here, with the same options. */
  readonly checkpoint?: FileBytes;
}

/**
 * Rotations to choose from, and how many. The model has no structure; a `circuit` of it, without parameters, is where the
 * growth starts from, such as a reference state.
 */
export interface AdaptOptions extends TrainerOptions {
  /** Rotations that are chosen at most, 1 to 1024. */
  readonly stages: number;
  /**
   * Pauli strings P, such as 'Y0 Z1', of the rotations exp(-i angle/2 P) to choose from. Default all of one and of two qubits. Each
   * may be chosen again.
   */
  readonly pool?: readonly string[];
  /** Ends the growth when no slope is steeper; default 1e-3. */
  readonly tolerance?: number;
  /** Goes on from here, with the same options. */
  readonly checkpoint?: FileBytes;
}

/** What a checkpoint of a stage carries. */
interface Kept {
  readonly growth: 'layers' | 'adapt';
  readonly number: number;
  readonly before: Spent;
  /** Of ADAPT: the strings that were chosen, and the slope by the last of them. */
  readonly chosen?: readonly string[];
  readonly slope?: number;
}

const range = (length: number) => Array.from({ length }, (_, i) => i);

const NOTHING: Spent = { steps: 0, evaluations: 0, shots: 0 };

function plus(one: Spent, { report, steps }: Trainer): Spent {
  return {
    steps: one.steps + steps,
    evaluations: one.evaluations + (report?.evaluations ?? 0),
    shots: one.shots + (report?.shots ?? 0),
  };
}

function stageOf(kept: Kept, size: number, trainer: Trainer): Stage {
  const { number, before, chosen, slope } = kept;
  const added = chosen?.at(-1);
  return {
    ...{ number, size, trainer, before },
    ...(added !== undefined && { added, slope }),
    get spent() {
      return plus(before, trainer);
    },
    checkpoint: () => trainer.checkpoint(kept),
  };
}

/** A seed of a stage's own, so that it does not draw as the one before: the high word counts. */
const seedOf = ({ training }: TrainerOptions, number: number) =>
  ((training?.seed ?? 1) + number * 2 ** 32) % Number.MAX_SAFE_INTEGER;

/** Gives a trainer the parameters of the one before: the circuit's from the first on, zeros for new ones, and the head's. */
function carry(from: Trainer, to: Trainer): void {
  const old = from.model.circuitParameters;
  const own = to.model.circuitParameters;
  from.answering.forEach((parameters, i) => {
    const target = to.modelParameters[i];
    if (target === undefined) return;
    target.fill(0);
    target.set(parameters.subarray(0, old));
    target.set(parameters.subarray(old), own);
  });
}

/** A checkpoint's stage. @throws FormatError, OptionError */
async function resumed(
  growth: Kept['growth'],
  file: FileBytes,
  { dataset, wasm, engines }: TrainerOptions,
): Promise<{ readonly kept: Kept; readonly trainer: Trainer }> {
  const kept = Trainer.contextOf(file) as Kept | undefined;
  const counts = [kept?.number, ...Object.values(kept?.before ?? { none: Number.NaN })];
  if (
    kept?.growth !== growth ||
    !counts.every((count) => Number.isSafeInteger(count) && (count as number) >= 0)
  )
    contradiction(`the checkpoint is of no growth by ${growth === 'adapt' ? 'ADAPT' : growth}`, 'checkpoint');
  return { kept, trainer: await Trainer.resume(file, { dataset, wasm, engines }) };
}

/** Whether a layer with all angles at zero changes nothing that is observed. */
function checkIdentity(options: ModelOptions): void {
  const { layout, entanglerGate, reuploads = 1, observables } = resolveModel(options);
  if (layout !== 'layers' && layout !== 'mirrored')
    contradiction('growth by layers needs the layout layers or mirrored', 'layout');
  if (reuploads > 1)
    contradiction('growth by layers encodes the features once, before all layers', 'reuploads');
  const isDiagonal = observables.flat().every(({ pauli }) => !/[XY]/i.test(pauli));
  if (layout === 'layers' && !(entanglerGate === 'cz' && isDiagonal))
    contradiction(
      'a new layer has to start as the identity: take the layout mirrored, or the entanglerGate cz with observables of Z alone',
      'entanglerGate',
    );
}

const STAGES = that<readonly number[]>(
  'a list of numbers of layers, each more than the one before',
  (value) =>
    isListOf(value, Number.isInteger) && value.length > 0
      ? (value as number[]).every((layers, i) => layers > ((value as number[])[i - 1] ?? 0))
      : false,
);

/** Fields of `Trainer.create`, which looks at them itself. */
const TRAINER: Table<TrainerOptions> = {
  ...{ wasm: anything, engines: anything, model: anything, training: anything, dataset: anything },
  ...{ pipeline: anything, oneVsRest: anything, classWeights: anything, task: anything },
};

const LAYERS: Table<LayerGrowthOptions> = { ...TRAINER, stages: STAGES, checkpoint: anything };
const ADAPT: Table<AdaptOptions> = {
  ...TRAINER,
  stages: whole(1, 1024),
  pool: optional(
    that('a list of Pauli strings', (pool) => isListOf(pool, (each) => typeof each === 'string')),
  ),
  tolerance: optional(
    that('a number, 0 or more', (value) => Number.isFinite(value) && (value as number) >= 0),
  ),
  checkpoint: anything,
};

/**
 * Grows a circuit layer by layer: yields a stage, to be trained, and when the next one is asked for goes on from its parameters.
 * Where a stage begins, the loss is what it was: new layers are the identity.
 * @throws OptionError for layers that are not the identity at zero; what `Trainer.create` throws
 * @example
 * ```ts
 * for await (const { trainer } of growLayers({ model, training: { steps: 50 }, dataset, stages: [1, 2, 4] }))
 *   for await (const { loss } of trainer.fit()) console.log(loss);
 * ```
 */
export async function* growLayers(options: LayerGrowthOptions): AsyncGenerator<Stage, void, undefined> {
  const { stages, checkpoint, ...rest } = record('growLayers', options, LAYERS);
  const model = snapshot('the model', rest.model);
  if (model?.layers !== undefined || model?.circuit !== undefined)
    contradiction('the stages of a growth say the layers; the model has none of its own', 'layers');
  for (const layers of stages) checkIdentity({ ...model, layers });
  const from = checkpoint && (await resumed('layers', checkpoint, rest));
  let kept: Kept = from?.kept ?? { growth: 'layers', number: 0, before: NOTHING };
  let trainer = from?.trainer;
  for (let number = kept.number; number < stages.length; number++) {
    const size = stages[number] as number;
    if (trainer === undefined || number !== kept.number) {
      // New layers start at zero; how the first ones start, the model says.
      const training = { ...rest.training, seed: seedOf(rest, number) };
      const next: Trainer = await Trainer.create({ ...rest, training, model: { ...model, layers: size } });
      if (trainer !== undefined) {
        kept = { ...kept, number, before: plus(kept.before, trainer) };
        carry(trainer, next);
      }
      trainer = next;
    }
    yield stageOf(kept, size, trainer);
  }
}

/** All strings of one qubit, then of two. */
function defaultPool(qubits: number): string[] {
  const letters = ['X', 'Y', 'Z'];
  const ones = range(qubits).map((qubit) => letters.map((letter) => `${letter}${qubit}`));
  return [
    ...ones.flat(),
    ...ones.flatMap((first, a) =>
      ones.slice(a + 1).flatMap((second) => first.flatMap((p) => second.map((q) => `${p} ${q}`))),
    ),
  ];
}

/** The letters of a string that are not I, each with its qubit, in the order of the qubits. */
function lettersOf(
  pauli: string,
  qubits: number,
): readonly (readonly [letter: 'x' | 'y' | 'z', qubit: number])[] {
  const { x, z } = pauliMasks(pauli, qubits);
  return range(qubits).flatMap((qubit) => {
    const letter = ([undefined, 'x', 'z', 'y'] as const)[((x >> qubit) & 1) + 2 * ((z >> qubit) & 1)];
    return letter === undefined ? [] : [[letter, qubit] as const];
  });
}

/** Turns that make Z of X, and of Y, and their inverses: RY(-pi/2) about Y, RX(pi/2) about X. */
const TURNS = { x: ['ry', -Math.PI / 2], y: ['rx', Math.PI / 2] } as const;

/**
 * exp(-i angle/2 P) as gates: by the gate of its own, where there is one; else with Z in the place of X and Y, and of more than
 * two qubits by the parity of all in the last one.
 */
export function pauliRotation(pauli: string, qubits: number, angle: Angle): Circuit {
  const letters = lettersOf(pauli, qubits);
  const on = letters.map(([, qubit]) => qubit);
  const [[first, a] = ['z', 0], [second, b] = ['z', 0]] = letters;
  if (on.length === 1) return [{ gate: `r${first}` as GateName, qubits: [a], angle }];
  if (on.length === 2 && first === second)
    return [{ gate: `r${first}${first}` as GateName, qubits: [a, b], angle }];
  const turns = (sign: 1 | -1): CircuitOperation[] =>
    letters.flatMap(([letter, qubit]): CircuitOperation[] => {
      if (letter === 'z') return [];
      const [gate, by] = TURNS[letter];
      return [{ gate, qubits: [qubit], angle: { offset: sign * by } }];
    });
  if (on.length === 2) return [...turns(1), { gate: 'rzz', qubits: [a, b], angle }, ...turns(-1)];
  const ladder = on
    .slice(1)
    .map((target, i): CircuitOperation => ({ gate: 'cnot', qubits: [on[i] as number, target] }));
  const last = on.at(-1) as number;
  const inner: CircuitOperation[] = [
    ...ladder,
    { gate: 'rz', qubits: [last], angle },
    ...[...ladder].reverse(),
  ];
  return [...turns(1), ...inner, ...turns(-1)];
}

/** A circuit whose parameters stay at their values. */
function fixedAt(circuit: Circuit, parameters: ArrayLike<number>): Circuit {
  return circuit.map((operation) => {
    const { parameter, scale = 1, offset = 0 } = operation.angle ?? {};
    if (parameter === undefined) return operation;
    return { ...operation, angle: { offset: scale * (parameters[parameter] as number) + offset } };
  });
}

/** Whether a rotation would only turn further what the last one on its qubits turns, which is trained already. */
function repeats(pauli: string, chosen: readonly string[], qubits: number): boolean {
  const [masks, ...before] = [pauli, ...[...chosen].reverse()].map((each) => pauliMasks(each, qubits));
  const { x, z } = masks as { x: number; z: number };
  const last = before.find((each) => ((each.x | each.z) & (x | z)) !== 0);
  return last !== undefined && last.x === x && last.z === z;
}

/** The string of a pool by whose rotation the loss has the largest slope, and what looking took. */
async function steepest(
  options: TrainerOptions,
  model: ModelOptions,
  circuit: Circuit,
  pool: readonly string[],
  { number, last }: { readonly number: number; readonly last: Trainer | undefined },
): Promise<{ readonly added: string; readonly slope: number; readonly took: Trainer }> {
  const fixed = last === undefined ? circuit : fixedAt(circuit, last.answering[0] ?? []);
  const tried = pool.flatMap((pauli, parameter) => pauliRotation(pauli, model.qubits, { parameter }));
  const { rows } = options.dataset;
  const training = {
    ...{ shots: options.training?.shots, gradient: options.training?.gradient },
    ...{ readoutError: options.training?.readoutError, engine: options.training?.engine },
    ...({ rule: 'sgd', schedule: 'constant', steps: 1, batch: Math.min(rows, MAX_BATCH) } as const),
    seed: seedOf(options, 2 ** 19 + number),
  };
  const probe = await Trainer.create({
    ...options,
    training,
    model: { ...model, circuit: [...fixed, ...tried] },
  });
  probe.parameters.fill(0, 0, pool.length);
  if (last !== undefined) {
    const head = last.answering[0]?.subarray(last.model.circuitParameters) ?? [];
    probe.parameters.set(head, pool.length);
  }
  for await (const _ of probe.fit());
  let best = 0;
  for (let i = 1; i < pool.length; i++)
    if (Math.abs(probe.gradient[i] as number) > Math.abs(probe.gradient[best] as number)) best = i;
  return { added: pool[best] as string, slope: probe.gradient[best] as number, took: probe };
}

/**
 * Grows a circuit rotation by rotation. Before each stage all rotations of the pool are appended at zero, and one step's
 * gradient, of up to 1024 rows and with the training's shots, says which of them the loss falls steepest by; what that takes
 * is counted in `before`; what would only repeat the last rotation on its qubits is not tried. Yields stages, to be trained, until there are enough or no slope is steeper than the tolerance.
 * For a loss that is an expectation take no head and the hinge loss, which is 1 - f of the second class where f is at most 1,
 * and next to no weight for the first one.
 * @throws OptionError, DataError, CoreError
 */
export async function* growAdapt(options: AdaptOptions): AsyncGenerator<Stage, void, undefined> {
  const { stages, pool: given, tolerance = 1e-3, checkpoint, ...rest } = record('growAdapt', options, ADAPT);
  if (flag(rest.oneVsRest ?? false, 'oneVsRest')) contradiction('ADAPT grows one model', 'oneVsRest');
  const dataset = readDataset(rest.dataset);
  const asked = snapshot('the model', that<ModelOptions>('an object', isFields)(rest.model, 'model'));
  const { circuit: reference, ...bare } = asked;
  const { qubits, features, encoding } = resolveModel(bare);
  const structure = Object.keys(bare).find(
    (name) => !['qubits', 'features', 'encoding', 'observable', 'head', 'classes', 'loss'].includes(name),
  );
  if (structure !== undefined)
    contradiction(`ADAPT makes the circuit itself; the model has no ${structure}`, structure);
  if (reference !== undefined) checkCircuit(reference, qubits, features);
  if (parametersOf(reference ?? []) > 0)
    contradiction('the circuit that ADAPT starts from has no parameters', 'circuit');
  const pool = given ?? defaultPool(qubits);
  integer('pool', pool.length, 1, 1024);
  if (pool.some((pauli) => lettersOf(pauli, qubits).length === 0))
    refuse('pool', pool, 'strings of one qubit or more');
  const model: ModelOptions = { ...bare, encoding: encoding === 'zz' ? 'angle' : encoding };
  const encoded = encoding === 'zz' ? zzFeatureMap(anglesOf(features)) : angleEncoding(qubits, features);
  const start = reference ?? (encoding === 'amplitude' ? [] : encoded);
  const from = checkpoint && (await resumed('adapt', checkpoint, rest));
  let [kept, last] = [from?.kept, from?.trainer];
  let circuit = last?.model.circuit ?? start;
  if (kept !== undefined && last !== undefined) yield stageOf(kept, kept.number + 1, last);
  for (let number = (kept?.number ?? -1) + 1; number < stages; number++) {
    const spent = kept && last ? plus(kept.before, last) : NOTHING;
    const chosen = kept?.chosen ?? [];
    const fresh = pool.filter((pauli) => !repeats(pauli, chosen, qubits));
    if (fresh.length === 0) return;
    const { added, slope, took } = await steepest({ ...rest, dataset }, model, circuit, fresh, {
      number,
      last,
    });
    if (Math.abs(slope) <= tolerance) return;
    circuit = [...circuit, ...pauliRotation(added, qubits, { parameter: number })];
    const training = { ...rest.training, seed: seedOf(rest, number) };
    const next: Trainer = await Trainer.create({ ...rest, training, model: { ...model, circuit } });
    const { steps: __, ...counted } = plus(spent, took);
    if (last === undefined) next.parameters.fill(0, 0, 1);
    else carry(last, next);
    kept = {
      ...{ growth: 'adapt', number, slope },
      before: { ...counted, steps: spent.steps },
      chosen: [...chosen, added],
    };
    last = next;
    yield stageOf(kept, number + 1, next);
  }
}
