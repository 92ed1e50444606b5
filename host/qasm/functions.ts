/** The functions and the whole-number arithmetic of OpenQASM. */

type Numeric = (...numbers: number[]) => number;

/** Functions of real numbers. */
const REAL: Readonly<Record<string, Numeric>> = {
  arccos: Math.acos,
  arcsin: Math.asin,
  arctan: Math.atan,
  cos: Math.cos,
  exp: Math.exp,
  ln: Math.log,
  log: Math.log,
  pow: Math.pow,
  sin: Math.sin,
  sqrt: Math.sqrt,
  tan: Math.tan,
  mod: (a, b) => a % b,
};

/** Functions that give whole numbers. */
const WHOLE: Readonly<Record<string, Numeric>> = {
  ceiling: Math.ceil,
  floor: Math.floor,
  popcount: (value) => BigInt(value).toString(2).replaceAll(/[^1]/g, '').length,
};

/** Those of OpenQASM 2; of 3 all others but `ln`. */
const IN_TWO = ['sin', 'cos', 'tan', 'exp', 'ln', 'sqrt'];

const TAKE_TWO = ['pow', 'mod'];

/** What a function gives, or what is wrong with the call. */
export function callFunction(
  name: string,
  numbers: readonly number[],
  allWhole: boolean,
  version: 2 | 3,
): { readonly value: number; readonly whole: boolean } | string {
  const isKnown = version === 2 ? IN_TWO.includes(name) : name !== 'ln';
  const [real, whole] = [REAL, WHOLE].map((table) => (Object.hasOwn(table, name) ? table[name] : undefined));
  const found = real ?? whole;
  if (!isKnown || found === undefined) {
    const names =
      version === 2 ? IN_TWO : [...Object.keys(REAL), ...Object.keys(WHOLE)].filter((each) => each !== 'ln');
    return `'${name}' is no function; there are ${names.sort().join(', ')}`;
  }
  const count = TAKE_TWO.includes(name) ? 2 : 1;
  if (numbers.length !== count)
    return `${name} takes ${count === 1 ? 'one number' : 'two numbers'}, not ${numbers.length}`;
  if (name === 'popcount' && !allWhole) return 'popcount takes a whole number';
  const isWhole =
    whole !== undefined ||
    (TAKE_TWO.includes(name) && allWhole && (name === 'mod' || (numbers[1] as number) >= 0));
  return { value: found(...numbers), whole: isWhole };
}

const big = (operate: (a: bigint, b: bigint) => bigint) => (a: number, b: number) =>
  Number(operate(BigInt(a), BigInt(b)));

/** A shift further than any number here has bits. */
const FARTHEST = 64;

/** Quotients are cut off, as in C. A power with a negative exponent is no whole number. */
const WHOLE_OPERATIONS: Readonly<Record<string, (a: number, b: number) => number | undefined>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => Math.trunc(a / b),
  '%': (a, b) => a % b,
  '**': (a, b) => (b < 0 ? undefined : a ** b),
  '&': big((a, b) => a & b),
  '|': big((a, b) => a | b),
  '^': big((a, b) => a ^ b),
  '<<': (a, b) => (b < 0 || b > FARTHEST ? Number.NaN : a * 2 ** b),
  '>>': (a, b) => (b < 0 ? Number.NaN : Math.floor(a / 2 ** Math.min(b, FARTHEST))),
};

/** A whole number out of two; NaN or infinite for none that is safe, undefined where it is no matter of whole numbers. */
export function wholeOperation(operator: string, a: number, b: number): number | undefined {
  return WHOLE_OPERATIONS[operator]?.(a, b);
}
