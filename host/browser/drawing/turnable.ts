/** A surface over a square, drawn from any side: orthographic, the far cells first, lit from above. */
import { between, theme } from './theme.ts';

/** Heights in rows of y from its least, each of x from its least, and lines on the surface. */
export interface Surface3 {
  readonly side: number;
  readonly heights: ArrayLike<number>;
  /** Least and largest of either parameter. */
  readonly domain: readonly [number, number];
  readonly ways: readonly { readonly arm: number; readonly at: ArrayLike<number> }[];
}

/** Where one looks from, in radians. */
export interface View3 {
  readonly yaw: number;
  readonly pitch: number;
}

/** How high the surface is drawn, as a share of its side. */
const HEIGHT = 0.55;

/** Least and largest of some numbers. */
export function rangeOf(values: ArrayLike<number>): [number, number] {
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i] as number);
    largest = Math.max(largest, values[i] as number);
  }
  return [least, largest];
}

/** Draws a surface on a canvas, which is empty without one. */
export function drawSurface(
  canvas: HTMLCanvasElement,
  surface: Surface3 | undefined,
  { yaw, pitch }: View3,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { arms, dark, ink } = theme();
  const [width, height] = [canvas.clientWidth * devicePixelRatio, canvas.clientHeight * devicePixelRatio];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  context.clearRect(0, 0, width, height);
  if (surface === undefined) return;
  const { side, heights, domain, ways } = surface;
  const [least, largest] = rangeOf(heights);
  const scale = 0.62 * Math.min(width, height * 1.25);
  const [cos, sin, up, flat] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  /** From the unit square around 0 and a height of 0 to 1 to the canvas, and how far away that is. */
  const project = (u: number, v: number, h: number): [number, number, number] => {
    const [x, y] = [u * cos - v * sin, u * sin + v * cos];
    return [width / 2 + scale * x, 0.53 * height - scale * (y * flat + (h - 0.5) * HEIGHT * up), y];
  };
  const heightAt = (i: number, j: number) =>
    ((heights[j * side + i] as number) - least) / (largest - least || 1);
  const place = (i: number) => i / (side - 1) - 0.5;
  /** Between the corners of a cell: at the nearest of them a way would go down stairs. */
  const heightBetween = (u: number, v: number) => {
    const [x, y] = [u * (side - 1), v * (side - 1)];
    const [i, j] = [Math.min(side - 2, Math.floor(x)), Math.min(side - 2, Math.floor(y))];
    const along = (k: number) => heightAt(i, k) + (x - i) * (heightAt(i + 1, k) - heightAt(i, k));
    return along(j) + (y - j) * (along(j + 1) - along(j));
  };
  const [low, high] = dark ? ['#25406b', '#e8b48a'] : ['#2e5ea8', '#f3cfa9'];
  const cells: { depth: number; i: number; j: number }[] = [];
  for (let j = 0; j + 1 < side; j++)
    for (let i = 0; i + 1 < side; i++)
      cells.push({ depth: project(place(i + 0.5), place(j + 0.5), 0)[2], i, j });
  cells.sort((a, b) => b.depth - a.depth);
  context.lineWidth = 0.6 * devicePixelRatio;
  for (const { i, j } of cells) {
    const corners = [
      [i, j],
      [i + 1, j],
      [i + 1, j + 1],
      [i, j + 1],
    ] as const;
    const slope = heightAt(i + 1, j) - heightAt(i, j) + heightAt(i, j + 1) - heightAt(i, j);
    const mean = corners.reduce((sum, [a, b]) => sum + heightAt(a, b) / 4, 0);
    const light = Math.max(-0.16, Math.min(0.16, -1.6 * slope));
    const [r, g, b] = between(low as string, high as string, mean).map((value) =>
      Math.round(Math.min(255, Math.max(0, value * (1 + light)))),
    );
    context.beginPath();
    for (const [a, c] of corners)
      context.lineTo(...(project(place(a), place(c), heightAt(a, c)).slice(0, 2) as [number, number]));
    context.closePath();
    context.fillStyle = context.strokeStyle = `rgb(${r} ${g} ${b})`;
    context.fill();
    context.stroke();
  }
  const [from, to] = domain;
  const share = (value: number) => (value - from) / (to - from);
  ways.forEach(({ arm, at }, way) => {
    // Of ways that are the same, the lower ones are seen beside the upper ones.
    const wider = 1.8 * (ways.length - 1 - way);
    context.beginPath();
    let end: [number, number] | undefined;
    for (let k = 0; k + 1 < at.length; k += 2) {
      const [u, v] = [share(at[k] as number), share(at[k + 1] as number)];
      if (u < 0 || u > 1 || v < 0 || v > 1) continue;
      const [x, y] = project(u - 0.5, v - 0.5, heightBetween(u, v) + 0.02);
      context.lineTo(x, y);
      end = [x, y];
    }
    context.lineJoin = 'round';
    context.strokeStyle = dark ? '#14161a' : '#ffffff';
    context.lineWidth = (4.5 + wider) * devicePixelRatio;
    context.stroke();
    context.strokeStyle = context.fillStyle = arms[arm] ?? ink;
    context.lineWidth = (2.2 + wider) * devicePixelRatio;
    context.stroke();
    if (!end) return;
    context.beginPath();
    context.arc(...end, 4 * devicePixelRatio, 0, 2 * Math.PI);
    context.fill();
  });
}
