/**
 * The steps of preprocessing, fitted: plain records that travel inside a model file, and what each does to a
 * row.
 */
import { type Columns, expandRow, isPlain, widthOf } from './columns.ts';

export type { Column, Columns } from './columns.ts';

/** Area-weighted average pooling of a row-major image; 28 to 8 pixels, say, has bins of 3.5. */
export interface Pool {
  readonly kind: 'pool';
  readonly height: number;
  readonly width: number;
  readonly toHeight: number;
  readonly toWidth: number;
}

/** The toHeight x toWidth window of a row-major image whose first pixel is at (top, left), from 0. */
export interface Crop {
  readonly kind: 'crop';
  readonly height: number;
  readonly width: number;
  readonly top: number;
  readonly left: number;
  readonly toHeight: number;
  readonly toWidth: number;
}

/** y = (x - mean) / scale per column; scale is the standard deviation, 1 for a constant column. */
export interface Standardise {
  readonly kind: 'standardise';
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

/**
 * y = pi (x - minimum) / scale per column, for angle encoding; scale is the range, 1 for a constant column.
 * Values outside the training range are clamped to 0 or pi, because an angle further on would turn back
 * towards the other end.
 */
export interface MinMax {
  readonly kind: 'minmax';
  readonly minimum: readonly number[];
  readonly scale: readonly number[];
}

/** y = components (x - mean): k x d, one principal direction of unit length per row. */
export interface Pca {
  readonly kind: 'pca';
  readonly mean: readonly number[];
  readonly components: readonly (readonly number[])[];
}

/** Appends a component of this value to the row. */
export interface Constant {
  readonly kind: 'constant';
  readonly value: number;
}

/** Multiplies every component. */
export interface Scale {
  readonly kind: 'scale';
  readonly factor: number;
}

/** One fitted step. */
export type Transform = Columns | Pool | Crop | Standardise | MinMax | Pca | Constant | Scale;

/** How many values the step takes; undefined when it takes any number. */
export function inputsOf(transform: Transform): number | undefined {
  switch (transform.kind) {
    case 'columns':
      return transform.columns.length;
    case 'pool':
    case 'crop':
      return transform.height * transform.width;
    case 'standardise':
    case 'pca':
      return transform.mean.length;
    case 'minmax':
      return transform.minimum.length;
    case 'constant':
    case 'scale':
      return undefined;
  }
}

/** How many values come out when `inputs`, a number the step takes, go in. */
export function outputsOf(transform: Transform, inputs: number): number {
  switch (transform.kind) {
    case 'columns':
      return transform.columns.reduce((sum, column) => sum + widthOf(column), 0);
    case 'pool':
    case 'crop':
      return transform.toHeight * transform.toWidth;
    case 'pca':
      return transform.components.length;
    case 'constant':
      return inputs + 1;
    case 'standardise':
    case 'minmax':
    case 'scale':
      return inputs;
  }
}

/** Applies one step to a row of a length it takes, which stays as it is. */
export function applyTransform(
  transform: Transform,
  x: Float64Array<ArrayBuffer>,
): Float64Array<ArrayBuffer> {
  switch (transform.kind) {
    case 'columns':
      return isPlain(transform) ? x : expandRow(transform, x, outputsOf(transform, x.length));
    case 'pool': {
      const { height, width, toHeight, toWidth } = transform;
      return poolAxis(poolAxis(x, 1, height, toHeight, width), toHeight, width, toWidth, 1);
    }
    case 'crop': {
      const { width, top, left, toHeight, toWidth } = transform;
      const pixel = (_: number, i: number): number =>
        x[(top + Math.floor(i / toWidth)) * width + left + (i % toWidth)];
      return new Float64Array(toHeight * toWidth).map(pixel);
    }
    case 'standardise':
      return x.map((value, i) => (value - transform.mean[i]) / transform.scale[i]);
    case 'minmax':
      return x.map((value, i) => {
        const share = (value - transform.minimum[i]) / transform.scale[i];
        return Math.PI * Math.min(Math.max(share, 0), 1);
      });
    case 'pca': {
      const centred = x.map((value, i) => value - transform.mean[i]);
      return Float64Array.from(transform.components, (component) => {
        let sum = 0;
        for (let i = 0; i < centred.length; i++) sum += component[i] * centred[i];
        return sum;
      });
    }
    case 'constant': {
      const longer = new Float64Array(x.length + 1);
      longer.set(x);
      longer[x.length] = transform.value;
      return longer;
    }
    case 'scale':
      return x.map((value) => value * transform.factor);
  }
}

/**
 * Averages the middle axis of an outer x from x inner array down to `to` bins. In units of 1/to of a cell,
 * cell i spans [i to, (i+1) to) and bin j spans [j from, (j+1) from), so the overlaps are integers and sum to
 * `from`.
 */
function poolAxis(
  x: Float64Array,
  outer: number,
  from: number,
  to: number,
  inner: number,
): Float64Array<ArrayBuffer> {
  const y = new Float64Array(outer * to * inner);
  for (let o = 0; o < outer; o++) {
    for (let bin = 0; bin < to; bin++) {
      const start = bin * from;
      const end = start + from;
      for (let cell = Math.floor(start / to); cell * to < end; cell++) {
        const overlap = Math.min(end, (cell + 1) * to) - Math.max(start, cell * to);
        for (let k = 0; k < inner; k++) {
          y[(o * to + bin) * inner + k] += overlap * x[(o * from + cell) * inner + k];
        }
      }
    }
  }
  return y.map((sum) => sum / from);
}
