/**
 * Hamiltonians as other frameworks write them: OpenFermion's text of a QubitOperator, `(0.5+0j) [Z0 Z1] + ...`, and lists
 * of labels with coefficients, `[("ZZI", 0.5), ...]`, as Qiskit's SparsePauliOp has them, also as JSON.
 */
import { MAX_QUBITS } from '../../assembly/abi/codes.ts';
import type { PauliTerm } from '../api/circuit.ts';
import { text as checkText } from '../core/checks.ts';
import { DataError } from '../core/errors.ts';
import { type Hamiltonian, hamiltonian, type HamiltonianOptions, readOptions } from './hamiltonian.ts';
import { TextScanner } from './text-scanner.ts';

/** A term as it stands in a file. */
interface ReadTerm {
  readonly pauli: string;
  readonly re: number;
  readonly im: number;
  /** Where it begins. */
  readonly at: number;
}

const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy;
const SPACE = /(?:\s|#[^\n]*)+/y;

/** Imaginary parts that are rounding, as a share of the largest coefficient. */
const ROUNDING = 1e-10;

class Reader extends TextScanner {
  skip(): void {
    this.take(SPACE);
  }

  /** The signs in front of a number: their product, 1 without any. */
  sign(): number {
    let sign = 1;
    for (let mark = this.take(/[+-]/y); mark !== undefined; mark = this.take(/[+-]/y)) {
      if (mark === '-') sign = -sign;
      this.skip();
    }
    return sign;
  }

  /** A number without a sign, real or imaginary; undefined where there is none. */
  magnitude(): readonly [re: number, im: number] | undefined {
    const from = this.at;
    const digits = this.take(NUMBER);
    if (digits === undefined) return undefined;
    const value = Number(digits);
    if (!Number.isFinite(value)) this.fail('ERR_DATA_FINITE', `${digits} is too large a coefficient`, from);
    return this.take(/[jJ]/y) === undefined ? [value, 0] : [0, value];
  }

  /** A coefficient: a number, or a sum of a real and an imaginary one, in parentheses or not. Undefined where there is none. */
  coefficient(): readonly [re: number, im: number] | undefined {
    if (this.take(/\(/y) === undefined) return this.magnitude();
    const from = this.at - 1;
    let [re, im] = [0, 0];
    for (let parts = 0; ; parts++) {
      this.skip();
      if (parts > 0 && this.take(/\)/y) !== undefined) return [re, im];
      const before = this.at;
      const sign = this.sign();
      const isApart = parts === 0 || this.at > before;
      const part = isApart ? this.magnitude() : undefined;
      if (part === undefined || parts === 2)
        this.fail(
          'ERR_DATA_NUMBER',
          `${this.shown()} is no coefficient; expected one such as (0.5+0j)`,
          from,
        );
      re += sign * part[0];
      im += sign * part[1];
    }
  }

  /** `[X0 Z3]`, behind its bracket. */
  factors(): string {
    const factors: string[] = [];
    const seen = new Set<number>();
    for (;;) {
      this.skip();
      if (this.take(/\]/y) !== undefined) return factors.join(' ');
      const from = this.at;
      const factor = this.take(/[XYZ]\d+/y);
      const found = this.take(/[^\s\]]*/y) ?? '';
      if (factor === undefined || found !== '') {
        const fermions = /^\d+\^?$/.test(factor ?? found)
          ? '; ladder operators of fermions have to be mapped to qubits first'
          : '';
        const word = `${factor ?? ''}${found}`;
        const what = word === '' ? 'the text ends' : `${JSON.stringify(word)} stands`;
        this.fail(
          'ERR_DATA_HAMILTONIAN',
          `${what} where X, Y or Z with a qubit was expected, such as Z0${fermions}`,
          from,
        );
      }
      const qubit = Number(factor.slice(1));
      if (qubit >= MAX_QUBITS)
        this.fail(
          'ERR_DATA_HAMILTONIAN',
          `${factor} is on qubit ${qubit}; qubits are 0 to ${MAX_QUBITS - 1}`,
          from,
        );
      if (seen.has(qubit)) this.fail('ERR_DATA_HAMILTONIAN', `qubit ${qubit} comes twice in one term`, from);
      seen.add(qubit);
      factors.push(factor);
    }
  }
}

/** OpenFermion's text: terms with a plus or minus between them. */
function readOperator(reader: Reader): ReadTerm[] {
  const terms: ReadTerm[] = [];
  for (;;) {
    reader.skip();
    if (reader.ended && terms.length > 0) return terms;
    const at = reader.at;
    const sign = reader.sign();
    const signed = reader.at > at;
    if (reader.ended && signed && terms.length > 0)
      reader.fail('ERR_DATA_SYNTAX', 'the text ends behind a sign, where a term was expected', at);
    if (terms.length > 0 && !signed)
      reader.fail('ERR_DATA_SYNTAX', `${reader.shown()} stands where + or - was expected between terms`, at);
    const [re, im] = reader.coefficient() ?? [1, 0];
    reader.skip();
    if (reader.take(/\[/y) === undefined)
      reader.fail(
        'ERR_DATA_SYNTAX',
        `${reader.shown()} stands where the Paulis of a term were expected, such as 0.5 [Z0 Z1]`,
        reader.at,
      );
    terms.push({ pauli: reader.factors(), re: sign * re, im: sign * im, at });
  }
}

/** The string of a label, whose last letter is qubit 0. */
function fromLabel(label: string): string {
  const letters = [...label].reverse();
  return letters.flatMap((letter, qubit) => (letter === 'I' ? [] : [`${letter}${qubit}`])).join(' ');
}

/** A list of labels and coefficients. @returns the terms, and how long the labels are */
function readLabels(reader: Reader): { readonly terms: ReadTerm[]; readonly qubits: number } {
  const terms: ReadTerm[] = [];
  let qubits = 0;
  const expect = (mark: RegExp, expected: string) => {
    reader.skip();
    if (reader.take(mark) === undefined)
      reader.fail('ERR_DATA_SYNTAX', `${reader.shown()} stands where ${expected} was expected`, reader.at);
    reader.skip();
  };
  expect(/\[/y, '[');
  for (;;) {
    if (terms.length > 0 && reader.take(/\]/y) !== undefined) break;
    const at = reader.at;
    expect(/[[(]/y, 'a pair such as ("ZZI", 0.5)');
    const labelAt = reader.at;
    const label = reader.take(/"[^"\n]*"|'[^'\n]*'/y)?.slice(1, -1);
    if (label === undefined)
      reader.fail(
        'ERR_DATA_SYNTAX',
        `${reader.shown()} stands where a label in quotes was expected`,
        labelAt,
      );
    if (!/^[IXYZ]+$/.test(label) || label.length > MAX_QUBITS)
      reader.fail(
        'ERR_DATA_HAMILTONIAN',
        `${JSON.stringify(label)} is no label; expected 1 to ${MAX_QUBITS} of the letters I, X, Y, Z`,
        labelAt,
      );
    if (qubits > 0 && label.length !== qubits)
      reader.fail(
        'ERR_DATA_HAMILTONIAN',
        `${JSON.stringify(label)} has ${label.length} letters, and the labels before it ${qubits}`,
        labelAt,
      );
    qubits = label.length;
    expect(/,/y, 'a comma');
    const sign = reader.sign();
    const value = reader.coefficient();
    if (value === undefined)
      reader.fail(
        'ERR_DATA_NUMBER',
        `${reader.shown()} is no coefficient; expected one such as 0.5`,
        reader.at,
      );
    expect(/[)\]]/y, ') behind the coefficient');
    terms.push({ pauli: fromLabel(label), re: sign * value[0], im: sign * value[1], at });
    if (reader.take(/,/y) === undefined && !/^\]/.test(reader.rest()))
      reader.fail('ERR_DATA_SYNTAX', `${reader.shown()} stands where , or ] was expected`, reader.at);
    reader.skip();
  }
  reader.skip();
  if (!reader.ended)
    reader.fail('ERR_DATA_SYNTAX', `${reader.shown()} stands behind the end of the list`, reader.at);
  return { terms, qubits };
}

/** The real sum, if nothing imaginary is left of any string. @throws DataError at the string's first term */
function hermitian(reader: Reader, terms: readonly ReadTerm[]): PauliTerm[] {
  const sums = new Map<string, { re: number; im: number; at: number }>();
  for (const { pauli, re, im, at } of terms) {
    const key = pauli.split(' ').sort().join(' ');
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { re, im, at });
    else {
      sum.re += re;
      sum.im += im;
    }
  }
  const largest = terms.reduce((most, { re, im }) => Math.max(most, Math.abs(re), Math.abs(im)), 0);
  for (const [pauli, { im, at }] of sums) {
    if (Math.abs(im) > ROUNDING * largest)
      reader.fail(
        'ERR_DATA_HAMILTONIAN',
        `the coefficient of [${pauli}] has the imaginary part ${im}, so that the sum is not Hermitian`,
        at,
      );
  }
  return [...sums].map(([pauli, { re }]) => ({ pauli, coefficient: re }));
}

/**
 * Reads a Hamiltonian from a text. In labels the last letter is qubit 0, as Qiskit has it; comments begin with #.
 * @param name what messages call the text, usually its file
 * @throws DataError with line and column
 * @example
 * ```ts
 * readHamiltonian('(0.5+0j) [Z0 Z1] +\n-1.0 [X0]').terms.length; // 2
 * readHamiltonian('[("ZI", 0.5), ("XX", -1)]').terms[0]; // { pauli: 'Z1', coefficient: 0.5 }
 * ```
 */
export function readHamiltonian(text: string, options: HamiltonianOptions = {}): Hamiltonian {
  const { name = 'hamiltonian', ...rest } = readOptions(options);
  const reader = new Reader(checkText(text, 'text'), name);
  reader.take(/\ufeff/y);
  reader.skip();
  if (reader.ended)
    throw new DataError('ERR_DATA_EMPTY', 'there is no term; expected terms such as 0.5 [Z0 Z1]', {
      file: name,
    });
  const isList = /^\[\s*[[(]/.test(reader.rest());
  const { terms, qubits } = isList ? readLabels(reader) : { terms: readOperator(reader), qubits: undefined };
  const sum = hermitian(reader, terms).filter(({ coefficient }) => coefficient !== 0);
  if (!sum.some(({ pauli }) => pauli !== ''))
    throw new DataError(
      'ERR_DATA_EMPTY',
      'no term is left but the identity, so that there is nothing to minimise',
      {
        file: name,
      },
    );
  const format = isList ? 'labels with coefficients, the last letter is qubit 0' : "OpenFermion's text";
  return hamiltonian(sum, { ...rest, qubits: rest.qubits ?? qubits, name, about: { format, ...rest.about } });
}
