/** Principal components by the smaller matrix and by Krylov spaces, against the decomposition of all of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { OptionError } from '../../../host/core/errors.ts';
import type { Dataset } from '../../../host/data/dataset.ts';
import { leadingEigenpairs } from '../../../host/data/eigen.ts';
import { fitPipeline } from '../../../host/data/fit.ts';
import { MAX_SIDE } from '../../../host/data/pca.ts';
import { HostRandom } from '../../../host/data/philox.ts';

/** Rows near a space of `rank` dimensions, each with half the spread of the one before. */
function near(rows: number, columns: number, rank: number, noise: number): Dataset {
  const random = new HostRandom(7);
  const draw = () => random.below(2001) / 1000 - 1;
  const axes = Array.from({ length: rank }, () => Array.from({ length: columns }, draw));
  const features = Float64Array.from({ length: rows * columns });
  for (let i = 0; i < rows; i++) {
    const weights = axes.map((_, k) => draw() / 2 ** k);
    for (let j = 0; j < columns; j++) {
      features[i * columns + j] =
        3 + axes.reduce((sum, axis, k) => sum + weights[k] * axis[j], noise * draw());
    }
  }
  return { features, rows, columns, labels: new Int32Array(rows), classes: ['a'], name: 'near' };
}

function components(dataset: Dataset, count: number): readonly (readonly number[])[] {
  const [step] = fitPipeline(dataset, [{ kind: 'pca', components: count }]).pipeline;
  assert(step?.kind === 'pca');
  return step.components;
}

/** The covariance, and its eigenvectors by another library, largest first. */
function reference({ features, rows, columns }: Dataset) {
  const x = new Matrix(rows, columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) x.set(i, j, features[i * columns + j]);
  const centred = x.subRowVector(x.mean('column'));
  const covariance = centred
    .transpose()
    .mmul(centred)
    .div(rows - 1);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  return {
    covariance,
    vectors: order.map((k) => eigenvectorMatrix.getColumn(k)),
    values: order.map((k) => realEigenvalues[k]),
  };
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);

/** Asserts that directions are those of the reference, upright, with the largest entry positive. */
function same(
  found: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
  tolerance: number,
): void {
  found.forEach((direction, k) => {
    assert(Math.abs(Math.abs(dot(direction, expected[k])) - 1) < tolerance, `component ${k}`);
    assert(Math.abs(dot(direction, direction) - 1) < 1e-12);
    for (let other = 0; other < k; other++) assert(Math.abs(dot(direction, found[other])) < 1e-10);
    const largest = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    assert(largest > 0);
  });
}

test('pca: few rows of many columns, by the products of rows', () => {
  const data = near(12, 300, 5, 0.01);
  same(components(data, 8), reference(data).vectors, 1e-9);
});

test('pca: a large covariance, by Krylov spaces', () => {
  const data = near(400, 280, 6, 0.001);
  same(components(data, 6), reference(data).vectors, 1e-9);
});

test('pca: rows that span less than was asked for', () => {
  const data = near(9, 400, 2, 0);
  const found = components(data, 7);
  same(found.slice(0, 2), reference(data).vectors, 1e-9);
  found.forEach((direction, k) => {
    for (let other = 0; other <= k; other++) {
      assert(Math.abs(dot(direction, found[other]) - Number(other === k)) < 1e-10);
    }
  });
  const constant = { ...data, features: new Float64Array(data.features.length).fill(2) };
  assert.equal(components(constant, 3).length, 3);
});

test('eigen: a matrix with repeated eigenvalues, and one without any order', () => {
  const side = 260;
  const diagonal = new Float64Array(side * side);
  for (let i = 0; i < side; i++) diagonal[i * side + i] = i < 4 ? 5 : 1 / (i + 1);
  const pairs = leadingEigenpairs(diagonal, side, 5);
  pairs.forEach(({ value }, k) => assert(Math.abs(value - (k < 4 ? 5 : 1 / 5)) < 1e-12, `${k} ${value}`));
  const random = new HostRandom(3);
  const noise = new Float64Array(side * side);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j <= i; j++) noise[i * side + j] = noise[j * side + i] = random.below(2001) / 1000 - 1;
  }
  const matrix = new Matrix(side, side);
  for (let i = 0; i < side; i++) for (let j = 0; j < side; j++) matrix.set(i, j, noise[i * side + j]);
  const all = new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues.sort(
    (a, b) => b - a,
  );
  leadingEigenpairs(noise, side, 3).forEach(({ value }, k) => assert(Math.abs(value - all[k]) < 1e-10));
});

test('pca: a thousand columns of twenty rows take few operations, and what is too large is refused', () => {
  const data = near(20, 20_000, 4, 0.01);
  assert.equal(components(data, 15).length, 15);
  const side = MAX_SIDE + 1;
  const square = {
    ...data,
    features: new Float64Array(side * side),
    rows: side,
    columns: side,
    labels: new Int32Array(side),
  };
  assert.throws(
    () => components(square, 2),
    (error) =>
      error instanceof OptionError &&
      /at most 2048 columns or rows, whichever are fewer, not 2049 x 2049/.test(error.message),
  );
  const wide = {
    ...data,
    features: new Float64Array(3 * 2 ** 21),
    rows: 3,
    columns: 2 ** 21,
    labels: new Int32Array(3),
  };
  assert.equal(components(wide, 2).length, 2);
  assert.throws(
    () =>
      components({ ...wide, features: new Float64Array(5 * 2 ** 21), rows: 5, labels: new Int32Array(5) }, 3),
    OptionError,
  );
});
