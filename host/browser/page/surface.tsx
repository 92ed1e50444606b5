/** The decision surface of the rule that has the focus, with the points that it is to tell apart. */
import { useEffect, useRef } from 'preact/hooks';
import { between, onTheme, theme } from '../drawing/theme.ts';
import type { Points, Surface } from '../work/messages.ts';
import { Figure } from './figure.tsx';
import { savePicture } from './save.ts';

/** Colours of classes beyond the second. */
const MORE = ['#7a9a3a', '#a05fb5', '#c2a12e', '#4c9db0'];

/** Draws surface and points on a canvas. */
function draw(
  canvas: HTMLCanvasElement,
  points: Points,
  surface: Surface | undefined,
  classes: number,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { classes: ends, paper, ink } = theme();
  const colourOf = (label: number) => ends[label] ?? MORE[(label - 2) % MORE.length] ?? ink;
  const side = canvas.clientWidth * devicePixelRatio;
  if (canvas.width !== side) [canvas.width, canvas.height] = [side, side];
  context.fillStyle = paper;
  context.fillRect(0, 0, side, side);
  if (surface) {
    const image = new ImageData(surface.side, surface.side);
    surface.values.forEach((value, i) => {
      const strength = classes === 2 ? Math.abs(2 * value - 1) : 0.6;
      const colour = classes === 2 ? colourOf(value > 0.5 ? 1 : 0) : colourOf(value);
      image.data.set([...between(paper, colour, 0.12 + 0.45 * strength), 255], 4 * i);
    });
    const small = new OffscreenCanvas(surface.side, surface.side);
    small.getContext('2d')?.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = classes === 2;
    context.drawImage(small, 0, 0, side, side);
  }
  const [left, right, bottom, top] = points.window;
  const radius = Math.max(1.6, side / 190);
  for (let i = 0; i < points.labels.length; i++) {
    const x = (((points.at[2 * i] as number) - left) / (right - left)) * side;
    const y = ((top - (points.at[2 * i + 1] as number)) / (top - bottom)) * side;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = context.strokeStyle = colourOf(points.labels[i] as number);
    context.lineWidth = radius * 0.7;
    if (i < points.trained) context.fill();
    else context.stroke();
  }
}

interface SurfaceProps {
  readonly points: Points;
  readonly surface: Surface | undefined;
  readonly classes: readonly string[];
  readonly columns: readonly string[];
  readonly rule: string;
}

/** Draws the surface. */
export function SurfaceFigure({ points, surface, classes, columns, rule }: SurfaceProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const paint = () => canvas.current && draw(canvas.current, points, surface, classes.length);
    paint();
    return onTheme(paint);
  }, [points, surface, classes]);
  const [x = 'x', y = 'y'] = columns;
  const says = `What ${rule} predicts over ${x} and ${y}, with ${points.labels.length} points of the classes ${classes.join(', ')}`;
  return (
    <Figure
      kind="surface"
      title="Decision surface"
      note={`${rule}; filled: trained on, rings: tested on`}
      png={() => canvas.current && void savePicture('surface.png', canvas.current, `${rule}: ${y} by ${x}`)}
    >
      <canvas ref={canvas} role="img" aria-label={says} />
    </Figure>
  );
}
