/** A live chart with its title, and what it shows in words for those who do not see it. */
import { useEffect, useRef } from 'preact/hooks';
import { type ChartData, chartIn, type ChartSpec, type LiveChart } from '../drawing/chart.ts';
import { Figure } from './figure.tsx';
import { savePicture } from './save.ts';

/** Milliseconds between the charts of one page, and how many wait for one another. */
const TURN_MS = 12;
const TURNS = 4;
let drawn = 0;

interface ChartProps {
  readonly title: string;
  /** What stands beside the title. */
  readonly note?: string;
  /** What the lines come to, in a sentence. */
  readonly says: string;
  readonly spec: ChartSpec;
  readonly data: () => ChartData;
  /** The chart is drawn again when it changes. */
  readonly version: unknown;
  /** What its picture is called. */
  readonly file: string;
}

/** Draws a chart. */
export function Chart({ title, note, says, spec, data, version, file }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<LiveChart | undefined>(undefined);
  const turn = useRef(0);
  const key = JSON.stringify(spec);
  useEffect(() => {
    if (place.current === null) return undefined;
    turn.current = drawn++ % TURNS;
    const made = chartIn(place.current, spec);
    chart.current = made;
    made.update(data());
    return () => made.destroy();
  }, [key]);
  useEffect(() => {
    // Charts that change together are drawn one after the other, so that none of it takes long.
    const timer = setTimeout(() => chart.current?.update(data()), TURN_MS * turn.current);
    return () => clearTimeout(timer);
  }, [version, key]);
  const png = () =>
    chart.current &&
    void savePicture(`${file}.png`, chart.current.canvas(), `${title} by ${spec.xLabel}`, spec.lines);
  return (
    <Figure kind="chart" {...{ title, note, png }}>
      <div class="plot" ref={place} role="img" aria-label={says} />
    </Figure>
  );
}
