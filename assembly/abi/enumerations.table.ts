/**
 * The enumerations of the ABI but for rules, statuses and report slots, which have tables of their own. Numbers are
 * append-only. What code asks of a member is a trait here, never where it stands among the others.
 */
import { RULES } from './rules.table.ts';

/** One member of an enumeration. */
export interface MemberRow {
  readonly name: string;
  readonly number: number;
  /** Its name in the library and on the command line, where it has one. */
  readonly word?: string;
  readonly doc?: string;
  /** The compile-time switch of the builds that accept it as an option; absent: all of them. */
  readonly feature?: string;
}

export const ENGINES = [
  {
    name: 'Auto',
    number: 0,
    word: 'auto',
    doc: 'The cheapest of those that fit into the work area.',
  },
  { name: 'Samples', number: 1, word: 'samples', doc: 'Two samples at a time, side by side.' },
  {
    name: 'Columns',
    number: 2,
    word: 'columns',
    doc: 'Basis columns of the encoded subspace, once per parameter set, for circuits that no feature drives.',
    laidOut: true,
  },
  {
    name: 'Heisenberg',
    number: 3,
    word: 'heisenberg',
    doc: 'The observable pulled back as a Pauli vector, for such circuits with a small light cone.',
    laidOut: true,
  },
  {
    name: 'Noisy',
    number: 4,
    word: 'noisy',
    doc: 'Circuits with noise channels, exactly: two samples at a time, as Pauli vectors of 4^n strings. The observable is pulled back through gates and channels for the gradient.',
    feature: 'NOISE',
    noisy: true,
  },
  {
    name: 'Trajectories',
    number: 5,
    word: 'trajectories',
    doc: 'Circuits with noise channels, one draw of all their Kraus operators a shot, on states of 2^n amplitudes. Needs shots.',
    feature: 'NOISE',
    noisy: true,
  },
] as const satisfies readonly (MemberRow & {
  /** It runs noise channels. */
  readonly noisy?: true;
  /** It lays the circuit out once for all samples, and its answers last. */
  readonly laidOut?: true;
})[];

export const ANSWERERS = [
  { name: 'Simulator', number: 0, word: 'simulator', doc: 'The built-in simulator.' },
  {
    name: 'Caller',
    number: 1,
    word: 'caller',
    doc: 'The caller, with a quantum processor or whatever answers for one, in the builds with all engines. Needs shots; the arena then holds counts instead of states.',
    feature: 'CALLER_MEASURES',
  },
] as const satisfies readonly MemberRow[];

export const ASK = [
  {
    name: 'Sample',
    number: 0,
    doc: 'Row of the features buffer: with amplitude encoding the start state, x / |x|; else what drives some angles.',
  },
  { name: 'Shots', number: 1, doc: 'Shots to take.' },
  {
    name: 'XMask',
    number: 2,
    doc: "Masks over qubits: X is measured where only the first has a bit, Y where both have, Z where only the second has. Only these qubits' outcomes are read.",
  },
  { name: 'ZMask', number: 3 },
  {
    name: 'Operations',
    number: 4,
    doc: 'Operations of the circuit, for `ask_operation` and `ask_angle`: those that the observable can see.',
  },
  {
    name: 'Evaluation',
    number: 5,
    doc: 'Which circuit of the step this is: 0 the loss, 1 the tentative loss, then two for each displaced angle; from 12288 on the passes of a gradient that is made of them.',
  },
] as const satisfies readonly MemberRow[];

export const ENCODINGS = [
  { name: 'Amplitude', number: 1, word: 'amplitude', doc: 'Amplitude k of the start state is x_k / |x|.' },
  {
    name: 'Zero',
    number: 0,
    word: 'angle',
    doc: 'Start in |0...0>; features enter through rotation angles.',
  },
] as const satisfies readonly MemberRow[];

export const OPERATIONS = [
  { name: 'RX', number: 0, word: 'rx', rotation: true, byX: true },
  { name: 'RY', number: 1, word: 'ry', rotation: true, byX: true, byZ: true },
  { name: 'RZ', number: 2, word: 'rz', rotation: true, byZ: true },
  { name: 'RXX', number: 3, word: 'rxx', rotation: true, byX: true, twoQubit: true },
  { name: 'RYY', number: 4, word: 'ryy', rotation: true, byX: true, byZ: true, twoQubit: true },
  { name: 'RZZ', number: 5, word: 'rzz', rotation: true, byZ: true, twoQubit: true },
  { name: 'CNOT', number: 6, word: 'cnot', doc: 'Control first, target second.', twoQubit: true },
  { name: 'CZ', number: 7, word: 'cz', twoQubit: true },
] as const satisfies readonly (MemberRow & {
  /** exp(-i angle/2 P): it has an angle, with a source, a scale and an offset. */
  readonly rotation?: true;
  /** P has the letter X or Y, or Z or Y, on its qubits. */
  readonly byX?: true;
  readonly byZ?: true;
  /** It acts on two qubits, else on one. */
  readonly twoQubit?: true;
})[];

export const CHANNELS = [
  {
    name: 'Depolarizing',
    number: 16,
    word: 'depolarizing',
    doc: 'rho -> (1 - p) rho + p I/2 on the qubit, p from 0 to 1.',
  },
  {
    name: 'Damping',
    number: 17,
    word: 'damping',
    doc: 'Amplitude damping of probability gamma: |1> decays to |0>.',
  },
  {
    name: 'Dephasing',
    number: 18,
    word: 'dephasing',
    doc: 'Phase damping lambda: coherences keep a factor of sqrt(1 - lambda).',
  },
  {
    name: 'Readout',
    number: 19,
    word: 'readout',
    doc: 'A measured 0 of the qubit is read as 1 with probability `offset`, a 1 as 0 with probability `scale`; at most 1 in all. Behind all gates and other channels.',
  },
] as const satisfies readonly MemberRow[];

export const SOURCES = [
  { name: 'Constant', number: 0, doc: 'angle = offset' },
  { name: 'Parameter', number: 1 },
  { name: 'Feature', number: 2 },
] as const satisfies readonly MemberRow[];

export const LOSSES = [
  { name: 'MeanSquare', number: 0, word: 'mse', doc: '(z - y)^2, y = -1 or +1' },
  {
    name: 'CrossEntropy',
    number: 1,
    word: 'bce',
    doc: '-log p(y); p = sigmoid(z), or (1 + z)/2 without a head. Softmax with two logits or more.',
  },
  { name: 'Hinge', number: 2, word: 'hinge', doc: 'max(0, 1 - y z)' },
  {
    name: 'Energy',
    number: 3,
    word: 'energy',
    doc: "z, whatever the label. Without a head there may be several outputs: z is that of the sample's label, as where a Hamiltonian is measured group by group.",
  },
] as const satisfies readonly MemberRow[];

export const GRADIENTS = [
  {
    name: 'Adjoint',
    number: 0,
    word: 'adjoint',
    doc: 'Reverse-mode through the simulator; exact expectations only.',
    exactOnly: true,
    pullsBack: true,
  },
  {
    name: 'ParameterShift',
    number: 1,
    word: 'parameter-shift',
    doc: 'Eq. 7, exact or with shots.',
    displaces: true,
  },
  {
    name: 'TwoPoint',
    number: 2,
    word: 'two-point',
    doc: 'From two losses on either side of the parameters along one random direction (SPSA, Spall 1992), exact or with shots.',
    file: 'two-point',
    feature: 'GRADIENT_PASSES',
  },
] as const satisfies readonly (MemberRow & {
  /** It needs exact expectations. */
  readonly exactOnly?: true;
  /** It pulls the observable back through the states of the loss. */
  readonly pullsBack?: true;
  /** It runs circuits with displaced angles from the state before their gate. */
  readonly displaces?: true;
  /** It is made of whole passes: the file of assembly/gradients/ that says where they go and what they give. */
  readonly file?: string;
})[];

export const SCHEDULES = [
  { name: 'Constant', number: 0, word: 'constant' },
  { name: 'Cosine', number: 1, word: 'cosine', doc: 'eta_t = eta (1 + cos(pi r)) / 2' },
  { name: 'Linear', number: 2, word: 'linear', doc: 'eta_t = eta (1 - r)' },
  {
    name: 'RobbinsMonro',
    number: 3,
    word: 'robbins-monro',
    doc: 'eta_t = eta (1 + 10 r)^(-3/4): with an exponent in (1/2, 1] the rates add up to more than any number, and their squares do not (Robbins and Monro 1951; Theorem 2 of the paper).',
  },
  {
    name: 'Spall',
    number: 4,
    word: 'spall',
    doc: 'eta_t = eta ((A + 1) / (A + 1 + t))^0.602, A = T/10, and of the two-point gradient c_t = c / (t + 1)^0.101: the gains that Spall recommends for SPSA (1998). Of a budget of shots T is how many steps it pays for that are as dear as those before.',
    feature: 'RIVAL_METHODS',
  },
] as const satisfies readonly MemberRow[];

export const REVERSALS = [
  { name: 'Constant', number: 0, word: 'constant', doc: "eta' as `NegativeRate` has it." },
  { name: 'Kappa', number: 1, word: 'kappa', doc: "eta' = kappa eta." },
  {
    name: 'Eq10',
    number: 2,
    word: 'eq-10',
    doc: "eta' = eta (1 + log(1 + nu L)) sqrt(sigma_H^2 / L), Eq. 10, with sigma_H^2 = tr H^2 / 2^n - (tr H / 2^n)^2, of several outputs their mean.",
  },
  {
    name: 'Eq10State',
    number: 3,
    word: 'eq-10-state',
    doc: 'The same with sigma_H^2 = <H^2> - <H>^2 at theta, as the step measures it: the mean over mini-batch and outputs, each of which is one Pauli string.',
  },
] as const satisfies readonly MemberRow[];

export const PERTURBATIONS = [
  { name: 'Rate', number: 0, word: 'rate', doc: "A standard deviation of eta' in every coordinate." },
  {
    name: 'Gradient',
    number: 1,
    word: 'gradient',
    doc: "As large as the reversal in its place: E|delta|^2 = eta'^2 |g|^2, of the circuit's parameters and of the head's.",
  },
] as const satisfies readonly MemberRow[];

export const FALLBACKS = [
  { name: 'Reverse', number: 0, word: 'reverse', doc: "Go up the gradient by eta'." },
  { name: 'Halve', number: 1, word: 'halve', doc: 'Take half the step.' },
  { name: 'Reject', number: 2, word: 'reject', doc: 'Take no step.' },
] as const satisfies readonly MemberRow[];

export const DOUBTS = [
  { name: 'Halve', number: 0, word: 'halve', doc: 'Take half the step.' },
  { name: 'Descend', number: 1, word: 'descend', doc: 'Take the step.' },
  { name: 'Reject', number: 2, word: 'reject', doc: 'Take no step.' },
  { name: 'Reverse', number: 3, word: 'reverse', doc: "Go up the gradient by eta': no guard at all." },
] as const satisfies readonly MemberRow[];

export const EXTRAPOLATIONS = [
  { name: 'None', number: 0, word: 'none', doc: 'Outputs as they are measured.' },
  { name: 'Linear', number: 1, word: 'linear', doc: 'A straight line.', feature: 'NOISE' },
  {
    name: 'Polynomial',
    number: 2,
    word: 'polynomial',
    doc: 'A polynomial of degree `ExtrapolationOrder`, by least squares.',
    feature: 'NOISE',
  },
  {
    name: 'Richardson',
    number: 3,
    word: 'richardson',
    doc: 'The polynomial through all scales.',
    feature: 'NOISE',
  },
  {
    name: 'Exponential',
    number: 4,
    word: 'exponential',
    doc: 'A decay to what the maximally mixed state gives; a straight line where the scales are on both sides of that.',
    feature: 'NOISE',
  },
] as const satisfies readonly MemberRow[];

export const DRAWS = [
  { name: 'BySlope', number: 0, word: 'by-slope', doc: 'Half of the pool, by the size of their slopes.' },
  {
    name: 'All',
    number: 1,
    word: 'all',
    doc: 'Every sample of the pool, once.',
    feature: 'RIVAL_METHODS',
  },
  {
    name: 'Residual',
    number: 2,
    word: 'residual',
    doc: 'As BySlope, and the pool itself is drawn from the whole training set, by how large the slope of each sample was when it was looked at: a number of memory for each of the `Samples`. Where they are streamed the pool is as it comes.',
    feature: 'RIVAL_METHODS',
  },
] as const satisfies readonly MemberRow[];

export const HEAD_STEPS = [
  { name: 'Newton', number: 0, word: 'newton', doc: 'Newton steps, without a rate.' },
  { name: 'Adam', number: 1, word: 'adam', doc: 'Adam, by `HeadRate`.', feature: 'RIVAL_METHODS' },
] as const satisfies readonly MemberRow[];

export const HEAD_NOISES = [
  { name: 'Removed', number: 0, word: 'removed', doc: 'The covariance of the outputs takes it off.' },
  { name: 'Kept', number: 1, word: 'kept', doc: 'It stays.', feature: 'RIVAL_METHODS' },
] as const satisfies readonly MemberRow[];

export const DECISIONS = [
  {
    name: 'Descended',
    number: 0,
    word: 'descended',
    doc: 'Plain descent: accepted, or a rule that makes no test.',
  },
  { name: 'Reversed', number: 1, word: 'reversed', doc: "Eq. 9: went up the gradient by eta'." },
  {
    name: 'Halved',
    number: 2,
    word: 'halved',
    doc: '`nlr-guarded`: the rise was within the noise, half the step was taken.',
  },
  {
    name: 'Rejected',
    number: 3,
    word: 'rejected',
    doc: 'No step was taken: the parameters are as before it.',
  },
  {
    name: 'Rescaled',
    number: 4,
    word: 'rescaled',
    doc: "Went down the gradient at another rate than eta: eta' of `two-rates`, less by backtracking of `armijo`.",
  },
  {
    name: 'Perturbed',
    number: 5,
    word: 'perturbed',
    doc: 'Went somewhere at random in place of a reversal.',
  },
  { name: 'Restarted', number: 6, word: 'restarted', doc: '`sgd-restart`: all parameters were drawn again.' },
] as const satisfies readonly MemberRow[];

/** One enumeration. */
export interface EnumerationRow {
  readonly name: string;
  readonly doc?: string;
  readonly members: readonly MemberRow[];
  /** The name of the list of their words, where the library knows its members by words. */
  readonly words?: string;
  /** Its members are counted on from 0: places of a buffer, or what a record may say. There is a constant of how many. */
  readonly slots?: true;
}

export const ENUMERATIONS = [
  {
    name: 'Engine',
    doc: 'How a batch goes through the circuit. The choice changes no result beyond rounding; the bits of a run belong to its engine. `Auto` goes by the configuration and the circuit, among the engines that a build has: name one to have the same bits on all of them.',
    members: ENGINES,
    words: 'ENGINES',
  },
  { name: 'Answerer', doc: 'Who measures the circuits.', members: ANSWERERS, words: 'ANSWERERS' },
  {
    name: 'Ask',
    doc: 'Slots of the question that stands after `Status.Asked`, i32 each, from `ask_ptr`.',
    members: ASK,
    slots: true,
  },
  { name: 'Encoding', members: ENCODINGS, words: 'ENCODINGS' },
  {
    name: 'Operation',
    doc: 'Circuit operations. Rotations are exp(-i angle/2 P) for their Pauli string P.',
    members: OPERATIONS,
    words: 'GATES',
    slots: true,
  },
  {
    name: 'Channel',
    doc: 'Noise of one qubit, for `circuit_add` right behind the gate whose noise it is: the rate is its `offset`. In the builds with noise.',
    members: CHANNELS,
    words: 'CHANNELS',
  },
  {
    name: 'Source',
    doc: 'Where a rotation takes v from, in angle = scale * v + offset.',
    members: SOURCES,
    slots: true,
  },
  { name: 'Loss', members: LOSSES, words: 'LOSSES' },
  { name: 'Gradient', members: GRADIENTS, words: 'GRADIENTS' },
  { name: 'Rule', members: RULES, words: 'RULES' },
  {
    name: 'Schedule',
    doc: 'What becomes of all rates as the training goes on, by its share r: t / T of the steps before this one, or of `ShotsBudget` the shots spent before it. Cosine and linear end at 0, where the share is 1 or more.',
    members: SCHEDULES,
    words: 'SCHEDULES',
  },
  {
    name: 'Extrapolation',
    doc: 'How outputs at several scales of the noise are extrapolated to none.',
    members: EXTRAPOLATIONS,
    words: 'EXTRAPOLATIONS',
  },
  {
    name: 'Draws',
    doc: 'Which samples of its pool `frugal` differentiates.',
    members: DRAWS,
    words: 'DRAWS',
  },
  { name: 'HeadStep', doc: 'How `frugal` fits the head.', members: HEAD_STEPS, words: 'HEAD_STEPS' },
  {
    name: 'HeadNoise',
    doc: "What becomes of the shot noise in the head's gradient and curvature, of `frugal`.",
    members: HEAD_NOISES,
    words: 'HEAD_NOISES',
  },
  {
    name: 'Decision',
    doc: "What became of a step's tentative update.",
    members: DECISIONS,
    words: 'DECISIONS',
  },
  { name: 'Reversal', doc: "Where eta' comes from.", members: REVERSALS, words: 'REVERSALS' },
  {
    name: 'Perturbation',
    doc: 'How large a perturbation in place of a reversal is.',
    members: PERTURBATIONS,
    words: 'PERTURBATIONS',
  },
  {
    name: 'Fallback',
    doc: '`nlr-guarded`: what a rise beyond the guard leads to.',
    members: FALLBACKS,
    words: 'FALLBACKS',
  },
  {
    name: 'Doubt',
    doc: '`nlr-guarded`: what a rise within the guard leads to.',
    members: DOUBTS,
    words: 'DOUBTS',
  },
] as const satisfies readonly EnumerationRow[];

/** The name of an enumeration. */
export type EnumerationName = (typeof ENUMERATIONS)[number]['name'];
