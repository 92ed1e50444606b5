/** Layer-wise training (Skolik et al.) as Table XI has it: the circuit grows a layer at a time, and all of it is trained. */
import { growLayers } from '../../api/growth.ts';
import type { StepReport, TrainingOptions } from '../../index.ts';
import type { Json, Problem } from '../../study/cell.ts';
import type { Trained } from '../grid.ts';
import { preparer, type Sources } from '../problems.ts';

/** What is grown on what. */
export interface GrowthInput {
  /** Its model without layers. */
  readonly problem: Problem;
  /** Of each stage. */
  readonly training: TrainingOptions;
  readonly seed: number;
  /** Layers of the stages. */
  readonly stages: readonly number[];
}

const nothing = () => Promise.reject(new RangeError('layer-wise training has the synthetic set alone'));
const SOURCES: Sources = { originals: nothing, digits: nothing };

/** Trains all stages. @returns a `Trained` */
export async function growth(input: Json): Promise<Json> {
  const { problem, training, seed, stages } = input as unknown as GrowthInput;
  const prepared = await preparer(SOURCES)(problem, seed);
  const { dataset, test, model } = prepared;
  const options = { dataset, model, training: { ...training, seed }, stages };
  let [norms, steps, reversals] = [0, 0, 0];
  let found: Trained | undefined;
  for await (const { trainer, before } of growLayers(options)) {
    let last: StepReport | undefined;
    for await (const report of trainer.fit()) {
      norms += report.gradientNorm.loss;
      steps++;
      last = report;
    }
    if (last === undefined) throw new RangeError('a stage has no step');
    reversals += last.reversals;
    found = {
      loss: trainer.trainingLoss(),
      accuracy: {
        train: trainer.evaluate(dataset).accuracy,
        test: test === undefined ? null : trainer.evaluate(test).accuracy,
      },
      gradientNorm: last.gradientNorm,
      ...{ reversals, steps },
      shots: before.shots + last.shots,
      evaluations: before.evaluations + last.evaluations,
      curve: { gradientNorm: [null, norms / steps] },
    };
  }
  return found as unknown as Json;
}
