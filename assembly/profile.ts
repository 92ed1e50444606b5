/**
 * The compile-time switches, one for each feature that a module can be without. A target of asconfig.json names
 * its numbers (`real`, `lanes`) and its `PROFILE`; everything else follows here. Code behind a switch that is off
 * is not in the module, nor are the exports that only it serves (host/build/profiles.mjs).
 *
 * | feature           | device, device-f32 | device-columns-f32 | device-fast, device-fast-f32 | release, debug | compact |
 * |-------------------|--------------------|--------------------|------------------------------|----------------|---------|
 * | TRAINS            | yes                | yes                | yes                          | yes            |         |
 * | MEMORY_GROWS      |                    |                    |                              | yes            | yes     |
 * | COLUMN_ENGINES    |                    | yes                | yes                          | yes            |         |
 * | HEISENBERG_ENGINE |                    |                    | yes                          | yes            |         |
 * | CALLER_MEASURES   |                    | yes                | yes                          | yes            |         |
 * | GRADIENT_PASSES   | yes                |                    | yes                          | yes            |         |
 * | SHORT_TICKS       |                    | yes                | yes                          | yes            |         |
 * | EFFECTIVE_FORM    |                    | yes                | yes                          | yes            |         |
 * | DATA_SET_LOSS     |                    | yes                | yes                          | yes            |         |
 * | COUNTS_WORK       |                    | yes                | yes                          | yes            |         |
 * | EXACT_ANGLES      |                    | yes                | yes                          | yes            | yes     |
 * | CHECKS_OBSERVABLE |                    | yes                | yes                          | yes            | yes     |
 * | SAMPLE_TARGETS    |                    | yes                | yes                          | yes            |         |
 * | WIDE_STATES       |                    |                    |                              | yes            |         |
 * | TILED_STATES      |                    |                    |                              | yes            |         |
 * | WHOLE_KERNELS     |                    |                    |                              | yes            |         |
 * | DISPLACED_SWEEP   |                    |                    |                              | yes            |         |
 * | SINGLE_SHOTS      |                    |                    |                              | yes            |         |
 * | DRAWS_AT_ONCE     |                    |                    |                              | yes            |         |
 * | LANE_COPIES       |                    | yes                | yes                          | yes            |         |
 * | QUICK_DRAWS       |                    | yes                | yes                          | yes            |         |
 * | PAIRED_DRAWS      |                    |                    |                              | yes            |         |
 * | SAMPLE_POOLS      |                    |                    | yes                          | yes            |         |
 * | RIVAL_METHODS     |                    |                    |                              | yes            |         |
 * | PAPER_FAMILY      |                    |                    |                              | yes            |         |
 * | NOISE             |                    |                    |                              | yes            |         |
 *
 * device: flash is everything. device-columns: the paper's training, with all that makes it fast, in 48 KiB of firmware.
 * device-fast: everything in one page. release: everything, for speed. compact: predicts inside the library entry, and
 * nothing else.
 */

/** Values of `PROFILE`. */
const DEVICE = 0;
const COMPACT = 1;
const DEVICE_FAST = 2;
const RELEASE = 3;
const DEVICE_COLUMNS = 4;

/** All that makes a step fast, on a device or not. */
const FAST: bool = PROFILE == DEVICE_COLUMNS || PROFILE == DEVICE_FAST || PROFILE == RELEASE;

/**
 * Steps, and what only they need: update rules, gradients, draws of parameters and mini-batches, checkpoints, the trace.
 * Without it a model comes by `model_read`, or by `compile` and parameters that the caller writes, and predicts.
 */
export const TRAINS: bool = PROFILE != COMPACT;

/** Memory may grow beyond the page that the module starts with. Without it, a runtime may cut the page to size. */
export const MEMORY_GROWS: bool = PROFILE == COMPACT || PROFILE == RELEASE;

/** The engines that lay a mini-batch out over encoded columns: columns, and Heisenberg where it is on besides. */
export const COLUMN_ENGINES: bool = FAST;

/** The observable pulled back as a Pauli vector. Needs the column engines. */
export const HEISENBERG_ENGINE: bool = PROFILE == DEVICE_FAST || PROFILE == RELEASE;

/** Gradients made of passes over the batch: assembly/gradients. */
export const GRADIENT_PASSES: bool = PROFILE != COMPACT && PROFILE != DEVICE_COLUMNS;

/** Ask and tell: the caller may measure the circuits instead of the simulator. */
export const CALLER_MEASURES: bool = FAST;

/**
 * An update is cut into ticks of a few parameters, so that no call of `step_advance` takes long, and words are moved
 * and cleared several at once.
 */
export const SHORT_TICKS: bool = FAST;

/** Predictions by one quadratic form of the features. Needs the laid-out engines. */
export const EFFECTIVE_FORM: bool = COLUMN_ENGINES;

/** The squared error over a whole data set from its second moments. Needs the effective form. */
export const DATA_SET_LOSS: bool = EFFECTIVE_FORM;

/** Angles of any size. Without it, those of more than 2^20 half turns (2^10 in single precision) are refused. */
export const EXACT_ANGLES: bool = PROFILE != DEVICE;

/** `compile` holds an observable against what its loss can take. */
export const CHECKS_OBSERVABLE: bool = PROFILE != DEVICE;

/** Samples with targets and weights of their own. Without it, models of such a training predict, and make no step. */
export const SAMPLE_TARGETS: bool = FAST;

/** What a step costs, and other facts of a compiled program that only plans need. */
export const COUNTS_WORK: bool = FAST;

/** One large state runs over both lanes: no device has room for one. */
export const WIDE_STATES: bool = PROFILE == RELEASE;

/** Runs of gates go through large states in tiles. */
export const TILED_STATES: bool = PROFILE == RELEASE;

/** Kernels on all columns run in one go where the allowance of work permits, which costs code and saves time. */
export const WHOLE_KERNELS: bool = PROFILE == RELEASE;

/** The Heisenberg engine has displaced angles: by a sweep that tells what all displaced circuits would give. */
export const DISPLACED_SWEEP: bool = PROFILE == RELEASE;

/** A displaced circuit of one shot draws its outcome without counts, which costs code and saves time. */
export const SINGLE_SHOTS: bool = PROFILE == RELEASE;

/** Where there is SIMD, bitstrings of few shots are drawn many at once, which costs code and saves time. */
export const DRAWS_AT_ONCE: bool = PROFILE == RELEASE;

/** States are copied and cleared in steps of a lane. Without it, by words, as everything else is. */
export const LANE_COPIES: bool = FAST;

/** Binomial draws are looked for where they are likely before the distribution is summed: the same draws, sooner. */
export const QUICK_DRAWS: bool = FAST;

/** Where there is SIMD, two draws are made at once, which costs code and saves time. */
export const PAIRED_DRAWS: bool = PROFILE == RELEASE;

/** A mini-batch may be a pool, of which a rule draws the samples of its gradient, and a head that it fits by Newton steps. */
export const SAMPLE_POOLS: bool = PROFILE == DEVICE_FAST || PROFILE == RELEASE;

/** Methods from the literature that the others are held against: no device needs them. */
export const RIVAL_METHODS: bool = PROFILE == RELEASE;
/** The rules around Algorithm 1: what the paper proposes or compares with beside it, with the options that they read. */
export const PAPER_FAMILY: bool = PROFILE == RELEASE;
/** Noise channels behind the gates, and the engines that run them: exactly, or one trajectory a shot. */
export const NOISE: bool = PROFILE == RELEASE;
