/**
 * Figure 1's landscape as the energy of a circuit, so that the core's own rules move on it: its Fourier series in both
 * parameters over a period of 12, up to the sixth harmonic. Qubit j - 1 is turned by RX(2 pi j x / 12), so that <Z> is the j-th
 * cosine of x and -<Y> its sine, and qubit j + 5 the same of y; each term of the series is a string of two qubits at most.
 */
import type { Circuit, PauliTerm } from '../../index.ts';
import { cost } from '../../paper/landscape.ts';

/** Harmonics of each parameter. */
const HARMONICS = 6;

/** Of the landscape, in both directions. What is shown of it, 8 wide, has room in it. */
export const PERIOD = 12;

/** A rate on the landscape where the rule has none of its own: larger than that of a model, whose slopes are steeper. */
export const RATE = 0.1;

/** Samples of a period, by which the integrals of the series are exact far beyond the last harmonic. */
const SAMPLES = 96;

/** Functions of the series: 1, then cosine and sine of each harmonic. */
interface Wave {
  readonly value: (x: number) => number;
  /** As an observable; '' of 1. */
  readonly pauli: (first: number) => string;
  readonly sign: 1 | -1;
  /** One over the mean of its square. */
  readonly weight: 1 | 2;
}

const phase = (harmonic: number, x: number) => (2 * Math.PI * harmonic * x) / PERIOD;

const WAVES: readonly Wave[] = [
  { value: () => 1, pauli: () => '', sign: 1, weight: 1 },
  ...Array.from({ length: HARMONICS }, (_, i): Wave[] => [
    { value: (x) => Math.cos(phase(i + 1, x)), pauli: (first) => `Z${first + i}`, sign: 1, weight: 2 },
    { value: (x) => Math.sin(phase(i + 1, x)), pauli: (first) => `Y${first + i}`, sign: -1, weight: 2 },
  ]).flat(),
];

/** Qubits of the circuit: a register for each parameter. */
export const QUBITS = 2 * HARMONICS;

/** The circuit of two parameters, x and y. */
export const CIRCUIT: Circuit = Array.from({ length: QUBITS }, (_, qubit) => ({
  gate: 'rx' as const,
  qubits: [qubit],
  angle: {
    parameter: Math.floor(qubit / HARMONICS),
    scale: (2 * Math.PI * ((qubit % HARMONICS) + 1)) / PERIOD,
  },
}));

/** The series as a Pauli sum. */
export function series(): PauliTerm[] {
  const places = Array.from({ length: SAMPLES }, (_, i) => -PERIOD / 2 + (PERIOD * i) / SAMPLES);
  const along = WAVES.map(({ value }) => places.map(value));
  // First the integrals over y, for every x and wave of y.
  const partial = places.map((x) => {
    const row = places.map((y) => cost([x, y]));
    return along.map((wave) => row.reduce((sum, value, i) => sum + value * (wave[i] as number), 0) / SAMPLES);
  });
  return WAVES.flatMap((one, a) =>
    WAVES.map((other, b) => {
      const mean =
        partial.reduce((sum, row, i) => sum + (row[b] as number) * (along[a]?.[i] as number), 0) / SAMPLES;
      const pauli = [one.pauli(0), other.pauli(HARMONICS)].filter((text) => text !== '').join(' ');
      return { pauli, coefficient: mean * one.weight * other.weight * one.sign * other.sign };
    }),
  );
}

/** The series at a place: the energy of the circuit there. */
export function energyAt(terms: readonly PauliTerm[], x: number, y: number): number {
  const [ofX, ofY] = [WAVES.map(({ value }) => value(x)), WAVES.map(({ value }) => value(y))];
  return WAVES.reduce(
    (sum, one, a) =>
      sum +
      WAVES.reduce((inner, other, b) => {
        const { coefficient } = terms[a * WAVES.length + b] as PauliTerm;
        return inner + coefficient * one.sign * other.sign * (ofX[a] as number) * (ofY[b] as number);
      }, 0),
    0,
  );
}
