/** The light cone as a drawing: wires, gates that the observable sees, and those that it does not. */
import type { ConeMap, MappedGate } from '../../plateau/map.ts';
import { escaped } from '../output/page.ts';

/** Pixels of a column and of a wire, and columns that are drawn. */
const [COLUMN, WIRE] = [26, 30];
const MOST_COLUMNS = 200;
const LEFT = 44;

const SEEN = '#0072b2';
const UNSEEN = '#8c959f';

function gateSvg({ gate, qubits, column, seen, parameter, feature }: MappedGate): string {
  const x = LEFT + COLUMN * column + COLUMN / 2;
  const at = (qubit: number) => 16 + WIRE * qubit;
  const colour = seen ? SEEN : UNSEEN;
  const what = [
    `${gate} on ${qubits.join(', ')}`,
    ...(parameter === undefined ? [] : [`parameter ${parameter}`]),
    ...(feature === undefined ? [] : [`feature ${feature}`]),
    seen ? 'seen' : 'outside the light cone',
  ];
  const title = `<title>${escaped(what.join(', '))}</title>`;
  const wire =
    qubits.length < 2
      ? ''
      : `<line x1="${x}" x2="${x}" y1="${at(Math.min(...qubits))}" y2="${at(Math.max(...qubits))}" stroke="${colour}" stroke-width="2"/>`;
  const boxes = qubits.map((qubit, place) => {
    const y = at(qubit);
    if (gate === 'cnot' || gate === 'cz')
      return place === 0 || gate === 'cz'
        ? `<circle cx="${x}" cy="${y}" r="4" fill="${colour}"/>`
        : `<circle cx="${x}" cy="${y}" r="7" fill="none" stroke="${colour}" stroke-width="2"/>`;
    const fill = seen ? (feature === undefined ? colour : '#009e73') : 'none';
    return `<rect x="${x - 10}" y="${y - 10}" width="20" height="20" rx="3" fill="${fill}" stroke="${colour}"/><text x="${x}" y="${y + 3}" font-size="9" text-anchor="middle" fill="${seen ? '#ffffff' : colour}">${escaped(gate.slice(0, 3))}</text>`;
  });
  return `<g>${title}${wire}${boxes.join('')}</g>`;
}

/** The drawing; what is beyond the last column that there is room for is left out. */
export function coneSvg({ qubits, columns, gates }: ConeMap): string {
  const drawn = Math.min(columns, MOST_COLUMNS);
  const [width, height] = [LEFT + COLUMN * drawn + 10, WIRE * qubits + 8];
  const wires = Array.from({ length: qubits }, (_, qubit) => {
    const y = 16 + WIRE * qubit;
    return `<text x="4" y="${y + 4}" font-size="12" fill="currentColor">q${qubit}</text><line x1="${LEFT - 14}" x2="${width - 6}" y1="${y}" y2="${y}" stroke="${UNSEEN}" stroke-width="0.7"/>`;
  });
  const shown = gates.filter(({ column }) => column < drawn).map(gateSvg);
  const [seen, all] = [gates.filter((gate) => gate.seen).length, gates.length];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui,sans-serif" role="img"><title>The light cone</title><desc>${seen} of ${all} gates are in it.</desc>${wires.join('')}${shown.join('')}</svg>`;
}
