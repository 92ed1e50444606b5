/**
 * Status codes, limits and the enumerations of the ABI. Plain enums only, so that the host
 * compiles this very file: a number has one home, on both sides of the boundary.
 */

/** Bumped in every release that changes an exported signature, a key, the random stream or a file layout. */
export const ABI_VERSION = 3;

/** Every fallible function returns one of these: 0 or positive is success, negative is refusal. */
export enum Status {
  /** `step_advance` and `predict`: a circuit's counts are asked for; `tell` them, then go on. */
  Asked = 2,
  /** `step_advance`: the work allowance is spent and the step is not finished. */
  More = 1,
  Ok = 0,
  /** A key is unknown, or its value is out of range, fractional or not a number. */
  BadOption = -1,
  /** The options contradict one another (see `plan`). */
  BadCombination = -2,
  /** The arena does not fit in linear memory. */
  OutOfMemory = -3,
  /** The call is out of order: `init` before use, `compile` before training, no step under way. */
  NotReady = -4,
  /** A step is under way; finish it or begin it again first. */
  Busy = -5,
  /** More operations, terms or samples than the plan has room for. */
  TooMany = -6,
  /** A qubit, parameter, feature, output, kind or source index is out of range. */
  BadIndex = -7,
  /** A scale, offset or coefficient is not finite. */
  BadNumber = -8,
  /** A sample cannot be encoded: its features are all zero, not finite, or their square under- or overflows. */
  BadSample = -9,
  /** A label is outside the classes. */
  BadLabel = -10,
  /** The loss or its gradient left the finite numbers; the step was not applied. */
  Diverged = -11,
  /** An image is not one of ours, or of the other precision. */
  BadMagic = -12,
  /** An image was written by another version. */
  OtherVersion = -13,
  /** An image is shorter or longer than its header says, or does not fit the transfer buffer. */
  BadLength = -14,
  /** An image's checksum does not match its bytes. */
  BadChecksum = -15,
  /** A checkpoint belongs to another configuration or circuit. */
  OtherConfiguration = -16,
  /** The counts told do not sum to the shots asked for; none of them is kept, and the question stays open. */
  BadCounts = -17,
}

/** What `configure(key, value)` sets. Ranges are checked there, combinations by `plan`. */
export enum Option {
  /** Number of qubits n. */
  Qubits = 0,
  /** Features per sample d; with amplitude encoding d <= 2^n. */
  Features = 1,
  /** An `Encoding`. */
  Encoding = 2,
  /** Room for this many circuit operations. */
  Operations = 3,
  /** Number of trainable circuit parameters. */
  Parameters = 4,
  /** Room for this many Pauli terms, over all outputs. */
  Terms = 5,
  /** Number of measured outputs K, each a Pauli sum. */
  Outputs = 6,
  /** Logits of the linear head: 0 no head, 1 one logit (two classes), C >= 2 softmax over C classes. */
  Logits = 7,
  /** Mini-batch size B. */
  Batch = 8,
  /** A `Loss`. */
  Loss = 9,
  /** A `Gradient`. */
  Gradient = 10,
  /** Shots M per circuit evaluation; 0 means exact expectations. `nlr-guarded` needs two or more. */
  Shots = 11,
  /** A `Rule`. */
  Rule = 12,
  /** A `Schedule`. */
  Schedule = 13,
  /** Total steps T: the length of the schedule. Training may stop earlier or go on. */
  Steps = 14,
  /** Samples in the training set, from which the core draws mini-batches; 0: the caller streams. */
  Samples = 15,
  /** An `Engine`. */
  Engine = 16,
  /**
   * Bytes for states at work; 0 gives what the samples engine needs, but for amplitude-encoded samples whose
   * features drive gates too. More lets `Engine.Auto` choose a faster engine: see `workspace_wanted`.
   */
  Workspace = 17,
  /** 1: report |grad <O>| too; an exact step in columns then pulls a second observable back. */
  ObservableNorm = 18,
  /** 1: keep room for the second moments of a fixed data set, for the squared error over all of it. */
  Moments = 19,
  /** An `Answerer`. */
  Answerer = 20,
  SeedLow = 21,
  SeedHigh = 22,
  /** Learning rate eta. */
  Rate = 23,
  /** Negative learning rate eta'. */
  NegativeRate = 24,
  /** Learning rate of the classical head. */
  HeadRate = 25,
  /** First decay: momentum, and Adam's beta1. */
  Beta1 = 26,
  /** Second decay: RMSProp's, and Adam's beta2. */
  Beta2 = 27,
  /** Added to the denominator of RMSProp and Adam. */
  Epsilon = 28,
  /** `nlr-guarded`: reverse only above this many standard errors. */
  Guard = 29,
  /** Probability that a measured bit flips. */
  ReadoutError = 30,
}

/** One past the last `Option`. */
export const OPTION_COUNT = 31;

/**
 * How a batch goes through the circuit. The choice changes no result beyond rounding; the bits of a run belong
 * to its engine. `Auto` goes by the configuration and the circuit, among the engines that a build has: name one
 * to have the same bits on all of them.
 */
export enum Engine {
  /** The cheapest of those that fit into the work area. */
  Auto = 0,
  /** Two samples at a time, side by side. */
  Samples = 1,
  /** Basis columns of the encoded subspace, once per parameter set, for circuits that no feature drives. */
  Columns = 2,
  /** The observable pulled back as a Pauli vector, for such circuits with a small light cone. */
  Heisenberg = 3,
}

/** Who measures the circuits. */
export enum Answerer {
  /** The built-in simulator. */
  Simulator = 0,
  /**
   * The caller, with a quantum processor or whatever answers for one, in the builds with all engines. Needs
   * shots; the arena then holds counts instead of states.
   */
  Caller = 1,
}

/** Slots of the question that is open after `Status.Asked`, i32 each, from `ask_ptr`. */
export enum Ask {
  /** Row of the features buffer: with amplitude encoding the start state, x / |x|; else what drives some angles. */
  Sample = 0,
  /** Shots to take. */
  Shots = 1,
  /**
   * Masks over qubits: X is measured where only the first has a bit, Y where both have, Z where only the second has.
   * Only these qubits' outcomes are read.
   */
  XMask = 2,
  ZMask = 3,
  /** Operations of the circuit, for `ask_operation` and `ask_angle`: those that the observable can see. */
  Operations = 4,
  /** Which circuit of the step this is: 0 the loss, 1 the tentative loss, then two for each displaced angle. */
  Evaluation = 5,
}

/** One past the last `Ask` slot. */
export const ASK_COUNT = 6;

export enum Encoding {
  /** Start in |0...0>; features enter through rotation angles. */
  Zero = 0,
  /** Amplitude k of the start state is x_k / |x|. */
  Amplitude = 1,
}

/** Circuit operations. Rotations are exp(-i angle/2 P) for their Pauli string P. */
export enum Operation {
  RX = 0,
  RY = 1,
  RZ = 2,
  RXX = 3,
  RYY = 4,
  RZZ = 5,
  /** Control first, target second. */
  CNOT = 6,
  CZ = 7,
}

/** Where a rotation takes v from, in angle = scale * v + offset. */
export enum Source {
  /** angle = offset */
  Constant = 0,
  Parameter = 1,
  Feature = 2,
}

export enum Loss {
  /** (z - y)^2, y = -1 or +1 */
  MeanSquare = 0,
  /** -log p(y); p = sigmoid(z), or (1 + z)/2 without a head. Softmax with two logits or more. */
  CrossEntropy = 1,
  /** max(0, 1 - y z) */
  Hinge = 2,
}

export enum Gradient {
  /** Reverse-mode through the simulator; exact expectations only. */
  Adjoint = 0,
  /** Eq. 7, exact or with shots. */
  ParameterShift = 1,
}

export enum Rule {
  /** Algorithm 1 as printed. */
  Nlr = 0,
  /** Algorithm 1 with a noise-aware test and a capped reversal. */
  NlrGuarded = 1,
  Sgd = 2,
  Momentum = 3,
  RmsProp = 4,
  Adam = 5,
}

export enum Schedule {
  Constant = 0,
  /** eta_t = eta (1 + cos(pi t / T)) / 2 */
  Cosine = 1,
}

/** What became of a step's tentative update. */
export enum Decision {
  /** Plain descent: accepted, or a rule that makes no test. */
  Descended = 0,
  /** Eq. 9: went up the gradient by eta'. */
  Reversed = 1,
  /** `nlr-guarded`: the rise was within the noise, half the step was taken. */
  Halved = 2,
}

/**
 * Slots of the report: what training has done so far and what the latest step measured. 64-bit floats in
 * every build, counts exact up to 2^53. A checkpoint keeps all of it.
 */
export enum Report {
  /** Steps completed. */
  Step = 0,
  /** Circuit evaluations so far. */
  Evaluations = 1,
  /** Shots so far. */
  Shots = 2,
  /** Steps so far whose tentative loss rose; over Step it is the violation rate p_t. */
  Violations = 3,
  /** Reversals so far. */
  Reversals = 4,
  /**
   * Sum of the signed learning rates of all steps. Below zero the mean step is ascent, which for constant
   * rates is p_t > eta / (eta + eta'): the alarm.
   */
  RateSum = 5,
  /** beta1^t and beta2^t, for Adam's bias correction. */
  Beta1Power = 6,
  Beta2Power = 7,
  /** Running hash of the losses: 64 bits, not a number to read. */
  Trace = 8,
  /** Mini-batch loss L_t(theta_t). */
  Loss = 9,
  /** L_t(theta_temp), from which Delta C of Eq. 8; NaN for rules that make no test. */
  TentativeLoss = 10,
  /** Standard error of Delta C from shot noise; 0 when exact, NaN without a test. */
  LossChangeError = 11,
  /** A `Decision`. */
  Decision = 12,
  /** |grad L| over the circuit parameters. */
  GradientNormLoss = 13,
  /** |grad <O>|: mean over the batch of the gradient of the observable the loss reads, scaled to norm <= 1; NaN when not asked for. */
  GradientNormObservable = 14,
  /** Signed learning rate of the step. */
  Rate = 15,
  /** Mean loss of the last `predict` over its labelled samples. */
  EvaluatedLoss = 16,
  /** Circuits and shots of the step under way, or of one given up. */
  StepEvaluations = 17,
  StepShots = 18,
  /** Calls of `predict` so far; each draws its shots from a stream of its own. */
  Predictions = 19,
}

/** One past the last `Report` slot. */
export const REPORT_COUNT = 20;

/** Limits that a caller can rely on; `configure` enforces them. */
export const MAX_QUBITS = 20;
export const MAX_FEATURES = 65536;
export const MAX_OPERATIONS = 4096;
export const MAX_PARAMETERS = 4096;
export const MAX_TERMS = 1024;
export const MAX_OUTPUTS = 64;
export const MAX_LOGITS = 64;
export const MAX_BATCH = 1024;
export const MAX_SHOTS = 1048576;
/** Largest work area: with all other buffers it stays below 2^31 bytes. */
export const MAX_WORKSPACE = 1073741824;
/** Learning rates and epsilon. */
export const LEAST_RATE = 1e-30;
export const GREATEST_RATE = 1000.0;
