/**
 * What a pool of samples takes beside a pass of the loss: the outputs of each sample are kept, and behind the
 * measurement of a pair its share of the head's gradient and curvature is added up, while its shots are at hand. Behind
 * the pass the rule draws some of the samples, and a second pass goes through those alone: nothing is measured of them
 * again but what a derivative needs.
 *
 *   all engines: ... Measure -> Head ... -> the next pair          the samples drawn: Encode ... -> derivatives
 */
import { Option } from '../abi/codes';
import { addHeadSums } from '../loss/head-sums';
import { addCovariance, covarianceTicks } from '../measure/covariance';
import { advancePair, batchLabel, batchWeight, firstSample, samplesInPair } from '../memory/batch';
import { removesHeadNoise } from '../memory/configuration';
import { integer } from '../memory/options';
import { Field, field, setField } from '../memory/registers';
import { isBatchLaidOut } from '../memory/shape';
import { SAMPLE_POOLS } from '../profile';
import { Phase } from './contract';
import { afterBatch, isPooled, nextPair } from './evaluation';
import { enterMeasurement } from './measurement';

/** Whether there is a head whose sums follow each measurement. */
export function hasHeadSums(): bool {
  return isPooled() && integer(Option.Logits) > 0;
}

/** The current pair is measured: the head's sums are next. */
export function enterHead(): Phase {
  setField(Field.Lane, 0);
  setField(Field.Part, 0);
  return Phase.Head;
}

/** Ticks of one sample's part in the head's sums. @param noisy whether it is measured with shots */
export function headTicks(noisy: bool): i32 {
  return (noisy ? covarianceTicks() : 0) + integer(Option.Logits);
}

/** A part of one sample's covariance, or its part in one logit's sums; behind the last, the next pair. */
export function headTick(): Phase {
  if (!SAMPLE_POOLS) return Phase.Idle;
  const lane = field(Field.Lane);
  const part = field(Field.Part);
  const noisy = removesHeadNoise();
  const parts = noisy ? covarianceTicks() : 0;
  if (part < parts) {
    addCovariance(lane, part);
  } else {
    const sample = firstSample() + lane;
    const share = batchWeight(sample) / <real>field(Field.Count);
    addHeadSums(part - parts, sample, batchLabel(sample), share, noisy);
  }
  const through = part + 1 == headTicks(noisy);
  setField(Field.Part, through ? 0 : part + 1);
  if (!through) return Phase.Head;
  setField(Field.Lane, lane + 1);
  if (lane + 1 < samplesInPair()) return Phase.Head;
  if (!isBatchLaidOut()) return nextPair();
  return advancePair() ? enterMeasurement() : afterBatch();
}
