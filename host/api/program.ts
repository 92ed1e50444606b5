/** From checked options to a compiled core: the order of calls of the ABI, in one place. */
import { MAX_OPERATIONS, MAX_WORKSPACE, Option, Source, Status } from '../../assembly/abi/codes.ts';
import { ENCODINGS, GATES, LOSSES } from './choices.ts';
import { angleSource, type CircuitOperation, pauliMasks, tableLength } from './circuit.ts';
import { tableOperations } from './gates.ts';
import { TRAINING, type TrainingRange } from './training-options.ts';
import type { Core } from '../core/core.ts';
import { contradiction } from '../core/checks.ts';
import { CoreError, OptionError } from '../core/errors.ts';
import {
  type ChannelEntry,
  channelsBehind,
  checkNoise,
  coreReadout,
  type PlacedGate,
  placedGates,
} from './noise.ts';
import { OPTION_NAMES } from '../core/refusals.ts';
import type { ResolvedModel, ResolvedTraining } from './options.ts';

/** A seed as the core takes it: its low 32 bits and the rest. */
export function seedWords(seed: number): readonly [low: number, high: number] {
  return [seed % 2 ** 32, Math.floor(seed / 2 ** 32)];
}

/** A value of training as the core takes it. */
function numberOf(value: number | boolean | string, { choices, word }: TrainingRange): number {
  if (choices !== undefined) return choices[value as string] as number;
  return value === word ? 0 : Number(value);
}

/** The workspace that is asked for at first; 0 is the least. */
const given = ({ workspace }: ResolvedTraining) => (workspace === 'auto' ? 0 : workspace);

/** What samples have beside features and labels. */
interface Extras {
  /** A weight each. */
  readonly weighted?: boolean;
  /** A number to predict each, in place of the label. */
  readonly numeric?: boolean;
}

/** A model whose circuit may come from a program, whose gates as they stand there have the noise. */
type Noisy = ResolvedModel & { readonly placed?: readonly PlacedGate[] };

const placedIn = ({ placed, circuit }: Noisy) => placed ?? placedGates(circuit);

/** Entries of the core's table that noise takes, which has to have room beside those of the circuit. @throws OptionError */
function channelCount(model: Noisy, training: ResolvedTraining): number {
  const { circuit, qubits } = model;
  const { noise } = training;
  checkNoise(noise, qubits);
  const behind = placedIn(model).reduce((count, gate) => count + channelsBehind(noise, gate).length, 0);
  const channels = behind + coreReadout(training, qubits).entries.length;
  const all = tableLength(circuit) + channels;
  if (all > MAX_OPERATIONS)
    contradiction(
      `noise: the circuit has ${all} operations with its channels; at most ${MAX_OPERATIONS} fit`,
      'noise',
    );
  return channels;
}

/**
 * The core's options for a model, its training and a training set of `samples` (0: streamed), by its keys.
 * @param workspace bytes for states at work
 * @param extras what samples have beside features and labels
 */
export function coreOptions(
  model: Noisy,
  training: ResolvedTraining,
  samples: number,
  workspace = given(training),
  { weighted = false, numeric = false }: Extras = {},
): Readonly<Record<Option, number>> {
  const [seedLow, seedHigh] = seedWords(training.seed);
  const trained = Object.entries(TRAINING).map(([name, range]) => [
    range.key,
    numberOf(training[name as keyof typeof TRAINING], range),
  ]);
  return {
    ...Object.fromEntries(trained),
    [Option.Qubits]: model.qubits,
    [Option.Features]: model.features,
    [Option.Encoding]: ENCODINGS[model.encoding === 'zz' ? 'angle' : model.encoding],
    [Option.Operations]: tableLength(model.circuit) + channelCount(model, training),
    [Option.Parameters]: model.circuitParameters,
    [Option.Terms]: model.observables.flat().length,
    [Option.Outputs]: model.observables.length,
    [Option.Logits]: model.logits,
    [Option.Loss]: LOSSES[model.loss],
    ...(training.extrapolation === 'none' && { [Option.Scales]: 0, [Option.ExtrapolationOrder]: 0 }),
    [Option.ReadoutError]: coreReadout(training, model.qubits).error,
    [Option.Samples]: samples,
    [Option.Workspace]: workspace,
    [Option.SeedLow]: seedLow,
    [Option.SeedHigh]: seedHigh,
    [Option.Weights]: Number(weighted),
    [Option.Targets]: Number(numeric),
  };
}

/** What to do about options that the library checks no earlier than the core, which sees the whole circuit. */
const REMEDIES: Readonly<Record<string, string>> = {
  engine:
    "'columns' takes circuits in which no feature drives a gate, 'heisenberg' of those the ones with a small light cone and without displaced angles, neither takes the answers of a caller, and small builds have neither; 'auto' takes the cheapest that can run it",
  loss: "moments need the loss 'mse'",
  shots: "the answerer 'caller' needs shots, and so does the engine 'trajectories'",
  calibrationShots:
    'the rules frugal, nlr-guarded and gcans go by the variance of shots as they are read, which those without readout errors have not: use another rule, or no calibration',
  rule: "'rotosolve' moves parameters that turn one gate each, of all that the observable can see, because along shared ones the energy is no sinusoid: use another rule",
  rate: "of the rule 'gcans' it has to be below 2 / lipschitz, which of an energy is the sum of the coefficients' sizes: give a lower rate, or lipschitz",
  scales: 'an extrapolation needs two scales of the noise or more',
  extrapolationOrder: 'the degree of the polynomial is less than the number of scales',
  extrapolation:
    "the rules frugal and gcans, and with shots nlr-guarded, go by the variance of one circuit, and an extrapolated output is made of several: use another rule, or the extrapolation 'none'",
};

/** A result of the core, whose refusal of options that contradict one another names one of them. @throws NlrError */
function accepted(core: Core, result: number, doing: string, at?: string): number {
  if (result !== Status.BadCombination) return core.check(result, doing);
  const name = OPTION_NAMES[core.abi.option_at_fault()] ?? '';
  const option = at ?? name.charAt(0).toLowerCase() + name.slice(1);
  const remedy = REMEDIES[option];
  if (remedy === undefined) return core.check(result, doing);
  const message = `${option} contradicts the other options: ${remedy}`;
  const cause = new CoreError(result, message);
  throw new OptionError('ERR_OPTION_COMBINATION', message, option, { cause });
}

const LACKED = 'which this module does not have; the release module has all';

/** A core's option as training calls it. */
function rowOf(key: Option): readonly [name: keyof ResolvedTraining, row: TrainingRange] | undefined {
  const rows = Object.entries(TRAINING) as [keyof typeof TRAINING, TrainingRange][];
  return rows.find(([, row]) => row.key === key);
}

/** Sets one option. The library has checked it, so that what is refused is what this module lacks. @throws OptionError */
function configure(core: Core, key: Option, value: number): void {
  try {
    core.configure(key, value);
  } catch (error) {
    const row = rowOf(key);
    if (row === undefined || !(error instanceof CoreError) || error.status !== Status.BadOption) throw error;
    const [name, { choices = {} }] = row;
    const word = Object.entries(choices).find(([, number]) => number === value)?.[0];
    contradiction(`${name} is ${word === undefined ? value : `'${word}'`}, ${LACKED}`, name);
  }
}

/** Sets all options. @returns bytes of linear memory that this configuration needs in this build */
export function configureCore(core: Core, options: Readonly<Record<Option, number>>): number {
  for (const [key, value] of Object.entries(options)) configure(core, Number(key), value);
  return accepted(core, core.abi.plan(), 'planning the memory');
}

/** Fills the circuit, its noise and the observable of an initialised core. */
function addProgram(core: Core, model: Noisy, training: ResolvedTraining): void {
  const { abi } = core;
  const { noise } = training;
  const addChannels = (channels: readonly ChannelEntry[], span: number) => {
    for (const { kind, qubit, rate, other } of channels) {
      const status = abi.circuit_add(kind, qubit, qubit, Source.Constant, span, other, rate);
      if (status === Status.BadIndex) contradiction(`noise is a list of channels, ${LACKED}`, 'noise');
      core.check(status, `adding noise of rate ${rate} on ${qubit}`);
    }
  };
  const addOperation = ({ gate, qubits, angle = {}, angles }: CircuitOperation) => {
    const { source, index } = angleSource(angle);
    const parts = tableOperations(gate, qubits, angle, angles);
    for (const part of parts) {
      const [a, b = a] = part.qubits as [number, number?];
      const drive = part.driven ? source : Source.Constant;
      const status = abi.circuit_add(GATES[part.operation], a, b, drive, index, part.scale, part.offset);
      core.check(status, `adding ${gate} on ${qubits.join(', ')}`);
    }
    return parts.length;
  };
  let next = 0;
  for (const gate of placedIn(model)) {
    let span = 0;
    for (; next < gate.to; next++) span += addOperation(model.circuit[next] as CircuitOperation);
    addChannels(channelsBehind(noise, gate), span);
  }
  model.circuit.slice(next).forEach(addOperation);
  addChannels(coreReadout(training, model.qubits).entries, 0);
  model.observables.forEach((terms, output) => {
    for (const { pauli, coefficient } of terms) {
      const { x, z } = pauliMasks(pauli, model.qubits);
      core.check(abi.observable_add(output, x, z, coefficient), `adding ${coefficient} ${pauli}`);
    }
  });
}

/** Lays out and compiles what is configured. @returns the status of the compilation, with the rest checked */
function compileCore(core: Core, model: Noisy, training: ResolvedTraining): number {
  core.check(core.abi.init(), 'laying out the memory');
  addProgram(core, model, training);
  return core.abi.compile();
}

/** What 'auto' may make of the arena: within one page on every build, whatever its fixed part. */
const AUTO_BYTES = 65536 - 2048;

/**
 * Configures, lays out and compiles. The parameters are still zero. With the workspace left to 'auto', the
 * engine gets what it wants as long as the arena stays within a page, or would not have anyway.
 * @returns bytes of linear memory in use
 * @throws CoreError, OptionError
 */
export function prepareCore(
  core: Core,
  model: Noisy,
  training: ResolvedTraining,
  samples: number,
  extras: Extras = {},
): number {
  const layOut = (workspace: number) =>
    configureCore(core, coreOptions(model, training, samples, workspace, extras));
  let bytes = layOut(given(training));
  let status = compileCore(core, model, training);
  const wanted = core.abi.workspace_wanted();
  if (training.workspace === 'auto' && wanted > MAX_WORKSPACE)
    contradiction(
      `the engine noisy would take ${Math.ceil(wanted / 2 ** 20)} MiB for these qubits, and at most ${MAX_WORKSPACE / 2 ** 20} fit: give shots, for the engine trajectories`,
      'engine',
    );
  if (training.workspace === 'auto' && wanted > 0) {
    const least = bytes;
    bytes = layOut(wanted);
    if (status === Status.Ok && bytes > AUTO_BYTES && least <= AUTO_BYTES) bytes = layOut(0);
    status = compileCore(core, model, training);
  }
  // Where it names no option, it is the engine.
  const isNamed = core.abi.option_at_fault() >= 0;
  accepted(core, status, 'compiling the circuit', isNamed ? undefined : 'engine');
  return bytes;
}
