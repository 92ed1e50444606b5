/**
 * Every figure that the paper prints in Tables I to XI (Rahman and Nguyen, "Escaping Barren Plateaus in Variational Quantum
 * Algorithms Using Negative Learning Rate in Quantum Internet of Things", arXiv 2511.22861). Data alone: what is made of it is
 * elsewhere.
 */

/** A row of most tables: accuracy in per cent, final loss, final gradient norm. */
export interface PrintedRow {
  readonly accuracy?: number;
  readonly loss?: number;
  readonly gradient?: number;
}

const row = (accuracy: number, loss: number, gradient: number): PrintedRow => ({ accuracy, loss, gradient });

/** Table I: by the negative learning rate. */
export const TABLE_1: Readonly<Record<string, PrintedRow>> = {
  '0.005': row(100, 0.000211, 5.866),
  '0.01': row(100, 0.000211, 5.868),
  '0.02': row(100, 0.000155, 6.381),
  '0.05': row(100, 0.000198, 6.25),
  '0.1': row(100, 0.071441, 1.289),
};

/** Table II: by the epochs. */
export const TABLE_2: Readonly<Record<string, PrintedRow>> = {
  '50': row(100, 0.000188, 6.028),
  '100': row(100, 0.00018, 6.076),
  '200': row(100, 0.000167, 6.219),
  '300': row(100, 0.000155, 6.381),
  '500': row(100, 0.000154, 6.395),
};

/** Table III: by the dimensionality d. */
export const TABLE_3: Readonly<Record<string, PrintedRow>> = {
  '4': row(100, 0.002427, 5.83),
  '6': row(100, 0.00055, 5.902),
  '8': row(100, 0.000155, 6.381),
  '10': row(100, 0.000146, 6.015),
  '12': row(100, 0.000094, 6.069),
};

/** Table IV: by the layers L. */
export const TABLE_4: Readonly<Record<string, PrintedRow>> = {
  '3': row(100, 0.000412, 6.105),
  '5': row(100, 0.000155, 6.381),
  '7': row(99.8, 0.000209, 6.112),
  '9': row(99.6, 0.000267, 5.824),
  '11': row(99.4, 0.000355, 5.603),
};

/** Table V: by the standard deviation of the perturbation. */
export const TABLE_5: Readonly<Record<string, PrintedRow>> = {
  '0.005': row(100, 0.000211, 5.866),
  '0.01': row(100, 0.000211, 5.868),
  '0.02': row(100, 0.000155, 6.381),
  '0.05': row(100, 0.000198, 6.25),
  '0.1': row(100, 0.071441, 1.289),
};

/** Table VI: by the optimiser, synthetic data, 5 runs. */
export const TABLE_6: Readonly<Record<string, PrintedRow>> = {
  SGD: row(95, 0.0583, 0.1451),
  Momentum: row(95.8, 0.0367, 0.1892),
  RMSProp: row(96, 0.0345, 0.181),
  Adam: row(96.1, 0.0302, 0.1743),
  NLR: row(96.2, 0.0131, 0.1327),
};

/** Table VII: by the samples n. */
export const TABLE_7: Readonly<Record<string, PrintedRow>> = {
  '200': row(100, 0.001422, 4.174),
  '500': row(100, 0.00044, 5.133),
  '1000': row(100, 0.000155, 6.381),
  '2000': row(100, 0.000034, 7.426),
  '5000': row(100, 0.000036, 8.169),
};

/** The data sets of Tables VIII and X, as columns of theirs. */
export type PrintedSet = 'gaussians' | 'mnist' | 'fashion-mnist' | 'qdataset' | 'ad-hoc';

const sets = (
  ...[gaussians, mnist, fashion, qdataset, adHoc]: readonly PrintedRow[]
): Readonly<Record<PrintedSet, PrintedRow>> => ({
  ...{ gaussians, mnist, 'fashion-mnist': fashion, qdataset, 'ad-hoc': adHoc },
});

/** Table VIII: by optimiser and data set. */
export const TABLE_8: Readonly<Record<string, Readonly<Record<PrintedSet, PrintedRow>>>> = {
  SGD: sets(
    row(95, 0.0583, 0.1451),
    row(99.7, 0.004614, 4.889),
    row(95, 0.010759, 4.47),
    row(92.3, 0.01325, 3.958),
    row(89.7, 0.016734, 3.622),
  ),
  Momentum: sets(
    row(95.8, 0.0367, 0.1892),
    row(99.8, 0.004523, 4.932),
    row(95.6, 0.009971, 4.502),
    row(93.1, 0.012964, 4.01),
    row(90.1, 0.01621, 3.781),
  ),
  RMSProp: sets(
    row(96, 0.0345, 0.181),
    row(99.8, 0.004478, 4.941),
    row(95.8, 0.009831, 4.59),
    row(93.5, 0.012762, 4.069),
    row(90.5, 0.01593, 3.842),
  ),
  Adam: sets(
    row(96.1, 0.0302, 0.1743),
    row(99.8, 0.004423, 4.996),
    row(95.9, 0.009742, 4.615),
    row(93.8, 0.012586, 4.107),
    row(90.7, 0.01577, 3.869),
  ),
  'Random Re-Init': sets(
    row(96, 0.0345, 0.181),
    row(99.8, 0.004478, 4.941),
    row(95.8, 0.009831, 4.59),
    row(93.5, 0.012762, 4.069),
    row(90.5, 0.01593, 3.842),
  ),
  NLR: sets(
    row(96.2, 0.0131, 0.1327),
    row(99.8, 0.004348, 5.129),
    row(96.2, 0.009215, 4.723),
    row(94, 0.010872, 4.401),
    row(91.1, 0.01411, 4.039),
  ),
};

/** Table IX: convergence on synthetic data. */
export const TABLE_9: Readonly<Record<'Standard' | 'NLR', PrintedRow>> = {
  Standard: { loss: 0.058322, gradient: 0.1451 },
  NLR: { loss: 0.013152, gradient: 0.1327 },
};

/** Table X: standard training and NLR on all data sets. */
export const TABLE_10: Readonly<Record<'Standard' | 'NLR', Readonly<Record<PrintedSet, PrintedRow>>>> = {
  Standard: sets(
    row(100, 0.00024, 5.879),
    row(99.7, 0.004614, 4.889),
    row(95, 0.010759, 4.47),
    row(92.3, 0.01325, 3.958),
    row(89.7, 0.016734, 3.622),
  ),
  NLR: sets(
    row(100, 0.000223, 5.959),
    row(99.8, 0.004348, 5.129),
    row(96.2, 0.009215, 4.723),
    row(94, 0.010872, 4.401),
    row(91.1, 0.01411, 4.039),
  ),
};

/** A row of Table XI. */
export interface PrintedStrategy {
  readonly loss: number;
  readonly deviation: number;
  readonly gradient: number;
}

/** Table XI: strategies against barren plateaus. */
export const TABLE_11: Readonly<Record<string, PrintedStrategy>> = {
  'Shallow circuit': { loss: 0.002935, deviation: 0.000804, gradient: 7.567 },
  'Layer-wise training': { loss: 0.000306, deviation: 0.000083, gradient: 6.297 },
  'Identity initialisation': { loss: 0.000216, deviation: 0.000102, gradient: 5.852 },
  'Negative learning rate': { loss: 0.000206, deviation: 0.000109, gradient: 5.893 },
};
