/** Figure 1: the synthetic landscape as a surface, and how steep it is as a heat map with the box of the plateau. */
import {
  between,
  CAVE,
  cost,
  DOMAIN,
  FLAT,
  FORMULA,
  type Place,
  plateauHalf,
  steepness,
  WELL,
} from '../../paper/landscape.ts';
import { colourOfShare, darkStyle, escaped, FAINT, INK, PAPER } from '../output/page-colours.ts';

/** A drawing that is no chart of vega-lite. */
export interface Drawn {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly svg: string;
}

type Point = readonly [number, number];

const [WIDTH, HEIGHT] = [640, 500];
const FONT = 'font-family="system-ui, sans-serif"';
const CYAN = '#00e5ff';

const text = (
  [x, y]: Point,
  words: string,
  { size = 12, anchor = 'middle', more = '' }: { size?: number; anchor?: string; more?: string } = {},
) =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${FONT} font-size="${size}" text-anchor="${anchor}" fill="${INK}"${more}>${escaped(words)}</text>`;

const line = ([x1, y1]: Point, [x2, y2]: Point, colour = FAINT, width = 1) =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${colour}" stroke-width="${width}"/>`;

/** A bar that says what colours mean. */
function legend(x: number, [least, greatest]: readonly [number, number], title: string): string {
  const [top, height, width, steps] = [90, 320, 14, 64];
  const bars = Array.from({ length: steps }, (_, i) => {
    const y = top + height * (1 - (i + 1) / steps);
    return `<rect x="${x}" y="${y.toFixed(2)}" width="${width}" height="${(height / steps + 0.5).toFixed(2)}" fill="${colourOfShare((i + 0.5) / steps)}"/>`;
  });
  const ticks = between([least, greatest], 5).map((value, i) =>
    text([x + width + 5, top + height * (1 - i / 4) + 4], value.toFixed(2), { size: 11, anchor: 'start' }),
  );
  return [...bars, ...ticks, text([x + width / 2, top - 12], title)].join('');
}

function drawing(name: string, title: string, description: string, body: string): Drawn {
  const label = `<title>${escaped(title)}</title><desc>${escaped(description)}</desc>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">${label}${darkStyle()}<rect width="${WIDTH}" height="${HEIGHT}" fill="${PAPER}"/>${text([16, 26], title, { size: 15, anchor: 'start', more: ' font-weight="bold"' })}${body}</svg>\n`;
  return { name, title, description, svg };
}

/** Cells of the surface along either side. */
const MESH = 68;

/** Where the eye is: turned about the vertical, and above the floor, radians. */
const [TURN, RISE] = [(-28 * Math.PI) / 180, (34 * Math.PI) / 180];
/** Pixels of a unit of a parameter, and of the cost. */
const [UNIT, TALL] = [45, 160];

/** A place and a cost on the page, and how far from the eye. */
function seen([x, y]: Place, height: number): { readonly at: Point; readonly far: number } {
  const across = x * Math.cos(TURN) - y * Math.sin(TURN);
  const far = x * Math.sin(TURN) + y * Math.cos(TURN);
  return {
    at: [282 + UNIT * across, 312 - UNIT * far * Math.sin(RISE) - TALL * height * Math.cos(RISE)],
    far,
  };
}

/** Light on a facet: from the left, above. */
function lightOn([x, y]: Place, step: number): number {
  const normal = [
    (cost([x - step, y]) - cost([x + step, y])) / (2 * step),
    (cost([x, y - step]) - cost([x, y + step])) / (2 * step),
    0.55,
  ];
  const light = [-0.45, -0.3, 0.84];
  const length = Math.hypot(...normal);
  return 0.72 + (0.38 * normal.reduce((sum, value, i) => sum + value * light[i], 0)) / length;
}

function facets(): string {
  const sides = between(DOMAIN, MESH + 1);
  const step = sides[1] - sides[0];
  const all = sides.slice(1).flatMap((right, i) =>
    sides.slice(1).map((back, j) => {
      const corners: readonly Place[] = [
        [sides[i], sides[j]],
        [right, sides[j]],
        [right, back],
        [sides[i], back],
      ];
      const points = corners.map((corner) => seen(corner, cost(corner)));
      const middle: Place = [right - step / 2, back - step / 2];
      const colour = colourOfShare(cost(middle), lightOn(middle, step));
      return { far: Math.max(...points.map(({ far }) => far)), points, colour };
    }),
  );
  all.sort((a, b) => b.far - a.far);
  return all
    .map(({ points, colour }) => {
      const path = points.map(({ at }) => at.map((value) => value.toFixed(1)).join(' ')).join('L');
      return `<path d="M${path}Z" fill="${colour}" stroke="${colour}"/>`;
    })
    .join('');
}

/** The floor with its ticks, and the axis of the cost. */
function axes(): string {
  const [least, most] = DOMAIN;
  const floor = 0;
  const at = (place: Place, height = floor) => seen(place, height).at;
  const down = ([x, y]: Point, by: number): Point => [x, y + by];
  const ticks = [-4, -2, 0, 2, 4];
  return [
    ...ticks.flatMap((value) => [
      line(at([value, least]), at([value, most])),
      line(at([least, value]), at([most, value])),
      text(down(at([value, least - 0.35]), 12), `${value}`, { size: 11 }),
      text(down(at([least - 0.4, value]), 5), `${value}`, { size: 11 }),
    ]),
    text(down(at([0.6, least - 1.15]), 14), 'θ₁', { size: 13 }),
    text(down(at([least - 1.1, 0]), 8), 'θ₂', { size: 13 }),
    line(at([most, least]), at([most, least], 1), INK),
    ...[0, 0.5, 1].map((value) => {
      const [x, y] = at([most, least], value);
      return `${line([x, y], [x + 5, y], INK)}${text([x + 9, y + 4], value.toFixed(1), { size: 11, anchor: 'start' })}`;
    }),
  ].join('');
}

/** A word above a place, with a line to it. */
function pointer(place: Place, words: string, lift: number): string {
  const { at } = seen(place, cost(place));
  const end: Point = [at[0], at[1] - lift];
  return `${line(at, end, INK)}<circle cx="${at[0].toFixed(1)}" cy="${at[1].toFixed(1)}" r="3" fill="${INK}"/>${text([end[0], end[1] - 5], words)}`;
}

/** Figure 1 (a). */
export function surfaceFigure(): Drawn {
  return drawing(
    'figure-1a',
    'Figure 1 (a): a synthetic barren plateau',
    `The surface ${FORMULA}. A shallow cave at ${CAVE.join(', ')} has a flat floor at cost ${cost(CAVE).toFixed(2)}; the minimum, cost ${cost(WELL).toFixed(2)}, is at ${WELL.join(', ')}.`,
    [
      axes(),
      facets(),
      pointer(CAVE, 'cave', 120),
      pointer(WELL, 'minimum', 185),
      legend(572, [0, 1], 'cost C'),
      text([16, HEIGHT - 16], FORMULA, { size: 11, anchor: 'start' }),
    ].join(''),
  );
}

/** Cells of the heat map along either side, and its colours. */
const CELLS = 130;
const SHADES = 48;

/** Pixels of the map: its corner and its side. */
const [LEFT, TOP, SIDE] = [95, 48, 390];

const [least, most] = DOMAIN;
const onMap = ([x, y]: Place): Point => [
  LEFT + (SIDE * (x - least)) / (most - least),
  TOP + SIDE * (1 - (y - least) / (most - least)),
];

/** The cells of each shade as one path: cells of a row that follow one another are one. */
function shades(greatest: number): string {
  const cell = SIDE / CELLS;
  const paths: string[] = Array.from({ length: SHADES }, () => '');
  const middles = between([least + (most - least) / (2 * CELLS), most - (most - least) / (2 * CELLS)], CELLS);
  const shadeAt = (place: Place) => Math.min(SHADES - 1, Math.floor((steepness(place) / greatest) * SHADES));
  middles.forEach((y, row) => {
    const bottom = TOP + SIDE - (row + 1) * cell;
    let from = 0;
    for (let i = 0; i < CELLS; i = from) {
      const shade = shadeAt([middles[i], y]);
      while (from < CELLS && shadeAt([middles[from], y]) === shade) from++;
      paths[shade] += `M${LEFT + i * cell} ${bottom}h${(from - i) * cell}v${cell}h-${(from - i) * cell}z`;
    }
  });
  const drawn = paths.map((path, shade) =>
    path === '' ? '' : `<path d="${path}" fill="${colourOfShare((shade + 0.5) / SHADES)}"/>`,
  );
  return `<g shape-rendering="crispEdges">${drawn.join('')}</g>`;
}

/** Figure 1 (b). */
export function steepnessFigure(): Drawn {
  const places = between(DOMAIN, CELLS).flatMap((x) => between(DOMAIN, CELLS).map((y): Place => [x, y]));
  const greatest = Math.max(...places.map(steepness));
  const half = plateauHalf();
  const [x, y] = onMap([CAVE[0] - half, CAVE[1] + half]);
  const size = (2 * half * SIDE) / (most - least);
  const ticks = [-4, -2, 0, 2, 4].flatMap((value) => {
    const [[across, bottom], [left, up]] = [onMap([value, least]), onMap([least, value])];
    return [
      line([across, bottom], [across, bottom + 5], INK),
      text([across, bottom + 18], `${value}`, { size: 11 }),
      line([left, up], [left - 5, up], INK),
      text([left - 9, up + 4], `${value}`, { size: 11, anchor: 'end' }),
    ];
  });
  const said = `|∇C| ≤ ${FLAT} all over the box, ±${half.toFixed(2)} around (−2, −2)`;
  return drawing(
    'figure-1b',
    'Figure 1 (b): size of the gradient',
    `|∇C| from 0 to ${greatest.toFixed(2)}. In the cyan box, ${half.toFixed(2)} to either side of ${CAVE.join(', ')}, it is at most ${FLAT}: the plateau of Assumption 2.`,
    [
      shades(greatest),
      `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${size.toFixed(1)}" height="${size.toFixed(1)}" fill="none" stroke="${CYAN}" stroke-width="2.5"/>`,
      `<text x="${(x + size / 2).toFixed(1)}" y="${(y + size / 2 + 4).toFixed(1)}" ${FONT} font-size="12" text-anchor="middle" fill="${CYAN}">plateau</text>`,
      `<rect x="${LEFT}" y="${TOP}" width="${SIDE}" height="${SIDE}" fill="none" stroke="${INK}"/>`,
      ...ticks,
      text([LEFT + SIDE / 2, TOP + SIDE + 38], 'θ₁', { size: 13 }),
      text([LEFT - 42, TOP + SIDE / 2], 'θ₂', { size: 13 }),
      legend(LEFT + SIDE + 50, [0, greatest], '|∇C|'),
      text([16, HEIGHT - 10], said, { size: 11, anchor: 'start' }),
    ].join(''),
  );
}
