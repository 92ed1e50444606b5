/* The encoding, the entangling layer, the observable and the loss. */
#include <math.h>
#include "model.h"

void encode(State *state, const Batch *batch, int first)
{
    *state = (State){ 0 };
    for (int lane = 0; lane < LANES; lane++) {
        int sample = first + lane < batch->count ? first + lane : batch->count - 1;
        const double *x = batch->features + (long)sample * batch->width;
        double square = 0;
        for (int k = 0; k < batch->width; k++)
            square += x[k] * x[k];
        double scale = 1 / sqrt(square);
        for (int k = 0; k < batch->width; k++)
            state->re[k][lane] = scale * x[k];
    }
}

void run_cnots(State *state)
{
    for (int qubit = 0; qubit + 1 < QUBITS; qubit++)
        apply_cnot(state, qubit, qubit + 1);
}

void undo_cnots(State *state)
{
    for (int qubit = QUBITS - 2; qubit >= 0; qubit--)
        apply_cnot(state, qubit, qubit + 1);
}

void expectations(const State *state, double values[LANES])
{
    for (int lane = 0; lane < LANES; lane++)
        values[lane] = 0;
    for (int k = 0; k < AMPLITUDES; k++) {
        /* Z0: qubit 0 is set in the upper half of the rows. */
        double sign = k < AMPLITUDES / 2 ? 1 : -1;
        const double *re = state->re[k], *im = state->im[k];
        for (int lane = 0; lane < LANES; lane++)
            values[lane] += sign * (re[lane] * re[lane] + im[lane] * im[lane]);
    }
}

double squared_errors(const Batch *batch, int first, const double values[LANES], double slopes[LANES])
{
    double sum = 0;
    for (int lane = 0; lane < LANES; lane++) {
        slopes[lane] = 0;
        if (first + lane >= batch->count)
            continue;
        double target = batch->labels[first + lane] == 0 ? -1 : 1;
        double error = values[lane] - target;
        slopes[lane] = 2 * error / batch->count;
        sum += error * error;
    }
    return sum;
}
