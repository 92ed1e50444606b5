/** Who works out cells that are no plain training, by name. Each gets plain data and returns plain data, on a thread. */
import type { Json } from '../../study/cell.ts';
import { clients } from './clients.ts';
import { cost } from './cost.ts';
import { descent } from './descent.ts';
import { exit } from './exit.ts';
import { growth } from './growth.ts';
import { tentative } from './tentative.ts';
import { trace } from './trace.ts';
import { variance } from './variance.ts';
import type { RunnerName } from './names.ts';

/** Works out a value. Nothing but the input decides it. */
export type Runner = (input: Json) => Promise<Json>;

/** All of them. */
export const RUNNERS: Readonly<Record<RunnerName, Runner>> = {
  clients,
  cost,
  descent,
  exit,
  growth,
  tentative,
  trace,
  variance,
};
