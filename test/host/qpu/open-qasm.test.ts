/** OpenQASM programs of questions, run by a small interpreter of their own words on a state of amplitudes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Question, toOpenQasm } from '../../../host/qpu/index.ts';
import {
  asked,
  answerStep,
  beginDrawn,
  honest,
  masksOf,
  reversed,
  stateOf,
} from '../../support/caller-answers.ts';
import { dataOf, fresh, MODELS, SEED, TRAININGS } from '../../support/caller-runs.ts';
import { assertClose } from '../../support/close.ts';
import * as oracle from '../../support/oracle/index.ts';

type Complex = readonly [re: number, im: number];
type Gate = readonly [Complex, Complex, Complex, Complex];

const ROOT = Math.SQRT1_2;

/** The one-qubit gates of stdgates.inc that are used, row by row. */
const GATES: Record<string, (angle: number) => Gate> = {
  rx: (t) => [
    [Math.cos(t / 2), 0],
    [0, -Math.sin(t / 2)],
    [0, -Math.sin(t / 2)],
    [Math.cos(t / 2), 0],
  ],
  ry: (t) => [
    [Math.cos(t / 2), 0],
    [-Math.sin(t / 2), 0],
    [Math.sin(t / 2), 0],
    [Math.cos(t / 2), 0],
  ],
  rz: (t) => [
    [Math.cos(t / 2), -Math.sin(t / 2)],
    [0, 0],
    [0, 0],
    [Math.cos(t / 2), Math.sin(t / 2)],
  ],
  h: () => [
    [ROOT, 0],
    [ROOT, 0],
    [ROOT, 0],
    [-ROOT, 0],
  ],
  sdg: () => [
    [1, 0],
    [0, 0],
    [0, 0],
    [0, -1],
  ],
  x: () => [
    [0, 0],
    [1, 0],
    [1, 0],
    [0, 0],
  ],
  z: () => [
    [1, 0],
    [0, 0],
    [0, 0],
    [-1, 0],
  ],
};

/** A number of the program: digits, or a fraction of pi. */
function numberOf(text: string): number {
  if (text === 'pi/2' || text === '-pi/2') return (Math.PI / 2) * (text.startsWith('-') ? -1 : 1);
  assert.match(text, /^-?\d+(\.\d+)?(e[-+]?\d+)?$/);
  return Number(text);
}

/** Amplitudes by outcomes: bit q is qubit q. */
class Register {
  re: Float64Array;
  im: Float64Array;

  constructor(qubits: number) {
    this.re = new Float64Array(2 ** qubits);
    this.im = new Float64Array(2 ** qubits);
    this.re[0] = 1;
  }

  /** A gate on a qubit, wherever the controls have their values. */
  apply(
    [a, b, c, d]: Gate,
    target: number,
    controls: readonly (readonly [qubit: number, value: number])[],
  ): void {
    for (let i = 0; i < this.re.length; i++) {
      if ((i >> target) & 1 || controls.some(([qubit, value]) => ((i >> qubit) & 1) !== value)) continue;
      const j = i | (1 << target);
      const [x, y]: Complex[] = [
        [this.re[i], this.im[i]],
        [this.re[j], this.im[j]],
      ];
      const sum = (p: Complex, q: Complex): Complex => [
        p[0] * x[0] - p[1] * x[1] + q[0] * y[0] - q[1] * y[1],
        p[0] * x[1] + p[1] * x[0] + q[0] * y[1] + q[1] * y[0],
      ];
      [[this.re[i], this.im[i]], [this.re[j], this.im[j]]] = [sum(a, b), sum(c, d)];
    }
  }
}

/** Runs a program. @returns the chance of each outcome: bit q is c[q] */
function run(program: string, qubits: number): number[] {
  const register = new Register(qubits);
  const definitions = new Map<string, { parameter: string; operands: string[]; body: string[] }>();

  function execute(statement: string): void {
    const match = /^((?:(?:neg)?ctrl @ )*)([a-z]+)(?:\(([^)]*)\))? ([^()]+)$/.exec(statement);
    assert.ok(match !== null, statement);
    const [, modifiers, name, argument, list] = match;
    const operands = list.split(', ');
    const definition = definitions.get(name);
    if (definition !== undefined) {
      assert.equal(operands.length, definition.operands.length);
      for (const line of definition.body) {
        const words = line.replaceAll(definition.parameter, argument);
        execute(words.replace(/\b[ab]\b/g, (operand) => operands[definition.operands.indexOf(operand)]));
      }
      return;
    }
    const places = operands.map((operand) => {
      const [, qubit] = /^q\[(\d+)\]$/.exec(operand) ?? assert.fail(operand);
      assert.ok(Number(qubit) < qubits);
      return Number(qubit);
    });
    assert.equal(new Set(places).size, places.length);
    const own = name === 'cx' || name === 'cz';
    const values = [...modifiers.matchAll(/(neg)?ctrl @ /g)].map(([, negative]) => (negative ? 0 : 1));
    if (own) values.push(1);
    assert.equal(values.length, places.length - 1, statement);
    const gate = GATES[own ? name.slice(1) : name];
    assert.ok(gate !== undefined, statement);
    const controls = values.map((value, i) => [places[i], value] as const);
    register.apply(
      gate(argument === undefined ? 0 : numberOf(argument)),
      places[places.length - 1],
      controls,
    );
  }

  const lines = program
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('//'));
  assert.deepEqual(lines.splice(0, 2), ['OPENQASM 3.0;', 'include "stdgates.inc";']);
  assert.equal(lines.pop(), 'c = measure q;');
  for (const line of lines) {
    const gate = /^gate ([a-z]+)\(([a-z]+)\) (.*?) \{ (.*); \}$/.exec(line);
    if (gate !== null) {
      const [, name, parameter, operands, body] = gate;
      definitions.set(name, { parameter, operands: operands.split(', '), body: body.split('; ') });
    } else if (/^(qu)?bit\[/.test(line))
      assert.match(line, new RegExp(`^(qubit\\[${qubits}\\] q|bit\\[${qubits}\\] c);$`));
    else {
      assert.ok(line.endsWith(';'), line);
      execute(line.slice(0, -1));
    }
  }
  return Array.from(register.re, (re, i) => re * re + register.im[i] ** 2);
}

/** The product of signs of the qubits asked for, by the chances of outcomes. */
function valueOf(chances: readonly number[], { bases }: Question): number {
  const sign = (outcome: number) =>
    bases.reduce(
      (product, basis, qubit) => (basis !== 'I' && (outcome >> qubit) & 1 ? -product : product),
      1,
    );
  return chances.reduce((sum, chance, outcome) => sum + chance * sign(outcome), 0);
}

describe('OpenQASM', () => {
  for (const [name, model] of Object.entries(MODELS)) {
    it(`${name}: a program has the expectation of its question (seed ${SEED})`, () => {
      const machine = fresh('release', model, asked({ ...TRAININGS.adam, batch: 2 }));
      const { samples, labels } = dataOf(model);
      beginDrawn(machine, samples, labels);
      answerStep(machine, (asking, question) => {
        const { xMask, zMask } = masksOf(question);
        const expected = oracle.termExpectation(stateOf(question), {
          output: 0,
          xMask,
          zMask,
          coefficient: 1,
        });
        assertClose(
          valueOf(run(toOpenQasm(question), model.qubits), question),
          expected,
          1e-12,
          toOpenQasm(question),
        );
        honest(asking, question);
      });
    });
  }

  it('prepares any real state: signs, zeros, one amplitude, less than all', () => {
    const rng = oracle.seededRng(SEED);
    const question = {
      qubits: 3,
      encoding: 'amplitude',
      operations: [],
      shots: 1,
      step: 1,
      evaluation: 0,
      sample: 0,
    } as const;
    const states = [
      [1],
      [-1],
      [-0, 0, 3],
      [0, 0, 0, 0, 0, 0, 0, -2],
      [1e-200, -1e-200],
      [1, -1, -1, 1, 1, -1, 1, -1],
      ...Array.from({ length: 40 }, () => {
        const length = 1 + oracle.randomInteger(rng, 8);
        return [...Array.from({ length }, () => (rng() < 0.3 ? 0 : rng() - 0.5)), 0.25].slice(-8);
      }),
    ];
    // Every letter on every qubit sees signs too.
    for (const state of states) {
      for (let letters = 0; letters < 27; letters++) {
        const bases = [letters, letters / 3, letters / 9].map(
          (at) => (['X', 'Y', 'Z'] as const)[Math.floor(at) % 3],
        );
        const features = Float64Array.from(state);
        const asking: Question = { ...question, features, bases };
        const chances = run(toOpenQasm(asking), 3);
        const turned = bases.reduce((at, basis, a) => {
          const kind = { X: 1, Y: 0, Z: -1 }[basis];
          if (kind < 0) return at;
          const op = { kind, a, source: 0, index: 0, scale: 1, offset: 0 };
          return oracle.apply(oracle.operationMatrix(3, op, kind === 1 ? -Math.PI / 2 : Math.PI / 2), at);
        }, stateOf(asking));
        turned.re.forEach((re, index) => {
          assertClose(
            chances[reversed(index, 3)],
            re * re + turned.im[index] ** 2,
            1e-12,
            `${state} in ${bases}`,
          );
        });
      }
    }
  });

  it('writes numbers that are read back whole', () => {
    const question: Question = {
      qubits: 2,
      encoding: 'angle',
      features: new Float64Array(1),
      operations: [
        { gate: 'rx', qubits: [0], angle: 1 },
        { gate: 'rzz', qubits: [1, 0], angle: -1e-7 },
        { gate: 'rz', qubits: [1], angle: 1e21 },
        { gate: 'cz', qubits: [1, 0], angle: 0 },
        { gate: 'cnot', qubits: [1, 0], angle: 0 },
      ],
      bases: ['I', 'Y'],
      shots: 10,
      step: 2,
      evaluation: 5,
      sample: 3,
    };
    assert.equal(
      toOpenQasm(question),
      `OPENQASM 3.0;
include "stdgates.inc";
// step 2, sample 3, evaluation 5
gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }
qubit[2] q;
bit[2] c;
rx(1.0) q[0];
rzz(-1e-7) q[1], q[0];
rz(1e+21) q[1];
cz q[1], q[0];
cx q[1], q[0];
sdg q[1];
h q[1];
c = measure q;
`,
    );
  });
});
