/* Digits 0 and 1 of MNIST by their leading principal components, as digits.ts writes them into flash. */
#ifndef NLR_DIGITS_H
#define NLR_DIGITS_H

#include <stdint.h>

enum { DIGITS_FEATURES = 8, DIGITS_TRAINING = 256, DIGITS_TEST = 128 };

/** A digit. As amplitudes its features are normalised, so that whole numbers do. */
struct digit {
  int8_t features[DIGITS_FEATURES];
  /** 0 or 1. */
  uint8_t label;
};

extern const struct digit digits_training[DIGITS_TRAINING];
extern const struct digit digits_test[DIGITS_TEST];

#endif
