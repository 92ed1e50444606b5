/** How long cells should take: by counted work, for an estimate beforehand and a bar that runs evenly. */
import { type ModelOptions, plan, resolveTraining } from '../index.ts';
import { canonical } from '../study/cell.ts';
import type { PaperCell, TrainingCell } from './experiment.ts';

/** Seconds of a gate application, by the samples engine and by the others, on an ordinary processor. */
const SAMPLES_GATE = 2.2e-7;
const GATE = 2.8e-8;
/** Of the measurement of a circuit with one output, and of one shot where there are several. */
const CIRCUIT = 4e-8;
const JOINT_SHOT = 2.3e-9;
/** Of a step, whatever is in it. */
const STEP = 5e-5;
/** Seconds of a training beside its steps. */
const AROUND = 0.03;

/** Estimates cells, those of a kind once. */
export class CellCosts {
  readonly #steps = new Map<string, Promise<number>>();

  /** Seconds of a cell. @throws OptionError for a training that there cannot be */
  async of(cell: PaperCell): Promise<number> {
    if (cell.kind === 'value') return cell.seconds;
    const { setting, rule } = cell.cell;
    const { rate: _, negativeRate: __, kappa: ___, steps: ____, deviation: _____, ...same } = setting;
    const kind = canonical([cell.cell.problem, cell.cell.model ?? {}, rule, same]);
    const known = this.#steps.get(kind) ?? this.#step(cell);
    this.#steps.set(kind, known);
    return AROUND + (await known) * this.#count(cell);
  }

  #count({ cell: { rule, setting } }: TrainingCell): number {
    const { steps, shotsBudget } = resolveTraining({ ...setting, rule });
    // Who has a budget makes as many steps as it pays for: the paper's 500, for those that are compared here.
    return shotsBudget === 'none' ? steps : 500;
  }

  async #step({ cell }: TrainingCell): Promise<number> {
    const model = { ...(cell.problem.model as unknown as ModelOptions), ...cell.model };
    const { observable, head } = model;
    const { steps: _, shotsBudget: __, ...setting } = cell.setting;
    const found = await plan(model, { ...setting, rule: cell.rule });
    const { gateApplicationsPerStep, evaluationsPerStep, shotsPerStep, engine } = found;
    const isJoint = head === 'linear' && observable !== 'z0';
    const measured = isJoint
      ? shotsPerStep * JOINT_SHOT
      : shotsPerStep > 0
        ? evaluationsPerStep * CIRCUIT
        : 0;
    return STEP + gateApplicationsPerStep * (engine === 'samples' ? SAMPLES_GATE : GATE) + measured;
  }
}
