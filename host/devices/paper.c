/* See paper.h. */
#include "paper.h"

struct option {
  int32_t key;
  double value;
};

static int32_t layers_of(const struct paper_training *training) {
  return training->layers > 0 ? training->layers : PAPER_LAYERS;
}

static int32_t configure(const struct paper_training *training) {
  const int32_t layers = layers_of(training);
  const bool exact = training->shots == 0;
  const struct option options[] = {
    {NLR_OPTION_QUBITS, PAPER_QUBITS},
    {NLR_OPTION_FEATURES, PAPER_FEATURES},
    {NLR_OPTION_ENCODING, NLR_ENCODING_AMPLITUDE},
    /* Three rotations a qubit, and a CNOT from each to the next. */
    {NLR_OPTION_OPERATIONS, layers * (4 * PAPER_QUBITS - 1)},
    {NLR_OPTION_PARAMETERS, layers * 3 * PAPER_QUBITS},
    {NLR_OPTION_TERMS, 1},
    {NLR_OPTION_OUTPUTS, 1},
    {NLR_OPTION_BATCH, PAPER_BATCH},
    {NLR_OPTION_LOSS, NLR_LOSS_MEAN_SQUARE},
    {NLR_OPTION_GRADIENT, exact ? NLR_GRADIENT_ADJOINT : NLR_GRADIENT_PARAMETER_SHIFT},
    {NLR_OPTION_SHOTS, training->shots},
    {NLR_OPTION_RULE, training->rule},
    {NLR_OPTION_SCHEDULE, NLR_SCHEDULE_CONSTANT},
    {NLR_OPTION_STEPS, 500},
    {NLR_OPTION_SAMPLES, training->samples},
    {NLR_OPTION_ENGINE, training->engine},
    {NLR_OPTION_WORKSPACE, training->workspace},
    {NLR_OPTION_SEED_LOW, training->seed},
    {NLR_OPTION_RATE, 0.01},
    {NLR_OPTION_NEGATIVE_RATE, 0.02},
    {NLR_OPTION_HEAD_RATE, 0.1},
    {NLR_OPTION_BETA1, 0.9},
    {NLR_OPTION_BETA2, 0.999},
    {NLR_OPTION_EPSILON, 1e-8},
    {NLR_OPTION_GUARD, 3},
  };
  for (uint32_t i = 0; i < sizeof options / sizeof *options; i++) {
    const int32_t status = nlr_configure(options[i].key, options[i].value);
    if (status != NLR_STATUS_OK) return status;
  }
  return NLR_STATUS_OK;
}

int32_t paper_prepare(const struct paper_training *training) {
  int32_t status = configure(training);
  if (status != NLR_STATUS_OK) return status;
  const int32_t bytes = nlr_plan();
  if (bytes < 0) return bytes;
  if ((uint32_t)bytes > core_memory_bytes()) return NLR_STATUS_OUT_OF_MEMORY;
  status = nlr_init();
  if (status == NLR_STATUS_OK) status = nlr_circuit_ansatz(layers_of(training));
  if (status == NLR_STATUS_OK) status = nlr_observable_add(0, 0, 1, 1);
  if (status == NLR_STATUS_OK) status = nlr_compile();
  return status;
}
