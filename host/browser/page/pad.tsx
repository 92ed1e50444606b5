/** A pad to draw a digit on, which is classified at once; or a digit of those to test on. */
import { useRef, useState } from 'preact/hooks';
import { centred } from '../drawing/digit.ts';
import { percent } from './format.ts';
import type { Session } from './session.ts';

/** Pixels along a side of what is classified, and of the pad for each of them. */
const SIDE = 28;
const SCALE = 8;

interface PadProps {
  readonly session: Session;
  readonly classes: readonly string[];
  readonly rule: string;
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
export function Pad({ session, classes, rule }: PadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<[number, number] | undefined>(undefined);
  const taken = useRef(0);
  const [answer, setAnswer] = useState<{ probabilities: readonly number[]; of: string } | undefined>();

  const classify = async (row: Float64Array, of: string) =>
    setAnswer({ probabilities: await session.client.classify(row), of });
  const clear = () => {
    const context = canvas.current?.getContext('2d');
    context?.clearRect(0, 0, SIDE * SCALE, SIDE * SCALE);
    setAnswer(undefined);
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
    void classify(centred(pixelsOf(canvas.current), SIDE), 'your drawing');
  };
  const take = async () => {
    const { row, label } = await session.client.sample((taken.current += 7));
    if (canvas.current) show(canvas.current, row);
    await classify(row, `a test digit ${label}`);
  };
  return (
    <figure class="panel pad">
      <figcaption>
        <h3>Draw a digit</h3>
        <span class="note">{classes.join(' or ')}</span>
      </figcaption>
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
            {answer ? (
              <>
                <p class="note">
                  {rule} says of {answer.of}
                </p>
                {answer.probabilities.map((share, i) => (
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
    </figure>
  );
}
