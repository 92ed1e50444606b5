/** Noise on the command line: `depolarizing:0.01,damping:0.02,dephasing:0.02,readout:0.03`. */
import { CHANNELS, type ExtrapolationName } from '../../api/choices.ts';
import type { ChannelName, Noise } from '../../api/noise.ts';
import { decimal } from '../../data/dataset.ts';
import { UsageError } from '../output/failure.ts';
import type { Parser } from './values.ts';

const NAMES = Object.keys(CHANNELS) as ChannelName[];

/** Bits that flip more often say the opposite. */
const MOST_FLIPS = 0.5;

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
      const most = channel === 'readout' ? MOST_FLIPS : 1;
      if (!(value >= 0 && value <= most))
        throw new UsageError(`${flag} has '${part}'; expected a probability from 0 to ${most}`);
      return { channel, rate: value };
    });
    return channels;
  };
}

/** Flags that are about noise. */
interface MitigationFlags {
  readonly noise?: Noise;
  readonly readoutError?: number;
  readonly extrapolation?: ExtrapolationName;
  readonly scales?: number;
  readonly extrapolationOrder?: number;
  readonly calibrationShots?: number | 'none';
}

/** Refuses flags that cost shots, or say how, where there is nothing to mitigate. @throws UsageError */
export function refuseIdleMitigation(flags: MitigationFlags): void {
  const { noise = [], readoutError = 0, extrapolation = 'none', scales, extrapolationOrder } = flags;
  const { calibrationShots = 'none' } = flags;
  if (scales !== undefined && extrapolation === 'none')
    throw new UsageError('--scales is of an extrapolation; --extrapolation says of which');
  if (extrapolationOrder !== undefined && extrapolation !== 'polynomial')
    throw new UsageError(
      '--extrapolation-order is the degree of a polynomial; expected --extrapolation polynomial',
    );
  const isRead = readoutError > 0 || noise.some(({ channel }) => channel === 'readout');
  if (extrapolation !== 'none' && !noise.some(({ channel }) => channel !== 'readout'))
    throw new UsageError(
      '--extrapolation takes each circuit at several scales of the noise of its gates, and there is none; --noise says which',
    );
  if (calibrationShots !== 'none' && !isRead)
    throw new UsageError(
      '--calibration-shots estimates errors of the readout, and there are none; --noise readout:RATE has some',
    );
}
