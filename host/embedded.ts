/** The core inside the library: the bundler puts the release build's bytes here. */
import wasm from '../build/core.wasm';

/** Bytes of the release build: double precision, SIMD. */
export function embeddedCore(): Uint8Array<ArrayBuffer> {
  return wasm;
}
