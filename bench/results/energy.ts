/** What a count of instructions costs in energy, by the data sheet of one microcontroller: an estimate. */

/** A microcontroller's published current while its processor runs. */
export interface Microcontroller {
  readonly name: string;
  /** Data sheet and section. */
  readonly source: string;
  readonly conditions: string;
  /** Supply, volts. */
  readonly volts: number;
  /** Current, amperes, at `hertz`. */
  readonly amperes: number;
  readonly hertz: number;
  /** Cycles that an instruction may take on average: the least and the most that are reckoned with. */
  readonly cycles: readonly [least: number, most: number];
}

/** A Cortex-M4F with a cache before its flash, at its only clock; 3.3 mA at 64 MHz is what is told as 52 µA/MHz. */
export const NRF52840: Microcontroller = {
  name: 'nRF52840',
  source:
    'nRF52840 Product Specification, Nordic Semiconductor: current consumption, CPU running',
  conditions: 'CoreMark from flash with its cache, 64 MHz from the crystal, DC/DC regulator, 25 °C',
  volts: 3,
  amperes: 3.3e-3,
  hertz: 64e6,
  // One is the least of a processor that begins one instruction a cycle; loads, taken branches, products with sums in
  // floating point and cache misses take more.
  cycles: [1, 2],
};

/** Microamperes a megahertz. */
export function currentPerMegahertz({ amperes, hertz }: Microcontroller): number {
  return (amperes * 1e6) / (hertz / 1e6);
}

/** Joules of so many instructions, at the least and the most cycles for each. */
export function energyOf(
  instructions: number,
  { volts, amperes, hertz, cycles }: Microcontroller,
): readonly [least: number, most: number] {
  const joulesACycle = (volts * amperes) / hertz;
  return [instructions * cycles[0] * joulesACycle, instructions * cycles[1] * joulesACycle];
}

/** Seconds that they take. */
export function timeOf(
  instructions: number,
  { hertz, cycles }: Microcontroller,
): readonly [least: number, most: number] {
  return [(instructions * cycles[0]) / hertz, (instructions * cycles[1]) / hertz];
}
