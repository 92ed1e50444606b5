/** The cores inside the library: the bundler puts their bytes here. */
import compact from '../../build/core.compact.wasm';

/** Bytes of the compact build, which only predicts: double precision, SIMD, the samples engine alone. */
export function compactCore(): Uint8Array<ArrayBuffer> {
  return compact;
}

/** Bytes of the release build, with all engines: a chunk of its own, loaded when it is first asked for. */
export async function releaseCore(): Promise<Uint8Array<ArrayBuffer>> {
  return (await import('./release-core.ts')).default;
}
