/** A circuit as people draw it: a wire a qubit, time to the right, each gate as early as it can be. */
import type { Circuit, CircuitOperation } from '../../index.ts';

const COLUMN = 30;
const ROW = 30;
const LEFT = 26;
const BOX = 24;

/** Operations with the column that each has; two-qubit gates keep the wires between them free. */
export function columnsOf(
  circuit: Circuit,
  qubits: number,
): { placed: [CircuitOperation, number][]; columns: number } {
  const free = new Array<number>(qubits).fill(0);
  const placed = circuit.map((operation): [CircuitOperation, number] => {
    const [low, high] = [Math.min(...operation.qubits), Math.max(...operation.qubits)];
    const column = Math.max(...free.slice(low, high + 1));
    for (let qubit = low; qubit <= high; qubit++) free[qubit] = column + 1;
    return [operation, column];
  });
  return { placed, columns: Math.max(1, ...free) };
}

/** What an angle is, in a few characters. */
function angleText({ angle }: CircuitOperation): string {
  if (angle === undefined) return '';
  const of =
    angle.parameter !== undefined
      ? `θ${angle.parameter}`
      : angle.feature !== undefined
        ? `x${angle.feature}`
        : '';
  const scale = angle.scale !== undefined && angle.scale !== 1 ? `${angle.scale} ` : '';
  const offset = angle.offset ? `${of === '' ? '' : ' + '}${Number(angle.offset.toPrecision(3))}` : '';
  return `${scale}${of}${offset}`;
}

const classOf = ({ angle }: CircuitOperation) =>
  angle?.feature !== undefined ? 'gate data' : angle?.parameter !== undefined ? 'gate trained' : 'gate';

/** A gate on one qubit, or on each of two. */
function Box({ x, y, operation }: { x: number; y: number; operation: CircuitOperation }) {
  const name = operation.gate.toUpperCase().replace(/^(R.)\1?.*$/, '$1');
  return (
    <g class={classOf(operation)}>
      <title>{`${operation.gate.toUpperCase()} ${angleText(operation)}`}</title>
      <rect x={x - BOX / 2} y={y - BOX / 2} width={BOX} height={BOX} rx={3} />
      <text x={x} y={y + 1}>
        {name.slice(0, 2)}
      </text>
    </g>
  );
}

function Gate({ operation, column }: { operation: CircuitOperation; column: number }) {
  const x = LEFT + (column + 0.5) * COLUMN;
  const at = (qubit: number) => (qubit + 0.5) * ROW;
  const [a, b] = operation.qubits;
  if (b === undefined) return <Box x={x} y={at(a as number)} operation={operation} />;
  const link = <line class="link" x1={x} x2={x} y1={at(a as number)} y2={at(b)} />;
  if (operation.gate !== 'cnot' && operation.gate !== 'cz')
    return (
      <g>
        {link}
        {operation.qubits.map((qubit) => (
          <Box x={x} y={at(qubit)} operation={operation} />
        ))}
      </g>
    );
  return (
    <g class="join">
      <title>{`${operation.gate.toUpperCase()} ${a}, ${b}`}</title>
      {link}
      <circle cx={x} cy={at(a as number)} r={3.2} class="dot" />
      {operation.gate === 'cz' ? (
        <circle cx={x} cy={at(b)} r={3.2} class="dot" />
      ) : (
        <g class="target">
          <circle cx={x} cy={at(b)} r={7} />
          <path d={`M${x - 7} ${at(b)}h14M${x} ${at(b) - 7}v14`} />
        </g>
      )}
    </g>
  );
}

/** Trainable parameters of a circuit, which are numbered from 0. */
const parametersIn = (circuit: Circuit): number =>
  1 + Math.max(-1, ...circuit.map(({ angle }) => angle?.parameter ?? -1));

interface CircuitProps {
  readonly circuit: Circuit;
  readonly qubits: number;
  readonly observables: readonly string[];
  readonly parameters: number;
}

/** Draws a circuit. */
export function CircuitFigure({ circuit, qubits, observables, parameters }: CircuitProps) {
  const { placed, columns } = columnsOf(circuit, qubits);
  const [width, height] = [LEFT + columns * COLUMN + 12, qubits * ROW];
  const own = parametersIn(circuit);
  const size = `${circuit.length} gates, ${own} parameters${parameters > own ? ` and ${parameters - own} of the head` : ''}`;
  const says = `A circuit of ${qubits} qubits, ${size}, observed by ${observables.join('; ')}`;
  return (
    <figure class="panel circuit">
      <figcaption>
        <h3>Circuit</h3>
        <span class="note">
          {size}, ⟨{observables.slice(0, 4).join('⟩ ⟨')}
          {observables.length > 4 ? '⟩ …' : '⟩'}
        </span>
        <span class="key" aria-hidden="true">
          <i class="data" /> data <i class="trained" /> trained
        </span>
      </figcaption>
      <div class="scroll" tabIndex={0} role="group" aria-label="The circuit, to be scrolled">
        <svg width={width} height={height} role="img" aria-label={says}>
          {Array.from({ length: qubits }, (_, qubit) => (
            <g class="wire">
              <line x1={LEFT - 6} x2={width} y1={(qubit + 0.5) * ROW} y2={(qubit + 0.5) * ROW} />
              <text x={2} y={(qubit + 0.5) * ROW + 1}>
                q{qubit}
              </text>
            </g>
          ))}
          {placed.map(([operation, column]) => (
            <Gate operation={operation} column={column} />
          ))}
        </svg>
      </div>
    </figure>
  );
}
