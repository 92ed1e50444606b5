/** Where a visitor starts, and what goes well with each data set. */
import { FIELDS } from './fields.ts';
import type { Arm, FieldValues, SetName, Settings } from './settings.ts';

const ARMS: readonly Arm[] = [
  { rule: 'nlr', options: {} },
  { rule: 'nlr-guarded', options: {} },
  { rule: 'adam', options: {} },
];

/** The defaults of all fields. */
export const DEFAULTS: Settings = {
  ...(Object.fromEntries(
    Object.entries(FIELDS).map(([key, { value }]) => [key, value]),
  ) as unknown as FieldValues),
  view: 'train',
  arms: ARMS,
};

/** What changes with the data set, when it is chosen in the form. A link says all of it itself. */
const FOR: Readonly<Record<SetName, Partial<FieldValues>>> = {
  moons: { encoding: 'angle', qubits: 2, layers: 5, reuploads: 5, rows: 400 },
  digits: { encoding: 'amplitude', qubits: 4, layers: 5, reuploads: 1 },
  gaussians: { encoding: 'amplitude', qubits: 4, layers: 5, reuploads: 1, rows: 1000 },
  'ad-hoc': { encoding: 'zz', qubits: 2, layers: 5, reuploads: 1 },
  csv: { encoding: 'angle', qubits: 4, layers: 6, reuploads: 3 },
};

/** Settings with another data set, and the model that suits it. */
export const withData = (settings: Settings, data: SetName): Settings => ({
  ...settings,
  data,
  ...FOR[data],
});

/** The paper's setting (section V.A) on a data set of amplitudes. */
export const paperOf = (settings: Settings): Settings => ({
  ...settings,
  ...{ data: 'digits', encoding: 'amplitude', qubits: 6, layers: 5, reuploads: 1, layout: 'layers' },
  ...{ entangler: 'chain', entanglerGate: 'cnot', head: 'none', observable: 'z0', loss: 'mse' },
  ...{ initialisation: 'uniform', steps: 500, batch: 32, shots: 1000, schedule: 'constant' },
  arms: [
    { rule: 'nlr', options: { rate: 0.01, negativeRate: 0.02 } },
    { rule: 'nlr-guarded', options: { rate: 0.01, negativeRate: 0.02 } },
    { rule: 'adam', options: { rate: 0.01 } },
  ],
});
