/** The figures of a look at a plateau: variances by size, by parameter, and under noise. */
import type { PlateauReport } from '../../plateau/report.ts';
import { fixed } from '../output/format.ts';
import type { Figure } from '../output/page.ts';

const WIDTH = 640;
const [BLUE, ORANGE, GREEN] = ['#0072b2', '#d55e00', '#009e73'];

/** A line through points on a scale of powers of ten, with the shot floor across. */
function lines(
  values: readonly { readonly x: number; readonly y: number; readonly kind: string }[],
  { x, floor, kinds }: { x: string; floor: number; kinds: readonly string[] },
): object {
  const y = {
    type: 'quantitative',
    title: 'Var(∂f)',
    scale: { type: 'log' },
    axis: { format: '.0e', tickCount: 6 },
  };
  const colour = {
    field: 'kind',
    type: 'nominal',
    title: null,
    scale: {
      domain: [...kinds, 'shot floor 1/(2M)'],
      range: [BLUE, GREEN].slice(0, kinds.length).concat(ORANGE),
    },
  };
  const across = {
    type: 'quantitative',
    title: x,
    axis: { tickMinStep: 1, format: 'd' },
    scale: { zero: false },
  };
  return {
    ...{ width: WIDTH, height: 260 },
    layer: [
      {
        data: { values: [{ floor, kind: 'shot floor 1/(2M)' }] },
        mark: { type: 'rule', strokeDash: [6, 4], strokeWidth: 1.5 },
        encoding: { y: { field: 'floor', ...y }, color: colour },
      },
      {
        data: { values },
        mark: { type: 'line', point: { size: 50, filled: true }, strokeWidth: 2 },
        encoding: { x: { field: 'x', ...across }, y: { field: 'y', ...y }, color: colour },
      },
    ],
  };
}

/** All figures that there is something to draw for. */
export function plateauFigures(report: PlateauReport): Figure[] {
  const { scan, floor, variance, decay, shots } = report;
  const figures: Figure[] = [];
  const above = (value: number) => value > 0;
  if (scan !== undefined)
    for (const [name, sizes, of, other] of [
      ['by-qubits', scan.byQubits, 'qubits', 'layers'],
      ['by-layers', scan.byLayers, 'layers', 'qubits'],
    ] as const) {
      const values = sizes
        .filter(({ mean }) => above(mean))
        .map((size) => ({ x: size[of], y: size.mean, kind: 'Var(∂f)' }));
      if (values.length < 2) continue;
      const [first, last] = [values[0], values[values.length - 1]];
      figures.push({
        name,
        title: `Derivatives by ${of}`,
        description: `At ${sizes[0][other]} ${other}: from ${first.y.toExponential(1)} at ${first.x} ${of} to ${last.y.toExponential(1)} at ${last.x}. Below the dashed line, ${floor.toExponential(1)}, one derivative is lost in the noise of ${shots} shots.`,
        spec: lines(values, { x: of, floor, kinds: ['Var(∂f)'] }),
      });
    }
  const each = variance.each.flatMap((value, parameter) => (above(value) ? [{ parameter, value }] : []));
  if (each.length > 0)
    figures.push({
      name: 'by-parameter',
      title: 'Derivatives by parameter',
      description: `${each.length} of ${variance.parameters} parameters move the outputs; the others are outside the light cone.`,
      spec: {
        ...{ width: WIDTH, height: 200 },
        layer: [
          {
            data: { values: each },
            mark: { type: 'circle', size: 30, color: BLUE, opacity: 0.85 },
            encoding: {
              x: { field: 'parameter', type: 'quantitative', title: 'parameter', axis: { format: 'd' } },
              y: {
                ...{ field: 'value', type: 'quantitative', title: 'Var(∂f)', scale: { type: 'log' } },
                axis: { format: '.0e', tickCount: 5 },
              },
            },
          },
          {
            data: { values: [{ floor }] },
            mark: { type: 'rule', strokeDash: [6, 4], color: ORANGE },
            encoding: { y: { field: 'floor', type: 'quantitative' } },
          },
        ],
      },
    });
  if (decay !== undefined && decay.depths.length > 1) {
    const values = decay.depths.flatMap(({ layers, noiseless, noisy }) => [
      ...(above(noiseless) ? [{ x: layers, y: noiseless, kind: 'without noise' }] : []),
      ...(above(noisy) ? [{ x: layers, y: noisy, kind: 'with noise' }] : []),
    ]);
    figures.push({
      name: 'noise',
      title: 'Derivatives under noise',
      description: `Noise takes Var(∂f) down by exp(-${fixed(decay.rate, 2)} L).`,
      spec: lines(values, { x: 'layers', floor, kinds: ['without noise', 'with noise'] }),
    });
  }
  return figures;
}
