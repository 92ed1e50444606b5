/** How a gradient and a single gate grow with the number of qubits. */
import assert from 'node:assert/strict';
import { MAX_FEATURES } from '../../assembly/abi/codes.ts';
import { chainAnsatz } from '../../host/api/ansatz.ts';
import type { Circuit } from '../../host/api/circuit.ts';
import type { EngineName } from '../../host/api/options.ts';
import type { Builds } from './builds.ts';
import { emptyCall, emptyRow } from './empty.ts';
import { assertAgreement, Subject } from './subject.ts';
import { row, type Section } from './table.ts';
import { byRound, race, ratios, repeated, summarise } from './timing.ts';

const QUBITS = Array.from({ length: 13 }, (_, i) => i + 4);
const LAYERS = 5;
/** From this number of qubits to that one, time may grow so much more than amplitudes times gates. */
const [FROM, TO] = [8, 14];
const GROWTH = 1.3;

/** Gates of the chain ansatz, all inside the light cone of Z on every qubit: a rotation a qubit, and one permutation. */
export function gates(qubits: number, layers: number): number {
  return layers * (qubits + 1);
}

/**
 * Z on every qubit at once, as many features as there are amplitudes or may be, two samples: no gate can be left out,
 * and no amplitude after the first layer.
 */
function wholeModel(qubits: number, circuit: Circuit) {
  return {
    qubits,
    features: Math.min(2 ** qubits, MAX_FEATURES),
    circuit,
    observable: [[{ pauli: Array.from({ length: qubits }, (_, q) => `Z${q}`).join(' '), coefficient: 1 }]],
  } as const;
}

/** That model, whose gradient goes through every gate and amplitude. @param subjects what makes it, by its own host */
export async function create(
  { release }: Builds,
  qubits: number,
  layers: number,
  engine: EngineName = 'samples',
  subjects: Pick<typeof Subject, 'create'> = Subject,
): Promise<Subject> {
  const model = wholeModel(qubits, chainAnsatz(qubits, layers));
  const subject = await subjects.create(release, model, { rule: 'sgd', batch: 2, engine });
  // The last RZ on every qubit commutes with Z; all else is there, so that no gate has dropped out.
  assert.equal(subject.core.abi.active_parameters(), (3 * layers - 1) * qubits);
  return subject;
}

/** Exact adjoint gradients of two samples, samples engine. */
export async function gradientGrowth(builds: Builds): Promise<Section> {
  const subjects = await Promise.all(QUBITS.map((qubits) => create(builds, qubits, LAYERS)));
  assertAgreement(
    [await create(builds, FROM, LAYERS), await create(builds, FROM, LAYERS, 'columns')],
    `n = ${FROM}`,
  );
  const [empty, ...found] = await race([
    emptyCall(subjects[0].core.abi),
    ...subjects.map((subject, i) => ({ name: `n = ${QUBITS[i]}`, run: repeated(subject.step) })),
  ]);
  const unit = (qubits: number) => 2 ** qubits * gates(qubits, LAYERS);
  const base = QUBITS.indexOf(FROM);
  const rows = QUBITS.map((qubits, i) => {
    const growth = ratios(found[i], found[base]).map((ratio) => (ratio * unit(FROM)) / unit(qubits));
    return row(`n = ${qubits}`, {
      time: summarise(found[i]),
      unit: 'gradients',
      ratio: { to: `n = ${FROM} per gate and amplitude`, ...summarise(growth) },
      bar: qubits === TO ? { most: GROWTH } : undefined,
    });
  });
  return {
    title: `loss and gradient, B = 2, samples engine, L = ${LAYERS}: time grows as amplitudes times gates`,
    rows: [emptyRow(empty), ...rows],
    skipped: '',
  };
}

/** One gate on two samples: what ten layers take longer than five, over their gates. */
export async function gateGrowth(builds: Builds): Promise<Section> {
  const pairs = await Promise.all(
    QUBITS.map(async (qubits) => [
      await create(builds, qubits, LAYERS),
      await create(builds, qubits, 2 * LAYERS),
    ]),
  );
  const [empty, ...found] = await race([
    emptyCall(pairs[0][0].core.abi),
    ...pairs.flat().map((subject) => ({ name: 'predict', run: repeated(() => subject.predict(2)) })),
  ]);
  const rows = QUBITS.map((qubits, i) => {
    const more = byRound(
      found[2 * i + 1],
      found[2 * i],
      (long, short) => (long - short) / gates(qubits, LAYERS),
    );
    return row(`n = ${qubits}`, { time: summarise(more), unit: 'gate applications' });
  });
  return {
    title: 'one gate on a pair of samples, averaged over a layer',
    rows: [emptyRow(empty), ...rows],
    skipped: '',
  };
}
