/** Training on mini-batches that the core draws, and what it leaves behind, to the last bit. */
import { Report } from '../../assembly/abi/codes.ts';
import { type Machine, ok } from './core-harness.ts';
import * as oracle from './oracle/index.ts';

/** What a run leaves behind. */
export interface Run {
  trace: bigint;
  /** Every slot, step by step. */
  reports: number[][];
  losses: number[];
  parameters: number[];
  gradient: number[];
}

/** A machine's run so far. @param reports of its steps */
export function runOf(machine: Machine, reports: number[][]): Run {
  return {
    trace: machine.trace,
    reports,
    losses: reports.map((slots) => slots[Report.Loss]),
    parameters: [...machine.parameters],
    gradient: [...machine.gradient],
  };
}

/** A random training set for a machine, as many samples as it was told of. */
export function trainingSet({ model, training }: Machine, seed: number) {
  return oracle.randomBatch(oracle.seededRng(seed), model, training.samples);
}

/** Steps on a random training set, from the parameters that the core draws, `work` at a time. */
export function drawnRun(machine: Machine, seed: number, steps: number, work?: number): Run {
  ok(machine.abi.parameters_initialise(), 'initialise');
  const { batch, labels } = trainingSet(machine, seed);
  const reports = Array.from({ length: steps }, () => {
    machine.drawnStep(batch, labels, work);
    return [...machine.reportSlots];
  });
  return runOf(machine, reports);
}

/** What a machine has come to. */
export function snapshot({ trace, reportSlots, parameters }: Machine) {
  return { trace, report: [...reportSlots], parameters: [...parameters] };
}

/** That and all else that training goes on from; not during a step. */
export function wholeSnapshot(machine: Machine) {
  return { ...snapshot(machine), image: machine.checkpoint() };
}
