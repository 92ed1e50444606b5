/** How much of the machine's arithmetic the gradient gets: operations a second against the peak of this engine. */
import assert from 'node:assert/strict';
import type { EngineName } from '../../host/api/options.ts';
import type { Build, Builds } from './builds.ts';
import { emptyCall, emptyRow } from './empty.ts';
import { columnsOperations, samplesOperations } from './formulas.ts';
import type { OperationCounter } from './operations.ts';
import { PEAK_OPERATIONS, peakContestant } from './peak.ts';
import { assertAgreement, ENGINE_NAMES, Subject } from './subject.ts';
import { row, type Section } from './table.ts';
import { byRound, race, repeated, summarise } from './timing.ts';

/** Share of the peak that the columns engine has to reach. */
const SHARE = 0.6;
/** Loss and gradient alone: this rule has no tentative loss and no state of its own. */
const TRAINING = { rule: 'sgd', batch: 32, observableNorm: false } as const;
const MODEL = { features: 64 };
const SHAPE = { qubits: 6, layers: 5, features: 64, batch: 32 };
/** What the kernels of an engine do by hand count; nothing for the one whose vectors change their length. */
const FORMULAS: Partial<Record<EngineName, number>> = {
  samples: samplesOperations(SHAPE),
  columns: columnsOperations(SHAPE),
};

function countNote(counted: number, byFormula: number | undefined): string {
  const share = byFormula === undefined ? '' : `, ${((100 * byFormula) / counted).toFixed(0)} % by formula`;
  return `${counted} operations${share}`;
}

/** Loss and gradient of a batch, d = 64, B = 32, as operations a second. */
export async function arithmeticRate({ release, counting, peak }: Builds): Promise<Section> {
  const make = (build: Build) =>
    Promise.all(ENGINE_NAMES.map((engine) => Subject.create(build, MODEL, { ...TRAINING, engine })));
  const subjects = await make(release);
  assertAgreement(subjects, 'gradient, d = 64');
  const operations = (await make(counting)).map((subject) => {
    const counter = subject.core.abi as unknown as OperationCounter;
    subject.step();
    const before = counter.operations();
    subject.step();
    return counter.operations() - before;
  });
  const [empty, best, ...found] = await race([
    emptyCall(subjects[0].core.abi),
    peakContestant(peak.wasm),
    ...subjects.map((subject, i) => ({ name: ENGINE_NAMES[i], run: repeated(subject.step) })),
  ]);
  const rows = ENGINE_NAMES.map((engine, i) => {
    const share = byRound(
      found[i],
      best,
      (own, chains) => (operations[i] / own) * (chains / PEAK_OPERATIONS),
    );
    assert.ok(summarise(share).median < 1, `${engine} is beyond the peak: the chains are not compiled well`);
    return row(engine, {
      time: summarise(found[i]),
      unit: 'FLOP',
      perCall: operations[i],
      ratio: { to: 'the peak rate', ...summarise(share) },
      bar: engine === 'columns' ? { least: SHARE } : undefined,
      note: countNote(operations[i], FORMULAS[engine]),
    });
  });
  return {
    title:
      'loss and gradient of a batch, d = 64, B = 32, SIMD: near the peak of multiplications and additions',
    rows: [
      emptyRow(empty),
      row('peak: 12 chains of a x + b', { time: summarise(best), unit: 'FLOP', perCall: PEAK_OPERATIONS }),
      ...rows,
    ],
    skipped: '',
  };
}
