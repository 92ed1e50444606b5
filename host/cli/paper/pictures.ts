/** The pictures of a report as SVG. */
import type { Drawing, Plot } from '../../paper/index.ts';
import { type Drawn, steepnessFigure, surfaceFigure } from './landscape-figure.ts';

const DRAWINGS: Readonly<Record<Drawing['drawing'], () => Drawn>> = {
  surface: surfaceFigure,
  steepness: steepnessFigure,
};

/** Draws pictures, in their order. */
export async function drawn(plots: readonly (Plot | Drawing)[]): Promise<Drawn[]> {
  // A chunk of its own, larger than the command: who does not draw does not load it.
  const { renderSvg } = await import('../output/charts.ts');
  const all: Drawn[] = [];
  for (const plot of plots) {
    const { name, title, description } = plot;
    if ('drawing' in plot) all.push({ ...DRAWINGS[plot.drawing](), name, title, description });
    else all.push({ name, title, description, svg: await renderSvg(plot.spec, plot) });
  }
  return all;
}
