/**
 * Slots of the report: what training has done so far and what the latest step measured. Numbers are append-only, and a
 * slot is 0 until something is known of it.
 */

/**
 * What a slot can hold after any training: a checkpoint with anything else in it is refused.
 *
 *   count    a whole number from 0 to 2^53
 *   share    from 0 to 1
 *   number   finite
 *   measure  any float: what it measures may be unknown, or endless
 */
export type SlotKind = 'count' | 'share' | 'number' | 'measure';

/** One slot, a 64-bit float. */
export interface SlotRow {
  readonly name: string;
  readonly number: number;
  readonly kind: SlotKind;
  /** What it holds; absent: goes with the one before. */
  readonly doc?: string;
}

export const REPORT = [
  { name: 'Step', number: 0, kind: 'count', doc: 'Steps completed.' },
  { name: 'Evaluations', number: 1, kind: 'count', doc: 'Circuit evaluations so far.' },
  { name: 'Shots', number: 2, kind: 'count', doc: 'Shots so far.' },
  {
    name: 'Violations',
    number: 3,
    kind: 'count',
    doc: 'Steps so far whose tentative loss rose; over Step it is the violation rate p_t.',
  },
  { name: 'Reversals', number: 4, kind: 'count', doc: 'Reversals so far.' },
  {
    name: 'RateSum',
    number: 5,
    kind: 'number',
    doc: "Sum of the signed learning rates of all steps. Below zero the mean signed rate is, which for constant rates is p_t > eta / (eta + eta'): the alarm. The mean step climbs from another share of violations on, eta / (eta + r eta'), with r = E[g.grad L | violated] / E[g.grad L | not]: reversals fall on other gradients than descents.",
  },
  { name: 'Beta1Power', number: 6, kind: 'share', doc: "beta1^t and beta2^t, for Adam's bias correction." },
  { name: 'Beta2Power', number: 7, kind: 'share' },
  {
    name: 'Trace',
    number: 8,
    kind: 'measure',
    doc: 'Running hash of the losses: 64 bits, not a number to read.',
  },
  { name: 'Loss', number: 9, kind: 'number', doc: 'Mini-batch loss L_t(theta_t).' },
  {
    name: 'TentativeLoss',
    number: 10,
    kind: 'measure',
    doc: 'L_t(theta_temp), from which Delta C of Eq. 8; NaN for rules that make no test.',
  },
  {
    name: 'LossChangeError',
    number: 11,
    kind: 'measure',
    doc: 'Standard error of Delta C from shot noise; 0 when exact, NaN without a test.',
  },
  { name: 'Decision', number: 12, kind: 'count', doc: 'A `Decision`.' },
  { name: 'GradientNormLoss', number: 13, kind: 'number', doc: '|grad L| over the circuit parameters.' },
  {
    name: 'GradientNormObservable',
    number: 14,
    kind: 'measure',
    doc: '|grad <O>|: of the mean over the batch of the observable that the loss reads, O = sum_k v_k O_k with sum |v_k| = 1, so as large as its Pauli coefficients make it; NaN when not asked for, and with the two-point gradient.',
  },
  { name: 'Rate', number: 15, kind: 'number', doc: 'Signed learning rate of the step.' },
  {
    name: 'EvaluatedLoss',
    number: 16,
    kind: 'measure',
    doc: 'Mean loss of the last `predict` over its labelled samples.',
  },
  {
    name: 'StepEvaluations',
    number: 17,
    kind: 'count',
    doc: 'Circuits and shots of the step under way, or of one given up.',
  },
  { name: 'StepShots', number: 18, kind: 'count' },
  {
    name: 'Predictions',
    number: 19,
    kind: 'count',
    doc: 'Calls of `predict` so far; each draws its shots from a stream of its own.',
  },
] as const satisfies readonly SlotRow[];
