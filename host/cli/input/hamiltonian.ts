/** `--hamiltonian`: a built-in one by its name, or a file. */
import { BUILT_IN, builtIn } from '../../problems/built-in.ts';
import type { Hamiltonian } from '../../problems/hamiltonian.ts';
import { readHamiltonian } from '../../problems/read-hamiltonian.ts';
import { DataError } from '../../core/errors.ts';
import { readText } from '../../files/disk.ts';
import { UsageError } from '../output/failure.ts';

/**
 * Finds or reads a Hamiltonian.
 * @param electrons of a molecule in a file
 * @throws UsageError, OptionError, DataError
 */
export async function hamiltonianOf(name: string, electrons?: number): Promise<Hamiltonian> {
  const known = builtIn(name);
  if (known !== undefined && electrons !== undefined)
    throw new UsageError(`--electrons is of a molecule in a file; ${name} says its own`);
  if (known !== undefined) return known;
  try {
    return readHamiltonian(await readText(name), { name, electrons });
  } catch (error) {
    // A word without a dot or a slash is likely to be meant as one of the names.
    if (error instanceof DataError && error.code === 'ERR_DATA_FILE' && !/[./\\]/.test(name))
      throw new UsageError(
        `--hamiltonian is '${name}'; expected ${BUILT_IN.join(', ')}, or a file, and ${error.message}`,
      );
    throw error;
  }
}
