/** Counts the floating-point operations that a module does, by running it with a counter in every one of them. */
import binaryen from 'binaryen';

/** What counts, and for how many: additions, subtractions, multiplications, divisions and roots, per lane. */
const COUNTED = /\((f64x2|f64)\.(add|sub|mul|div|sqrt)\b/g;

/** What a counting module exports beyond what it did before. */
export interface OperationCounter {
  /** Floating-point operations so far. */
  operations(): number;
}

/** A function that does one operation and counts its lanes. */
function counted(type: string, operation: string): string {
  const [value, lanes] = type === 'f64x2' ? ['v128', 2] : ['f64', 1];
  const operands = operation === 'sqrt' ? 1 : 2;
  const gets = Array.from({ length: operands }, (_, i) => `(local.get ${i})`).join(' ');
  return `(func $counted.${type}.${operation} (param ${`${value} `.repeat(operands)}) (result ${value})
    (global.set $operations (f64.add (global.get $operations) (f64.const ${lanes})))
    (${type}.${operation} ${gets}))`;
}

/** The same module, counting; it exports `operations` (see `OperationCounter`). */
export function countingModule(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  const module = binaryen.readBinary(wasm);
  const text = module.emitText();
  module.dispose();
  const kinds = new Map<string, string>();
  const body = text
    .replace(COUNTED, (_, type: string, operation: string) => {
      kinds.set(`${type}.${operation}`, counted(type, operation));
      return `(call $counted.${type}.${operation}`;
    })
    .trimEnd()
    .replace(/\)$/, '');
  const counting = binaryen.parseText(`${body}
    (global $operations (mut f64) (f64.const 0))
    ${[...kinds.values()].join('\n')}
    (func $operations.sofar (export "operations") (result f64) (global.get $operations)))`);
  counting.setFeatures(binaryen.Features.All);
  const bytes = new Uint8Array(counting.emitBinary());
  counting.dispose();
  return bytes;
}
