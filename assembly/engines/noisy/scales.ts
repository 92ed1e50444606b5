/**
 * The scales of the noise of an extrapolation: a pair of samples runs through the circuit folded to each of them, and is
 * measured; then its losses are taken of the extrapolated outputs. The derivatives come from all of those circuits too:
 * first of the scale that has run last, then of the others, which run again.
 */
import { extrapolate, keepScaled } from '../../measure/extrapolation';
import { countScales, extrapolates } from '../../memory/configuration';
import { Buffer, Field, buffer, field, setField } from '../../memory/registers';
import { Phase } from '../contract';
import { countCircuits, isPrediction, nextPair } from '../evaluation';
import { measurePair } from '../measurement';

/** Measures the current pair at the current scale. @returns whether another scale is next; else outputs are extrapolated */
export function measureScale(): bool {
  const scale = field(Field.Scale);
  const expectations = buffer(Buffer.Expectations);
  measurePair();
  if (!isPrediction()) countCircuits();
  keepScaled(scale, expectations);
  if (scale + 1 < countScales()) {
    setField(Field.Scale, scale + 1);
    return true;
  }
  extrapolate(expectations);
  return false;
}

/** The current pair is done: the next one begins at the first scale. */
export function nextNoisyPair(): Phase {
  setField(Field.Scale, 0);
  setField(Field.ScaleDerived, 0);
  return nextPair();
}

/** The derivatives at a scale are taken: those at the scale below are next, or the next pair. */
export function nextDerivatives(): Phase {
  const scale = field(Field.Scale);
  if (!extrapolates() || scale == 0) return nextNoisyPair();
  setField(Field.Scale, scale - 1);
  setField(Field.ScaleDerived, 1);
  return Phase.Encode;
}
