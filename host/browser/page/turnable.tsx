/** A surface that is turned by dragging it, or by the arrow keys. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { onTheme } from '../drawing/theme.ts';
import { drawSurface, type Surface3, type View3 } from '../drawing/turnable.ts';
import { Figure } from './figure.tsx';
import { savePicture } from './save.ts';

/** Where one looks from at first. */
const FIRST: View3 = { yaw: -0.65, pitch: 0.72 };

/** Radians that an arrow key turns, and a pixel of dragging. */
const KEY = 0.12;
const PIXEL = 0.008;

interface TurnableProps {
  readonly title: string;
  readonly note: string;
  readonly says: string;
  readonly file: string;
  readonly surface: Surface3 | undefined;
}

/** Draws the surface. */
export function Turnable({ title, note, says, file, surface }: TurnableProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [view, setView] = useState(FIRST);
  const last = useRef<readonly [number, number] | undefined>(undefined);
  useEffect(() => {
    const paint = () => canvas.current && drawSurface(canvas.current, surface, view);
    const frame = requestAnimationFrame(paint);
    const end = onTheme(paint);
    return () => {
      cancelAnimationFrame(frame);
      end();
    };
  }, [surface, view]);
  const turn = (yaw: number, pitch: number) =>
    setView((before) => ({
      yaw: before.yaw + yaw,
      pitch: Math.min(1.5, Math.max(0.1, before.pitch + pitch)),
    }));
  const key = (event: KeyboardEvent) => {
    const by = { ArrowLeft: [-KEY, 0], ArrowRight: [KEY, 0], ArrowUp: [0, KEY], ArrowDown: [0, -KEY] }[
      event.key
    ];
    if (by === undefined) return;
    event.preventDefault();
    turn(by[0] as number, by[1] as number);
  };
  const move = ({ clientX, clientY }: PointerEvent) => {
    if (last.current === undefined) return;
    turn((clientX - last.current[0]) * -PIXEL, (clientY - last.current[1]) * PIXEL);
    last.current = [clientX, clientY];
  };
  return (
    <Figure
      kind="turnable"
      {...{ title, note }}
      png={() => canvas.current && void savePicture(`${file}.png`, canvas.current, title)}
    >
      <canvas
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={`${says}. The arrow keys turn it.`}
        onKeyDown={key}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = [event.clientX, event.clientY];
        }}
        onPointerMove={move}
        onPointerUp={() => (last.current = undefined)}
      />
    </Figure>
  );
}
