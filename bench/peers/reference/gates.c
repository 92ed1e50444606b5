/* State kernels. The inner loops run over the lanes and are what the compiler vectorises. */
#include <math.h>
#include "model.h"

Rotation rotation(double angle)
{
    return (Rotation){ cos(angle / 2), sin(angle / 2) };
}

Rotation inverse(Rotation gate)
{
    return (Rotation){ gate.cosine, -gate.sine };
}

/* Amplitude bit of a qubit: qubit 0 is the most significant. */
static int bit_of(int qubit)
{
    return 1 << (QUBITS - 1 - qubit);
}

/* cos - i sin X on one pair of rows */
static void pair_x(double *restrict re0, double *restrict im0, double *restrict re1, double *restrict im1,
                   double c, double s)
{
    for (int lane = 0; lane < LANES; lane++) {
        double a = re0[lane], b = im0[lane], u = re1[lane], v = im1[lane];
        re0[lane] = c * a + s * v;
        im0[lane] = c * b - s * u;
        re1[lane] = c * u + s * b;
        im1[lane] = c * v - s * a;
    }
}

/* cos - i sin Y on one pair of rows: real */
static void pair_y(double *restrict re0, double *restrict im0, double *restrict re1, double *restrict im1,
                   double c, double s)
{
    for (int lane = 0; lane < LANES; lane++) {
        double a = re0[lane], b = im0[lane], u = re1[lane], v = im1[lane];
        re0[lane] = c * a - s * u;
        im0[lane] = c * b - s * v;
        re1[lane] = s * a + c * u;
        im1[lane] = s * b + c * v;
    }
}

/* cos - i sin Z on one pair of rows: a phase and its conjugate */
static void pair_z(double *restrict re0, double *restrict im0, double *restrict re1, double *restrict im1,
                   double c, double s)
{
    for (int lane = 0; lane < LANES; lane++) {
        double a = re0[lane], b = im0[lane], u = re1[lane], v = im1[lane];
        re0[lane] = c * a + s * b;
        im0[lane] = c * b - s * a;
        re1[lane] = c * u - s * v;
        im1[lane] = c * v + s * u;
    }
}

void apply_rotation(State *state, Axis axis, int qubit, Rotation gate)
{
    int bit = bit_of(qubit);
    double c = gate.cosine, s = gate.sine;
    for (int block = 0; block < AMPLITUDES; block += 2 * bit) {
        for (int k = block; k < block + bit; k++) {
            int j = k + bit;
            if (axis == X)
                pair_x(state->re[k], state->im[k], state->re[j], state->im[j], c, s);
            else if (axis == Y)
                pair_y(state->re[k], state->im[k], state->re[j], state->im[j], c, s);
            else
                pair_z(state->re[k], state->im[k], state->re[j], state->im[j], c, s);
        }
    }
}

Gate product(Rotation x, Rotation y, Rotation z)
{
    /* (cz - i sz Z)(cy - i sy Y)(cx - i sx X) as w - i (x X + y Y + z Z) */
    double cx = x.cosine, sx = x.sine, cy = y.cosine, sy = y.sine, cz = z.cosine, sz = z.sine;
    return (Gate){ cz * cy * cx + sz * sy * sx, cz * cy * sx - sz * sy * cx, cz * sy * cx + sz * cy * sx,
                   sz * cy * cx - cz * sy * sx };
}

/* w - i (x X + y Y + z Z) on one pair of rows */
static void pair_gate(double *restrict re0, double *restrict im0, double *restrict re1, double *restrict im1,
                      double w, double x, double y, double z)
{
    for (int lane = 0; lane < LANES; lane++) {
        double a = re0[lane], b = im0[lane], u = re1[lane], v = im1[lane];
        re0[lane] = w * a + z * b - y * u + x * v;
        im0[lane] = w * b - z * a - y * v - x * u;
        re1[lane] = y * a + x * b + w * u - z * v;
        im1[lane] = y * b - x * a + w * v + z * u;
    }
}

void apply_gate(State *state, int qubit, Gate gate)
{
    int bit = bit_of(qubit);
    for (int block = 0; block < AMPLITUDES; block += 2 * bit)
        for (int k = block; k < block + bit; k++)
            pair_gate(state->re[k], state->im[k], state->re[k + bit], state->im[k + bit], gate.w, gate.x,
                      gate.y, gate.z);
}

static void swap_rows(double *restrict left, double *restrict right)
{
    for (int lane = 0; lane < LANES; lane++) {
        double kept = left[lane];
        left[lane] = right[lane];
        right[lane] = kept;
    }
}

void apply_cnot(State *state, int control, int target)
{
    int on = bit_of(control), bit = bit_of(target);
    for (int k = 0; k < AMPLITUDES; k++) {
        if (!(k & on) || (k & bit))
            continue;
        swap_rows(state->re[k], state->re[k | bit]);
        swap_rows(state->im[k], state->im[k | bit]);
    }
}

/* One pair of rows of Im <left|P|right>, left (a + ib, c + id), right (e + if, g + ih). */
static void overlap_pair(Axis axis, const double *restrict a, const double *restrict b,
                         const double *restrict c, const double *restrict d, const double *restrict e,
                         const double *restrict f, const double *restrict g, const double *restrict h,
                         double *restrict sums)
{
    if (axis == X)
        for (int lane = 0; lane < LANES; lane++)
            sums[lane] += a[lane] * h[lane] - b[lane] * g[lane] + c[lane] * f[lane] - d[lane] * e[lane];
    else if (axis == Y)
        for (int lane = 0; lane < LANES; lane++)
            sums[lane] += c[lane] * e[lane] + d[lane] * f[lane] - a[lane] * g[lane] - b[lane] * h[lane];
    else
        for (int lane = 0; lane < LANES; lane++)
            sums[lane] += a[lane] * f[lane] - b[lane] * e[lane] - c[lane] * h[lane] + d[lane] * g[lane];
}

void add_overlap(const State *left, const State *right, Axis axis, int qubit, double sums[LANES])
{
    int bit = bit_of(qubit);
    for (int block = 0; block < AMPLITUDES; block += 2 * bit)
        for (int k = block; k < block + bit; k++)
            overlap_pair(axis, left->re[k], left->im[k], left->re[k + bit], left->im[k + bit], right->re[k],
                         right->im[k], right->re[k + bit], right->im[k + bit], sums);
}
