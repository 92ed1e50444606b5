/** The colours of what is drawn, from the style of the page, so that light and dark are said in one place. */

/** Colours by what they are for. */
export interface Theme {
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly paper: string;
  /** One a rule, in order. */
  readonly arms: readonly string[];
  /** Two classes, from one end of a scale to the other. */
  readonly classes: readonly [string, string];
  readonly dark: boolean;
}

/** Reads the colours as they are now. */
export function theme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ...{ ink: of('ink'), faint: of('faint'), line: of('line'), paper: of('paper') },
    arms: [0, 1, 2, 3].map((i) => of(`arm-${i}`)),
    classes: [of('class-0'), of('class-1')],
    dark: of('scheme') === 'dark',
  };
}

/** Calls back when the colours change. @returns what ends it */
export function onTheme(changed: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', changed);
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    query.removeEventListener('change', changed);
    observer.disconnect();
  };
}

/** Red, green and blue of a colour #rrggbb. */
export function channels(colour: string): [number, number, number] {
  const number = Number.parseInt(colour.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** A colour between two. @param share 0: the first, 1: the second */
export function between(from: string, to: string, share: number): [number, number, number] {
  const [a, b] = [channels(from), channels(to)];
  const clipped = Math.min(1, Math.max(0, share));
  return a.map((value, i) => Math.round(value + ((b[i] as number) - value) * clipped)) as [
    number,
    number,
    number,
  ];
}
