/** The highest arithmetic rate that this engine reaches on this machine, for comparison. */
import { compileString } from 'assemblyscript/asc';
import { type Contestant, repeated } from './timing.ts';

/** As many as hide the latency of a multiplication and an addition and still stay in registers. */
const CHAINS = 12;
/** Turns of the loop in one call. */
const TURNS = 1000;
/** Floating-point operations of one call: a multiplication and an addition on two lanes. */
export const PEAK_OPERATIONS = TURNS * CHAINS * 2 * 2;

/**
 * The chains x <- a x + b, from different starts. As arguments, a and b stay in registers; as constants, some
 * engines make them anew for each use.
 */
function source(): string {
  const each = (line: (chain: string, index: number) => string, join = '\n') =>
    Array.from({ length: CHAINS }, (_, i) => line(`x${i}`, i)).join(join);
  return `export function chains(turns: i32, start: f64, factor: f64, summand: f64): f64 {
    const a = f64x2.splat(factor);
    const b = f64x2.splat(summand);
    ${each((chain, i) => `let ${chain} = f64x2.splat(start + ${i}.0);`)}
    for (let i = 0; i < turns; i++) {
      ${each((chain) => `${chain} = f64x2.add(f64x2.mul(${chain}, a), b);`)}
    }
    let sum = f64x2.splat(0);
    ${each((chain) => `sum = f64x2.add(sum, ${chain});`)}
    return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  }`;
}

/** Compiles the chains. */
export async function peakModule(): Promise<Uint8Array<ArrayBuffer>> {
  const { binary, error, stderr } = await compileString(source(), {
    optimizeLevel: 3,
    runtime: 'stub',
    enable: ['simd'],
  });
  if (binary === null || error !== null) throw new Error(`the chains do not compile: ${stderr.toString()}`);
  return new Uint8Array(binary);
}

/** Runs the chains, as compiled; one repetition is `PEAK_OPERATIONS`. */
export function peakContestant(wasm: BufferSource): Contestant {
  const { chains } = new WebAssembly.Instance(new WebAssembly.Module(wasm), {}).exports as {
    chains(turns: number, start: number, factor: number, summand: number): number;
  };
  return { name: 'peak', run: repeated(() => chains(TURNS, 0.5, 0.999, 0.001)) };
}
