/** Settings as the library takes them. */
import type { ModelOptions, TrainingOptions } from '../../index.ts';
import type { Arm, Settings } from '../settings/settings.ts';

/** The model. @param features numbers in a row behind the preprocessing */
export function modelOf(settings: Settings, features: number, classes = 2): ModelOptions {
  const { qubits, layers, encoding, layout, entangler, entanglerGate, reuploads } = settings;
  const { head, observable, loss, initialisation } = settings;
  const structure = layout === 'qcnn' ? {} : { layers, entangler, entanglerGate };
  return {
    ...{ qubits, features, classes, encoding, layout, head, loss, initialisation },
    ...structure,
    ...(encoding === 'amplitude' || layout === 'qcnn' ? {} : { reuploads }),
    // Without a head there is one output, the first qubit's.
    ...(head === 'none' && observable === 'all-z' ? {} : { observable }),
  };
}

/** The training of one of the rules. */
export function trainingOf(settings: Settings, { rule, options }: Arm): TrainingOptions {
  const { steps, batch, shots, schedule, seed, head } = settings;
  // A bare observable has no head to learn.
  const { headRate: _, ...bare } = options;
  // What draws from a pool has shots, batch and schedule of its own, unless they are given.
  const own = rule === 'frugal';
  return {
    ...{ rule, steps, seed },
    ...(own && shots === 0 ? {} : { shots: shots === 0 ? ('exact' as const) : shots }),
    ...(own ? {} : { batch, schedule }),
    ...(head === 'none' ? bare : options),
  };
}
