/** The variational quantum eigensolver: a training whose loss is the energy of a Hamiltonian. */
import type { Circuit } from '../api/circuit.ts';
import { checkCircuit, parametersOf } from '../api/circuit.ts';
import { expectation, prepareCircuit } from '../api/direct.ts';
import type { Noise } from '../api/noise.ts';
import type { InitialisationName, RuleName, TrainingOptions } from '../api/options.ts';
import { Trainer, type TrainerOptions } from '../api/trainer.ts';
import {
  anything,
  contradiction,
  isFields,
  oneOf,
  optional,
  type Reader,
  real,
  record,
  snapshot,
  type Table,
  that,
  whole,
} from '../core/checks.ts';
import { LOADING, type LoadOptions } from '../core/core.ts';
import type { FileBytes } from '../files/container.ts';
import { measuredIn } from './bases.ts';
import { type AnsatzName, ansatz } from './circuits.ts';
import { type Grouping, GROUPINGS } from './groups.ts';
import { type Hamiltonian, observableOf, remade } from './hamiltonian.ts';

/** What is minimised, and how. */
export interface MinimiseOptions extends LoadOptions {
  /** As `builtIn`, `readHamiltonian` or `hamiltonian` makes it. */
  readonly hamiltonian: Hamiltonian;
  /** Default 'excitations' of molecules, 'variational' of chains, else 'hardware'. */
  readonly ansatz?: AnsatzName;
  /** Layers of the ansatz, 1 to 1000; default 2 of excitations, else as many as qubits, at most 12 of 'variational' and 6 of 'hardware'. */
  readonly layers?: number;
  /** A circuit of your own instead, without features. */
  readonly circuit?: Circuit;
  /** How its parameters start; default 'uniform' over [-pi, pi]. */
  readonly initialisation?: InitialisationName;
  /** Half the width of 'small-angles', the deviation of 'gaussian', radians, 0 to pi; default of the former 0.1. */
  readonly initialScale?: number;
  /** Which terms share their shots; default 'commuting'. Without shots nothing is measured. */
  readonly grouping?: Grouping;
  /** Every option but `batch`, which is all groups, and every rule but 'frugal' and 'adam-reversal', which are for many samples. */
  readonly training?: TrainingOptions;
  /** Goes on from what `trainer.checkpoint()` gave, with the same Hamiltonian and circuit; `training` is the checkpoint's. */
  readonly checkpoint?: FileBytes;
}

/** A minimisation: its training, to be run by `trainer.fit()`, and what it is of. */
export interface Minimisation {
  /** Its training, with losses that are energies: go on with `fit`. */
  readonly trainer: Trainer;
  /** What is minimised, checked and copied. */
  readonly hamiltonian: Hamiltonian;
  /** Which circuit; 'own' of the caller's. */
  readonly ansatz: AnsatzName | 'own';
  /** Null of a circuit of the caller's own. */
  readonly layers: number | null;
  /** The circuit without the turns into the bases of groups. */
  readonly circuit: Circuit;
  /** Bases that an energy is measured in; 0 where it is exact. */
  readonly bases: number;
  /** Circuits that an energy takes, each with the training's shots: more than bases where some weigh more than others. */
  readonly circuits: number;
  /** Which terms share their shots; null where nothing is measured. */
  readonly grouping: Grouping | null;
  /** The exact energy of the parameters as they are, without noise. */
  energy(): Promise<number>;
  /**
   * The same with the noise of the training; of as many qubits as the engine 'noisy' has room for, about 11.
   * @throws OptionError for more
   */
  noisyEnergy(): Promise<number>;
}

/** Rules that need samples, of which an energy has none. */
export const OF_SAMPLES: readonly RuleName[] = ['frugal', 'adam-reversal'];

/** Of training in place of the library's own defaults. */
export const MINIMISING: TrainingOptions = { steps: 200, rate: 0.1 };

/** Noise behind the gates of a circuit alone: the turns into the bases of groups, which follow them, have none. */
function upTo(noise: Noise, operations: number): Noise {
  return noise.map((each) =>
    each.channel === 'readout' || each.operations ? each : { ...each, operations: [0, operations] as const },
  );
}

/** Options of training, which are looked at where they are used. */
export const readTraining: Reader<TrainingOptions | undefined> = optional((training, at) =>
  snapshot(at, that<TrainingOptions>('an object of options of training', isFields)(training, at)),
);

const OPTIONS: Table<MinimiseOptions> = {
  ...LOADING,
  hamiltonian: remade,
  ansatz: anything,
  layers: optional(whole(1, 1000)),
  circuit: optional((circuit, at) => snapshot(at, circuit as Circuit)),
  initialisation: anything,
  initialScale: optional(real(0, Math.PI)),
  grouping: optional(oneOf(...GROUPINGS)),
  training: readTraining,
  checkpoint: anything,
};

/** The options of training with defaults of its own; a budget says how many steps there are. */
export function trainingFrom(
  asked: TrainingOptions = {},
  usual: TrainingOptions = MINIMISING,
): TrainingOptions {
  const said = Object.entries(asked).filter(([, value]) => value !== undefined);
  const budget = asked.shotsBudget !== undefined && asked.shotsBudget !== 'none';
  return { ...usual, ...(budget && { steps: undefined }), ...Object.fromEntries(said) };
}

/** A minimisation under way. @throws FormatError, and OptionError for one of another Hamiltonian or circuit */
async function resumed(
  checkpoint: FileBytes,
  { dataset, model, wasm, engines }: TrainerOptions,
): Promise<Trainer> {
  const trainer = await Trainer.resume(checkpoint, { dataset, wasm, engines });
  const { circuit, observables } = trainer.model;
  if (JSON.stringify([circuit, observables]) !== JSON.stringify([model.circuit, model.observable]))
    contradiction('the checkpoint is of another Hamiltonian, circuit or grouping', 'checkpoint');
  return trainer;
}

/**
 * Sets up the minimisation of an energy. The reports' losses are energies, of the shots that a step takes where it takes
 * some.
 * @throws OptionError, CoreError
 * @example
 * ```ts
 * const { trainer, energy } = await minimise({ hamiltonian: builtIn('h2'), training: { shots: 100 } });
 * for await (const _ of trainer.fit());
 * console.log(await energy());
 * ```
 */
export async function minimise(options: MinimiseOptions): Promise<Minimisation> {
  const {
    hamiltonian,
    circuit: own,
    initialisation,
    initialScale,
    training: asked,
    ...rest
  } = record('minimise', options, OPTIONS);
  const { ansatz: name, layers: depth, grouping = 'commuting', checkpoint, ...loading } = rest;
  const training = trainingFrom(asked);
  if (training.rule === 'frugal')
    contradiction('the rule frugal draws among many samples, and an energy has none', 'rule');
  if (training.rule === 'adam-reversal')
    contradiction(
      'the rule adam-reversal tests by the spread of many samples, and an energy has none',
      'rule',
    );
  if (training.batch !== undefined)
    contradiction('batch is all groups of terms where an energy is minimised', 'batch');
  const { qubits } = hamiltonian;
  const built = own === undefined ? ansatz(hamiltonian, name, depth) : undefined;
  if (own !== undefined) {
    if (name !== undefined || depth !== undefined)
      contradiction('a circuit of your own has neither ansatz nor layers', 'circuit');
    checkCircuit(own, qubits, 0);
  }
  const circuit = built?.circuit ?? (own as Circuit);
  if (parametersOf(circuit) === 0) contradiction('the circuit has no trainable parameter', 'circuit');
  const { observables, features, rows, labels, bases, ...turned } = measuredIn(
    hamiltonian,
    circuit,
    training.shots === undefined || training.shots === 'exact' ? undefined : grouping,
  );
  const created: TrainerOptions = {
    ...loading,
    model: {
      ...{ qubits, features, encoding: 'angle', circuit: turned.circuit, observable: observables },
      ...{ head: 'none', loss: 'energy', initialisation, initialScale },
    },
    training: {
      ...training,
      batch: labels.length,
      ...(training.noise && { noise: upTo(training.noise, circuit.length) }),
    },
    dataset: {
      ...{ features: rows, rows: labels.length, columns: features, labels, name: hamiltonian.name },
      classes: Array.from({ length: Math.max(2, observables.length) }, (_, group) => `group ${group + 1}`),
    },
  };
  const trainer =
    checkpoint === undefined ? await Trainer.create(created) : await resumed(checkpoint, created);
  return {
    ...{ trainer, hamiltonian, circuit, bases },
    circuits: bases > 0 && grouping === 'none' ? bases : labels.length,
    ansatz: built?.name ?? 'own',
    layers: built?.layers ?? null,
    grouping: bases > 0 ? grouping : null,
    energy: () => expectation(circuit, observableOf(hamiltonian), trainer.parameters, undefined, { qubits }),
    noisyEnergy: async () => {
      const observable = observableOf(hamiltonian);
      const { noise } = trainer.training;
      return (await prepareCircuit(circuit, { qubits, observable, noise })).expectation(trainer.parameters);
    },
  };
}
