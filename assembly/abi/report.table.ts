/**
 * Slots of the report: what training has done so far and what the latest step measured. Numbers are append-only, and a
 * slot is 0 until something is known of it.
 */

/** One slot, a 64-bit float. */
export interface SlotRow {
  readonly name: string;
  readonly number: number;
  /** What it holds; absent: goes with the one before. */
  readonly doc?: string;
}

export const REPORT = [
  { name: 'Step', number: 0, doc: 'Steps completed.' },
  { name: 'Evaluations', number: 1, doc: 'Circuit evaluations so far.' },
  { name: 'Shots', number: 2, doc: 'Shots so far.' },
  {
    name: 'Violations',
    number: 3,
    doc: 'Steps so far whose tentative loss rose; over Step it is the violation rate p_t.',
  },
  { name: 'Reversals', number: 4, doc: 'Reversals so far.' },
  {
    name: 'RateSum',
    number: 5,
    doc: "Sum of the signed learning rates of all steps. Below zero the mean step is ascent, which for constant rates is p_t > eta / (eta + eta'): the alarm.",
  },
  { name: 'Beta1Power', number: 6, doc: "beta1^t and beta2^t, for Adam's bias correction." },
  { name: 'Beta2Power', number: 7 },
  { name: 'Trace', number: 8, doc: 'Running hash of the losses: 64 bits, not a number to read.' },
  { name: 'Loss', number: 9, doc: 'Mini-batch loss L_t(theta_t).' },
  {
    name: 'TentativeLoss',
    number: 10,
    doc: 'L_t(theta_temp), from which Delta C of Eq. 8; NaN for rules that make no test.',
  },
  {
    name: 'LossChangeError',
    number: 11,
    doc: 'Standard error of Delta C from shot noise; 0 when exact, NaN without a test.',
  },
  { name: 'Decision', number: 12, doc: 'A `Decision`.' },
  { name: 'GradientNormLoss', number: 13, doc: '|grad L| over the circuit parameters.' },
  {
    name: 'GradientNormObservable',
    number: 14,
    doc: '|grad <O>|: mean over the batch of the gradient of the observable the loss reads, scaled to norm <= 1; NaN when not asked for, and with the two-point gradient.',
  },
  { name: 'Rate', number: 15, doc: 'Signed learning rate of the step.' },
  { name: 'EvaluatedLoss', number: 16, doc: 'Mean loss of the last `predict` over its labelled samples.' },
  {
    name: 'StepEvaluations',
    number: 17,
    doc: 'Circuits and shots of the step under way, or of one given up.',
  },
  { name: 'StepShots', number: 18 },
  {
    name: 'Predictions',
    number: 19,
    doc: 'Calls of `predict` so far; each draws its shots from a stream of its own.',
  },
] as const satisfies readonly SlotRow[];
