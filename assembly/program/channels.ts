/**
 * Noise channels: entries of the table of operations, each right behind the gate whose noise it is, on one qubit. With
 * their Kraus operators, and what they do to the letters of a Pauli vector (I, X, Y, Z):
 *
 *   Depolarizing p      sqrt(1 - 3p/4) I, sqrt(p/4) X, sqrt(p/4) Y, sqrt(p/4) Z
 *                       X, Y, Z <- (1 - p) X, (1 - p) Y, (1 - p) Z
 *   Damping gamma       |0><0| + sqrt(1 - gamma) |1><1|, sqrt(gamma) |0><1|
 *                       X, Y, Z <- sqrt(1 - gamma) X, sqrt(1 - gamma) Y, (1 - gamma) Z + gamma I
 *   Dephasing lambda    |0><0| + sqrt(1 - lambda) |1><1|, sqrt(lambda) |1><1|
 *                       X, Y, Z <- sqrt(1 - lambda) X, sqrt(1 - lambda) Y, Z
 *   Readout e, f        of a measured bit: 0 is read as 1 with probability e, 1 as 0 with f
 *                       L <- (1 - e - f) L + (f - e) I for the letter L that is measured
 *
 * (Nielsen and Chuang, section 8.3.) A state goes through them as it is written here; an observable by the transpose.
 */
import { Channel } from '../abi/codes';
import { REAL } from '../memory/reals';
import { NOISE } from '../profile';

/** Whether an operation is a noise channel. */
export function isChannel(kind: i32): bool {
  return NOISE && kind >= Channel.Depolarizing;
}

/** Whether there is such a channel of these numbers: rates are probabilities, and a bit is read right or wrong. */
export function isRate(kind: i32, scale: f64, offset: f64): bool {
  if (!(offset >= 0 && offset <= 1)) return false;
  return kind == Channel.Readout ? scale >= 0 && scale + offset <= 1 : scale == 0;
}

/**
 * Writes the factors of X and Y, and of Z, and what of I is added to X and Y, and to Z.
 * @param rate of the channel; of a readout e, with f as `other`
 */
export function channelAction(kind: i32, rate: real, other: real, to: usize): void {
  const keep: real = 1 - rate;
  let across = keep;
  let along = keep;
  let toAcross: real = 0;
  let toAlong: real = 0;
  if (kind == Channel.Damping) {
    across = sqrt<real>(keep);
    toAlong = rate;
  } else if (kind == Channel.Dephasing) {
    across = sqrt<real>(keep);
    along = 1;
  } else if (kind == Channel.Readout) {
    across = keep - other;
    along = across;
    toAcross = other - rate;
    toAlong = toAcross;
  }
  store<real>(to, across);
  store<real>(to, along, REAL);
  store<real>(to, toAcross, 2 * REAL);
  store<real>(to, toAlong, 3 * REAL);
}
