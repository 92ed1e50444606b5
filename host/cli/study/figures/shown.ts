/** What all figures of a comparison have in common: the rules with their colours, and the axes. */
import type { RuleName } from '../../../api/options.ts';
import type { CellResult } from '../../../study/result.ts';
import type { Setting } from '../../../study/cell.ts';
import { plain } from '../../output/plain.ts';

/** A rule as it is drawn. */
export interface ShownRule {
  readonly name: string;
  readonly rule: RuleName;
  readonly setting: Setting;
  /** By seed. */
  readonly results: ReadonlyMap<number, CellResult>;
  /** Spent on choosing its setting. */
  readonly tuning: { readonly shots: number; readonly evaluations: number };
}

/** What is drawn. */
export interface Shown {
  readonly problem: string;
  readonly rules: readonly ShownRule[];
}

export type { Figure } from '../../output/page.ts';

export const WIDTH = 640;

/** Colours that those who do not tell all colours apart know (Okabe and Ito), the darkest first. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#7f7f7f'];
const DASHES = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
];

/** What a rule is called in a figure. */
export const nameOf = ({ name }: ShownRule) => plain(name);

/** Letters of a line of a legend, in which each of its symbols counts as four. */
const LEGEND_WIDTH = 100;

/** A legend with as many columns as there is room for. */
export function legendOf(names: readonly string[]): object {
  const widest = Math.max(...names.map((name) => name.length)) + 4;
  const columns = Math.max(1, Math.min(names.length, Math.floor(LEGEND_WIDTH / widest)));
  return { labelLimit: 500, columns, symbolOpacity: 1, symbolType: 'square', symbolSize: 110 };
}

/** The colour of each rule, or of those that are drawn; from the eighth on dashes tell them apart. */
export function colourOf({ rules }: Shown, drawn: readonly ShownRule[] = rules) {
  const shown = rules.flatMap((rule, i) =>
    drawn.includes(rule) ? [[nameOf(rule), COLOURS[i % COLOURS.length]] as const] : [],
  );
  const domain = shown.map(([name]) => name);
  const scale = { domain, range: shown.map(([, colour]) => colour) };
  return { field: 'rule', type: 'nominal', title: null, scale, legend: legendOf(domain) };
}

/** The dashes of each rule; none where colours are enough. */
export function dashOf({ rules }: Shown): object {
  if (rules.length <= COLOURS.length) return {};
  const range = rules.map((_, i) => DASHES[Math.floor(i / COLOURS.length) % DASHES.length]);
  return {
    strokeDash: { field: 'rule', type: 'nominal', title: null, scale: { domain: rules.map(nameOf), range } },
  };
}

/** Whether all were charged in shots. */
export function chargedInShots({ rules }: Shown): boolean {
  const results = rules.flatMap((rule) => [...rule.results.values()]);
  return results.length > 0 && results.every(({ shots }) => shots > 0);
}

/** What a training was charged. */
export const spentIn = (shown: Shown) => (chargedInShots(shown) ? 'shots' : 'evaluations');
export const spentTitle = (shown: Shown) => (chargedInShots(shown) ? 'shots' : 'circuit evaluations');

/** An axis of large numbers: 3M. */
export const LARGE = {
  ...{ format: '~s', tickCount: 6 },
  labelExpr: "datum.value === 0 ? '0' : datum.label",
};

/** The ratio of two values that are far apart. */
const WIDE = 8;

/**
 * The scale of some values: by powers of ten where they are all above zero and far apart.
 * @param padding pixels on both sides
 */
export function scaleOf(values: readonly number[], padding = 0): object {
  const least = Math.min(...values);
  const isWide = values.length > 0 && least > 0 && Math.max(...values) / least > WIDE;
  return { ...(isWide ? { type: 'log', nice: false } : { zero: false }), padding };
}

/** Ticks of such a scale. */
export const axisOf = (scale: object) =>
  'type' in scale ? { tickCount: 5, format: '~g' } : { tickCount: 5 };

/** Whether some rules end so much later than others that only powers of ten show them all. */
export function endsFarApart(shown: Shown): boolean {
  const unit = spentIn(shown);
  const ends = shown.rules.flatMap(({ results }) => [...results.values()].map((result) => result[unit]));
  return ends.length > 0 && Math.max(...ends) / Math.min(...ends) > WIDE;
}
