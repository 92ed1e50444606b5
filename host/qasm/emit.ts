/**
 * From primitives to operations of a circuit, global phases left out. What is under more controls than a circuit's gates have
 * goes to the frame in which it is diagonal, and there by rotations about Z between CNOTs.
 */
import { MAX_OPERATIONS } from '../../assembly/abi/codes.ts';
import { type Angle, type CircuitOperation, type GateName, tableLength } from '../api/circuit.ts';
import { lengthOf } from '../api/gates.ts';
import type { QasmErrorCode } from '../core/errors.ts';
import { type Affine, isConstant, isFinite, scaled } from './affine.ts';
import { fuse } from './fuse.ts';
import { asPhase, type Control, flip, framed, isFlip, type Primitive, turn, within } from './primitives.ts';

/** Phases that have names, by quarters of pi. */
const NAMED_PHASES: Readonly<Record<number, GateName>> = { 4: 'z', 2: 's', [-2]: 'sdg', 1: 't', [-1]: 'tdg' };

/** Rotations under one control. */
const UNDER_ONE = { rx: 'crx', ry: 'cry', rz: 'crz' } as const;

/** Gathers a circuit's operations. */
export class Emitter {
  operations: CircuitOperation[] = [];
  /** Operations of the core's table that they fill. */
  length = 0;
  /** Whether gates were put together, so that there is room for all. */
  isFused = false;

  /** @param refuse throws */
  constructor(readonly refuse: (code: QasmErrorCode, message: string) => never) {}

  /** One primitive after the other. */
  add(list: readonly Primitive[]): void {
    for (const each of list) this.#one(each);
  }

  #one(each: Primitive): void {
    const low = each.controls.filter(({ value }) => value === 0);
    if (low.length > 0) {
      // A control by 0 is one by 1 between two X.
      const into = low.map(({ qubit }) => flip('x', qubit));
      const controls = each.controls.map(({ qubit }): Control => ({ qubit, value: 1 }));
      return this.add(framed(into, [{ ...each, controls }]));
    }
    const controls = each.controls.map(({ qubit }) => qubit);
    if (isFlip(each)) this.#flip(each, controls);
    else if (each.gate === 'phase') this.#phase(each.angle, controls);
    else if (each.qubits.length === 1) this.#rotation(each, controls);
    else this.#pair(each, controls);
  }

  #flip(each: Primitive, controls: readonly number[]): void {
    const { gate, qubits } = each;
    if (controls.length === 0) this.#push(gate as GateName, qubits);
    else if (gate === 'x' && controls.length === 1) this.#push('cnot', [...controls, ...qubits]);
    else this.add(asPhase(each));
  }

  /** diag(1, ..., 1, e^(i angle)) on all qubits of a list. */
  #phase(angle: Affine, [first, ...rest]: readonly number[]): void {
    if (first === undefined) return;
    const { constant } = angle;
    const isNamed = isConstant(angle);
    if (rest.length === 0) {
      const quarters = (within(constant, 2 * Math.PI) / Math.PI) * 4;
      const name = isNamed ? NAMED_PHASES[quarters] : undefined;
      if (name === undefined) this.#turn('rz', angle, [first]);
      else this.#push(name, [first]);
    } else if (rest.length === 1) {
      if (isNamed && within(constant, 2 * Math.PI) === Math.PI) this.#push('cz', [first, ...rest]);
      else this.#turn('cphase', angle, [first, ...rest]);
    } else {
      // Half of it is a rotation of the last qubit about Z, the other half the same phase on the others.
      const others = [first, ...rest.slice(0, -1)];
      this.#turnUnder(others, angle, rest.at(-1) as number);
      this.#phase(scaled(angle, 0.5), others);
    }
  }

  #rotation({ gate, qubits, angle }: Primitive, controls: readonly number[]): void {
    const [qubit] = qubits as [number];
    const axis = gate as keyof typeof UNDER_ONE;
    if (controls.length === 0) return this.#turn(axis, angle, [qubit]);
    if (controls.length === 1) return this.#turn(UNDER_ONE[axis], angle, [...controls, qubit]);
    const quarter = Math.PI / 2;
    // X is Z turned about Y, and Y is Z turned about X.
    const into = { rx: [turn('ry', -quarter, qubit)], ry: [turn('rx', quarter, qubit)], rz: [] }[axis];
    this.#inFrame(into, () => this.#turnUnder(controls, angle, qubit));
  }

  #pair({ gate, qubits, angle }: Primitive, controls: readonly number[]): void {
    const [a, b] = qubits as [number, number];
    if (controls.length === 0) return this.#turn(gate as GateName, angle, qubits);
    const quarter = Math.PI / 2;
    const axes =
      gate === 'rxx'
        ? [flip('h', a), flip('h', b)]
        : gate === 'ryy'
          ? [turn('rx', quarter, a), turn('rx', quarter, b)]
          : [];
    const sum: Primitive = { ...flip('x', b), controls: [{ qubit: a, value: 1 }] };
    const rotation = {
      ...turn('rz', angle, b),
      controls: controls.map((qubit): Control => ({ qubit, value: 1 })),
    };
    this.add(framed([...axes, sum], [rotation]));
  }

  #inFrame(into: readonly Primitive[], inside: () => void): void {
    const [before, after] = [framed(into, []).slice(0, into.length), framed(into, []).slice(into.length)];
    this.add(before);
    inside();
    this.add(after);
  }

  /**
   * A rotation about Z under k controls: 2^k rotations by a part of the angle each, with CNOTs from the controls in between,
   * by the order of a Gray code (M. Mottonen et al., quant-ph/0404089), so that they cancel unless all controls are 1.
   */
  #turnUnder(controls: readonly number[], angle: Affine, qubit: number): void {
    const count = 2 ** controls.length;
    const part = scaled(angle, 1 / count);
    for (let i = 0; i < count; i++) {
      const code = i ^ (i >> 1);
      const sign = bits(code) % 2 === 0 ? 1 : -1;
      this.#turn('rz', scaled(part, sign), [qubit]);
      // The bit in which the next code differs; behind the last, the highest, which brings all back.
      const changed = i === count - 1 ? controls.length - 1 : Math.log2((i + 1) & -(i + 1));
      this.#push('cnot', [controls[changed] as number, qubit]);
    }
  }

  /** A gate with an angle, one for each input that drives it: they commute. */
  #turn(gate: GateName, angle: Affine, qubits: readonly number[]): void {
    if (!isFinite(angle)) this.refuse('ERR_QASM_VALUE', 'an angle of this is too large');
    const { constant, terms } = angle;
    let offset = constant;
    for (const [parameter, scale] of terms) {
      this.#push(gate, qubits, { parameter, ...(scale !== 1 && { scale }), ...(offset !== 0 && { offset }) });
      offset = 0;
    }
    if (terms.size === 0 && offset !== 0) this.#push(gate, qubits, { offset });
  }

  #push(gate: GateName, qubits: readonly number[], angle?: Angle): void {
    if (this.length + lengthOf(gate) > MAX_OPERATIONS) this.#makeRoom();
    this.length += lengthOf(gate);
    this.operations.push({
      gate,
      qubits: qubits as CircuitOperation['qubits'],
      ...(angle !== undefined && { angle }),
    });
  }

  /** Puts neighbours on one qubit together. @throws QasmError where that makes no room */
  #makeRoom(): void {
    this.operations = fuse(this.operations);
    this.length = tableLength(this.operations);
    this.isFused = true;
    if (this.length > MAX_OPERATIONS - LEAST_ROOM)
      this.refuse(
        'ERR_QASM_SIZE',
        `with this the circuit has more than the ${MAX_OPERATIONS} operations that there is room for`,
      );
  }
}

/** Operations that putting gates together has to make room for, or it would be done again too soon. */
const LEAST_ROOM = 64;

/** How many bits of a number are set. */
function bits(value: number): number {
  let count = 0;
  for (let rest = value; rest > 0; rest &= rest - 1) count++;
  return count;
}
