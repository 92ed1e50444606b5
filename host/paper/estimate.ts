/** How long cells should take: by counted work, for an estimate beforehand and a bar that runs evenly. */
import { type ModelOptions, plan, resolveTraining } from '../index.ts';
import { canonical } from '../study/cell.ts';
import type { PaperCell, TrainingCell } from './experiment.ts';

/** Seconds of a gate application, and of a shot of a circuit with one output and with several, on an ordinary processor. */
const GATE = 7e-8;
const CIRCUIT = 1.2e-7;
const JOINT_SHOT = 1.5e-8;
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
    const { gateApplicationsPerStep, evaluationsPerStep, shotsPerStep } = found;
    const isJoint = head === 'linear' && observable !== 'z0';
    const measured = isJoint
      ? shotsPerStep * JOINT_SHOT
      : shotsPerStep > 0
        ? evaluationsPerStep * CIRCUIT
        : 0;
    return gateApplicationsPerStep * GATE + measured;
  }
}
