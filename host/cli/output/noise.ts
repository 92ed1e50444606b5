/** What is said of the noise of a training, and of what mitigates it. */
import type { Noise } from '../../api/noise.ts';
import type { ResolvedTraining } from '../../api/options.ts';

/** What `--json` has of it; without any noise, and with nothing that mitigates it, none of the fields. */
export interface NoiseFacts {
  readonly noise?: Noise;
  readonly readoutError?: number;
  readonly extrapolation?: Pick<ResolvedTraining, 'scales'> & {
    readonly fit: ResolvedTraining['extrapolation'];
    /** Of the polynomial. */
    readonly order?: number;
  };
  /** Twice so many, before the first step; counted in the shots. */
  readonly calibrationShots?: number;
}

/** The facts of a training. */
export function noiseFacts(training: ResolvedTraining): NoiseFacts {
  const { noise, readoutError, extrapolation: fit, scales, extrapolationOrder: order } = training;
  const { calibrationShots } = training;
  return {
    ...(noise.length > 0 && { noise }),
    ...(readoutError > 0 && { readoutError }),
    ...(fit !== 'none' && { extrapolation: { fit, scales, ...(fit === 'polynomial' && { order }) } }),
    ...(calibrationShots !== 'none' && { calibrationShots }),
  };
}

/** Channels and their rates, in their order. */
export function noiseText(noise: Noise): string {
  return noise
    .map(({ channel, rate }) => `${channel} ${typeof rate === 'number' ? rate : rate.join(' and ')}`)
    .join(', ');
}

/** The facts as aligned rows. */
export function noiseRows({
  noise,
  readoutError,
  extrapolation,
  calibrationShots,
}: NoiseFacts): [string, string][] {
  const channels = [
    ...(noise === undefined ? [] : [noiseText(noise)]),
    ...(readoutError === undefined ? [] : [`readout ${readoutError}`]),
  ];
  const mitigated = [
    ...(extrapolation === undefined
      ? []
      : [
          `${extrapolation.fit} extrapolation from ${extrapolation.scales} scales${extrapolation.order === undefined ? '' : `, of degree ${extrapolation.order}`}`,
        ]),
    ...(calibrationShots === undefined ? [] : [`readout calibrated by 2 x ${calibrationShots} shots`]),
  ];
  return [
    ...(channels.length === 0 ? [] : [['noise', channels.join(', ')] as [string, string]]),
    ...(mitigated.length === 0 ? [] : [['mitigation', mitigated.join('; ')] as [string, string]]),
  ];
}
