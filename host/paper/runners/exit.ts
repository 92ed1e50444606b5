/** How many steps it takes to leave a ball around the start: by a training, or by a walk as large as its steps (Remark 1). */
import { normal } from '../../api/initialise.ts';
import { HostRandom } from '../../data/philox.ts';
import type { Json } from '../../study/cell.ts';
import { type FlatTraining, flatTrainer } from '../theory/flat-training.ts';

/** A walk of independent Gaussian steps. */
export interface Walk {
  readonly dimensions: number;
  /** E|Delta theta|^2. */
  readonly moment: number;
  readonly seed: number;
}

/** Who walks: a training with the seeds from its own on, or steps of pure chance. */
export interface ExitInput {
  readonly walker: FlatTraining | Walk;
  readonly radius: number;
  readonly walks: number;
}

/** What was found. Of trainings that never left, their steps count. */
export interface Exit {
  readonly dimensions: number;
  /** Mean steps, and their standard deviation. */
  readonly steps: number;
  readonly deviation: number | null;
  readonly left: number;
  readonly walks: number;
  /** Mean |Delta theta|^2 over all steps. */
  readonly moment: number;
  /** p_t over all steps. */
  readonly violations: number;
}

const STREAM = 0x65786974;

interface Walked {
  readonly dimensions: number;
  readonly steps: number;
  readonly left: boolean;
  /** Sum of |Delta theta|^2. */
  readonly squares: number;
  readonly violations: number;
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
};

async function train(walker: FlatTraining, radius: number): Promise<Walked> {
  const trainer = await flatTrainer(walker);
  const start = Float64Array.from(trainer.parameters);
  let before = start;
  let squares = 0;
  for await (const { step, violationRate } of trainer.fit()) {
    const now = Float64Array.from(trainer.parameters);
    squares += distance(now, before);
    before = now;
    const left = distance(now, start) >= radius ** 2;
    if (left || trainer.finished)
      return { dimensions: start.length, steps: step, left, squares, violations: step * violationRate };
  }
  throw new RangeError('there is no walk without a step');
}

function wander({ dimensions, moment, seed }: Walk, radius: number): Walked {
  const random = new HostRandom(seed, STREAM);
  const deviation = Math.sqrt(moment / dimensions);
  const at = new Float64Array(dimensions);
  let [steps, squares] = [0, 0];
  for (let away = 0; away < radius ** 2; steps++) {
    away = 0;
    for (let i = 0; i < dimensions; i++) {
      const move = deviation * normal(random);
      at[i] += move;
      squares += move ** 2;
      away += at[i] ** 2;
    }
  }
  return { dimensions, steps, left: true, squares, violations: 0 };
}

/** Walks. @returns `Exit` */
export async function exit(input: Json): Promise<Json> {
  const { walker, radius, walks } = input as unknown as ExitInput;
  const all: Walked[] = [];
  for (let walk = 0; walk < walks; walk++) {
    if ('moment' in walker) all.push(wander({ ...walker, seed: walker.seed + walk }, radius));
    else {
      const seed = (walker.training.seed ?? 1) + walk;
      all.push(await train({ ...walker, training: { ...walker.training, seed } }, radius));
    }
  }
  const total = (of: (walked: Walked) => number) => all.reduce((sum, each) => sum + of(each), 0);
  const steps = total((each) => each.steps);
  const mean = steps / walks;
  const found: Exit = {
    ...{ dimensions: all[0].dimensions, steps: mean, walks },
    deviation: walks < 2 ? null : Math.sqrt(total((each) => (each.steps - mean) ** 2) / (walks - 1)),
    left: total((each) => Number(each.left)),
    moment: total((each) => each.squares) / steps,
    violations: total((each) => each.violations) / steps,
  };
  return found as unknown as Json;
}
