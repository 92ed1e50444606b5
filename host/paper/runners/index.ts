/** Who works out cells that are no plain training, by name. Each gets plain data and returns plain data, on a thread. */
import type { Json } from '../../study/cell.ts';
import { cost } from './cost.ts';
import { growth } from './growth.ts';
import type { RunnerName } from './names.ts';

/** Works out a value. Nothing but the input decides it. */
export type Runner = (input: Json) => Promise<Json>;

/** All of them. */
export const RUNNERS: Readonly<Record<RunnerName, Runner>> = { cost, growth };
