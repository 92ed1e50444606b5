/** The program of a worker's process: trains the cells that it is given, one after another. */
import type { SandboxedJob } from 'bullmq';
import { DataError } from '../../core/errors.ts';
import { hashOf, hashOfCell, type Problem } from '../../study/cell.ts';
import { type CellOutcome, failureFrom } from '../../study/result.ts';
import { nameOfCell, workOf } from '../../study/run-cells.ts';
import { trainCell } from '../../study/train-cell.ts';
import { version } from '../../../package.json';
import { partsOf, readProblem, type ReadProblem } from '../study/problem.ts';
import { FOLDER, type Order } from './broker.ts';

/** The problem of the latest cell: mostly it is that of the next. */
let latest: { readonly hash: string; readonly read: Promise<ReadProblem> } | undefined;

const hashOfProblem = ({ name: _, where: __, ...same }: Problem) => hashOf(same);

/** Reads a problem's data. @throws DataError where they are others here */
async function readHere(problem: Problem): Promise<ReadProblem> {
  const read = await readProblem(partsOf(problem, process.env[FOLDER]), () => {});
  if (hashOfProblem(read.problem) === hashOfProblem(problem)) return read;
  throw new DataError(
    'ERR_DATA_CHECKSUM',
    `the data of ${problem.name} are not those of the comparison here`,
  );
}

function problemOf(problem: Problem): Promise<ReadProblem> {
  const hash = hashOfProblem(problem);
  if (latest?.hash !== hash) latest = { hash, read: readHere(problem) };
  const { read } = latest;
  // What cannot be read now may be there later.
  read.catch(() => {
    if (latest?.read === read) latest = undefined;
  });
  return read;
}

// A worker that was killed leaves its processes behind.
process.on('disconnect', () => process.exit());

/** Called by BullMQ, in this process. @throws what makes the training impossible here */
export default async function answer({ id, data: { cell } }: SandboxedJob<Order>): Promise<CellOutcome> {
  const hash = hashOfCell(cell);
  if (hash !== id) {
    const message = `${nameOfCell(cell)} was ordered by another version than this worker's, ${version}`;
    throw new DataError('ERR_DATA_CELLS', message);
  }
  const { prepare } = await problemOf(cell.problem);
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  try {
    return { hash, result: await trainCell(workOf(cell, prepare(cell.seed))), seconds: seconds() };
  } catch (error) {
    return { hash, failure: failureFrom(error), seconds: seconds() };
  }
}
