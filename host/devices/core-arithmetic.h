/*
 * The core has the same bits on every engine because every operation is rounded once, to nearest, as IEEE 754 says
 * and WebAssembly with it. C compilers are free to do otherwise, and with some options they do. Included first, before
 * any function, this has GCC and clang keep products and sums apart, refuses to compile where the options say that
 * bits will differ, and has what they do not say looked at when the core opens: the same bits, or no training.
 */
#ifndef NLR_CORE_ARITHMETIC_H
#define NLR_CORE_ARITHMETIC_H

#include <float.h>
#include <stdbool.h>
#include <stddef.h>

#if defined(__GNUC__) && !defined(__clang__)
/* GCC does not know the standard's pragma. This one holds for every function behind it. */
#pragma GCC optimize("fp-contract=off")
#else
#pragma STDC FP_CONTRACT OFF
#endif

#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || \
  defined(__NO_SIGNED_ZEROS__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "nlr-vqa: -ffast-math and its parts change the core's bits: compile its C without them"
#endif
/* 16 is the same for float and double: it speaks of _Float16, where the processor has it. */
#if FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 16
#error "nlr-vqa: intermediate results are kept in more bits than they have: on x86 use -msse2 -mfpmath=sse"
#endif
#if FLT_RADIX != 2 || FLT_MANT_DIG != 24 || FLT_MAX_EXP != 128 || DBL_MANT_DIG != 53 || DBL_MAX_EXP != 1024
#error "nlr-vqa: float and double are not the binary32 and binary64 of IEEE 754: on AVR use -mdouble=64"
#endif

/*
 * What a compiler does to these functions it does to the core, which is compiled with them. Operands are volatile, so
 * that nothing is computed beforehand.
 */
#define NLR_ARITHMETIC_CHECK(real, named, unit, huge, least) \
  static bool named(void) { \
    volatile real one = 1, three = 3, five = 5, zero = 0, large = huge, small = least; \
    volatile real near = 1 + (real)8 * unit, most = unit / 2 + unit / 4; \
    /* Contracted: (1 + 8u)^2 - (1 + 16u) is 64u^2, which is lost where the product is rounded. */ \
    const real square = near * near; \
    if (square - (1 + (real)16 * unit) != 0) return false; \
    /* Rounded to nearest, in so many bits. */ \
    if (one + most - one != unit || one + (most - unit / 4) - one != 0 || -one - most + one != -unit) return false; \
    /* Reassociated, or divided by way of a reciprocal. */ \
    const real first = five / three, second = one / three; \
    if (one + large - large != 0 || first != (real)5 / 3 || second != (real)1 / 3) return false; \
    /* Numbers below the normal ones are not 0, 0 has its sign, and what is no number does not equal itself. */ \
    const real denormal = small / 8, nothing = zero / zero; \
    return denormal * 8 == small && one / (-zero + (real)0) > 0 && nothing != nothing; \
  }

NLR_ARITHMETIC_CHECK(float, nlr_floats_are_sound, FLT_EPSILON, 0x1p60f, FLT_MIN)
NLR_ARITHMETIC_CHECK(double, nlr_doubles_are_sound, DBL_EPSILON, 0x1p120, DBL_MIN)

/** What is wrong with the arithmetic that this file is compiled to, in words; NULL where nothing is. */
static const char *nlr_arithmetic_fault(void) {
  /* -fsingle-precision-constant. */
  volatile float tenth = 0.1f;
  if ((double)tenth != 0.1 && nlr_floats_are_sound() && nlr_doubles_are_sound()) return NULL;
  return "other bits than elsewhere: compile the core with -ffp-contract=off and no part of -ffast-math, "
         "round to nearest, flush no denormal numbers to 0";
}

#endif
