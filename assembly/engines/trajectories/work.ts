/** What the ticks of trajectories cost for one pair of samples, before they run: exact counts, for train/cost.ts. */
import { countScales } from '../../memory/configuration';
import { Field, field } from '../../memory/registers';

/** Work of all shots of a circuit whose way has so many passes: its operations, and an outcome. */
function circuitWork(shots: f64, passes: i32): f64 {
  return shots * field(Field.MeasurementBases) * (passes * field(Field.ActiveOperations) + 1);
}

/** Work of a pair's circuits at all scales of the noise, encoding included. @param each of measuring one */
export function shotsWork(shots: i32, each: f64): f64 {
  let work: f64 = 0;
  for (let scale = 0; scale < countScales(); scale++) work += 1 + circuitWork(shots, 2 * scale + 1) + each;
  return work;
}

/**
 * Work of the displaced circuits of a pair, at all scales, of which all but the last are encoded again.
 * @param shots of one circuit for each of the angles, together, @param each of measuring one
 */
export function displacedShotsWork(angles: i32, shots: f64, each: f64): f64 {
  if (angles == 0) return 0;
  let work: f64 = 0;
  for (let scale = 0; scale < countScales(); scale++) {
    const passes = 2 * scale + 1;
    work += (scale + 1 < countScales() ? 1 : 0) + 2 * passes * (circuitWork(shots, passes) + angles * each);
  }
  return work;
}
