/** The matrices of the library's circuits, by the oracle. */
import { Source } from '../../assembly/abi/codes.ts';
import { GATES } from '../../host/api/choices.ts';
import type { Circuit } from '../../host/api/circuit.ts';
import { tableOperations } from '../../host/api/gates.ts';
import * as oracle from './oracle/index.ts';

/** The matrix of a circuit on some qubits, from its operations in the core's table. */
export function circuitMatrix(
  qubits: number,

  circuit: Circuit,
  parameters: readonly number[],
  features: readonly number[],
): oracle.Matrix {
  const operations = circuit.flatMap(({ gate, qubits: on, angle = {}, angles }) =>
    tableOperations(gate, on, angle, angles).map(({ operation, qubits: [a, b], driven, scale, offset }) => {
      const { parameter, feature } = angle;
      const value =
        parameter !== undefined ? parameters[parameter] : feature !== undefined ? features[feature] : 0;
      const turn = driven ? scale * (value as number) + offset : offset;
      return {
        kind: GATES[operation],
        a: a as number,
        b,
        source: Source.Constant,
        index: 0,
        scale: 1,
        offset: turn,
      };
    }),
  );
  return operations.reduce(
    (matrix, each) => oracle.times(oracle.operationMatrix(qubits, each, each.offset), matrix),
    oracle.identity(2 ** qubits),
  );
}

/** 1 - |tr(A* B)| / 2^n: 0 of matrices that are the same but for a phase. */
export function phaseless(a: oracle.Matrix, b: oracle.Matrix): number {
  const product = oracle.times(oracle.dagger(a), b);
  const { size } = a;
  let [re, im] = [0, 0];
  for (let i = 0; i < size; i++) {
    re += product.re[i * size + i] as number;
    im += product.im[i * size + i] as number;
  }
  return 1 - Math.hypot(re, im) / size;
}
