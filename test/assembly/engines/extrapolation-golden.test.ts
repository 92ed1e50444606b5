/** The core and its oracle against mitiq and cirq: test/oracles/zne-golden.py made the values. */
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  Channel,
  Encoding,
  Engine,
  Extrapolation,
  Operation,
  Option,
  Rule,
  Source,
} from '../../../assembly/abi/codes.ts';
import { assertClose } from '../../support/close.ts';
import { Machine } from '../../support/core-harness.ts';
import * as oracle from '../../support/oracle/index.ts';

interface Golden {
  readonly versions: Readonly<Record<string, string>>;
  readonly fits: readonly { fit: keyof typeof FITS; order: number; values: number[]; zero: number }[];
  readonly circuits: readonly {
    qubits: number;
    gates: readonly { gate: keyof typeof GATES; qubits: number[]; angle?: number }[];
    noise: readonly [keyof typeof CHANNELS, number][];
    /** At the scales 1, 3, 5. */
    measured: number[];
    zeros: readonly { fit: keyof typeof FITS; scales: number; order: number; zero: number }[];
  }[];
}

const FITS = {
  linear: Extrapolation.Linear,
  polynomial: Extrapolation.Polynomial,
  richardson: Extrapolation.Richardson,
  exponential: Extrapolation.Exponential,
};
const GATES = {
  rx: Operation.RX,
  ry: Operation.RY,
  rz: Operation.RZ,
  cnot: Operation.CNOT,
  cz: Operation.CZ,
};
const CHANNELS = {
  depolarizing: Channel.Depolarizing,
  damping: Channel.Damping,
  dephasing: Channel.Dephasing,
};

const golden = JSON.parse(
  readFileSync(new URL('../../oracles/zne-golden.json', import.meta.url), 'utf8'),
) as Golden;

/** A circuit of the golden values, measured in Z0 Z1. */
function modelOf({ qubits, gates, noise }: Golden['circuits'][number]): oracle.OracleModel {
  const operations = gates.flatMap((gate): oracle.OracleOp[] => {
    const [a, b] = gate.qubits;
    const own = {
      kind: GATES[gate.gate],
      a,
      source: Source.Constant,
      index: 0,
      scale: 1,
      offset: gate.angle ?? 0,
    };
    const channels = gate.qubits.flatMap((qubit) =>
      noise.map(([name, rate]) => oracle.channel(CHANNELS[name], qubit, rate)),
    );
    return [b === undefined ? own : { ...own, b }, ...channels];
  });
  const terms = [{ output: 0, xMask: 0, zMask: 3, coefficient: 1 }];
  return { ...oracle.paperModel(qubits, 0, 1), encoding: Encoding.Zero, parameters: 1, operations, terms };
}

describe(`zero-noise extrapolation as mitiq ${golden.versions.mitiq} has it`, () => {
  it('fits of given values, by the oracle that the core is held against', () => {
    for (const { fit, order, values, zero } of golden.fits) {
      const how = { fit: FITS[fit], scales: values.length, order };
      assertClose(oracle.extrapolated(values, how), zero, 1e-9, `${fit}, ${values}`);
    }
  });

  golden.circuits.forEach((circuit, i) => {
    it(`circuit ${i}, by the core: noise as cirq ${golden.versions['cirq-core']} has it, folded and extrapolated`, () => {
      const model = modelOf(circuit);
      const of = (one: oracle.OracleModel, extra: readonly (readonly [Option, number])[] = []) => {
        const machine = new Machine('release', one, { engine: Engine.Noisy, rule: Rule.Sgd, extra });
        return machine.predict([[0]])[0][0];
      };
      circuit.measured.forEach((value, folds) => {
        assertClose(of(oracle.folded(model, folds)), value, 1e-10, `scale ${2 * folds + 1}`);
      });
      for (const { fit, scales, order, zero } of circuit.zeros) {
        const found = of(model, [
          [Option.Extrapolation, FITS[fit]],
          [Option.Scales, scales],
          [Option.ExtrapolationOrder, order],
        ]);
        assertClose(found, zero, 1e-9, `${fit}, ${scales} scales`);
      }
    });
  });
});
