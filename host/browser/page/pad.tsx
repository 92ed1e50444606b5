/** A pad to draw a digit on, which is classified at once; or a digit of those to test on. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { centred } from '../drawing/digit.ts';
import { Figure } from './figure.tsx';
import { percent } from '../drawing/format.ts';
import type { Session } from './session.ts';

/** Pixels along a side of what is classified, and of the pad for each of them. */
const SIDE = 28;
const SCALE = 8;

interface PadProps {
  readonly session: Session;
  readonly classes: readonly string[];
  readonly rule: string;
  /** What is on the pad is classified anew when it changes. */
  readonly look: unknown;
}

/** What is on the pad as grey values, 0 to 255, row by row. */
function pixelsOf(canvas: HTMLCanvasElement): Float64Array {
  const small = new OffscreenCanvas(SIDE, SIDE);
  const context = small.getContext('2d');
  context?.drawImage(canvas, 0, 0, SIDE, SIDE);
  const data = context?.getImageData(0, 0, SIDE, SIDE).data ?? new Uint8ClampedArray(4 * SIDE * SIDE);
  return Float64Array.from({ length: SIDE * SIDE }, (_, i) => data[4 * i] as number);
}

/** Puts a row of grey values on the pad. */
function show(canvas: HTMLCanvasElement, row: Float64Array): void {
  const image = new ImageData(SIDE, SIDE);
  row.forEach((value, i) => image.data.set([value, value, value, 255], 4 * i));
  const small = new OffscreenCanvas(SIDE, SIDE);
  small.getContext('2d')?.putImageData(image, 0, 0);
  const context = canvas.getContext('2d');
  if (context) context.imageSmoothingEnabled = false;
  context?.drawImage(small, 0, 0, canvas.width, canvas.height);
}

/** The pad. */
export function Pad({ session, classes, rule, look }: PadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<[number, number] | undefined>(undefined);
  const taken = useRef(0);
  const [asked, ask] = useState<{ row: Float64Array; of: string } | undefined>();
  const [shares, setShares] = useState<readonly number[]>([]);

  useEffect(() => {
    let isLatest = true;
    if (asked)
      session.client.classify(asked.row).then(
        (found) => isLatest && setShares(found),
        // The race has gone: the next one is looked at as soon as it is there.
        () => {},
      );
    return () => {
      isLatest = false;
    };
  }, [asked, look]);
  const clear = () => {
    const context = canvas.current?.getContext('2d');
    context?.clearRect(0, 0, SIDE * SCALE, SIDE * SCALE);
    ask(undefined);
    setShares([]);
  };
  const place = (event: PointerEvent): [number, number] => {
    const { left, top, width } = (canvas.current as HTMLCanvasElement).getBoundingClientRect();
    const scale = (SIDE * SCALE) / width;
    return [(event.clientX - left) * scale, (event.clientY - top) * scale];
  };
  const down = (event: PointerEvent) => {
    canvas.current?.setPointerCapture(event.pointerId);
    last.current = place(event);
    move(event);
  };
  const move = (event: PointerEvent) => {
    const context = canvas.current?.getContext('2d');
    if (!context || !last.current) return;
    const [x, y] = place(event);
    context.strokeStyle = '#fff';
    context.lineWidth = 2.4 * SCALE;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(...last.current);
    context.lineTo(x, y);
    context.stroke();
    last.current = [x, y];
  };
  const up = () => {
    if (!last.current || !canvas.current) return;
    last.current = undefined;
    ask({ row: centred(pixelsOf(canvas.current), SIDE), of: 'your drawing' });
  };
  const take = async () => {
    const { row, label } = await session.client.sample((taken.current += 7));
    if (canvas.current) show(canvas.current, row);
    ask({ row, of: `a test digit ${label}` });
  };
  return (
    <Figure kind="pad" title="Draw a digit" note={classes.join(' or ')}>
      <div class="pad-row">
        <canvas
          ref={canvas}
          width={SIDE * SCALE}
          height={SIDE * SCALE}
          role="img"
          aria-label="A pad to draw a digit on with a pointer; the button beside it takes a digit of the test set instead"
          onPointerDown={down}
          onPointerMove={move}
          onPointerUp={up}
        />
        <div class="pad-side">
          <button type="button" onClick={() => void take()}>
            Take a test digit
          </button>
          <button type="button" onClick={clear}>
            Clear
          </button>
          <div class="answer" role="status">
            {asked && shares.length > 0 ? (
              <>
                <p class="note">
                  {rule} says of {asked.of}
                </p>
                {shares.map((share, i) => (
                  <p class="bar">
                    <b>{classes[i]}</b>
                    <meter min={0} max={1} value={share} aria-label={`probability of ${classes[i]}`} />
                    <span>{percent(share)}</span>
                  </p>
                ))}
              </>
            ) : (
              <p class="note">Draw, and {rule} says what it is.</p>
            )}
          </div>
        </div>
      </div>
    </Figure>
  );
}
