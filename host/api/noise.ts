/** The noise of a processor: channels behind the gates of a circuit, and bits that are read wrong. */
import { MAX_QUBITS } from '../../assembly/abi/codes.ts';
import { CHANNELS } from './choices.ts';
import { contradiction, integer, isListOf, known, oneOf, refuse, snapshot } from '../core/checks.ts';
import type { CircuitOperation, GateName } from './circuit.ts';
import { ALL_GATES } from './gates.ts';

/** The kinds of noise: see `NoiseChannel`. */
export type ChannelName = keyof typeof CHANNELS;

/**
 * One kind of noise. 'depolarizing', rho -> (1 - p) rho + p I/2, 'damping', amplitude damping, and 'dephasing', phase
 * damping, stand behind each gate as it stands in the circuit, on each of its qubits; 'readout' flips measured bits.
 */
export interface NoiseChannel {
  /** Which kind. */
  readonly channel: ChannelName;
  /** p, gamma or lambda, 0 to 1. Of a readout the probability of a flip, or that of 0 read as 1 and that of 1 read as 0. */
  readonly rate: number | readonly [zeroAsOne: number, oneAsZero: number];
  /** The gates that have it; default all. Not of a readout. */
  readonly gates?: readonly GateName[];
  /** The qubits that have it; default all. */
  readonly qubits?: readonly number[];
  /** The operations of the circuit that have it, from the first up to, and without, the second; default all. Not of a readout. */
  readonly operations?: readonly [from: number, to: number];
}

/** Kinds of noise in the order in which they stand behind a gate. */
export type Noise = readonly NoiseChannel[];

/** An entry of the core's table behind a gate's own. */
export interface ChannelEntry {
  readonly kind: number;
  readonly qubit: number;
  readonly rate: number;
  /** Of a readout: the probability that a 1 is read as 0. */
  readonly other: number;
}

/** A gate as it stands in a program, which is made of the circuit's operations `from` up to, and without, `to`. */
export interface PlacedGate {
  /** What it is called, as noise names the gates that it is behind. */
  readonly name: string;
  /** What it acts on, from 0. */
  readonly qubits: readonly number[];
  /** Index of the first operation of the circuit that it is made of. */
  readonly from: number;
  /** Index behind the last. */
  readonly to: number;
}

/** The gates of a circuit of which every operation is one. */
export function placedGates(circuit: readonly CircuitOperation[]): PlacedGate[] {
  return circuit.map(({ gate, qubits }, from) => ({ name: gate, qubits, from, to: from + 1 }));
}

const FIELDS = ['channel', 'rate', 'gates', 'qubits', 'operations'];

const isShare = (rate: unknown) => typeof rate === 'number' && rate >= 0 && rate <= 1;

/** Checks noise, which may come from JavaScript or from a file. @throws OptionError that names what is wrong with which */
export function checkNoise(given: Noise, width: number): void {
  const noise = snapshot('noise', given);
  integer('width', width, 1, MAX_QUBITS);
  if (!isListOf(noise, (each) => typeof each === 'object' && each !== null))
    refuse('noise', noise, "a list of channels such as { channel: 'depolarizing', rate: 0.01 }");
  for (const [i, each] of noise.entries()) {
    const at = `noise[${i}]`;
    const { channel, rate, gates, qubits, operations } = known(at, each, FIELDS);
    oneOf(...(Object.keys(CHANNELS) as ChannelName[]))(channel, `${at}.channel`);
    const isReadout = channel === 'readout';
    const pair = isReadout && isListOf(rate, isShare) && rate.length === 2;
    if (!(isShare(rate) || pair))
      refuse(
        `${at}.rate`,
        rate,
        `a probability from 0 to 1${isReadout ? ', or two: of 0 read as 1 and of 1 read as 0' : ''}`,
      );
    const [zero, one] = pair ? (rate as readonly [number, number]) : [rate as number, rate as number];
    if (isReadout && zero + one > 1)
      refuse(`${at}.rate`, rate, 'flips that sum to 1 at most: beyond, a bit says the opposite');
    if (isReadout && (gates ?? operations) !== undefined)
      contradiction(`${at}: readout is of qubits, not of gates`, 'noise');
    if (gates !== undefined && !isListOf(gates, (gate) => Object.hasOwn(ALL_GATES, gate as string)))
      refuse(`${at}.gates`, gates, `a list of gates: ${Object.keys(ALL_GATES).join(', ')}`);
    const isQubit = (qubit: unknown) =>
      Number.isInteger(qubit) && (qubit as number) >= 0 && (qubit as number) < width;
    if (qubits !== undefined && !isListOf(qubits, isQubit))
      refuse(`${at}.qubits`, qubits, `a list of qubits from 0 to ${width - 1}`);
    const isPlace = (place: unknown) => Number.isInteger(place) && (place as number) >= 0;
    if (operations !== undefined && !(isListOf(operations, isPlace) && operations.length === 2))
      refuse(
        `${at}.operations`,
        operations,
        'two whole numbers: the first operation, and the one behind the last',
      );
  }
}

const isOn = ({ qubits }: NoiseChannel, qubit: number) => qubits?.includes(qubit) ?? true;

/** The channels behind a gate: on each of its qubits, in the order given. */
export function channelsBehind(noise: Noise, { name, qubits, from, to }: PlacedGate): ChannelEntry[] {
  const own = noise.filter(({ channel, gates, operations: [first, end] = [0, Infinity] }) => {
    const isOfGate = gates?.includes(name as GateName) ?? true;
    return channel !== 'readout' && isOfGate && from >= first && to <= end;
  });
  return qubits.flatMap((qubit) =>
    own
      .filter((each) => isOn(each, qubit))
      .map(({ channel, rate }) => ({ kind: CHANNELS[channel], qubit, rate: rate as number, other: 0 })),
  );
}

const readoutOf = (noise: Noise) => noise.filter(({ channel }) => channel === 'readout');

/**
 * The probability that any measured bit flips, with another one that flips it besides; undefined where bits differ, or
 * their two values do. Every engine knows such flips.
 */
export function evenReadout(noise: Noise, other: number): number | undefined {
  let error = other;
  for (const { rate, qubits } of readoutOf(noise)) {
    if (typeof rate !== 'number' || qubits !== undefined) return undefined;
    error += rate - 2 * error * rate;
  }
  return error;
}

/** What is read wrong, behind everything else, qubit by qubit. */
export function readouts(noise: Noise, width: number): ChannelEntry[] {
  return readoutOf(noise).flatMap((each) => {
    const [rate, other] = typeof each.rate === 'number' ? [each.rate, each.rate] : each.rate;
    const qubits = Array.from({ length: width }, (_, qubit) => qubit).filter((qubit) => isOn(each, qubit));
    return qubits.map((qubit) => ({ kind: CHANNELS.readout, qubit, rate, other }));
  });
}

/** What a training says of its readout. */
interface ReadoutOptions {
  readonly noise: Noise;
  readonly readoutError: number;
  readonly calibrationShots: number | 'none';
}

/** How a training's readout goes into the core: as an option of its own where it is even, else qubit by qubit. */
export function coreReadout(
  { noise, readoutError, calibrationShots }: ReadoutOptions,
  width: number,
): { readonly error: number; readonly entries: readonly ChannelEntry[] } {
  const even = evenReadout(noise, readoutError);
  const calibrated = calibrationShots !== 'none';
  if (even !== undefined && !calibrated) return { error: even, entries: [] };
  const entries = readouts(noise, width);
  if (!calibrated || readoutError === 0) return { error: readoutError, entries };
  // What is calibrated has to be a channel.
  return {
    error: 0,
    entries: [...entries, ...readouts([{ channel: 'readout', rate: readoutError }], width)],
  };
}
