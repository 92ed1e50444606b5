/** A drawing as the digits of MNIST are: scaled to fit 20 x 20 pixels, its centre of mass in the middle of 28 x 28. */

/** Pixels of the box that a digit fits. */
const BOX = 20;

/** Left, top, right and bottom of what is not black; undefined of an empty drawing. */
function boundsOf(pixels: Float64Array, side: number): [number, number, number, number] | undefined {
  let [left, top, right, bottom] = [side, side, -1, -1];
  pixels.forEach((value, i) => {
    if (value < 24) return;
    const [x, y] = [i % side, Math.floor(i / side)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  });
  return right < 0 ? undefined : [left, top, right + 1, bottom + 1];
}

/** The value between pixels, 0 outside. */
function at(pixels: Float64Array, side: number, x: number, y: number): number {
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const value = (a: number, b: number) =>
    a < 0 || b < 0 || a >= side || b >= side ? 0 : (pixels[b * side + a] as number);
  const [u, v] = [x - i, y - j];
  return (
    (1 - v) * ((1 - u) * value(i, j) + u * value(i + 1, j)) +
    v * ((1 - u) * value(i, j + 1) + u * value(i + 1, j + 1))
  );
}

/** Centre of mass of grey values. */
function centreOf(pixels: Float64Array, side: number): [number, number] {
  let [sum, x, y] = [0, 0, 0];
  pixels.forEach((value, i) => {
    sum += value;
    x += value * (i % side);
    y += value * Math.floor(i / side);
  });
  return [x / sum, y / sum];
}

/** Brings grey values of side x side pixels, 0 to 255, row by row, into that form. An empty drawing stays as it is. */
export function centred(pixels: Float64Array, side: number): Float64Array {
  const bounds = boundsOf(pixels, side);
  if (bounds === undefined) return pixels;
  const [left, top, right, bottom] = bounds;
  const scale = Math.max(right - left, bottom - top) / BOX;
  const middle = (side - 1) / 2;
  const [x, y] = centreOf(pixels, side);
  return Float64Array.from({ length: side * side }, (_, i) =>
    Math.min(
      255,
      at(pixels, side, x + ((i % side) - middle) * scale, y + (Math.floor(i / side) - middle) * scale),
    ),
  );
}
