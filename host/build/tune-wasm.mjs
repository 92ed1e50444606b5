/**
 * What the compiler leaves to do on a module. Nothing here changes what it computes: no pass reorders
 * floating-point operations, so the bits stay.
 */
import binaryen from 'binaryen';

/** What runtimes of devices read to cut the page to size. */
const MEMORY_IN_USE = ['__heap_base', '__data_end'];

/** Bytes of an integer in a module's code: seven bits each, and the sign. @param {number} integer */
const encodedBytes = (integer) => Math.ceil((33 - Math.clz32(integer ^ (integer >> 31))) / 7);

/** @param {string} target */
function features(target) {
  const { MVP, SIMD128, BulkMemory, SignExt, NontrappingFPToInt, MutableGlobals } = binaryen.Features;
  if (target.startsWith('device')) return MVP;
  return MVP | SIMD128 | BulkMemory | SignExt | NontrappingFPToInt | MutableGlobals;
}

/**
 * A constant in fewer bytes than `f64.const` (9) or `f32.const` (5) take, where one of a smaller type is the same
 * number: an integer converted, or single precision promoted. Not for what a conversion could change: -0 and NaN.
 * @param {string} whole
 * @param {string} type
 * @param {string} digits
 */
function shortConstant(whole, type, digits) {
  const value = Number(digits.replace('inf', 'Infinity'));
  const rounded = Math.trunc(value) === value && Math.abs(value) < 2 ** 24;
  if (rounded && digits !== '-0' && encodedBytes(value) < (type === 'f64' ? 4 : 3)) {
    return `(${type}.convert_i32_s (i32.const ${value}))`;
  }
  if (type === 'f64' && Math.fround(value) === value) return `(f64.promote_f32 (f32.const ${digits}))`;
  return whole;
}

/**
 * Where the arena begins, for runtimes that cut the page to size: only at a multiple of 16 bytes do they.
 * @param {string} _
 * @param {string} start
 * @param {string} digits
 */
const heapBase = (_, start, digits) => `${start}${(Number(digits) + 15) & ~15}))`;

/** @param {binaryen.Module} module @param {string} target */
function rewritten(module, target) {
  const text = module
    .emitText()
    .replace(/\((f32|f64)\.const (-?(?:inf|[\d.e+-]+))\)/g, shortConstant)
    .replace(/(\(global \$\S+ i32 \(i32\.const )(\d+)\)\)/g, heapBase);
  const shorter = binaryen.parseText(text);
  shorter.setFeatures(features(target));
  // A constant that is long and often there is written once.
  if (target.startsWith('device')) shorter.runPasses(['const-hoisting']);
  if (!shorter.validate()) throw new Error('the rewritten module is not valid');
  return shorter;
}

/**
 * Optimises a module once more: for size where it goes into flash or into a bundle, for speed with all engines,
 * whose inner loops call small helpers that an engine would not inline.
 * @param {Uint8Array} wasm
 * @param {string} target its name in asconfig.json
 * @param {readonly string[]} absent exports that it has no use for
 * @param {boolean} [named] whether functions keep their names, which a profile shows; the code is the same
 * @returns {Uint8Array}
 */
export function tuneWasm(wasm, target, absent, named = false) {
  const fast = target === 'release';
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(fast ? 0 : 2);
  binaryen.setAlwaysInlineMaxSize(fast ? 30 : 2);
  // Of larger ones a compressed page has more bytes, and hardly any step is faster.
  binaryen.setFlexibleInlineMaxSize(fast ? 52 : 20);
  // The most repetitive code is not the shortest; a bundle is compressed.
  binaryen.setOneCallerInlineMaxSize(target === 'compact' ? 170 : -1);
  // What the compiler may have left behind in this process.
  binaryen.setDebugInfo(named);
  binaryen.setFastMath(false);
  binaryen.setClosedWorld(false);
  binaryen.setZeroFilledMemory(false);
  binaryen.setAllowInliningFunctionsWithLoops(false);
  binaryen.clearPassArguments();
  // Static data begins where no folded offset reaches.
  binaryen.setLowMemoryUnused(true);
  binaryen.setGenerateStackIR(true);
  binaryen.setOptimizeStackIR(true);
  let module = binaryen.readBinary(wasm);
  module.setFeatures(features(target));
  for (const name of absent) module.removeExport(name);
  if (target === 'compact') for (const name of MEMORY_IN_USE) module.removeExport(name);
  module.optimize();
  module.optimize();
  // What is called often gets a short number.
  if (fast) module.runPasses(['reorder-functions']);
  if (!fast) {
    const shorter = rewritten(module, target);
    module.dispose();
    module = shorter;
  }
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}
