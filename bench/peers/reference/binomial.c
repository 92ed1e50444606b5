/*
 * Exact binomial draws: Hörmann's BTRS, transformed rejection with squeeze ("The generation of binomial
 * random variates", J. Stat. Comput. Simul. 46, 1993), where the mean is 10 or more, and inversion by
 * sequential search below. Uniform numbers from xoshiro256++ (Blackman and Vigna, 2019).
 */
#include <math.h>
#include <stdint.h>
#include "model.h"

static uint64_t words[4];

static uint64_t rotate_left(uint64_t word, int bits)
{
    return (word << bits) | (word >> (64 - bits));
}

static uint64_t next_word(void)
{
    uint64_t result = rotate_left(words[0] + words[3], 23) + words[0];
    uint64_t kept = words[1] << 17;
    words[2] ^= words[0];
    words[3] ^= words[1];
    words[1] ^= words[2];
    words[0] ^= words[3];
    words[2] ^= kept;
    words[3] = rotate_left(words[3], 45);
    return result;
}

/* Fills the generator by splitmix64, as its authors advise. */
void seed_uniform(unsigned long long seed)
{
    uint64_t state = seed;
    for (int i = 0; i < 4; i++) {
        uint64_t z = (state += 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        words[i] = z ^ (z >> 31);
    }
}

/* Uniform in [0, 1), 53 bits. */
static double uniform(void)
{
    return (double)(next_word() >> 11) * 0x1p-53;
}

/* Inversion by sequential search. */
static int by_inversion(int trials, double p)
{
    double odds = p / (1 - p), chance = pow(1 - p, trials), left = uniform();
    int k = 0;
    while (left > chance && k < trials) {
        left -= chance;
        k++;
        chance *= odds * (trials - k + 1) / k;
    }
    return k;
}

/* log k! minus the leading terms of Stirling's formula. */
static double stirling_tail(double k)
{
    static const double table[] = {
        0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509,
        0.01664469118982119, 0.01387612882307075, 0.01189670994589177, 0.01041126526197209,
        0.009255462182712733, 0.008330563433362871
    };
    if (k < 10)
        return table[(int)k];
    double square = (k + 1) * (k + 1);
    return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1);
}

/* p at most 1/2 */
static int by_rejection(int trials, double p)
{
    double n = trials, spread = sqrt(n * p * (1 - p));
    double b = 1.15 + 2.53 * spread, a = -0.0873 + 0.0248 * b + 0.01 * p;
    double centre = n * p + 0.5, squeeze = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * spread;
    double odds = p / (1 - p), mode = floor((n + 1) * p);
    for (;;) {
        double u = uniform() - 0.5, v = uniform();
        double us = 0.5 - fabs(u), k = floor((2 * a / us + b) * u + centre);
        if (us >= 0.07 && v <= squeeze)
            return (int)k;
        if (k < 0 || k > n)
            continue;
        double height = log(v * alpha / (a / (us * us) + b));
        double bound = (mode + 0.5) * log((mode + 1) / (odds * (n - mode + 1)))
            + (n + 1) * log((n - mode + 1) / (n - k + 1)) + (k + 0.5) * log(odds * (n - k + 1) / (k + 1))
            + stirling_tail(mode) + stirling_tail(n - mode) - stirling_tail(k) - stirling_tail(n - k);
        if (height <= bound)
            return (int)k;
    }
}

int binomial(int trials, double p)
{
    if (!(p > 0))
        return 0;
    if (p >= 1)
        return trials;
    if (p > 0.5)
        return trials - binomial(trials, 1 - p);
    return trials * p >= 10 ? by_rejection(trials, p) : by_inversion(trials, p);
}
