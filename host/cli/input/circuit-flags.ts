/** `--circuit`: a circuit from an OpenQASM file in the place of the built-in one. */
import type { Command } from 'commander';
import { STRUCTURE_FIELDS } from '../../api/ansatz.ts';
import type { Noise } from '../../api/noise.ts';
import { OptionError } from '../../core/errors.ts';
import { flagName, UsageError } from '../output/failure.ts';
import type { ModelFlags } from './flags.ts';
import type { Configuration } from './preset.ts';
import { readQasmFile } from './qasm-file.ts';
import { list, path } from './values.ts';

/** A circuit of the user's own. */
export interface CircuitFlags {
  readonly circuit?: string;
  /** Inputs of it that are features, in the order of the data's columns. */
  readonly circuitFeatures?: readonly string[];
}

/** Adds the flags. */
export function circuitFlags(command: Command): void {
  command.optionsGroup('A circuit of your own:');
  command
    .option(
      '--circuit <file>',
      'an OpenQASM file, whose inputs are the trainable parameters, in place of the built-in circuit',
      path('--circuit'),
    )
    .option(
      '--circuit-features <names>',
      'inputs of it that are features, in order: x0,x1 (default: none, the features are amplitudes of its start state)',
      list('--circuit-features'),
    );
}

/** What a circuit of one's own says itself. */
const SAID = ['qubits', 'layers', ...STRUCTURE_FIELDS] as const;

/** The circuit's inputs by their names. @throws QasmError, DataError, UsageError */
async function readCircuit(file: string, features: readonly string[]) {
  try {
    return await readQasmFile(file, { features });
  } catch (error) {
    if (!(error instanceof OptionError && error.option === 'features')) throw error;
    throw new UsageError(error.message.replace(/^features is/, '--circuit-features names'));
  }
}

/**
 * A configuration with the circuit of a file, if there is one.
 * @throws QasmError, DataError, UsageError
 */
export async function withCircuit(
  configuration: Configuration,
  flags: CircuitFlags & ModelFlags & { readonly noise?: Noise },
): Promise<Configuration> {
  const { circuit: file, circuitFeatures: names = [], encoding } = flags;
  if (file === undefined) {
    if (names.length > 0) throw new UsageError('--circuit-features needs --circuit FILE');
    return configuration;
  }
  const foreign = SAID.find((name) => flags[name] !== undefined);
  if (foreign !== undefined)
    throw new UsageError(`${flagName(foreign)} is of the built-in circuit; --circuit has its own`);
  if (encoding === 'zz' || (encoding !== undefined && (encoding === 'angle') !== names.length > 0)) {
    const reason =
      names.length > 0
        ? 'features turn its gates, by --circuit-features'
        : 'no --circuit-features turn its gates';
    throw new UsageError(`--encoding ${encoding} cannot go with --circuit here: ${reason}`);
  }
  const { circuit, qubits, applications, parameters: trained } = await readCircuit(file, names);
  const divided = applications.find(({ from, to }) => to !== from + 1);
  if (flags.noise !== undefined && (divided !== undefined || applications.length === 0)) {
    const reason =
      divided === undefined
        ? `${file} is so long that neighbours had to be put together`
        : `${divided.name} in line ${divided.line} of ${file} is ${divided.to - divided.from} of them to a training; eval takes it as it stands`;
    throw new UsageError(`--noise stands behind each gate, and ${reason}`);
  }
  const { layers: _, ...model } = configuration.model;
  const features = names.length > 0 ? names.length : undefined;
  const own = { qubits, circuit, encoding: features === undefined ? 'amplitude' : 'angle' } as const;
  return { ...configuration, model: { ...model, ...own }, features, inputs: { features: names, trained } };
}
