/** What `plan` is asked, and what it answers. */
import type { LoadOptions } from '../core/core.ts';
import type { ClassWeights } from './class-weights.ts';
import type { EngineName } from './options.ts';
import type { Task } from './task.ts';

/** Bytes of the one page that a device build owns. */
export const DEVICE_BYTES = 65536;

/** Options of `plan`. */
export interface PlanOptions {
  /** The build to plan for: its module. Default the embedded one. */
  readonly build?: LoadOptions;
  /** Models in one: as many as there are classes with one model a class, each in a core of its own. Default 1. */
  readonly models?: number;
  /** Class weights as of `Trainer.create`: only whether there are any matters. Default none. */
  readonly classWeights?: ClassWeights;
  /** As of `Trainer.create`: 'regression' makes the squared error the default loss. Default classes. */
  readonly task?: Task;
  /** Memory at hand, bytes; default one 64 KiB page. */
  readonly budgetBytes?: number;
  /** Time at hand for a step, milliseconds. Needs `nanosecondsPerGate`. */
  readonly budgetMilliseconds?: number;
  /** Time of one gate application on the target, as measured there. */
  readonly nanosecondsPerGate?: number;
}

/** What a configuration costs, all models together. */
export interface Plan {
  /** The engine that runs a step; each engine has bits of its own. */
  readonly engine: Exclude<EngineName, 'auto'>;
  /** Linear memory in use, all buffers and the fixed block: bytes. */
  readonly arenaBytes: number;
  /** 64 KiB pages of linear memory; every model has its own. */
  readonly memoryPages: number;
  /** Whether memory, and time if asked, are within the budget. */
  readonly fits: boolean;
  /** Circuits of a step, of all models; at most so many where the rule may try several times. */
  readonly evaluationsPerStep: number;
  /** Shots of a step, of all models, at most in the same way; 0 when exact. With `blocks` and the rule gcans: of the first. */
  readonly shotsPerStep: number;
  /** Steps that `shotsBudget` pays for at that price, no more than `steps`; null without one. */
  readonly stepsPaid: number | null;
  /**
   * Gate applications, each on a pair of samples or columns, with measurements and their shots reckoned in: the unit in
   * which `step_advance` counts. At most so many where the rule may try several times; `sfgn` has its matrix factored up to
   * 21 times.
   */
  readonly gateApplicationsPerStep: number;
  /** Estimated time of a step; null without a rate. */
  readonly millisecondsPerStep: number | null;
  /** Trainable circuit parameters of one model. */
  readonly circuitParameters: number;
  /** Those of them that are inside the observable's light cone: the others change nothing. */
  readonly activeParameters: number;
  /** What deserves attention, a sentence each. */
  readonly warnings: readonly string[];
  /** What is so by the circuit and the observable, and no fault, a sentence each. */
  readonly notes: readonly string[];
  /** Single changes that would make it fit, a sentence each. */
  readonly advice: readonly string[];
}
