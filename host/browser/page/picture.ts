/** A drawing as a picture that can be shown elsewhere. */
import type { Line } from '../drawing/chart.ts';
import { theme } from '../drawing/theme.ts';
import type { MadeFile } from '../work/files.ts';

/** Height of the line above the drawing, and its letters, in pixels of the page. */
const HEAD = 26;
const LETTERS = 12;

/** Puts a canvas below its title and what its colours mean, on paper, for by itself it is transparent. */
export async function pictureOf(
  name: string,
  canvas: HTMLCanvasElement,
  title: string,
  lines: readonly Line[] = [],
): Promise<MadeFile> {
  const { paper, ink, arms } = theme();
  const [head, letters] = [HEAD * devicePixelRatio, LETTERS * devicePixelRatio];
  const picture = new OffscreenCanvas(canvas.width, canvas.height + head);
  const context = picture.getContext('2d') as OffscreenCanvasRenderingContext2D;
  context.fillStyle = paper;
  context.fillRect(0, 0, picture.width, picture.height);
  context.font = `${letters}px sans-serif`;
  let x = letters;
  for (const { label, arm } of [{ label: title, arm: -1 }, ...lines.filter(({ dash }) => !dash)]) {
    context.fillStyle = arms[arm] ?? ink;
    context.fillText(label, x, 1.4 * letters);
    x += context.measureText(label).width + letters;
  }
  context.drawImage(canvas, 0, head);
  const blob = await picture.convertToBlob();
  return { name, type: blob.type, bytes: new Uint8Array(await blob.arrayBuffer()) };
}
