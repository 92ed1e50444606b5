/** The gates that are made of operations of the core's table, against their textbook matrices and through training. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Encoding, Loss, Operation, Option } from '../../../assembly/abi/codes.ts';
import {
  chainAnsatz,
  type Circuit,
  type Dataset,
  type GateName,
  loadCore,
  loadModel,
  parseObservable,
  plan,
  resolveModel,
  resolveTraining,
  Trainer,
} from '../../../host/index.ts';
import { GATES } from '../../../host/api/choices.ts';
import { tableOperations } from '../../../host/api/gates.ts';
import { prepareCore } from '../../../host/api/program.ts';
import { qpu, toOpenQasm } from '../../../host/qpu/index.ts';
import { assertAllClose, assertClose } from '../../support/close.ts';
import { oracleOperations } from '../../support/host-oracle.ts';
import * as oracle from '../../support/oracle/index.ts';

type Complex = readonly [re: number, im: number];

const ROOT = Math.SQRT1_2;
const e = (angle: number): Complex => [Math.cos(angle), Math.sin(angle)];

/** Matrices as textbooks print them, rows by columns; of two qubits the first is the more significant bit. */
const TEXTBOOK: Readonly<Record<string, (angle: number) => readonly (readonly (number | Complex)[])[]>> = {
  h: () => [
    [ROOT, ROOT],
    [ROOT, -ROOT],
  ],
  x: () => [
    [0, 1],
    [1, 0],
  ],
  y: () => [
    [0, [0, -1]],
    [[0, 1], 0],
  ],
  z: () => [
    [1, 0],
    [0, -1],
  ],
  s: () => [
    [1, 0],
    [0, [0, 1]],
  ],
  sdg: () => [
    [1, 0],
    [0, [0, -1]],
  ],
  t: () => [
    [1, 0],
    [0, e(Math.PI / 4)],
  ],
  tdg: () => [
    [1, 0],
    [0, e(-Math.PI / 4)],
  ],
  sx: () => [
    [
      [0.5, 0.5],
      [0.5, -0.5],
    ],
    [
      [0.5, -0.5],
      [0.5, 0.5],
    ],
  ],
  crx: (a) => [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, Math.cos(a / 2), [0, -Math.sin(a / 2)]],
    [0, 0, [0, -Math.sin(a / 2)], Math.cos(a / 2)],
  ],
  cry: (a) => [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, Math.cos(a / 2), -Math.sin(a / 2)],
    [0, 0, Math.sin(a / 2), Math.cos(a / 2)],
  ],
  crz: (a) => [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, e(-a / 2), 0],
    [0, 0, 0, e(a / 2)],
  ],
  cphase: (a) => [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, e(a)],
  ],
  swap: () => [
    [1, 0, 0, 0],
    [0, 0, 1, 0],
    [0, 1, 0, 0],
    [0, 0, 0, 1],
  ],
};
const ON_TWO = ['crx', 'cry', 'crz', 'cphase', 'swap'];
const TURNED = ['crx', 'cry', 'crz', 'cphase'];
/** What no phase is left out of. */
const EXACT = ['crx', 'cry', 'crz', 'swap'];

const MODEL: oracle.OracleModel = {
  qubits: 2,
  features: 0,
  encoding: Encoding.Zero,
  operations: [],
  parameters: 1,
  terms: [],
  outputs: 1,
  logits: 0,
  loss: Loss.MeanSquare,
  readoutError: 0,
};

describe('a gate', () => {
  for (const [gate, textbook] of Object.entries(TEXTBOOK)) {
    for (const angle of TURNED.includes(gate) ? [0, 0.7, -2.3, 9] : [0]) {
      test(`${gate} ${angle} is that of the textbooks`, () => {
        const qubits = ON_TWO.includes(gate) ? 2 : 1;
        const on = (qubits === 2 ? [0, 1] : [0]) as [number];
        const turned = TURNED.includes(gate) ? { angle: { parameter: 0, scale: 2, offset: 0.25 } } : {};
        const operations = oracleOperations([{ gate: gate as GateName, qubits: on, ...turned }]);
        const found = oracle.circuitMatrix({ ...MODEL, qubits, operations }, [(angle - 0.25) / 2], []);
        const wanted = textbook(angle)
          .flat()
          .map((entry) => (typeof entry === 'number' ? [entry, 0] : entry));
        // The phase that the first entry which is not zero shows.
        const first = wanted.findIndex(([re, im]) => Math.hypot(re, im) > 1e-9);
        const [wr, wi] = wanted[first];
        const [fr, fi] = [found.re[first], found.im[first]];
        const phase: Complex = EXACT.includes(gate)
          ? [1, 0]
          : [(fr * wr + fi * wi) / (wr * wr + wi * wi), (fi * wr - fr * wi) / (wr * wr + wi * wi)];
        assertClose(Math.hypot(...phase), 1, 1e-12, `${gate}: a phase`);
        const flat = wanted.flatMap(([re, im]) => [
          re * phase[0] - im * phase[1],
          re * phase[1] + im * phase[0],
        ]);
        assertAllClose(
          wanted.flatMap((_, i) => [found.re[i], found.im[i]]),
          flat,
          1e-12,
          gate,
        );
      });
    }
  }

  test('of every kind has a textbook or is an operation of the table', () => {
    const table = Object.keys(GATES);
    const gates: Readonly<Record<GateName, true>> = {
      ...(Object.fromEntries(table.map((gate) => [gate, true])) as Record<keyof typeof GATES, true>),
      ...{ u: true, h: true, x: true, y: true, z: true, s: true, sdg: true, t: true, tdg: true, sx: true },
      ...{ crx: true, cry: true, crz: true, cphase: true, swap: true },
    };
    assert.deepEqual(
      Object.keys(TEXTBOOK).sort(),
      Object.keys(gates)
        .filter((g) => !table.includes(g) && g !== 'u')
        .sort(),
    );
  });
});

/** Every gate, some angles of features and of parameters, shared ones too. */
const CIRCUIT: Circuit = [
  { gate: 'h', qubits: [0] },
  { gate: 'sx', qubits: [1] },
  { gate: 'ry', qubits: [2], angle: { feature: 0 } },
  { gate: 'crx', qubits: [0, 1], angle: { parameter: 0, scale: 1.5, offset: 0.3 } },
  { gate: 't', qubits: [1] },
  { gate: 'cry', qubits: [1, 2], angle: { parameter: 1 } },
  { gate: 'y', qubits: [0] },
  { gate: 'crz', qubits: [2, 0], angle: { parameter: 2, scale: -1 } },
  { gate: 'sdg', qubits: [2] },
  { gate: 'swap', qubits: [0, 2] },
  { gate: 'cphase', qubits: [1, 0], angle: { parameter: 1, offset: -0.4 } },
  { gate: 'crx', qubits: [2, 1], angle: { feature: 1, scale: 0.5 } },
  { gate: 's', qubits: [0] },
  { gate: 'tdg', qubits: [1] },
  { gate: 'x', qubits: [1] },
  { gate: 'z', qubits: [2] },
  { gate: 'h', qubits: [1] },
  { gate: 'rx', qubits: [0], angle: { parameter: 3 } },
];
const OBSERVABLE = parseObservable('0.5 Z0 X1 - 0.7 Y2 + 0.2 Z1');
const TERMS: oracle.OracleTerm[] = [
  { output: 0, xMask: 2, zMask: 1, coefficient: 0.5 },
  { output: 0, xMask: 4, zMask: 4, coefficient: -0.7 },
  { output: 0, xMask: 0, zMask: 2, coefficient: 0.2 },
];
const dataset: Dataset = {
  features: Float64Array.of(0.3, 1.2, -0.8, 0.4, 2, 1),
  rows: 3,
  columns: 2,
  labels: Int32Array.of(0, 1, 1),
  classes: ['a', 'b'],
  name: 'three rows',
};
const model = {
  qubits: 3,
  features: 2,
  encoding: 'angle',
  circuit: CIRCUIT,
  observable: [OBSERVABLE],
  head: 'none',
  loss: 'mse',
} as const;

describe('a circuit with all gates', () => {
  const reference: oracle.OracleModel = {
    ...MODEL,
    qubits: 3,
    features: 2,
    operations: oracleOperations(CIRCUIT),
    parameters: 4,
    terms: TERMS,
  };

  for (const gradient of ['adjoint', 'parameter-shift'] as const) {
    for (const engine of ['samples', 'auto'] as const) {
      test(`trains by the gradient that differences give, ${gradient}, ${engine}`, async () => {
        const training = { rule: 'sgd', steps: 2, batch: 3, gradient, engine } as const;
        const trainer = await Trainer.create({ model, training, dataset });
        const before = Array.from(trainer.parameters);
        for await (const _ of trainer.fit({ until: 1 }));
        const rows = [0, 1, 2].map((i) => Array.from(dataset.features.subarray(2 * i, 2 * i + 2)));
        const labels = Array.from(dataset.labels);
        const { gradient: wanted } = oracle.lossGradient(
          reference,
          before,
          rows,
          labels,
          'central-differences',
        );
        assertAllClose(trainer.gradient, wanted, 1e-9, 'the gradient');
      });
    }
  }

  test('is planned as the operations that it is made of', async () => {
    const parts: Circuit = CIRCUIT.flatMap(({ gate, qubits, angle = {} }) =>
      tableOperations(gate, qubits, angle).map(({ operation, qubits: on, driven, scale, offset }) => ({
        gate: operation,
        qubits: on as unknown as readonly [number],
        ...(operation !== 'cnot' && {
          angle: driven
            ? {
                ...('parameter' in angle ? { parameter: angle.parameter } : { feature: angle.feature }),
                scale,
                offset,
              }
            : { offset },
        }),
      })),
    );
    for (const training of [{}, { shots: 10, rule: 'nlr' }] as const) {
      assert.deepEqual(await plan({ ...model, circuit: parts }, training), await plan(model, training));
    }
    const core = await loadCore();
    prepareCore(core, resolveModel(model), resolveTraining(), 0);
    assert.equal(core.abi.option_value(Option.Operations), parts.length);
  });

  test('has a light cone that goes through its gates', async () => {
    const circuit: Circuit = [
      { gate: 'ry', qubits: [0], angle: { parameter: 0 } },
      { gate: 'swap', qubits: [0, 1] },
      { gate: 'ry', qubits: [2], angle: { parameter: 1 } },
      { gate: 'crz', qubits: [1, 2], angle: { parameter: 2 } },
    ];
    const options = {
      qubits: 3,
      features: 1,
      encoding: 'angle',
      circuit,
      head: 'none',
      loss: 'mse',
    } as const;
    const onOne = await plan({ ...options, observable: [parseObservable('Z1')] });
    assert.equal(onOne.activeParameters, 1);
    const onBoth = await plan({ ...options, observable: [parseObservable('X1')] });
    assert.equal(onBoth.activeParameters, 3);
  });

  test('is put to a quantum processor as operations of the table', async () => {
    const training = { rule: 'sgd', steps: 1, shots: 8, answerer: 'caller' } as const;
    const trainer = await Trainer.create({ model, training, dataset });
    const programs: string[] = [];
    const answer = qpu((question) => {
      for (const { gate } of question.operations) assert.ok(Object.hasOwn(GATES, gate), gate);
      programs.push(toOpenQasm(question));
      return { '000': question.shots };
    });
    for await (const _ of trainer.fit({ answer }));
    // What the program's words mean, the tests of OpenQASM know; here, that none is of a gate that is left whole.
    for (const program of programs) assert.doesNotMatch(program, /\b(crx|cry|crz|cphase|swap|sx|tdg)\b/);
    assert.match(programs[0], /^rzz\(.*\) q\[0\], q\[1\];$/m);
  });

  test('is saved and loaded', async () => {
    const trainer = await Trainer.create({ model, training: { steps: 1 }, dataset });
    const loaded = await loadModel(trainer.save());
    assert.deepEqual(loaded.model.circuit, CIRCUIT);
    assert.deepEqual(loaded.predict(dataset), trainer.predict(dataset));
  });
});

test("the paper's ansatz has no gate that is made of others", () => {
  for (const { gate } of chainAnsatz(2, 1)) assert.ok(Object.hasOwn(GATES, gate));
  assert.equal(GATES.cnot, Operation.CNOT);
});
