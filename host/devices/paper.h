/* The paper's model, section V: 6 qubits, 5 layers, 8 features as amplitudes, <Z0>, squared error, NLR. */
#ifndef NLR_PAPER_H
#define NLR_PAPER_H

#include <stdint.h>

#include "core.h"

enum { PAPER_QUBITS = 6, PAPER_LAYERS = 5, PAPER_FEATURES = 8, PAPER_BATCH = 32 };

/** How the model is trained; everything else is as in the paper. */
struct paper_training {
  /** Layers of the circuit; 0: as many as the paper has. */
  int32_t layers;
  /** An nlr_rule. */
  int32_t rule;
  /** Shots per circuit, differentiated by parameter shifts; 0: exact, by the adjoint. */
  int32_t shots;
  /** An nlr_engine. */
  int32_t engine;
  /** Bytes of the work area; 0 for the least, or what nlr_workspace_wanted() said. */
  uint32_t workspace;
  /** Samples in the training set. */
  uint32_t samples;
  uint32_t seed;
};

/**
 * Configures, lays out and compiles.
 * Returns: OK, what the first call that refused said, or OUT_OF_MEMORY where this instance has less than a page
 *   and that is too little
 */
int32_t paper_prepare(const struct paper_training *training);

#endif
