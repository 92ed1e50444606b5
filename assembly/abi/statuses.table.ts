/**
 * What a call of the ABI can come to. Numbers are append-only: 0 or positive is success, negative is refusal. A host
 * that meets one it does not know treats it as a refusal, or a success, all the same.
 */

/** One status. */
export interface StatusRow {
  readonly name: string;
  readonly number: number;
  /** What it means to who calls the ABI. */
  readonly doc?: string;
  /** Of a refusal: what the library's `CoreError` says. Its code is ERR_CORE_ and the name. */
  readonly sentence?: string;
}

export const STATUSES = [
  {
    name: 'Asked',
    number: 2,
    doc: "`step_advance` and `predict`: a circuit's counts are asked for; `tell` them, then go on.",
  },
  {
    name: 'More',
    number: 1,
    doc: '`step_advance`: the work allowance is spent and the step is not finished.',
  },
  { name: 'Ok', number: 0 },
  {
    name: 'BadOption',
    number: -1,
    doc: 'A key is unknown, or its value is out of range, fractional or not a number.',
    sentence: 'an option is unknown or out of range',
  },
  {
    name: 'BadCombination',
    number: -2,
    doc: 'The options contradict one another (see `plan`).',
    sentence: 'the options contradict one another',
  },
  {
    name: 'OutOfMemory',
    number: -3,
    doc: 'The arena does not fit in linear memory.',
    sentence: 'the arena does not fit into memory',
  },
  {
    name: 'NotReady',
    number: -4,
    doc: 'The call is out of order: `init` before use, `compile` before training, no step under way.',
    sentence: 'the model is not ready for this call',
  },
  {
    name: 'Busy',
    number: -5,
    doc: 'A step is under way; finish it or begin it again first.',
    sentence: 'a step is under way',
  },
  {
    name: 'TooMany',
    number: -6,
    doc: 'More operations, terms or samples than the plan has room for.',
    sentence: 'more operations or terms than planned',
  },
  {
    name: 'BadIndex',
    number: -7,
    doc: 'A qubit, parameter, feature, output, kind or source index is out of range.',
    sentence: 'an index or count is out of range',
  },
  {
    name: 'BadNumber',
    number: -8,
    doc: 'A scale, offset or coefficient is not finite.',
    sentence: 'a scale, offset or coefficient is not finite',
  },
  {
    name: 'BadSample',
    number: -9,
    doc: 'A sample cannot be encoded: its features are all zero, not finite, or their square under- or overflows.',
    sentence: 'a sample is all zero, not finite, too small or too large',
  },
  {
    name: 'BadLabel',
    number: -10,
    doc: 'A label is outside the classes, or a target is not finite.',
    sentence: 'a label is outside the classes, or a target is not finite',
  },
  {
    name: 'Diverged',
    number: -11,
    doc: 'The loss, its gradient or the parameters would leave the finite numbers; the step was not applied.',
    sentence: 'training left the finite numbers; lower the learning rate',
  },
  {
    name: 'BadMagic',
    number: -12,
    doc: 'An image is not one of ours, or of the other precision.',
    sentence: 'this is no image for this build',
  },
  {
    name: 'OtherVersion',
    number: -13,
    doc: 'An image was written by another version.',
    sentence: 'the image was written by another version',
  },
  {
    name: 'BadLength',
    number: -14,
    doc: 'An image is shorter or longer than its header says, or does not fit the transfer buffer.',
    sentence: 'the image has another length',
  },
  {
    name: 'BadChecksum',
    number: -15,
    doc: "An image's checksum does not match its bytes.",
    sentence: 'the image is damaged: its checksum does not match',
  },
  {
    name: 'OtherConfiguration',
    number: -16,
    doc: 'A checkpoint belongs to another configuration or circuit.',
    sentence: 'the image belongs to another configuration',
  },
  {
    name: 'BadCounts',
    number: -17,
    doc: 'The counts told do not sum to the shots asked for; none of them is kept, and the question stands.',
    sentence: 'the counts do not sum to the shots',
  },
  {
    name: 'BadWeight',
    number: -18,
    doc: 'The weight of a sample is negative or not finite.',
    sentence: 'the weight of a sample is negative or not finite',
  },
  {
    name: 'BadContent',
    number: -19,
    doc: 'An image has the right checksum, and a number in it that no training leaves: a count that is not whole, a parameter that is not finite.',
    sentence: 'the image holds a number that no training leaves',
  },
  {
    name: 'BadAngle',
    number: -20,
    doc: 'An angle is beyond 3.2e6 radians (3200 in single precision), in the two smallest modules: all others take any.',
    sentence:
      'an angle, scale * v + offset, is too large for this module; scale features and parameters down',
  },
  {
    name: 'BadObservable',
    number: -21,
    doc: '`compile`: with the cross-entropy and no head the loss reads the bare expectation, which this observable can take out of -1 to 1, where it has no logarithm. With the rule `rotosolve`, beyond it the hinge is no sinusoid of an angle. In the modules that train, the two smallest apart.',
    sentence:
      'the observable can leave -1 to 1, where the cross-entropy without a head has no value, and the hinge no sinusoid for the rule rotosolve: divide its coefficients by the sum of their absolute values, or use a head',
  },
  {
    name: 'NoisyCircuit',
    number: -22,
    doc: '`compile`: the circuit has noise channels, is to be extrapolated or its readout calibrated, and the configured engine does none of it. A caller, who measures, has noise of its own.',
    sentence:
      "noise, and what mitigates it, is for the engines 'noisy' and 'trajectories', not for 'samples', 'columns', 'heisenberg' or a caller: use 'noisy', 'trajectories' or 'auto'",
  },
  {
    name: 'BadReadout',
    number: -23,
    doc: '`compile`, `reseed`: a qubit is read right hardly more often than wrong, as far as its calibration says, so that its readout cannot be inverted.',
    sentence:
      'the calibration of the readout finds a qubit that is read right hardly more often than wrong, which cannot be inverted; use more calibration shots, or none',
  },
] as const satisfies readonly StatusRow[];
