/** From records of any length to as many points as a chart has room for. */

/** Places in a list of this length, at most so many, the first and the last among them. */
export function places(length: number, most: number): Int32Array {
  if (length <= most) return Int32Array.from({ length }, (_, i) => i);
  return Int32Array.from({ length: most }, (_, i) => Math.round((i * (length - 1)) / (most - 1)));
}

/** One line with places of its own. */
export interface OwnLine {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** Lines with places of their own on common ones: each has gaps where others have points. */
export function joined(lines: readonly OwnLine[]): (number | null)[][] {
  const all = new Set<number>();
  for (const { x } of lines) for (let i = 0; i < x.length; i++) all.add(x[i] as number);
  const common = [...all].sort((a, b) => a - b);
  const at = new Map(common.map((x, i) => [x, i]));
  return [
    common,
    ...lines.map(({ x, y }) => {
      const values = new Array<number | null>(common.length).fill(null);
      for (let i = 0; i < x.length; i++) {
        const value = y[i] as number;
        values[at.get(x[i] as number) as number] = Number.isNaN(value) ? null : value;
      }
      return values;
    }),
  ];
}
