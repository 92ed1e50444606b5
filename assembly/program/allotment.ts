/** Shots of each circuit with a displaced angle: as many for all, or as the rule has allotted them (rules/gcans.ts). */
import { MAX_SHOTS } from '../abi/codes';
import { allotsShots, displacedShots } from '../memory/configuration';
import { get } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
import { Sum, sum } from '../memory/sums';
import { operationIndex } from './operations';

/** Those of an operation's; 0: exact. */
export function shotsOfAngle(record: usize): i32 {
  const least = displacedShots();
  if (!allotsShots()) return least;
  const wanted = ceil<real>(sum(Sum.Allotment) * get(buffer(Buffer.SecondMoment), operationIndex(record)));
  // What is no number wants the least.
  if (!(wanted > <real>least)) return least;
  return wanted < <real>MAX_SHOTS ? <i32>wanted : MAX_SHOTS;
}
