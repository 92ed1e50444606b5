/**
 * Angles of many turns, down to less than one, exactly (Payne and Hanek 1983): x = m 2^e, and of the product m 2/pi only
 * the bits that are left at their places modulo four quarter turns, in whole numbers: the same on every engine.
 */

/** Bits of a digit of the product. */
const DIGIT: i32 = 30;
const MASK: u64 = (1 << DIGIT) - 1;

// The bits of 2/pi behind its point, a little-endian number of so many bits, with zeros above it: as many as the
// largest angle of the precision reaches. The bits of an angle and of what is left of it take so many digits.
const BITS_F64: i32 = 1152;
const DIGITS_F64: i32 = 6;
const BITS_F32: i32 = 192;
const DIGITS_F32: i32 = 3;

/** Those bits in this precision. The others are in no module of it: a table of the file would be. */
function twoByPi(): usize {
  if (sizeof<real>() == 8) {
    return memory.data<u32>([
      0x1f8d5d08, 0x6bfb5fb1, 0x8a5292ea, 0x3d0739f7, 0xebe5f17b, 0x7527bac7, 0x9e5fea2d, 0x4f463f66,
      0x27cb09b7, 0x6d367ecf, 0x5a0a6d1f, 0xef2f118b, 0xde05980f, 0x1ff897ff, 0xbdf9283b, 0x9c845f8b,
      0x835339f4, 0x3991d639, 0xb45f7e41, 0xe99c7026, 0x2ebb4484, 0xe88235f5, 0xb129a73e, 0xfe1deb1c,
      0x09d1921c, 0x06492eea, 0x424dd2e0, 0xb7246e3a, 0xdebbc561, 0xfe5163ab, 0x3c439041, 0xdb629599,
      0xf534ddc0, 0xfc2757d1, 0x4e441529, 0xa2f9836e, 0, 0,
    ]);
  }
  return memory.data<u32>([0x3c439041, 0xdb629599, 0xf534ddc0, 0xfc2757d1, 0x4e441529, 0xa2f9836e, 0, 0]);
}

/** pi/2 in units of 2^-64. */
const QUARTER_F64: f64 = 8.515303950216386e-20;
const QUARTER_F32: f32 = 8.515304e-20;

/**
 * Stores at `to` what is left of an angle of 2^8 or more, within a quarter of pi; not-a-number of what is no angle.
 * @returns the quarter turns before it, modulo four
 */
export function reduceLarge(angle: real, to: usize): i32 {
  let mantissa: u64;
  let exponent: i32;
  if (sizeof<real>() == 8) {
    const bits = reinterpret<u64>(<f64>angle);
    mantissa = (bits & 0xfffffffffffff) | 0x10000000000000;
    exponent = ((<i32>(bits >> 52)) & 0x7ff) - 1075;
  } else {
    const bits = reinterpret<u32>(<f32>angle);
    mantissa = (bits & 0x7fffff) | 0x800000;
    exponent = <i32>((bits >> 23) & 0xff) - 150;
  }
  const digits = sizeof<real>() == 8 ? DIGITS_F64 : DIGITS_F32;
  const table = twoByPi();
  // From the last bit that matters up to that of two quarter turns, digit by digit.
  let place = (sizeof<real>() == 8 ? BITS_F64 : BITS_F32) + 2 - exponent - DIGIT * digits;
  let carry: u64 = 0;
  let below: u64 = 0;
  let high: u64 = 0;
  let low: u64 = 0;
  for (let i = 0; i < digits; i++) {
    const factor = (load<u64>(table + (place >> 3)) >> (place & 7)) & MASK;
    carry += (mantissa & MASK) * factor + (mantissa >> DIGIT) * below;
    low = (low >> DIGIT) | (high << (64 - DIGIT));
    high = (high >> DIGIT) | (carry << (64 - DIGIT));
    carry >>= DIGIT;
    below = factor;
    place += DIGIT;
  }
  // Two bits of quarter turns, then a fraction of one: of more than half, what is missing to the next.
  const fraction = <i64>((high << 2) | (low >> 62));
  let left: real;
  if (sizeof<real>() == 8) {
    left = <real>((<f64>fraction + <f64>(low << 2) * 5.421010862427522e-20) * QUARTER_F64);
  } else {
    left = <real>(<f32>fraction * QUARTER_F32);
  }
  const quarters = <i32>(high >> 62) + <i32>((<u64>fraction) >> 63);
  // Not-a-number without end; else nothing.
  left += angle - angle;
  store<real>(to, angle < 0 ? -left : left);
  return angle < 0 ? -quarters : quarters;
}
