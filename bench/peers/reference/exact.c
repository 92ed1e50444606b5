/* Loss and adjoint gradient from exact expectations. */
#include "model.h"

static State psi, lambda;

/* Of rotation p: its qubit, its axis, and whether the layer's CNOTs follow. */
static int qubit_of(int p)
{
    return p / 3 % QUBITS;
}

static Axis axis_of(int p)
{
    return (Axis)(p % 3);
}

static int ends_layer(int p)
{
    return (p + 1) % (3 * QUBITS) == 0;
}

static void bind(const double parameters[PARAMETERS], Rotation gates[PARAMETERS])
{
    for (int p = 0; p < PARAMETERS; p++)
        gates[p] = rotation(parameters[p]);
}

/* Runs LANES samples from `first` on; their summed losses and each lane's dL/df. */
static double forward(const Batch *batch, int first, const Rotation gates[PARAMETERS], double slopes[LANES])
{
    double values[LANES];
    encode(&psi, batch, first);
    for (int p = 0; p < PARAMETERS; p++) {
        apply_rotation(&psi, axis_of(p), qubit_of(p), gates[p]);
        if (ends_layer(p))
            run_cnots(&psi);
    }
    expectations(&psi, values);
    return squared_errors(batch, first, values, slopes);
}

/* lambda = slope * Z0 |psi> */
static void start_adjoint(const double slopes[LANES])
{
    for (int k = 0; k < AMPLITUDES; k++) {
        double sign = k < AMPLITUDES / 2 ? 1 : -1;
        for (int lane = 0; lane < LANES; lane++) {
            lambda.re[k][lane] = sign * slopes[lane] * psi.re[k][lane];
            lambda.im[k][lane] = sign * slopes[lane] * psi.im[k][lane];
        }
    }
}

/* dL/dtheta = Im <lambda|P|psi> right behind the rotation exp(-i theta/2 P); then the rotation is undone. */
static void backward(const Rotation gates[PARAMETERS], double gradient[PARAMETERS])
{
    for (int p = PARAMETERS - 1; p >= 0; p--) {
        if (ends_layer(p)) {
            undo_cnots(&psi);
            undo_cnots(&lambda);
        }
        double sums[LANES] = { 0 };
        add_overlap(&lambda, &psi, axis_of(p), qubit_of(p), sums);
        for (int lane = 0; lane < LANES; lane++)
            gradient[p] += sums[lane];
        apply_rotation(&psi, axis_of(p), qubit_of(p), inverse(gates[p]));
        apply_rotation(&lambda, axis_of(p), qubit_of(p), inverse(gates[p]));
    }
}

double exact_loss(const Batch *batch, const double parameters[PARAMETERS])
{
    Rotation gates[PARAMETERS];
    double slopes[LANES], sum = 0;
    bind(parameters, gates);
    for (int first = 0; first < batch->count; first += LANES)
        sum += forward(batch, first, gates, slopes);
    return sum / batch->count;
}

double exact_gradient(const Batch *batch, const double parameters[PARAMETERS], double gradient[PARAMETERS])
{
    Rotation gates[PARAMETERS];
    double slopes[LANES], sum = 0;
    bind(parameters, gates);
    for (int p = 0; p < PARAMETERS; p++)
        gradient[p] = 0;
    for (int first = 0; first < batch->count; first += LANES) {
        sum += forward(batch, first, gates, slopes);
        start_adjoint(slopes);
        backward(gates, gradient);
    }
    return sum / batch->count;
}
