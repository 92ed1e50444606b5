/** The outputs of a model without its head, and their exact derivatives, at parameters as the model's start draws them. */
import { Status } from '../../assembly/abi/codes.ts';
import { initialise } from '../api/initialise.ts';
import { OneModel } from '../api/one-model.ts';
import {
  type ModelOptions,
  type Noise,
  type ResolvedModel,
  resolveModel,
  resolveTraining,
} from '../api/options.ts';
import { loadCore } from '../core/core.ts';
import type { Dataset } from '../data/dataset.ts';
import { HostRandom } from '../data/philox.ts';

/** The host's stream of random numbers that parameters are drawn from. */
const STREAM = 0x706c6174;

/** A draw: f of one row and one output, and df by every parameter of the circuit. */
export interface Drawn {
  readonly row: number;
  readonly output: number;
  readonly value: number;
  /** Valid until the next draw. */
  readonly gradient: Float64Array;
}

/** A core that gives them. */
export class Derivatives {
  readonly #sets: readonly (readonly Dataset[])[];
  readonly #random: HostRandom;

  private constructor(
    readonly one: OneModel,
    readonly model: ResolvedModel,
    dataset: Dataset,
    readonly seed: number,
  ) {
    this.#random = new HostRandom(seed, STREAM);
    const { features, rows, columns } = dataset;
    this.#sets = Array.from({ length: rows }, (_, row) =>
      model.observables.map((_, output) => ({
        ...{ features: features.subarray(row * columns, (row + 1) * columns), rows: 1, columns },
        ...{ labels: Int32Array.of(output), classes: dataset.classes, name: dataset.name },
      })),
    );
  }

  /**
   * @param dataset as the model sees it, behind its preprocessing
   * @param noise of the processor; without it expectations are those of pure states
   * @throws OptionError, CoreError
   */
  static async create(
    model: ModelOptions,
    dataset: Dataset,
    seed: number,
    noise?: Noise,
  ): Promise<Derivatives> {
    const whole = resolveModel(model);
    const outputs = whole.observables.length;
    const bare: ResolvedModel = {
      ...whole,
      ...{ head: 'none', loss: 'energy', logits: 0, classes: Math.max(2, outputs) },
    };
    const training = resolveTraining({
      ...{ rule: 'sgd', batch: 1, steps: 1e6, rate: 1e-9, schedule: 'constant', shots: 'exact' },
      ...{ gradient: 'adjoint', observableNorm: false, seed, noise },
    });
    const one = OneModel.fresh(await loadCore(), bare, training, 1, undefined);
    return new Derivatives(one, bare, dataset, seed);
  }

  /** Rows of the data. */
  get rows(): number {
    return this.#sets.length;
  }

  /** New parameters, as a training from a seed of its own would start. @returns a copy of them */
  parameters(draw: number): Float64Array {
    const { circuitParameters } = this.model;
    const drawn = Float64Array.from(
      { length: circuitParameters },
      () => Math.PI * (2 * this.#random.uniform() - 1),
    );
    initialise(drawn, this.model, this.seed + draw);
    return drawn;
  }

  /** f of a row and an output, and its derivatives. @throws CoreError */
  at(parameters: Float64Array, row: number, output: number): Drawn {
    const { one, model } = this;
    const count = model.circuitParameters;
    one.parameters.set(parameters);
    one.begin(this.#sets[row][output]);
    while (one.advance(1e6) !== Status.Ok);
    return {
      row,
      output,
      value: one.report().loss,
      gradient: Float64Array.from(one.gradient.subarray(0, count)),
    };
  }

  /** At new parameters, for a row and an output by lot. */
  draw(draw: number): Drawn {
    const row = this.#random.below(this.rows);
    const output = this.#random.below(this.model.observables.length);
    return this.at(this.parameters(draw), row, output);
  }

  /** Parameters inside the light cone of all outputs together. */
  get active(): number {
    return this.one.core.abi.active_parameters();
  }
}
