/** The library's circuits and models as the dense oracle takes them. */
import { Source } from '../../assembly/abi/codes.ts';
import { ENCODINGS, GATES, LOSSES } from '../../host/api/choices.ts';
import { pauliMasks } from '../../host/api/circuit.ts';
import { tableOperations } from '../../host/api/gates.ts';
import type { Circuit, ResolvedModel } from '../../host/index.ts';
import type { OracleModel, OracleOp } from './oracle/index.ts';

/** A circuit as the oracle takes it. */
export function oracleOperations(circuit: Circuit): OracleOp[] {
  return circuit.flatMap(({ gate, qubits, angle = {}, angles }) =>
    tableOperations(gate, qubits, angle, angles).map(
      ({ operation, qubits: [a, b], driven, scale, offset }) => {
        const { parameter, feature } = driven ? angle : {};
        const source =
          parameter !== undefined
            ? Source.Parameter
            : feature !== undefined
              ? Source.Feature
              : Source.Constant;
        return { kind: GATES[operation], a, b, source, index: parameter ?? feature ?? 0, scale, offset };
      },
    ),
  );
}

/** A model as the oracle takes it. */
export function oracleModel(model: ResolvedModel): OracleModel {
  const { qubits, features, encoding, observables, logits } = model;
  return {
    ...{ qubits, features, logits },
    encoding: ENCODINGS[encoding === 'amplitude' ? encoding : 'angle'],
    operations: oracleOperations(model.circuit),
    parameters: model.circuitParameters,
    terms: observables.flatMap((sum, output) =>
      sum.map(({ pauli, coefficient }) => {
        const { x, z } = pauliMasks(pauli, qubits);
        return { output, xMask: x, zMask: z, coefficient };
      }),
    ),
    outputs: observables.length,
    loss: LOSSES[model.loss],
    readoutError: 0,
  };
}
