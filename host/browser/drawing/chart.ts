/** Line charts by uPlot, in the colours of the page. They share their cursor, and are drawn anew when the colours change. */
import uPlot from 'uplot';
import { count } from './format.ts';
import { onTheme, theme } from './theme.ts';

/** One line. */
export interface Line {
  readonly label: string;
  /** Which rule's colour; -1: that of text. */
  readonly arm: number;
  readonly dash?: boolean;
  /** Points instead of a line. */
  readonly dots?: boolean;
}

/** What a chart is of. */
export interface ChartSpec {
  readonly lines: readonly Line[];
  readonly xLabel: string;
  readonly log?: boolean;
  readonly logX?: boolean;
  /** Bounds of y, where they are known. */
  readonly range?: readonly [number, number];
  /** Places of x to be marked at the foot, in the colours of rules. */
  readonly marks?: () => readonly { readonly arm: number; readonly at: readonly number[] }[];
  /** Charts with the same key have one cursor. */
  readonly sync?: string;
  /** Number of x at the right end, where it is known beforehand. */
  readonly end?: number;
}

/** x, then y of every line; undefined and NaN leave a gap. */
export type ChartData = readonly ArrayLike<number | null | undefined>[];

/** A chart in its place. */
export interface LiveChart {
  update(data: ChartData): void;
  canvas(): HTMLCanvasElement;
  destroy(): void;
}

const FONT = '11px ui-sans-serif, system-ui, sans-serif';

/** Small ticks at the foot of a chart, a row for each rule that has some. */
function drawMarks(plot: uPlot, marks: NonNullable<ChartSpec['marks']>, colours: readonly string[]): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  marks().forEach(({ arm, at }, row) => {
    const bottom = bbox.top + bbox.height - (3 + 7 * row) * scale;
    ctx.fillStyle = colours[arm] ?? '';
    let last = Number.NEGATIVE_INFINITY;
    for (const x of at) {
      const place = Math.round(plot.valToPos(x, 'x', true));
      if (place - last < scale || place < bbox.left || place > bbox.left + bbox.width) continue;
      ctx.fillRect(place, bottom - 5 * scale, Math.max(1, scale), 5 * scale);
      last = place;
    }
  });
}

/** Numbers beside an axis. */
function tick(value: number | null): string {
  if (value === null) return '';
  const size = Math.abs(value);
  if (size < 1e-3 && size > 0) return value.toExponential(0);
  return size >= 1e4 ? count(value) : String(Number(value.toPrecision(4)));
}

/** What the lines are under the cursor, in words. */
function under({ cursor: { idx }, data: [xs, ...ys] }: uPlot, lines: readonly Line[]): string {
  if (idx === null || idx === undefined || xs[idx] === undefined) return '';
  const each = lines.flatMap(({ label, dash }, i) =>
    dash ? [] : [`${label} ${tick(ys[i]?.[idx] ?? null) || '–'}`],
  );
  return `${tick(xs[idx])}: ${each.join(', ')}`;
}

/** @param tell takes what is under the cursor */
function optionsOf(
  spec: ChartSpec,
  width: number,
  height: number,
  tell: (text: string) => void,
): uPlot.Options {
  const { ink, faint, line, arms } = theme();
  const axis = { stroke: faint, font: FONT, grid: { stroke: line, width: 1 }, ticks: { show: false } };
  const colour = ({ arm }: Line) => (arm < 0 ? ink : (arms[arm] ?? ink));
  return {
    ...{ width, height, padding: [8, 16, 0, 0] },
    legend: { show: false },
    cursor: {
      ...(spec.sync ? { sync: { key: spec.sync } } : {}),
      points: { size: 6 },
      drag: { x: true, y: false },
    },
    scales: {
      x: {
        time: false,
        ...(spec.logX ? { distr: 3 as const } : {}),
        ...(spec.end === undefined
          ? {}
          : { range: (_, least, most) => [Math.min(0, least ?? 0), Math.max(spec.end ?? 1, most ?? 1)] }),
      },
      y: {
        ...(spec.log ? { distr: 3 as const } : {}),
        ...(spec.range ? { range: spec.range as [number, number] } : {}),
      },
    },
    axes: [
      { ...axis, size: 26, values: (_, all) => all.map(tick) },
      { ...axis, size: 46, values: (_, all) => all.map(tick) },
    ],
    series: [
      { label: spec.xLabel },
      ...spec.lines.map((each) => ({
        label: each.label,
        stroke: colour(each),
        width: each.dash ? 1 : 1.5,
        ...(each.dash ? { dash: [4, 4] } : {}),
        points: { show: each.dots ?? false, size: 6, fill: colour(each) },
        ...(each.dots ? { paths: () => null } : {}),
        spanGaps: true,
      })),
    ],
    hooks: {
      draw: [(plot) => spec.marks && drawMarks(plot, spec.marks, arms)],
      setCursor: [(plot) => tell(under(plot, spec.lines))],
    },
  };
}

/** Draws a chart that fills an element and follows its size. */
export function chartIn(element: HTMLElement, spec: ChartSpec): LiveChart {
  let latest: ChartData = [[], ...spec.lines.map(() => [])];
  const size = () => [Math.max(60, element.clientWidth), Math.max(60, element.clientHeight)] as const;
  const tell = (text: string) => {
    element.dataset.under = text;
  };
  /** Without data uPlot leaves the axis out, and what comes would move the chart. */
  const framed = (made: uPlot) => {
    if (latest[0]?.length === 0 && !spec.range) made.setScale('y', { min: spec.log ? 0.1 : 0, max: 1 });
    return made;
  };
  const make = () =>
    framed(new uPlot(optionsOf(spec, ...size(), tell), latest as uPlot.AlignedData, element));
  let plot = make();
  const resize = new ResizeObserver(() => {
    const [width, height] = size();
    if (width !== plot.width || height !== plot.height) plot.setSize({ width, height });
  });
  resize.observe(element);
  const end = onTheme(() => {
    plot.destroy();
    plot = make();
  });
  return {
    update(data) {
      latest = data;
      plot.setData(data as uPlot.AlignedData);
      framed(plot);
    },
    canvas: () => plot.ctx.canvas,
    destroy() {
      end();
      resize.disconnect();
      plot.destroy();
    },
  };
}
