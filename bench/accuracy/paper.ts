/** The paper's fixed architecture on a set: eight numbers in the first amplitudes of six qubits, the bare <Z0>, squared error. */
import { PAPER } from '../../host/api/options.ts';
import type { Dataset } from '../../host/data/dataset.ts';
import type { Step } from '../../host/data/fit.ts';
import { type Configuration, type Setting } from './grid.ts';

/** Features of the paper's model. */
const FEATURES = PAPER.model.features;

/** Adam on the same circuit, exact and long: what the architecture can do, whoever trains it. */
const LONG: Setting = { rule: 'adam', batch: 32, rate: 0.03, schedule: 'cosine', steps: 6000 };

/** Images are pooled to 14 x 14 first, then projected on 8 principal components; rows of 8 numbers or fewer stay. */
function preprocessing({ columns, shape }: Dataset): Step[] {
  if (columns <= FEATURES) return [];
  const isLarge = shape !== undefined && Math.min(...shape) > 14;
  return [
    ...(isLarge ? [{ kind: 'pool', to: [14, 14] } as const] : []),
    { kind: 'pca', components: FEATURES },
  ];
}

/** The paper's model on a set, trained by NLR with its settings, and by Adam; of more than two classes a model each. */
export function paperConfigurations(train: Dataset): {
  readonly nlr: Configuration;
  readonly adam: Configuration;
} {
  const shared = {
    recipe: `${Math.min(train.columns, FEATURES)} numbers`,
    circuit: 'L = 5, chain',
    preprocessing: preprocessing(train),
    model: { ...PAPER.model, features: Math.min(train.columns, FEATURES) },
    oneVsRest: train.classes.length > 2,
  };
  const { seed: _, signal: __, ...own } = PAPER.training as Setting & { seed?: number; signal?: unknown };
  return {
    nlr: { ...shared, training: { ...own, observableNorm: false } },
    adam: { ...shared, training: { ...LONG, observableNorm: false } },
  };
}
