/** Compiles the C programs of this folder with the system's compiler, against the store in host/devices. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FLAGS = ['-std=c11', '-O1', '-Wall', '-Wextra', '-Werror', '-Ihost/devices', '-Itest/durability'];
const SOURCES = ['test/durability/flash-sim.c', 'host/devices/slots.c', 'host/devices/own-file.c'];

/** Not every compiler brings the libraries of its sanitizers along. */
const SANITIZERS: readonly (readonly string[])[] = [
  ['-fsanitize=address,undefined', '-fno-sanitize-recover'],
  ['-fsanitize=undefined', '-fsanitize-undefined-trap-on-error'],
  [],
];

/** What to install where `compiler` finds none. */
export const NO_COMPILER = 'a C compiler: cc, or what CC names';

/** The C compiler of this machine, if it has one. */
export function compiler(): string | undefined {
  const name = process.env.CC ?? 'cc';
  return spawnSync(name, ['--version']).status === 0 ? name : undefined;
}

/** Compiled programs in a folder of their own. */
export class Programs {
  readonly #folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));

  constructor(readonly cc: string) {}

  /** Compiles `test/durability/<name>.c`. @returns the path of the program @throws with the compiler's messages */
  compile(name: string): string {
    const program = join(this.#folder, name);
    const sources = [`test/durability/${name}.c`, ...SOURCES];
    const sanitizer = SANITIZERS.find((flags) => this.#links(flags));
    execFileSync(this.cc, [...FLAGS, ...(sanitizer ?? []), ...sources, '-o', program], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    return program;
  }

  #links(flags: readonly string[]): boolean {
    const input = 'int main(void) { return 0; }';
    const output = join(this.#folder, 'empty');
    return spawnSync(this.cc, [...flags, '-x', 'c', '-', '-o', output], { input }).status === 0;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
