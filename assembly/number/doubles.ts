/**
 * Arithmetic on one double, or on two side by side: `T` is f64 or v128. Every operation is rounded by itself, so both
 * have the same bits. In double precision in every build, unlike what is written in reals and lanes.
 */

@inline
export function plus<T>(a: T, b: T): T {
  if (isVector<T>()) return f64x2.add(a, b);
  else return a + b;
}


@inline
export function minus<T>(a: T, b: T): T {
  if (isVector<T>()) return f64x2.sub(a, b);
  else return a - b;
}


@inline
export function times<T>(a: T, b: T): T {
  if (isVector<T>()) return f64x2.mul(a, b);
  else return a * b;
}


@inline
export function over<T>(a: T, b: T): T {
  if (isVector<T>()) return f64x2.div(a, b);
  else return a / b;
}


@inline
export function root<T>(x: T): T {
  if (isVector<T>()) return f64x2.sqrt(x);
  else return <T>sqrt<f64>(<f64>x);
}

/** The integer next to x. */
@inline
export function rounded<T>(x: T): T {
  if (isVector<T>()) return f64x2.nearest(x);
  else return <T>nearest<f64>(<f64>x);
}


@inline
export function size<T>(x: T): T {
  if (isVector<T>()) return f64x2.abs(x);
  else return <T>abs<f64>(<f64>x);
}
