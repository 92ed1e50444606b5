/**
 * Draws of bitstrings: shot by shot (outcomes.ts), where there is SIMD many at once and without counts (at-once.ts), or,
 * where there are many for each outcome, by dividing them among the outcomes (divided.ts): the same distribution each
 * way.
 */
import { samplesInPair } from '../memory/batch';
import { at } from '../memory/reals';
import { Buffer, Field, buffer, field, setField } from '../memory/registers';
import { DRAWS_AT_ONCE } from '../profile';
import { drawAtOnce, isDrawnAtOnce } from './at-once';
import { countOutcome, forgetCounts } from './counts';
import { divideShots, dividingTickWork, dividingWork } from './divided';
import { accumulate, areDivided, outcome, shotWord } from './outcomes';
import { drawSingle, isSingleShot } from './single';

/** Shots of a pair in one tick: about the time of a gate on a pair of samples of four qubits. */
const SHOTS = 8;

/** A few shots of each of the pair's samples. @returns whether they are the last */
function countShots(evaluation: u32, step: u32): bool {
  const shots = field(Field.Shots);
  const scratch = buffer(Buffer.Scratch);
  let taken = field(Field.ShotsTaken);
  for (const end = min(shots, taken + SHOTS); taken < end; taken++) {
    const word = shotWord(evaluation, step, taken);
    for (let lane = samplesInPair() - 1; lane >= 0; lane--) {
      countOutcome(lane, outcome(lane, at(scratch, lane), word, evaluation, step, taken), 1);
    }
  }
  setField(Field.ShotsTaken, taken);
  return taken == shots;
}

/**
 * Goes on drawing the bitstrings of the current pair, from which all terms are estimated. The probabilities of both
 * lanes are in the scratch state, and become running sums of them.
 * @returns whether all are drawn
 */
export function drawShots(evaluation: u32, step: u32): bool {
  if (isSingleShot()) {
    drawSingle(evaluation, step);
    return true;
  }
  const isFirst = field(Field.Lane) == 0 && field(Field.ShotsTaken) == 0;
  if (isFirst) accumulate();
  if (DRAWS_AT_ONCE && isVector<lanes>() && isDrawnAtOnce()) {
    drawAtOnce(evaluation, step);
    return true;
  }
  if (areDivided(field(Field.Shots))) return divideShots(evaluation, step);
  if (isFirst) for (let lane = 0; lane < samplesInPair(); lane++) forgetCounts(lane);
  return countShots(evaluation, step);
}

/** Work of drawing the shots of so many samples before they are measured, where bitstrings are drawn. */
export function drawingWork(samples: i32, shots: i32): f64 {
  if (areDivided(shots)) return <f64>samples * <f64>dividingWork();
  return <f64>((samples + 1) >> 1) * <f64>((shots + SHOTS - 1) / SHOTS);
}

/** Work of what `drawShots` does next. */
export function nextDrawWork(): i32 {
  const shots = field(Field.Shots);
  if (DRAWS_AT_ONCE && isVector<lanes>() && isDrawnAtOnce()) return <i32>drawingWork(2, shots);
  return areDivided(shots) ? dividingTickWork() : 1;
}
