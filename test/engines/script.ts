/**
 * The language in which the conformance runner tells every engine what to do: calls of the ABI, a command a
 * line, read at run time by a small interpreter in each host language (transcript.js, transcript.py,
 * transcript.c). An interpreter prints a line for every command that has a result; all lines together are
 * the transcript, and two engines agree when theirs are the same.
 *
 *   case NAME                     a fresh instance of the module; prints the command
 *   reset                         a fresh instance, within a case: what a power cut leaves
 *   must FUNCTION ARGUMENT...     a call; prints `refused FUNCTION RESULT` where the result is negative
 *   call FUNCTION ARGUMENT...     a call; prints `FUNCTION RESULT`, a signed 32-bit integer
 *   number FUNCTION ARGUMENT...   a call of a function that returns a 64-bit float; prints `FUNCTION BITS`
 *   features COUNT STEP           fills the features buffer: ((7 i + 3 STEP) mod 23 - 9) / 32
 *   labels COUNT CLASSES          fills the labels buffer: i mod CLASSES
 *   advance WORK                  step_advance(WORK) while it returns 1; prints `advance STATUS CALLS`
 *   read TYPE POINTER FROM COUNT  prints `POINTER BITS...` of numbers at the address that POINTER() returns
 *   write TYPE POINTER AT VALUE   sets one of them
 *   keep                          takes the image, as many bytes as the last call returned, out of the module;
 *                                 prints `keep BYTES`
 *   put                           puts the image that was kept back
 *   flip AT MASK                  changes bits of one byte of the image area
 *   trace                         prints `trace BITS`
 *
 * TYPE is i32, f64 or real (the reals of the build). A number is a decimal integer, `x` and the 16
 * hexadecimal digits of a 64-bit float, or `$`: the bytes that were kept. BITS are hexadecimal digits, most
 * significant first, or `nan` whatever its bits. A trap prints `trap` and ends the case; a function that the build
 * does not have prints `unknown FUNCTION`.
 */
import { Option } from '../../assembly/abi/codes.ts';

/** Slots of the report that the hashes on record cover: those since have cases of their own, or none. */
export const RECORDED_SLOTS = 20;

/** A number as an argument; `$` is the length of the image that was kept. */
export type Argument = number | '$';

/** Commands under a name. */
export interface Case {
  readonly name: string;
  readonly lines: readonly string[];
  /** Another case of the list, whose transcript has the same last line; no other may have. */
  readonly endsAs?: string;
}

/** The 16 hexadecimal digits of a 64-bit float. */
export function bitsOf(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

/** A number as every interpreter reads the same bits from it. */
function written(value: Argument): string {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
    ? String(value)
    : value === '$'
      ? '$'
      : `x${bitsOf(value as number)}`;
}

const command =
  (word: string) =>
  (name: string, ...values: Argument[]): string =>
    [word, name, ...values.map(written)].join(' ');

/** A call that is not to be refused. */
export const must = command('must');
/** A call whose result is looked at. */
export const call = command('call');
/** A call that returns a 64-bit float. */
export const number = command('number');
export const readReals = command('read real');
export const readDoubles = command('read f64');
export const readIntegers = command('read i32');
export const writeReal = command('write real');
export const writeInteger = command('write i32');

export const features = (count: number, step = 0) => `features ${count} ${step}`;
export const labels = (count: number, classes = 2) => `labels ${count} ${classes}`;
export const advance = (work: number) => `advance ${work}`;
export const flip = (at: number, mask: number) => `flip ${at} ${mask}`;

/** Options by name. */
export type Options = Partial<Record<keyof typeof Option, number>>;

/** Sets options. */
export function configure(options: Options): string[] {
  return Object.entries(options).map(([name, value]) =>
    must('configure', Option[name as keyof typeof Option], value),
  );
}

/** The text of a list of cases. */
export function scriptOf(cases: readonly Case[]): string {
  return cases.flatMap(({ name, lines }) => [`case ${name}`, ...lines, '']).join('\n');
}
