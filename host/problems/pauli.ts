/**
 * Pauli strings as two masks over qubits, and how they multiply. Bit q of `x` puts X on qubit q, bit q of `z` Z, both Y:
 * the string is i^|x & z| X^x Z^z, which is Hermitian.
 */

/** A Pauli string without a sign. */
export interface Masks {
  readonly x: number;
  readonly z: number;
}

/** i^phase times a Pauli string. */
export interface Phased extends Masks {
  /** 0 to 3. */
  readonly phase: number;
}

/** Number of bits that are set. */
export function bitCount(mask: number): number {
  let bits = mask - ((mask >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Whether two strings commute: they differ on an even number of the qubits where neither is the identity. */
export function commute(a: Masks, b: Masks): boolean {
  return (bitCount(a.x & b.z) + bitCount(a.z & b.x)) % 2 === 0;
}

/** Whether two strings commute on every single qubit, so that turns of single qubits make both of them Z-type. */
export function commuteOnEach(a: Masks, b: Masks): boolean {
  return ((a.x & b.z) ^ (a.z & b.x)) === 0;
}

/** a b. */
export function times(a: Phased, b: Phased): Phased {
  const [x, z] = [a.x ^ b.x, a.z ^ b.z];
  // Moving Z^a.z past X^b.x gives a sign for each qubit that both are on; each Y is i X Z.
  const turns = bitCount(a.x & a.z) + bitCount(b.x & b.z) - bitCount(x & z) + 2 * bitCount(a.z & b.x);
  return { x, z, phase: (((a.phase + b.phase + turns) % 4) + 4) % 4 };
}

/** A string in the words of observables, such as 'X0 Z3'; '' for the identity. */
export function pauliText({ x, z }: Masks): string {
  const factors: string[] = [];
  for (let qubit = 0; (x | z) >>> qubit !== 0; qubit++) {
    const letter = ['', 'X', 'Z', 'Y'][((x >>> qubit) & 1) + 2 * ((z >>> qubit) & 1)];
    if (letter !== '') factors.push(`${letter}${qubit}`);
  }
  return factors.join(' ');
}
