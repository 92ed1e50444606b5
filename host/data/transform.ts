/**
 * The steps of preprocessing, fitted: plain records that travel inside a model file, and what each does to a
 * row.
 */
import { type Columns, expandRows, isPlain, widthOf } from './columns.ts';

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

/** Appends (pi - x_i)(pi - x_j) of every two columns i < j to the row, for the ZZ feature map. */
export interface Products {
  readonly kind: 'products';
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
