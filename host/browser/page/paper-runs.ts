/** For each part of the report a run of the page that shows it: the step reading, one seed, on the page's own data. */
import { readSettings } from '../settings/link.ts';
import type { Settings } from '../settings/settings.ts';

/** The paper's model and training (section V.A) on Gaussians, but for the rules. */
const STEPS =
  '#train?data=gaussians&encoding=amplitude&qubits=6&reuploads=1&head=none&observable=z0&loss=mse&steps=500&shots=1000';

/** The same with a head on all outputs and the cross-entropy, which can learn. */
const HEAD = '#train?data=digits&encoding=amplitude&qubits=6&reuploads=1&steps=500&shots=1000';

const NLR = 'nlr:rate=0.01:negative-rate=0.02';

/** Links by the id of a section. */
const RUNS: Readonly<Record<string, string>> = {
  'table-1': `${STEPS}&rules=nlr:rate=0.01:negative-rate=0.005,nlr:rate=0.01:negative-rate=0.01,${NLR},nlr:rate=0.01:negative-rate=0.1`,
  'table-2': `${STEPS}&rules=${NLR},sgd:rate=0.01`,
  'table-3': `${STEPS}&rules=${NLR},sgd:rate=0.01`,
  'table-4': `${STEPS}&layers=11&rules=${NLR},sgd:rate=0.01`,
  'table-5': `${STEPS}&rules=${NLR},nlr-noise:rate=0.01:deviation=0.005,nlr-noise:rate=0.01:deviation=0.05,nlr-noise:rate=0.01:deviation=0.1`,
  'table-6': `${STEPS}&rules=${NLR},sgd:rate=0.01,momentum:rate=0.01,adam:rate=0.01`,
  'table-7': `${STEPS}&rows=5000&rules=${NLR},sgd:rate=0.01`,
  'table-8': `${HEAD}&rules=${NLR},sgd:rate=0.01,sgd-restart:rate=0.01,adam:rate=0.01`,
  'table-9': `${HEAD}&rules=${NLR},sgd:rate=0.01,nlr-guarded:rate=0.01`,
  'table-10': `${HEAD}&rules=${NLR},sgd:rate=0.01,nlr-guarded:rate=0.01`,
  'table-11': `${HEAD}&layout=mirrored&layers=6&initialisation=identity-blocks&rules=${NLR},sgd:rate=0.01`,
  'figure-1': `#plateau?start-x=-2.3&start-y=-1.8&rules=${NLR},sgd:rate=0.01,adam:rate=0.01`,
  'figure-2': `${HEAD}&rules=${NLR},sgd:rate=0.01`,
  'figure-3': `${STEPS}&rules=${NLR},sgd:rate=0.01`,
  'figure-4': `${STEPS}&rules=${NLR},nlr-noise:rate=0.01:deviation=0.05`,
  'theory-lemma-2': `${STEPS}&rules=armijo:rate=1,${NLR}`,
  'theory-theorem-1': `${STEPS}&rules=${NLR},armijo:rate=0.01,sgd:rate=0.01`,
  'theory-theorem-2': `${STEPS}&schedule=robbins-monro&rules=${NLR},sgd:rate=0.01`,
  'theory-variance': '#plateau?shots=1000',
  'theory-claim': `${STEPS.replace('observable=z0', 'observable=parity')}&rules=nlr:rate=0.3:negative-rate=0.03,sgd:rate=0.3,momentum:rate=0.03,adam:rate=0.03`,
};

/** The settings of the run that shows a section; those of the paper's own setting where there is no other. */
export function runOf(section: string): Settings {
  return readSettings(RUNS[section] ?? `${STEPS}&rules=${NLR},sgd:rate=0.01,adam:rate=0.01`).settings;
}
