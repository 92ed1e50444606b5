/** States added up. */
import { Field, field } from '../memory/registers';
import { isWide, stateBytes, stride } from '../memory/shape';
import { COLUMN_ENGINES } from '../profile';
import { sliceEnd, sliceFrom } from './slices';
import { LANE, add, mul } from './state';

/** A number in every lane. */
@inline
function everywhere(value: real): lanes {
  if (isVector<lanes>()) return f64x2.splat(<f64>value);
  else return <lanes>value;
}

/** psi <- a psi + b phi. */
export function superpose(psi: usize, a: real, phi: usize, b: real): void {
  let from: usize = 0;
  let end = stateBytes();
  if (COLUMN_ENGINES && !isWide()) {
    const bits = field(Field.RowBits);
    from = <usize>sliceFrom(bits) * stride();
    end = <usize>sliceEnd(bits) * stride();
  }
  for (let i = from; i < end; i += LANE) {
    const scaled = mul(everywhere(a), load<lanes>(psi + i));
    store<lanes>(psi + i, add(scaled, mul(everywhere(b), load<lanes>(phi + i))));
  }
}
