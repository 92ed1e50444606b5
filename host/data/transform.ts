/**
 * The steps of preprocessing, fitted: plain records that travel inside a model file, and what each does to a
 * row.
 */
import { type Columns, expandRows, isPlain, widthOf } from './columns.ts';

export type { Column, Columns } from './columns.ts';

/** Area-weighted average pooling of a row-major image; 28 to 8 pixels, say, has bins of 3.5. */
export interface Pool {
  /** Which step it is. */
  readonly kind: 'pool';
  /** Pixels of the image it takes, from top to bottom. */
  readonly height: number;
  /** Pixels of the image it takes, from left to right; a row has height x width values. */
  readonly width: number;
  /** Pixels that are left from top to bottom, 1 to `height`. */
  readonly toHeight: number;
  /** Pixels that are left from left to right, 1 to `width`. */
  readonly toWidth: number;
}

/** The toHeight x toWidth window of a row-major image whose first pixel is at (top, left), from 0. */
export interface Crop {
  /** Which step it is. */
  readonly kind: 'crop';
  /** Pixels of the image it takes, from top to bottom. */
  readonly height: number;
  /** Pixels of the image it takes, from left to right; a row has height x width values. */
  readonly width: number;
  /** Line of the image that is the first of the window, 0 to height - 1. */
  readonly top: number;
  /** Column of the image that is the first of the window, 0 to width - 1. */
  readonly left: number;
  /** Lines of the window, 1 to height - top. */
  readonly toHeight: number;
  /** Columns of the window, 1 to width - left. */
  readonly toWidth: number;
}

/** y = (x - mean) / scale per column; scale is the standard deviation, 1 for a constant column. */
export interface Standardise {
  /** Which step it is. */
  readonly kind: 'standardise';
  /** Mean of each column of the training set; of a constant column its value. */
  readonly mean: readonly number[];
  /** Standard deviation of each column of the training set, divisor rows; 1 for a constant column. Above 0. */
  readonly scale: readonly number[];
}

/**
 * y = pi (x - minimum) / scale per column, for angle encoding; scale is the range, 1 for a constant column.
 * Values outside the training range are clamped to 0 or pi, because an angle further on would turn back
 * towards the other end.
 */
export interface MinMax {
  /** Which step it is. */
  readonly kind: 'minmax';
  /** Least value of each column of the training set. */
  readonly minimum: readonly number[];
  /** Greatest value less the least, for each column of the training set; 1 for a constant column. Above 0. */
  readonly scale: readonly number[];
}

/** y = components (x - mean): k x d, one principal direction of unit length per row. */
export interface Pca {
  /** Which step it is. */
  readonly kind: 'pca';
  /** Mean of each of the d columns of the training set. */
  readonly mean: readonly number[];
  /** k x d: eigenvectors of the sample covariance, by descending eigenvalue, the entry of each that is largest by magnitude above 0. */
  readonly components: readonly (readonly number[])[];
}

/** Appends a component of this value to the row. */
export interface Constant {
  /** Which step it is. */
  readonly kind: 'constant';
  /** What is appended, finite: the `ratio` of the step times the root mean square norm of the training rows. */
  readonly value: number;
}

/** Multiplies every component. */
export interface Scale {
  /** Which step it is. */
  readonly kind: 'scale';
  /** What every component is multiplied by, finite. */
  readonly factor: number;
}

/** Appends (pi - x_i)(pi - x_j) of every two columns i < j to the row, for the ZZ feature map. */
export interface Products {
  /** Which step it is. */
  readonly kind: 'products';
  /** Values of the row it takes, n, 1 to 4096; n (n + 1) / 2 come out. */
  readonly columns: number;
}

/** One fitted step. */
export type Transform = Columns | Pool | Crop | Standardise | MinMax | Pca | Constant | Scale | Products;

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
    case 'products':
      return transform.columns;
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
    case 'products':
      return (inputs * (inputs + 1)) / 2;
    case 'standardise':
    case 'minmax':
    case 'scale':
      return inputs;
  }
}

/**
 * Applies one step to rows of a width it takes, one after the other in `x`.
 * @param x rows x inputs; overwritten where as many values come out as go in
 * @returns rows x outputs: `x`, or a new array
 */
export function applyTransform(
  transform: Transform,
  x: Float64Array<ArrayBuffer>,
  rows: number,
): Float64Array<ArrayBuffer> {
  const inputs = x.length / rows;
  switch (transform.kind) {
    case 'columns':
      return isPlain(transform) ? x : expandRows(transform, x, inputs);
    case 'pool': {
      const { height, width, toHeight, toWidth } = transform;
      return poolAxis(poolAxis(x, rows, height, toHeight, width), rows * toHeight, width, toWidth, 1);
    }
    case 'crop': {
      const { height, width, top, left, toHeight, toWidth } = transform;
      const y = new Float64Array(rows * toHeight * toWidth);
      for (let line = 0; line < rows * toHeight; line++) {
        const from = (Math.floor(line / toHeight) * height + top + (line % toHeight)) * width + left;
        y.set(x.subarray(from, from + toWidth), line * toWidth);
      }
      return y;
    }
    case 'standardise': {
      const mean = Float64Array.from(transform.mean);
      const scale = Float64Array.from(transform.scale);
      for (let at = 0; at < x.length; at += inputs) {
        for (let i = 0; i < inputs; i++) x[at + i] = (x[at + i] - mean[i]) / scale[i];
      }
      return x;
    }
    case 'minmax': {
      const minimum = Float64Array.from(transform.minimum);
      const scale = Float64Array.from(transform.scale);
      for (let at = 0; at < x.length; at += inputs) {
        for (let i = 0; i < inputs; i++) {
          const share = (x[at + i] - minimum[i]) / scale[i];
          x[at + i] = Math.PI * Math.min(Math.max(share, 0), 1);
        }
      }
      return x;
    }
    case 'pca': {
      const mean = Float64Array.from(transform.mean);
      const outputs = transform.components.length;
      const y = new Float64Array(rows * outputs);
      for (let at = 0; at < x.length; at += inputs) {
        for (let i = 0; i < inputs; i++) x[at + i] -= mean[i];
      }
      transform.components.forEach((component, k) => {
        const direction = Float64Array.from(component);
        for (let j = 0; j < rows; j++) {
          let sum = 0;
          for (let i = 0; i < inputs; i++) sum += direction[i] * x[j * inputs + i];
          y[j * outputs + k] = sum;
        }
      });
      return y;
    }
    case 'constant': {
      const y = new Float64Array(x.length + rows).fill(transform.value);
      for (let j = 0; j < rows; j++) y.set(x.subarray(j * inputs, (j + 1) * inputs), j * (inputs + 1));
      return y;
    }
    case 'products': {
      const outputs = outputsOf(transform, inputs);
      const y = new Float64Array(rows * outputs);
      for (let from = 0, to = 0; from < x.length; from += inputs) {
        for (let i = 0; i < inputs; i++) y[to++] = x[from + i];
        for (let i = 0; i < inputs; i++) {
          for (let j = i + 1; j < inputs; j++) y[to++] = (Math.PI - x[from + i]) * (Math.PI - x[from + j]);
        }
      }
      return y;
    }
    case 'scale': {
      const { factor } = transform;
      for (let at = 0; at < x.length; at++) x[at] *= factor;
      return x;
    }
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
