/*
 * The paper's model as a plain, batched C program: the bar that the core has to clear.
 *
 * n qubits, L layers of RX RY RZ on every qubit and a CNOT chain, d features as amplitudes, <Z0>, mean
 * (f - y)^2. Qubit 0 is the most significant bit of the amplitude index.
 *
 * How it is written, on purpose:
 * - Samples are the lanes of the innermost dimension, so the compiler vectorises over them; real and
 *   imaginary parts apart; double. A batch of 32 goes in two blocks of 16 lanes: then the two states of the
 *   adjoint pass fit a first-level cache of 32 KiB, a fifth faster than one block of 32.
 * - Exact gradient: one state and one adjoint state, each gate undone on both (Jones and Gacon, arXiv
 *   2009.02823). Every rotation is applied as it comes; none are fused.
 * - Parameter shift: the three rotations of a qubit are multiplied into one 2 x 2 gate first, because each
 *   is applied 180 times with the same angles; the state before each gate is kept.
 * - A CNOT swaps rows. No light cone, no columns shared between samples.
 */
#ifndef MODEL_H
#define MODEL_H

enum {
    QUBITS = 6,
    AMPLITUDES = 1 << QUBITS,
    LAYERS = 5,
    /* Qubits times layers: a group is the RX, RY and RZ of one qubit in one layer. */
    GROUPS = QUBITS * LAYERS,
    PARAMETERS = 3 * GROUPS,
    LANES = 16
};

/* Amplitudes of LANES samples: row k holds amplitude k of all of them. */
typedef struct {
    double re[AMPLITUDES][LANES];
    double im[AMPLITUDES][LANES];
} State;

/* A rotation exp(-i angle/2 P), ready to apply. */
typedef struct {
    double cosine;
    double sine;
} Rotation;

/* A one-qubit gate w - i (x X + y Y + z Z). */
typedef struct {
    double w, x, y, z;
} Gate;

typedef enum { X = 0, Y = 1, Z = 2 } Axis;

/* A batch: `count` samples of `width` features, one after the other, and labels 0 or 1. */
typedef struct {
    int count;
    int width;
    const double *features;
    const double *labels;
} Batch;

/* gates.c */
Rotation rotation(double angle);
Rotation inverse(Rotation gate);
/* Rz Ry Rx: the rotation about X acts first. */
Gate product(Rotation x, Rotation y, Rotation z);
void apply_rotation(State *state, Axis axis, int qubit, Rotation gate);
void apply_gate(State *state, int qubit, Gate gate);
void apply_cnot(State *state, int control, int target);
/* Im <left|P|right> of every lane, added to `sums`. */
void add_overlap(const State *left, const State *right, Axis axis, int qubit, double sums[LANES]);

/* model.c */
/* Amplitudes of the samples from `first` on; lanes past the end of the batch repeat its last sample. */
void encode(State *state, const Batch *batch, int first);
void run_cnots(State *state);
void undo_cnots(State *state);
void expectations(const State *state, double values[LANES]);
/*
 * Squared errors of LANES values, those of the samples from `first` on, summed; dL/df of every lane, 0
 * past the end of the batch.
 */
double squared_errors(const Batch *batch, int first, const double values[LANES], double slopes[LANES]);

/* exact.c */
double exact_loss(const Batch *batch, const double parameters[PARAMETERS]);
/* Loss, and its gradient by the adjoint method. */
double exact_gradient(const Batch *batch, const double parameters[PARAMETERS], double gradient[PARAMETERS]);

/* shots.c */
double shots_loss(const Batch *batch, const double parameters[PARAMETERS], int shots);
/* Loss, and its gradient by the parameter-shift rule, every circuit measured with `shots` shots. */
double shots_gradient(const Batch *batch, const double parameters[PARAMETERS], int shots,
                      double gradient[PARAMETERS]);

/* binomial.c */
void seed_uniform(unsigned long long seed);
/* Successes among `trials` chances of probability `p`: an exact draw. */
int binomial(int trials, double p);

#endif
