/** Circuits from and to OpenQASM 2 and 3: the package's `nlr-vqa/qasm` entry. Browser-safe, as the main one. */
export type { QasmErrorCode } from '../core/errors.ts';
export { QasmError } from './error.ts';
export { type Application, namesIn, type Register } from './machine.ts';
export { prepareState } from './prepare.ts';
export { type QasmProgram, type ReadOptions, readOpenQasm } from './read.ts';
export { writeOpenQasm, type WriteOptions } from './write.ts';
