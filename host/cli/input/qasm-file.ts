/** OpenQASM files for the commands that use them. */
import { buffer } from 'node:stream/consumers';
import { readText, textOf } from '../../files/disk.ts';
import { type QasmProgram, readOpenQasm } from '../../qasm/index.ts';
import { decimal } from '../../data/dataset.ts';
import { UsageError } from '../output/failure.ts';
import { STDIN } from './source.ts';

/** `name=value`, or several between commas, gathered over all flags of the name. @throws UsageError */
export function assignments(flag: string) {
  return (text: string, before: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> => {
    const values = { ...before };
    for (const part of text.split(',')) {
      const [, name = '', number = ''] = /^\s*([^=\s]+)\s*=\s*(\S+)\s*$/.exec(part) ?? [];
      const value = decimal(number);
      if (name === '' || value === undefined || !Number.isFinite(value))
        throw new UsageError(`${flag} has '${part}'; expected NAME=NUMBER, such as theta=0.5`);
      if (Object.hasOwn(values, name)) throw new UsageError(`${flag} gives ${name} two values`);
      Object.defineProperty(values, name, { value, enumerable: true, configurable: true });
    }
    return values;
  };
}

/** What messages call an OpenQASM file; `-` is stdin. */
export const qasmName = (file: string) => (file === STDIN ? 'stdin' : file);

/** Reads an OpenQASM file, or stdin by `-`. @throws QasmError, DataError, OptionError */
export async function readQasmFile(
  file: string,
  options: { readonly features?: readonly string[]; readonly values?: Readonly<Record<string, number>> } = {},
): Promise<QasmProgram> {
  const name = qasmName(file);
  const text = file === STDIN ? textOf(await buffer(process.stdin), name) : await readText(file);
  return readOpenQasm(text, { ...options, name });
}
