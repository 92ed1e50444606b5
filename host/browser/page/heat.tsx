/** The gradient's size over the landscape, its logarithm as a tint, with the ways of the rules; a click is the next start. */
import { useEffect, useRef } from 'preact/hooks';
import { between, onTheme, theme } from '../drawing/theme.ts';
import { rangeOf, type Surface3 } from '../drawing/turnable.ts';
import { Figure } from './figure.tsx';
import { savePicture } from './save.ts';

/** Draws the map. */
function draw(canvas: HTMLCanvasElement, { side, heights, domain, ways }: Surface3): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { arms, paper, ink, dark } = theme();
  const size = canvas.clientWidth * devicePixelRatio;
  if (canvas.width !== size) [canvas.width, canvas.height] = [size, size];
  const logs = Float64Array.from(heights, (value) => Math.log10(Math.max(value, 1e-4)));
  const [least, largest] = rangeOf(logs);
  const image = new ImageData(side, side);
  logs.forEach((value, k) => {
    // The canvas begins at the top, the map at the least y.
    const at = (side - 1 - Math.floor(k / side)) * side + (k % side);
    image.data.set(
      [...between(paper, dark ? '#e08a4a' : '#9c3d12', ((value - least) / (largest - least)) ** 1.4), 255],
      4 * at,
    );
  });
  const small = new OffscreenCanvas(side, side);
  small.getContext('2d')?.putImageData(image, 0, 0);
  context.drawImage(small, 0, 0, size, size);
  const place = (value: number) => ((value - domain[0]) / (domain[1] - domain[0])) * size;
  ways.forEach(({ arm, at }, i) => {
    // Of ways that are the same, the lower ones are seen beside the upper ones.
    const wider = 1.8 * (ways.length - 1 - i);
    context.beginPath();
    for (let k = 0; k + 1 < at.length; k += 2)
      context.lineTo(place(at[k] as number), size - place(at[k + 1] as number));
    context.lineJoin = 'round';
    context.strokeStyle = paper;
    context.lineWidth = (4 + wider) * devicePixelRatio;
    context.stroke();
    context.strokeStyle = arms[arm] ?? ink;
    context.lineWidth = (2 + wider) * devicePixelRatio;
    context.stroke();
  });
  const [{ at } = { at: [] }] = ways;
  if (at.length < 2) return;
  context.beginPath();
  context.arc(place(at[0] as number), size - place(at[1] as number), 4.5 * devicePixelRatio, 0, 2 * Math.PI);
  context.fillStyle = paper;
  context.strokeStyle = ink;
  context.fill();
  context.stroke();
}

interface HeatProps {
  readonly surface: Surface3;
  readonly says: string;
  readonly choose: (x: number, y: number) => void;
}

/** The map. */
export function Heat({ surface, says, choose }: HeatProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const paint = () => canvas.current && draw(canvas.current, surface);
    paint();
    return onTheme(paint);
  }, [surface]);
  const [from, to] = surface.domain;
  const click = (event: MouseEvent) => {
    const { left, top, width } = (canvas.current as HTMLCanvasElement).getBoundingClientRect();
    const at = (share: number) => Number((from + (to - from) * share).toFixed(2));
    choose(at((event.clientX - left) / width), at(1 - (event.clientY - top) / width));
  };
  return (
    <Figure
      kind="heat"
      title="‖∇C‖"
      note="logarithmic; a click is the next start"
      png={() => canvas.current && void savePicture('gradient.png', canvas.current, '‖∇C‖, logarithmic')}
    >
      <canvas ref={canvas} role="img" aria-label={says} onClick={click} />
    </Figure>
  );
}
