/**
 * The global cost of section III-A: C(theta) = sum_k (n_k / n) L_k(theta) over clients with data of their own, trained by Eq. 8
 * and 9 on the aggregate. In a step every client measures L_k and its gradient on a mini-batch of its own at the parameters
 * that all have; the mean gradient makes the tentative step; every client measures the loss behind it on the same mini-batch;
 * the mean change decides for all. Only losses, gradients and parameters travel.
 *
 * A client is two trainings of the product that never move by themselves: one asks for loss and gradient, one for the
 * tentative loss. They draw from the streams that a training of the same seed has, so that one client alone is `nlr` bit for
 * bit, with shots too.
 */
import { LEAST_RATE } from '../../assembly/abi/codes.ts';
import { contradiction } from '../core/checks.ts';
import type { Dataset } from '../data/dataset.ts';
import { type ModelOptions, Trainer, type TrainingOptions } from '../index.ts';

/** What is trained, and how. */
export interface GlobalOptions {
  /** Without a head. */
  readonly model: ModelOptions;
  /** Of `nlr` or `sgd`, at a constant rate; every client takes `batch` samples. The seed is the first client's, the others have those that follow. */
  readonly training: TrainingOptions;
  /** Each client's data. */
  readonly clients: readonly Dataset[];
}

/** A step on the global cost. */
export interface GlobalStep {
  readonly step: number;
  /** C at theta_t and theta_temp, on the mini-batches. */
  readonly loss: number;
  readonly tentativeLoss: number | null;
  readonly reversed: boolean;
}

/** Moves nothing that a double could tell. */
const STILL = { rate: LEAST_RATE, negativeRate: LEAST_RATE, headRate: LEAST_RATE } as const;

/** One client. */
interface Client {
  /** n_k / n. */
  readonly weight: number;
  readonly asks: Trainer;
  /** Absent where nothing is tested. */
  readonly tests?: Trainer;
}

async function oneStep(trainer: Trainer, at: Float64Array) {
  trainer.parameters.set(at);
  for await (const report of trainer.fit({ until: trainer.steps + 1 })) return report;
  throw new RangeError('the training has come to its end');
}

/** Clients that train one model together. Made by `GlobalTraining.create`. */
export class GlobalTraining {
  #step = 0;

  private constructor(
    readonly clients: readonly Client[],
    /** theta_t, which all clients have. */
    public parameters: Float64Array,
    readonly rate: number,
    readonly negativeRate: number,
    readonly steps: number,
  ) {}

  /** @throws OptionError for a head, another rule, another schedule; DataError */
  static async create({ model, training, clients }: GlobalOptions): Promise<GlobalTraining> {
    const { rule = 'nlr', schedule = 'constant', seed = 1, rate = 0.01, steps = 500 } = training;
    const { negativeRate = 2 * rate } = training;
    if (model.head !== 'none') contradiction('clients train a model without a head', 'head');
    if (rule !== 'nlr' && rule !== 'sgd') contradiction('clients train by nlr or sgd', 'rule');
    if (schedule !== 'constant') contradiction('clients train at a constant rate', 'schedule');
    const rows = clients.reduce((sum, dataset) => sum + dataset.rows, 0);
    const made: Client[] = [];
    for (const [k, dataset] of clients.entries()) {
      const own = { ...training, ...STILL, schedule, steps, seed: seed + k } as const;
      const asks = await Trainer.create({ model, dataset, training: { ...own, rule: 'sgd' } });
      // Only the test is wanted: of all gradients the one in two circuits costs the least.
      const tests =
        rule === 'nlr'
          ? await Trainer.create({
              ...{ model, dataset },
              training: { ...own, rule, gradient: 'two-point', displacedShots: undefined },
            })
          : undefined;
      made.push({ weight: dataset.rows / rows, asks, tests });
    }
    const start = Float64Array.from(made[0].asks.parameters);
    return new GlobalTraining(made, start, rate, negativeRate, steps);
  }

  /** C of all data of all clients, exactly. */
  get cost(): number {
    return this.clients.reduce((sum, { weight, asks }) => {
      asks.parameters.set(this.parameters);
      return sum + weight * asks.trainingLoss();
    }, 0);
  }

  /** theta - rate g */
  #moved(gradient: Float64Array, rate: number): Float64Array {
    return this.parameters.map((value, i) => value - rate * gradient[i]);
  }

  /** One step: lines 3 to 12 of Algorithm 1. */
  async step(): Promise<GlobalStep> {
    const gradient = new Float64Array(this.parameters.length);
    let loss = 0;
    for (const { weight, asks } of this.clients) {
      const report = await oneStep(asks, this.parameters);
      loss += weight * report.loss;
      asks.gradient.forEach((value, i) => (gradient[i] += weight * value));
    }
    const tried = this.#moved(gradient, this.rate);
    let tentativeLoss: number | null = null;
    for (const { weight, tests } of this.clients) {
      if (tests === undefined) continue;
      const report = await oneStep(tests, tried);
      tentativeLoss = (tentativeLoss ?? 0) + weight * (report.tentativeLoss as number);
    }
    const reversed = tentativeLoss !== null && tentativeLoss - loss > 0;
    this.parameters = reversed ? this.#moved(gradient, -this.negativeRate) : tried;
    this.#step++;
    return { step: this.#step, loss, tentativeLoss, reversed };
  }

  /** Circuits and shots that all clients have spent so far, what a tentative loss takes and no more. */
  get spent(): { readonly evaluations: number; readonly shots: number } {
    const sum = (of: (client: Client) => number) =>
      this.clients.reduce((total, client) => total + of(client), 0);
    // Of a tester's circuits the loss before and the two of its gradient are nobody's wish.
    const tested = ({ tests }: Client, what: 'evaluations' | 'shots') => (tests?.report?.[what] ?? 0) / 4;
    const spent = (what: 'evaluations' | 'shots') =>
      sum((client) => (client.asks.report?.[what] ?? 0) + tested(client, what));
    return { evaluations: spent('evaluations'), shots: spent('shots') };
  }
}
