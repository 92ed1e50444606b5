/** Colours of drawings: of the page and of what is written on it, which a dark page swaps, and of values. */

/** The page, what is written on it, and its lines. */
export const PAPER = '#ffffff';
export const INK = '#24292f';
export const FAINT = '#d0d7de';
const DARK = { [PAPER]: '#0d1117', [INK]: '#e6edf3', [FAINT]: '#30363d' };

/** A style that swaps the colours of a page for those of a dark one. */
export function darkStyle(): string {
  const rules = Object.entries(DARK).map(
    ([light, dark]) => `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`,
  );
  return `<style>@media (prefers-color-scheme:dark){${rules.join('')}}</style>`;
}

/** Text of XML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Stops of viridis (Smith and van der Walt 2015), which is as even to those who do not tell all colours apart. */
const VIRIDIS = [
  0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b, 0xfde725,
];

const channels = (colour: number) => [colour >> 16, (colour >> 8) & 255, colour & 255];

/** The colour of a value. @param share of the way from the least to the greatest @param light 1 as it is, less is darker */
export function colourOfShare(share: number, light = 1): string {
  const place = Math.min(Math.max(share, 0), 1) * (VIRIDIS.length - 1);
  const below = Math.min(Math.floor(place), VIRIDIS.length - 2);
  const [one, other] = [channels(VIRIDIS[below]), channels(VIRIDIS[below + 1])];
  const mixed = one.map((value, i) => Math.round(light * (value + (other[i] - value) * (place - below))));
  return `#${mixed.map((value) => Math.min(255, value).toString(16).padStart(2, '0')).join('')}`;
}
