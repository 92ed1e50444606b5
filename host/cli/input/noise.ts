/** Noise on the command line: `depolarizing:0.01,damping:0.02,dephasing:0.02,readout:0.03`. */
import { CHANNELS } from '../../api/choices.ts';
import { checkNoise, type ChannelName, type Noise } from '../../api/noise.ts';
import { OptionError } from '../../core/errors.ts';
import { decimal } from '../../data/dataset.ts';
import { UsageError } from '../output/failure.ts';
import type { Parser } from './values.ts';

const NAMES = Object.keys(CHANNELS) as ChannelName[];

/** What the flag takes. */
export const NOISE_HELP = `noise behind each gate, on each of its qubits, in the order given, and of the readout: ${NAMES.map((name) => `${name}:RATE`).join(',')}`;

/** Reads the flag. @throws UsageError that names the part which cannot be read */
export function noise(flag: string): Parser<Noise> {
  return (text) => {
    const channels = text.split(',').map((part) => {
      const [name = '', rate = '', ...rest] = part.split(':').map((word) => word.trim());
      const channel = NAMES.find((each) => each === name);
      const value = decimal(rate);
      if (channel === undefined || value === undefined || rest.length > 0)
        throw new UsageError(
          `${flag} has '${part}'; expected NAME:RATE between commas, NAME one of ${NAMES.join(', ')}, such as ${NAMES[0]}:0.01`,
        );
      return { channel, rate: value };
    });
    try {
      checkNoise(channels, 1);
    } catch (cause) {
      throw cause instanceof OptionError ? new UsageError(`${flag}: ${cause.message}`) : cause;
    }
    return channels;
  };
}
