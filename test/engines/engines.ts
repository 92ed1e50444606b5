/** All engines of the matrix. */
import type { Engine } from './engine.ts';
import { WORKERD } from './engine-workerd.ts';
import { CHROMIUM, FIREFOX } from './engines-browser.ts';
import { WAMR } from './engine-wamr.ts';
import { C_ENGINES } from './engines-c.ts';
import { BUN, DENO, NODE, WASMTIME } from './engines-scripted.ts';

export const ENGINES: readonly Engine[] = [
  NODE,
  DENO,
  BUN,
  WORKERD,
  CHROMIUM,
  FIREFOX,
  WASMTIME,
  WAMR,
  ...C_ENGINES,
];
