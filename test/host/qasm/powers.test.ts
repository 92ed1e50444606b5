/**
 * Gates under modifiers, by an independent rule: a root of a gate, repeated, is the gate, and what a control by 1 and one by 0
 * do together is what the gate does.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readOpenQasm } from '../../../host/qasm/index.ts';
import { circuitMatrix, phaseless } from '../../support/circuit-matrix.ts';

const HEAD = 'OPENQASM 3.0; include "stdgates.inc"; include "qelib1.inc"; qubit[4] q; ';

/** Whether two programs do the same, a phase of the whole apart. */
function assertSame(found: string, wanted: string): void {
  const [a, b] = [found, wanted].map((text) => circuitMatrix(4, readOpenQasm(HEAD + text).circuit, [], []));
  const far = phaseless(a as never, b as never);
  assert.ok(far < 1e-10, `${found} is not ${wanted}: ${far}`);
}

const ON_ONE = [
  'x',
  'y',
  'z',
  'h',
  's',
  'sdg',
  't',
  'tdg',
  'sx',
  'sxdg',
  'rx(1)',
  'ry(-2)',
  'rz(4)',
  'rx(7)',
  'ry(2*pi)',
  'rz(-9)',
  'p(4)',
  'p(-pi)',
  'U(1, 2, 3)',
  'u2(0.5, -1)',
  'r(1, 0.5)',
];
const ON_TWO = ['swap', 'cx', 'cz', 'ch', 'cy', 'rxx(1)', 'ryy(4)', 'rzz(7)', 'cp(4)', 'crx(1)'];
const placed = (gate: string, from: number, isPair: boolean) =>
  `${gate} q[${from}]${isPair ? `, q[${from + 1}]` : ''};`;

describe('a gate', () => {
  for (const [gates, isPair] of [
    [ON_ONE, false],
    [ON_TWO, true],
  ] as const) {
    for (const gate of gates) {
      test(`${gate} is its root, repeated, also under controls by 1 and by 0`, () => {
        for (const control of ['', 'ctrl @ ', 'negctrl @ ', 'ctrl @ negctrl @ ']) {
          const operands = ['q[0]', 'q[1]']
            .slice(0, control.split('@').length - 1)
            .map((on) => `${on}, `)
            .join('');
          const on = placed('', 2, isPair).trim();
          const whole = `${control}${gate} ${operands}${on}`;
          for (const root of [2, 3, -2]) {
            const part = `${control}pow(1.0 / ${root}) @ ${gate} ${operands}${on} `;
            assertSame(
              root > 0 ? part.repeat(root) : `${part.repeat(-root)} ${whole}`,
              root > 0 ? whole : '',
            );
          }
          assertSame(`${control}pow(3) @ ${gate} ${operands}${on}`, `${whole} `.repeat(3));
          assertSame(`${control}inv @ ${gate} ${operands}${on} ${whole}`, '');
          assertSame(`inv @ ${whole} ${whole}`, '');
        }
      });

      test(`${gate} under a control does nothing to the other state, and to this one what it does without`, () => {
        const on = placed('', 1, isPair).trim();
        assertSame(`ctrl @ ${gate} q[0], ${on} negctrl @ ${gate} q[0], ${on}`, `${gate} ${on}`);
        assertSame(`x q[0]; ctrl @ ${gate} q[0], ${on} x q[0];`, `negctrl @ ${gate} q[0], ${on}`);
        if (!isPair)
          assertSame(
            `ctrl(2) @ ${gate} q[0], q[1], q[2]; ctrl @ negctrl @ ${gate} q[0], q[1], q[2];`,
            `ctrl @ ${gate} q[0], q[2];`,
          );
      });
    }
  }
});
