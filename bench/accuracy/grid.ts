/** What is tried on a set: every combination of preprocessing, circuit and rate, each as plain data. */
import type { ModelOptions, TrainingOptions } from '../../host/api/options.ts';
import type { Step } from '../../host/data/fit.ts';

/** How a row gets into the amplitudes or angles, and what is read out. */
export interface Recipe {
  /** What tables call it. */
  readonly name: string;
  readonly steps: readonly Step[];
  readonly model: ModelOptions;
  /** A model a class, each with a page of its own. */
  readonly oneVsRest?: true;
}

/** A trained circuit. */
export interface Circuit {
  /** What tables call it. */
  readonly name: string;
  readonly model: Pick<ModelOptions, 'layers' | 'entangler'>;
}

/** Everything that is tried on a set. */
export interface Grid {
  readonly recipes: readonly Recipe[];
  readonly circuits: readonly Circuit[];
  readonly rates: readonly number[];
  /** Steps of the first look at everything, and of the longer training that the best are tried with too. */
  readonly steps: readonly [number, number];
  /** Steps of still longer trainings, for where the longest of `steps` is chosen: the best may be beyond it. */
  readonly further?: readonly number[];
}

/** One way to classify the rows of a set. */
export interface Configuration {
  readonly recipe: string;
  readonly circuit: string;
  readonly preprocessing: readonly Step[];
  readonly model: ModelOptions;
  readonly training: Setting;
  readonly oneVsRest: boolean;
}

/** Options of a training that are plain values, the seed apart. */
export type Setting = Omit<TrainingOptions, 'seed' | 'signal'>;

/** What every training has: Adam, cross-entropy and a mini-batch of 32 are the defaults. */
const COMMON: Setting = { rule: 'adam', batch: 32, headRate: 0.1, schedule: 'cosine', observableNorm: false };

/** All of a grid, with so many steps each. */
export function configurations({ recipes, circuits, rates }: Grid, steps: number): Configuration[] {
  return recipes.flatMap((recipe) =>
    circuits.flatMap((circuit) =>
      rates.map((rate) => ({
        recipe: recipe.name,
        circuit: circuit.name,
        preprocessing: recipe.steps,
        model: { ...recipe.model, ...circuit.model },
        training: { ...COMMON, rate, steps },
        oneVsRest: recipe.oneVsRest === true,
      })),
    ),
  );
}

/** The same configuration, trained otherwise. */
export function retrained(configuration: Configuration, training: Setting): Configuration {
  return { ...configuration, training: { ...configuration.training, ...training } };
}
