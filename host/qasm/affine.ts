/** Angles as functions of a program's inputs: what the core takes is constant + sum of scale * input. */

/** constant + sum over inputs of scale * input. */
export interface Affine {
  readonly constant: number;
  /** Scales by the numbers of the inputs; none of them is 0. */
  readonly terms: ReadonlyMap<number, number>;
}

const NOTHING: ReadonlyMap<number, number> = new Map();

/** A number that no input changes. */
export const constant = (value: number): Affine => ({ constant: value, terms: NOTHING });

/** An input as it is. */
export const inputOf = (input: number): Affine => ({ constant: 0, terms: new Map([[input, 1]]) });

/** Whether no input changes it. */
export const isConstant = ({ terms }: Affine): boolean => terms.size === 0;

/** a + scale * b. */
export function add(a: Affine, b: Affine, scale = 1): Affine {
  const sum = a.constant + scale * b.constant;
  if (isConstant(b)) return { constant: sum, terms: a.terms };
  const terms = new Map(a.terms);
  for (const [input, factor] of b.terms) {
    const total = (terms.get(input) ?? 0) + scale * factor;
    if (total === 0) terms.delete(input);
    else terms.set(input, total);
  }
  return { constant: sum, terms };
}

/** factor * a. */
export function scaled(a: Affine, factor: number): Affine {
  if (factor === 1) return a;
  if (isConstant(a) || factor === 0) return constant(a.constant * factor);
  const terms = new Map([...a.terms].map(([input, scale]) => [input, scale * factor]));
  return { constant: a.constant * factor, terms };
}

/** Whether all its numbers are finite. */
export const isFinite = (a: Affine): boolean =>
  [a.constant, ...a.terms.values()].every((value) => Number.isFinite(value));
