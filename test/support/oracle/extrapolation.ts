/** Zero-noise extrapolation from its definition: folded circuits, and fits by their normal equations. */
import { Channel, Extrapolation } from '../../../assembly/abi/codes.ts';
import type { OracleModel, OracleOp, Vector } from './circuit.ts';
import { isChannel, noisyOutputs } from './noise.ts';

/** Gates with their noise, in time order: a channel says by its index of how many operations its gate is made. */
function gates(operations: readonly OracleOp[]): OracleOp[][] {
  const groups: OracleOp[][] = [];
  let at = 0;
  while (at < operations.length) {
    let first = at;
    while (first < operations.length && !isChannel(operations[first])) first++;
    let end = first;
    while (end < operations.length && isChannel(operations[end])) end++;
    const span = end > first ? Math.min(Math.max(operations[first].index, 1), first - at) : 0;
    for (const op of operations.slice(at, first - span)) groups.push([op]);
    if (end > first) groups.push(operations.slice(first - span, end));
    at = end;
  }
  return groups;
}

/** A gate undone, its noise as ever. */
function undone(group: readonly OracleOp[]): OracleOp[] {
  const turns = group.filter((op) => !isChannel(op)).reverse();
  const back = turns.map((op) => ({ ...op, scale: -op.scale, offset: -op.offset }));
  return [...back, ...group.filter((op) => isChannel(op))];
}

/** The circuit U (U* U)^folds, measured as it was. */
export function folded(model: OracleModel, folds: number): OracleModel {
  const isRead = ({ kind }: OracleOp) => kind === Channel.Readout;
  const groups = gates(model.operations.filter((op) => !isRead(op)));
  const there = groups.flat();
  const back = [...groups].reverse().flatMap(undone);
  const operations = [there, ...Array.from({ length: folds }, () => [...back, ...there])].flat();
  return { ...model, operations: [...operations, ...model.operations.filter(isRead)] };
}

/** Solves A x = b by Gaussian elimination with pivots. */
function solve(A: number[][], b: number[]): number[] {
  const n = b.length;
  const rows = A.map((row, i) => [...row, b[i]]);
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c; r < n; r++) if (Math.abs(rows[r][c]) > Math.abs(rows[pivot][c])) pivot = r;
    [rows[c], rows[pivot]] = [rows[pivot], rows[c]];
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = rows[r][c] / rows[c][c];
      for (let k = c; k <= n; k++) rows[r][k] -= factor * rows[c][k];
    }
  }
  return rows.map((row, i) => row[n] / row[i]);
}

/** The value at 0 of the polynomial that fits best. */
function polynomialAtZero(x: number[], y: number[], degree: number, weights = x.map(() => 1)): number {
  const powers = Array.from({ length: degree + 1 }, (_, k) => k);
  const sum = (of: (j: number) => number) => x.reduce((total, _, j) => total + weights[j] * of(j), 0);
  const A = powers.map((r) => powers.map((c) => sum((j) => x[j] ** (r + c))));
  return solve(
    A,
    powers.map((r) => sum((j) => y[j] * x[j] ** r)),
  )[0];
}

/** How outputs are extrapolated. */
export interface ZeroNoise {
  readonly fit: Extrapolation;
  /** Scales 1, 3, 5, ... */
  readonly scales: number;
  readonly order?: number;
}

/** What values at the scales 1, 3, 5, ... extrapolate to. @param limit of infinite noise */
export function extrapolated(values: readonly number[], { fit, order = 1 }: ZeroNoise, limit = 0): number {
  const x = values.map((_, j) => 2 * j + 1);
  const y = [...values];
  if (fit === Extrapolation.Richardson) return polynomialAtZero(x, y, x.length - 1);
  if (fit === Extrapolation.Polynomial) return polynomialAtZero(x, y, order);
  const sides = y.map((value) => Math.sign(value - limit));
  if (fit === Extrapolation.Linear || sides[0] === 0 || sides.some((side) => side !== sides[0]))
    return polynomialAtZero(x, y, 1);
  const sizes = y.map((value) => Math.abs(value - limit));
  return limit + sides[0] * Math.exp(polynomialAtZero(x, sizes.map(Math.log), 1, sizes));
}

/** The extrapolated outputs of one sample. */
export function zeroNoiseOutputs(
  model: OracleModel,
  theta: Vector,
  features: Vector,
  how: ZeroNoise,
): number[] {
  const measured = Array.from({ length: how.scales }, (_, j) =>
    noisyOutputs(folded(model, j), theta, features),
  );
  return Array.from({ length: model.outputs }, (_, k) => {
    const limit = model.terms
      .filter((term) => term.output === k && (term.xMask | term.zMask) === 0)
      .reduce((sum, { coefficient }) => sum + coefficient, 0);
    return extrapolated(
      measured.map((outputs) => outputs[k]),
      how,
      limit,
    );
  });
}
