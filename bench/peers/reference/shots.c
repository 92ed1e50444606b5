/*
 * Loss and gradient from a finite number of shots: the parameter-shift rule, two displaced circuits a
 * parameter. A measurement of <Z0> is one exact binomial draw a sample.
 */
#include "model.h"

#define HALF_PI 1.57079632679489661923

static State prefix, displaced;

/* The gate of a group, the angle of one of its axes displaced by `offset`. */
static Gate bind_group(const double parameters[PARAMETERS], int group, int axis, double offset)
{
    const double *angles = parameters + 3 * group;
    return product(rotation(angles[X] + (axis == X ? offset : 0)), rotation(angles[Y] + (axis == Y ? offset : 0)),
                   rotation(angles[Z] + (axis == Z ? offset : 0)));
}

static void bind(const double parameters[PARAMETERS], Gate gates[GROUPS])
{
    for (int group = 0; group < GROUPS; group++)
        gates[group] = bind_group(parameters, group, X, 0);
}

/* One group, and the layer's CNOTs when it ends the layer. */
static void apply_group(State *state, int group, Gate gate)
{
    apply_gate(state, group % QUBITS, gate);
    if ((group + 1) % QUBITS == 0)
        run_cnots(state);
}

/* Estimates of <Z0> from `shots` shots. */
static void measure(const State *state, int shots, double values[LANES])
{
    expectations(state, values);
    for (int lane = 0; lane < LANES; lane++)
        values[lane] = 2.0 * binomial(shots, (1 + values[lane]) / 2) / shots - 1;
}

/* Measured losses of LANES samples from `first` on, summed, and each lane's dL/df. */
static double forward(const Batch *batch, int first, const Gate gates[GROUPS], int shots, double slopes[LANES])
{
    double values[LANES];
    encode(&displaced, batch, first);
    for (int group = 0; group < GROUPS; group++)
        apply_group(&displaced, group, gates[group]);
    measure(&displaced, shots, values);
    return squared_errors(batch, first, values, slopes);
}

/* <Z0> of the circuit with `shifted` in place of a group's gate. */
static void measure_displaced(const Gate gates[GROUPS], int group, Gate shifted, int shots,
                              double values[LANES])
{
    displaced = prefix;
    apply_group(&displaced, group, shifted);
    for (int later = group + 1; later < GROUPS; later++)
        apply_group(&displaced, later, gates[later]);
    measure(&displaced, shots, values);
}

double shots_loss(const Batch *batch, const double parameters[PARAMETERS], int shots)
{
    Gate gates[GROUPS];
    double slopes[LANES], sum = 0;
    bind(parameters, gates);
    for (int first = 0; first < batch->count; first += LANES)
        sum += forward(batch, first, gates, shots, slopes);
    return sum / batch->count;
}

double shots_gradient(const Batch *batch, const double parameters[PARAMETERS], int shots,
                      double gradient[PARAMETERS])
{
    Gate gates[GROUPS];
    double slopes[LANES], plus[LANES], minus[LANES], sum = 0;
    bind(parameters, gates);
    for (int p = 0; p < PARAMETERS; p++)
        gradient[p] = 0;
    for (int first = 0; first < batch->count; first += LANES) {
        sum += forward(batch, first, gates, shots, slopes);
        encode(&prefix, batch, first);
        for (int p = 0; p < PARAMETERS; p++) {
            int group = p / 3, axis = p % 3;
            measure_displaced(gates, group, bind_group(parameters, group, axis, HALF_PI), shots, plus);
            measure_displaced(gates, group, bind_group(parameters, group, axis, -HALF_PI), shots, minus);
            for (int lane = 0; lane < LANES; lane++)
                gradient[p] += slopes[lane] * (plus[lane] - minus[lane]) / 2;
            if (axis == Z)
                apply_group(&prefix, group, gates[group]);
        }
    }
    return sum / batch->count;
}
