/** A build that tells of every load and store: where they reach, and how many there are. */
import { readFileSync } from 'node:fs';
import binaryen from 'binaryen';
import { type Abi, type Build, moduleUrl } from './core-harness.ts';

const modules = new Map<Build, WebAssembly.Module>();

/** The module with a call to the host at every access to memory. */
function instrumentedModule(build: Build): WebAssembly.Module {
  const known = modules.get(build);
  if (known !== undefined) return known;
  const module = binaryen.readBinary(readFileSync(moduleUrl(build)));
  module.runPasses(['instrument-memory']);
  const instrumented = new WebAssembly.Module(new Uint8Array(module.emitBinary()));
  module.dispose();
  modules.set(build, instrumented);
  return instrumented;
}

/** An instance whose accesses to memory are counted. Its results are those of the build. */
export class Accesses {
  readonly abi: Abi;
  /** One past the last byte that was ever read or written. */
  end = 0;
  /** Loads and stores so far. */
  count = 0;

  constructor(build: Build) {
    const module = instrumentedModule(build);
    const imports: WebAssembly.Imports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      // Addresses go through one kind of function, what is loaded or stored through the other.
      const hook = name.endsWith('_ptr') ? this.#address : (_: number, value: unknown) => value;
      imports[from] = { ...imports[from], [name]: hook };
    }
    this.abi = new WebAssembly.Instance(module, imports).exports as Abi;
  }

  #address = (_: number, bytes: number, offset: number, address: number): number => {
    this.count++;
    // The upper half of all addresses is negative as an i32.
    this.end = Math.max(this.end, (address >>> 0) + offset + bytes);
    return address;
  };

  /** Accesses that some work makes. */
  of(work: () => void): number {
    const before = this.count;
    work();
    return this.count - before;
  }
}
