/**
 * Makes a device module smaller without changing what it computes: optimises once more for size, then
 * writes small whole constants as converted integers, 3 bytes where `f64.const` takes 9.
 */
import binaryen from 'binaryen';

/** The integers whose encoding is one byte. */
const isShort = (digits) => Math.abs(Number(digits)) < 64 && digits !== '-0';

/** @param {Uint8Array} wasm @returns {Uint8Array} */
export function shrinkWasm(wasm) {
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(2);
  const module = binaryen.readBinary(wasm);
  module.setFeatures(binaryen.Features.MVP);
  module.optimize();
  module.optimize();
  const text = module
    .emitText()
    .replace(/\((f32|f64)\.const (-?\d+)\)/g, (whole, type, digits) =>
      isShort(digits) ? `(${type}.convert_i32_s (i32.const ${digits}))` : whole,
    );
  module.dispose();
  const shrunk = binaryen.parseText(text);
  shrunk.setFeatures(binaryen.Features.MVP);
  if (!shrunk.validate()) throw new Error('the shrunk module is not valid');
  const bytes = shrunk.emitBinary();
  shrunk.dispose();
  return bytes;
}
