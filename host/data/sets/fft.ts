/** The discrete Fourier transform of a length that is a power of two. */

/** Sums c_k e^(2 pi i j k / n) over k, in place (Cooley and Tukey 1965); no factor 1/n. */
export class Fourier {
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #reversed: Uint32Array;

  /** @param length a power of two */
  constructor(readonly length: number) {
    this.#cos = Float64Array.from({ length: length / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / length));
    this.#sin = Float64Array.from({ length: length / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / length));
    this.#reversed = new Uint32Array(length);
    for (let i = 1; i < length; i++)
      this.#reversed[i] = (this.#reversed[i >> 1] >> 1) | (i & 1 ? length >> 1 : 0);
  }

  /** @param re real and @param im imaginary parts, `length` each, overwritten */
  transform(re: Float64Array, im: Float64Array): void {
    const { length } = this;
    const [cos, sin, reversed] = [this.#cos, this.#sin, this.#reversed];
    for (let i = 0; i < length; i++) {
      const j = reversed[i];
      if (j <= i) continue;
      const x = re[i];
      const y = im[i];
      re[i] = re[j];
      im[i] = im[j];
      re[j] = x;
      im[j] = y;
    }
    for (let half = 1; half < length; half *= 2) {
      const step = length / (2 * half);
      for (let start = 0; start < length; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const c = cos[k * step];
          const s = sin[k * step];
          const low = start + k;
          const high = low + half;
          const x = re[high] * c - im[high] * s;
          const y = re[high] * s + im[high] * c;
          re[high] = re[low] - x;
          im[high] = im[low] - y;
          re[low] += x;
          im[low] += y;
        }
      }
    }
  }
}
