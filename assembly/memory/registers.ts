/**
 * The fixed block: registers and small workspaces at addresses that the compiler knows. Registers are grouped by
 * the file that writes them, and say how long they hold.
 */
import { ASK_COUNT, MAX_QUBITS } from '../abi/codes';
import { NOISE } from '../profile';
import { clear } from './reals';

// Not that of reals.ts: static data takes 32-bit constants. Pairs begin at multiples of their size.
const PAIR_BYTES: i32 = 2 * sizeof<real>();

/** Registers, one i32 each. `init` clears them all. */
export enum Field {
  // ---- memory/map.ts and model/compile.ts: how far the core has come
  /** A `Stage`. */
  Stage,
  /** One more than the key of the option at fault: see configure.ts. */
  Fault,

  // ---- program/, until `compile`: records in use
  OperationCount,
  TermCount,

  // ---- model/compile.ts: the compiled program, until the next `init`
  /** Operations inside the light cone; they come first in the table. */
  ActiveOperations,
  GateCount,
  /** Mask of the bits that the observable can see at the start of the circuit. */
  VisibleBits,
  /** 1 when all outputs can be estimated from one set of bitstrings. */
  JointShots,
  /** Circuits to run for one evaluation with shots: 1, or one per Pauli term. */
  MeasurementBases,
  ActiveParameters,
  ConfigurationHash,

  // ---- engines/choose.ts and engines/shape.ts: the engine and its states, until the next `init`
  /** The `Engine` in use, and the work area that the configured or cheaper one wants and does not have. */
  Engine,
  WorkWanted,
  /** Amplitude bits of a state: 2^RowBits rows, or half as many where both lanes are one sample's (kernels/wide.ts). */
  RowBits,
  Wide,
  /** Bytes of one row: a lane pair, or all columns. */
  Stride,
  /** From the angles of the first lane to those of the second: 0 unless features drive some. */
  SecondAngles,
  /** Encoded basis states that the observable can tell apart: the columns. */
  Columns,
  /** Where a laid-out engine's lasting data begins, behind the image area; 0 without. */
  LastingFrom,
  /** Feature bits, and those among the visible ones. */
  FeatureBits,
  ColumnBits,
  /** The Heisenberg engine's lists: bytes, strings that all steps go through, most sites of a vector. */
  StepBytes,
  StepWork,
  StepSites,

  // ---- train/: the step or prediction under way
  /** A `Phase`; `Phase.Idle` between steps. */
  Phase,
  /** How many answers the update rule has given in this step: see rules/contract.ts. */
  RuleStage,
  /** Tentative losses so far. */
  TentativeLosses,
  /** Of a gradient made of passes: twice the pass, and 1 more when its loss is there. */
  GradientStage,
  /** Parameters that the rule, or such a gradient, has moved so far; elements of a row of its matrix, or of the factor. */
  Moved,
  /** Whether one of them would not be finite. */
  Escaped,
  /** A `Decision`. */
  Decision,
  /** Of a pool: whether the samples that a pass goes through are those drawn of it. */
  IsDrawn,
  /** How far the head's sums of a sample have come, or the rows of a rule's matrix, and how often the damping of its step has been doubled. */
  Part,
  Doublings,
  /** Whether the first of several tentative losses rose; of a rule without a pool. */
  Rose = Doublings,
  /** Samples in the batch, shots of the current circuit (0: exact), and the `Purpose` of the stream they come from. */
  Count,
  Shots,
  Purpose,
  /** What is left of the work that this call may do, and what the current tick has done. */
  Allowance,
  Work,

  // ---- engines/evaluation.ts: one pass over the batch
  /** Which evaluation of the step this is: it numbers the random streams, 0 the loss, 1 the tentative loss. */
  Evaluation,
  /** Whether an angle was too large for a module that cannot reduce it: see number/math.ts. */
  AngleTooLarge,
  /** Where the losses add up, a `Sum`. */
  LossSum,
  /** Whether the gradient comes along, pair by pair or with the whole batch. */
  WithGradient,
  /** The `Phase` after the pass. */
  Following,

  // ---- engines/: how far a pass has come
  /** Operations whose angles are bound. */
  BoundOperations,
  Pair,
  /** The current gate, forward, backward or as the prefix of displaced circuits. */
  Gate,
  /** The current gate behind a displaced one. */
  SuffixGate,
  /** The number of a displaced angle among the trainable ones, where no gate runs behind it (engines/heisenberg). */
  Angle = SuffixGate,
  /** Low row bits that can be set so far: above them all amplitudes are still zero. */
  LiveBits,
  /** The operation whose angle is displaced, and how: 0 not at all, 1, 2: by +pi/2, -pi/2. */
  DisplacedOperation,
  Shift,
  /** The current term: its matrix, its string, or the question about it. */
  Term,
  /** The output whose observable is pulled back in columns. */
  Output,
  /** The pair of states in the sweep that tells what displaced angles give: the first, when none is under way. */
  LanePair = Output,
  /** The current kernel of a series on all columns; 0 before the first and behind the last. */
  Kernel,
  /** The current step of a Pauli string (engines/heisenberg). */
  StringStep,
  /** A run of turns is differentiated first (0), then pushed (1); how many of it are passed. */
  Sweep,
  Run,
  /** The sample of the pair whose shots are being taken, and how many of them are in. */
  Lane,
  ShotsTaken,
  /** Whether a question to the caller is open: see engines/caller. */
  QuestionOpen,

  // ---- kernels/slices.ts: how work on all columns is cut
  NextSlice,
  Slice,
  SliceBits,

  // ---- model/effective.ts: until the next step, prediction or image
  /** What the effective observable is kept as; 0: there is none. */
  Effective,

  // ---- engines/noisy: mixed states; last, for builds without
  /** Channels in the table of operations. */
  ChannelCount,
  /** The scale of the noise that runs, 0 for 1, 1 for 3 ..., and whether it runs for its derivatives alone. */
  Scale,
  ScaleDerived,
  /** Where on the way the displaced angle is, and in which pass of a folded circuit. */
  DisplacedPosition,
  DisplacedPass,
  /** Angles of a segment of the way forward, the segment whose states are at hand, and the angles that are passed. */
  SegmentAngles,
  KeptSegment,
  PassedAngles,
  /** Of a segment that runs again: its next operation and angle, and one past its last operation; 0 when none does. */
  ReplayPosition,
  ReplayAngle,
  ReplayEnd,

  // ---- program/blocks.ts, in the builds with the engines above
  /** Blocks of a sweep through the parameters, until the next `init`; 0 where a step moves them all. */
  Blocks,

  /** How many there are. */
  End,
}

export enum Stage {
  Configuring = 0,
  /** Arena laid out; circuit and observable may be added. */
  Building = 1,
  Compiled = 2,
}

/** The buffers, in the order of the map (map.ts); those from `State` on overlap or move. */
export enum Buffer {
  Operations,
  Gates,
  Terms,
  /** Image header, report, parameters, and what the rule keeps: what a checkpoint holds. */
  Persistent,
  Gradient,
  /** Gradient of the batch mean of the observable, circuit parameters only. */
  ObservableGradient,
  /** Parameters beside theta, for a gradient made of passes, or for a head that is ahead of the circuit; else empty. */
  Displaced,
  /** In its place the variances of derivatives from one shot, where shots are allotted by them. */
  Spreads = Displaced,
  /** And what single angles say of the loss's curvature, with the step from it: see measure/jacobian.ts. */
  Sides = Displaced,
  /** What each sample adds to the gradient, or its output's derivatives [sample][parameter], where the rule reads it; else empty. */
  Parts,
  /** In its place outputs of the current pair at every scale of the noise (measure/extrapolation.ts), and behind them
   * errors of the readout, and what shots say without them (measure/calibration.ts). */
  Scaled = Parts,
  /** Of a pool: the curvature of the loss along the head, a packed symmetric matrix for each logit, and one at work. Or
   * one of all parameters, of a rule that keeps it. */
  Curvature,
  Factor,
  /** The outputs of a pool [sample][output], the rows of it that were drawn u32, and how much each counts. */
  Pool,
  Drawn,
  Shares,
  /** In its place, of every sample, how its loss bends: see measure/jacobian.ts. */
  Bends = Shares,
  Features,
  Labels,
  /** Of the samples of the mini-batch, where the options ask for them; else empty. */
  Targets,
  Weights,
  /** Rows of the training set that the mini-batch is of i32; behind them the blocks of parameters: program/blocks.ts. */
  Indices,
  Outputs,
  /** Of the current pair [lane][output]. */
  Expectations,
  /** Weights v of the outputs in the observable that the loss reads [sample][output], and the slopes
   * kappa / B of the loss along it [sample]: see loss.ts. */
  OutputWeights,
  Slopes,
  /** Half angles of the operations; from here on everything is scratch between steps, and the image area. */
  Angles,
  /**
   * The work area. Two states, and a scratch one for permutations and probabilities: see engines/shape.ts. Heisenberg
   * has no partner, but what displaced angles give.
   */
  State,
  Partner,
  Scratch,
  // Laid-out engines only: see engines/columns.
  /** A second observable pulled back. */
  Second,
  /** Any engine with displaced angles: the final state of the circuit without, see engines/parameter-shift.ts. */
  Kept = Second,
  /** The mini-batch laid out. */
  Samples,
  /** The noisy engine: states of the way forward, see engines/noisy/kept.ts. */
  KeptStates = Samples,
  /** The trajectories engine: how often each outcome was drawn. */
  Outcomes = Samples,
  /** One matrix per term, and one at work: the mixture of the batch, or the effective observable. */
  Matrices,
  Mixture,
  /** Heisenberg only: the turn of every gate, nine reals. */
  Turns,
  /** Samples only: two tiles of large states, and coefficients and environments of a run's gates: see program/runs.ts. */
  Tiles = Turns,
  // What follows stays from `compile` on, behind the image area.
  /** Where each feature goes in a laid-out sample, u32. */
  Places,
  /** Sums over a fixed data set: see model/data-set-loss.ts. */
  DataSet,
  /** Heisenberg only: the address of every term's list of steps u32, and the lists. */
  Steps,
  // Inside `Persistent`.
  Parameters,
  /** What a rule keeps from step to step, a vector as long as the parameters: a momentum or a mean of squares. */
  FirstMoment,
  /** theta_temp of Algorithm 1, for rules that try a step: the same buffer, which they do not keep. */
  Tentative = FirstMoment,
  SecondMoment,
  /** A number that a rule keeps which tries a step: the first of its second vector. */
  OneNumber = SecondMoment,
  /** The running mean of `Curvature`. */
  MeanCurvature,
  /** The third vector of a rule: its latest step. */
  LatestStep = MeanCurvature,
  /** The averaged parameters, and how many steps they are of. */
  Average,
  /** Parameters in force: `Parameters`, or those beside theta. */
  Active,

  /** How many there are. */
  End,
}

/** Those that the build has. */
const FIELD_COUNT: i32 = NOISE ? Field.End : Field.ChannelCount;

const FIELDS: usize = memory.data(4 * FIELD_COUNT, 4);
const BUFFERS: usize = memory.data(4 * Buffer.End, 4);

export function field(name: Field): i32 {
  return load<i32>(FIELDS + ((<usize>name) << 2));
}

export function setField(name: Field, value: i32): void {
  store<i32>(FIELDS + ((<usize>name) << 2), value);
}

/** All registers to zero. */
export function clearFields(): void {
  clear(FIELDS, FIELDS + <usize>(4 * FIELD_COUNT));
}

/** Address of a buffer; 0 before `init`. */
export function buffer(name: Buffer): usize {
  return load<u32>(BUFFERS + ((<usize>name) << 2));
}

export function setBuffer(name: i32, address: usize): void {
  store<u32>(BUFFERS + ((<usize>name) << 2), <u32>address);
}

/** Lets two buffers of the same size change places. */
export function exchange(one: Buffer, other: Buffer): void {
  const address = buffer(one);
  setBuffer(one, buffer(other));
  setBuffer(other, address);
}

// ---- workspaces: each holds from where it is filled to where it is read, within one tick, but for those that say so

/** The open random stream: see number/random.ts. */
export const STREAM: usize = memory.data(36, 8);
/** Images of the row bits under a run of CNOTs: see program/gates.ts. */
export const IMAGES: usize = memory.data(4 * MAX_QUBITS, 4);
/** The qubit of every row bit, u8 each, until the next `init`: see program/row-bits.ts. */
export const QUBITS: usize = memory.data(MAX_QUBITS, 4);
/** Coefficients of the current gate {w w x x y y z z}, or {c c s s} of a two-qubit rotation. */
export const GATE_COEFFICIENTS: usize = memory.data(4 * PAIR_BYTES, PAIR_BYTES);
/** The environment of the current gate {x x y y z z}, over the slices of its kernel: see engines/environment.ts. */
export const ENVIRONMENT: usize = memory.data(4 * PAIR_BYTES, PAIR_BYTES);
/** Sums of a mixture's block, over the slices of its kernel: see engines/columns/mixture.ts. It is through before any
 * environment is computed, and takes the same bytes. */
export const BLOCK_SUMS: usize = ENVIRONMENT;
/** Form and square of a prediction {form form square square}, between steps, so in the same bytes too: see
 * model/effective.ts. */
export const FORM_SUMS: usize = ENVIRONMENT;
/** A factor of each lane for a Pauli string {g g}. */
export const FACTORS: usize = memory.data(PAIR_BYTES, PAIR_BYTES);
/** <P> of the current term in both lanes. */
export const EXPECTATION: usize = memory.data(PAIR_BYTES, PAIR_BYTES);
/** Cosine and sine of an angle that belongs to no operation: a schedule's, while nothing is measured. */
export const COSINE_SINE: usize = EXPECTATION;
/** What each lane adds to the two gradients {loss loss observable observable}: see engines/environment.ts. */
export const LANE_WEIGHTS: usize = memory.data(2 * PAIR_BYTES, PAIR_BYTES);
/** The Bloch vector of |0>: see engines/heisenberg. */
export const UP: usize = memory.data(4 * sizeof<real>(), 8);
/** A term's walk through the circuit, while it is compiled and no gate is ready: the row bit of every site u8, 16 bytes,
 * and how far it has come: see engines/heisenberg/steps.ts. */
export const SITES: usize = GATE_COEFFICIENTS;
export const CURSOR: usize = memory.data(48, 4);
/** The first two gates that every row bit meets, u16 each, for that walk. */
export const TOUCHED: usize = IMAGES;
/** Rates of the current step, after the schedule {circuit's head's}: see rules/schedule.ts. */
export const RATES: usize = memory.data(PAIR_BYTES, PAIR_BYTES);
/** The question to the caller, while it is open: see engines/caller. */
export const ASK: usize = memory.data(4 * ASK_COUNT, 4);
