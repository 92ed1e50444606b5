/** Whether a configuration and its training are within one 64 KiB page, as `plan` says. */
import { readFile } from 'node:fs/promises';
import { type Plan, plan } from '../../host/index.ts';
import type { Configuration } from './grid.ts';

/** Plans one model of a configuration: in double precision, or for the device's module in single precision. */
export async function planOf(
  { model, training }: Configuration,
  wasm?: Uint8Array,
): Promise<Pick<Plan, 'fits' | 'arenaBytes' | 'memoryPages'>> {
  return plan(model, training, wasm ? { build: { wasm } } : {});
}

/** The module of microcontrollers with every engine, in single precision. */
export async function deviceModule(): Promise<Uint8Array> {
  return readFile(new URL('../../dist/core.device-fast-f32.wasm', import.meta.url));
}

/** Those that a page holds, training included. */
export async function inOnePage(all: readonly Configuration[]): Promise<Configuration[]> {
  const plans = await Promise.all(all.map(async (each) => planOf(each)));
  return all.filter((_, i) => plans[i].fits && plans[i].memoryPages === 1);
}
