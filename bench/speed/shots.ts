/** Steps by the parameter-shift rule with shots, and how much of them are the draws. */
import type { TrainingOptions } from '../../host/api/options.ts';
import type { Builds } from './builds.ts';
import { emptyCall, emptyRow } from './empty.ts';
import { assertAgreement, Subject } from './subject.ts';
import { row, type Section } from './table.ts';
import { byRound, race, ratios, repeated, summarise } from './timing.ts';

const ENGINES = ['samples', 'columns'] as const;
const SHOTS = 1000;

/** NLR steps with M = 1000, d = 8, B = 32, and the same circuits read out exactly. */
export async function shotSteps({ release }: Builds): Promise<Section> {
  const make = (training: TrainingOptions) =>
    Promise.all(
      ENGINES.map((engine) =>
        Subject.create(release, {}, { ...training, engine, gradient: 'parameter-shift' }),
      ),
    );
  const exact = await make({ shots: 'exact' });
  const drawn = await make({ shots: SHOTS });
  assertAgreement(exact, 'parameter shift, exact');
  assertAgreement(drawn, 'parameter shift, with shots');
  const [empty, ...found] = await race([
    emptyCall(exact[0].core.abi),
    ...ENGINES.flatMap((name, i) => [
      { name, run: repeated(drawn[i].step) },
      { name, run: repeated(exact[i].step) },
    ]),
  ]);
  const rows = ENGINES.flatMap((engine, i) => {
    const [shots, plain] = [found[2 * i], found[2 * i + 1]];
    const circuits = drawn[i].core.abi.step_evaluations();
    const draws = byRound(shots, plain, (all, circuit) => 1 - circuit / all);
    return [
      row(`${engine}, M = ${SHOTS}`, {
        time: summarise(shots),
        unit: 'circuits',
        perCall: circuits,
        ratio: { to: 'the rate of samples', ...summarise(ratios(found[0], shots)) },
      }),
      row(`${engine}, exact`, { time: summarise(plain), unit: 'circuits', perCall: circuits }),
      row(`${engine}, draws`, { ratio: { to: 'the step', ...summarise(draws) }, note: 'what shots add' }),
    ];
  });
  return {
    title: 'NLR step by parameter shift, d = 8, B = 32: the draws of shots, not the circuits',
    rows: [emptyRow(empty), ...rows],
    skipped: '',
  };
}
