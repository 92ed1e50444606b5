/*
 * Trains a small model whose circuits a process measures:
 *
 *   train-with-qpu STEPS CHECKPOINT COMMAND [ARGUMENT...]
 *
 * The model is that of train-with-qpu.ts, and with the same stand-in the trace is the same, whatever happens on the
 * way: when the process dies or hangs it is started again, and when an answer is wrong or missing the question is
 * asked again. After each step the checkpoint is renewed; started again, training goes on from it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "own-file.h"
#include "qpu.h"

enum { QUBITS = 3, LAYERS = 2, FEATURES = 4, BATCH = 4, SAMPLES = 12, SHOTS = 64, OUTPUT_QUBIT = 2 };

/** How often a question is asked before the training is given up. */
enum { ATTEMPTS = 5 };

/** How long an answer is waited for; a processor with a queue needs more. */
#ifndef QPU_MILLISECONDS
#define QPU_MILLISECONDS 10000
#endif

/** Work of one nlr_step_advance(), after which the program could look after other things. */
enum { WORK = 100 };

void core_trapped(const char *reason) {
  fprintf(stderr, "the core trapped: %s\n", reason);
  exit(1);
}

/** A status that is no refusal; ends the program on one. */
static int32_t check(int32_t status, const char *doing) {
  if (status >= 0) return status;
  fprintf(stderr, "%s: status %" PRId32 "\n", doing, status);
  qpu_stop();
  exit(1);
}

static double report(uint32_t slot) {
  return core_double(nlr_report_ptr(), slot);
}

static void prepare(void) {
  static const struct { int32_t key; double value; } options[] = {
    {NLR_OPTION_QUBITS, QUBITS},
    {NLR_OPTION_FEATURES, FEATURES},
    {NLR_OPTION_ENCODING, NLR_ENCODING_AMPLITUDE},
    /* Three rotations a qubit, and a CNOT from each to the next. */
    {NLR_OPTION_OPERATIONS, LAYERS * (4 * QUBITS - 1)},
    {NLR_OPTION_PARAMETERS, LAYERS * 3 * QUBITS},
    {NLR_OPTION_TERMS, 1},
    {NLR_OPTION_OUTPUTS, 1},
    {NLR_OPTION_BATCH, BATCH},
    {NLR_OPTION_LOSS, NLR_LOSS_MEAN_SQUARE},
    {NLR_OPTION_GRADIENT, NLR_GRADIENT_PARAMETER_SHIFT},
    {NLR_OPTION_SHOTS, SHOTS},
    {NLR_OPTION_RULE, NLR_RULE_NLR},
    {NLR_OPTION_SCHEDULE, NLR_SCHEDULE_CONSTANT},
    {NLR_OPTION_STEPS, 500},
    {NLR_OPTION_SAMPLES, SAMPLES},
    {NLR_OPTION_ANSWERER, NLR_ANSWERER_CALLER},
    {NLR_OPTION_SEED_LOW, 1},
    {NLR_OPTION_RATE, 0.2},
    {NLR_OPTION_NEGATIVE_RATE, 0.1},
    {NLR_OPTION_HEAD_RATE, 0.1},
    {NLR_OPTION_BETA1, 0.9},
    {NLR_OPTION_BETA2, 0.999},
    {NLR_OPTION_EPSILON, 1e-8},
    {NLR_OPTION_GUARD, 3},
  };
  for (uint32_t i = 0; i < sizeof options / sizeof *options; i++) {
    check(nlr_configure(options[i].key, options[i].value), "configuring");
  }
  check(nlr_plan(), "planning");
  check(nlr_init(), "laying out");
  check(nlr_circuit_ansatz(LAYERS), "adding the circuit");
  check(nlr_observable_add(0, 0, 1 << OUTPUT_QUBIT, 1), "adding the observable");
  check(nlr_compile(), "compiling");
  check(nlr_parameters_initialise(), "initialising");
}

/** Puts a sample into a row of the mini-batch: two classes, each strong in a feature of its own. */
static void put_sample(uint32_t row, int32_t sample) {
  const int32_t label = sample % 2;
  for (int32_t j = 0; j < FEATURES; j++) {
    const double feature = (j == label ? 3 : 0) + (7 * sample + 3 * j) % 5 * 0.125;
    (void)core_put_real(nlr_features_ptr(), row * FEATURES + (uint32_t)j, feature);
  }
  (void)core_put_integer(nlr_labels_ptr(), row, label);
}

/** Tells an answer. Returns false, with nothing told, where it is wrong in itself; its sum is looked at by the core. */
static bool tell(const struct qpu_counts *counts) {
  int64_t told = 0;
  for (uint32_t i = 0; i < counts->length; i++) {
    if (nlr_tell((int32_t)counts->outcomes[i], counts->counts[i]) != NLR_STATUS_OK) {
      /* A count that cannot be makes the core forget the others too. */
      nlr_tell(0, -1);
      return false;
    }
    told += counts->counts[i];
  }
  return told > 0;
}

/** Has the question that stands answered, and tells the answer. Returns how often it had to ask. */
static int32_t answer(char *const command[]) {
  static struct qpu_counts counts;
  for (int32_t attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const enum qpu_answer said = qpu_ask(&counts, QPU_MILLISECONDS);
    if (said == QPU_ANSWERED && tell(&counts)) return attempt;
    if ((said == QPU_DIED || said == QPU_LATE) && !qpu_start(command)) break;
  }
  fprintf(stderr, "no answer after %d attempts\n", ATTEMPTS);
  qpu_stop();
  exit(1);
}

/** One step. Returns how often a question had to be asked again. */
static int32_t step(char *const command[]) {
  check(nlr_step_begin(BATCH), "beginning a step");
  for (uint32_t row = 0; row < BATCH; row++) put_sample(row, core_integer(nlr_indices_ptr(), row));
  int32_t again = 0, refused = 0;
  for (;;) {
    const int32_t status = nlr_step_advance(WORK);
    if (status == NLR_STATUS_OK) return again;
    if (status == NLR_STATUS_MORE) continue;
    if (status == NLR_STATUS_BAD_COUNTS && ++refused < ATTEMPTS) again++;
    else check(status, "a step");
    if (status == NLR_STATUS_ASKED) refused = 0;
    again += answer(command) - 1;
  }
}

/** Ends the program with what went wrong with a file or a command. */
static _Noreturn void fail(const char *name) {
  fprintf(stderr, "%s: %s\n", name, strerror(errno));
  qpu_stop();
  exit(1);
}

/** Where an image of so many bytes is in linear memory. */
static void *image(uint32_t bytes) {
  void *const at = core_memory((uint32_t)nlr_image_ptr(), bytes);
  if (at == NULL) core_trapped("the image is not in linear memory");
  return at;
}

/** Goes on from a checkpoint, if there is one. Returns its step. */
static uint32_t resume(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL && errno == ENOENT) return 0;
  if (file == NULL) fail(path);
  const uint32_t capacity = (uint32_t)nlr_image_capacity();
  const size_t length = fread(image(capacity), 1, capacity, file);
  const bool whole = fgetc(file) == EOF && ferror(file) == 0;
  fclose(file);
  if (!whole) {
    fprintf(stderr, "%s: no checkpoint of this training\n", path);
    exit(1);
  }
  check(nlr_checkpoint_read((int32_t)length), "reading the checkpoint");
  return (uint32_t)report(NLR_REPORT_STEP);
}

/** Keeps a checkpoint, whole or not at all. */
static bool keep(void) {
  const uint32_t length = (uint32_t)check(nlr_checkpoint_write(), "writing a checkpoint");
  return write_own_file(image(length), length);
}

int main(int count, char *arguments[]) {
  const uint32_t steps = count < 4 ? 0 : (uint32_t)strtoul(arguments[1], NULL, 10);
  if (steps == 0) {
    fprintf(stderr, "usage: train-with-qpu STEPS CHECKPOINT COMMAND [ARGUMENT...]\n");
    return 2;
  }
  const char *path = arguments[2];
  char *const *command = arguments + 3;
  if (!core_open() || nlr_real_bytes() != sizeof(double)) {
    fprintf(stderr, "the core does not open, or is one in single precision\n");
    return 1;
  }
  prepare();
  if (!own_file(path)) {
    if (errno != EBUSY) fail(path);
    fprintf(stderr, "%s: another process is writing it\n", path);
    return 1;
  }
  const uint32_t done = resume(path);
  if (done > 0) printf("resumed behind step %" PRIu32 "\n", done);
  if (!qpu_start(command)) fail(command[0]);
  for (uint32_t i = done; i < steps; i++) {
    const int32_t again = step(command);
    if (!keep()) fail(path);
    printf("step %" PRIu32 " loss %.6f, asked again %" PRId32 " times\n", i + 1, report(NLR_REPORT_LOSS), again);
    fflush(stdout);
  }
  printf("trace %08" PRIx32 "%08" PRIx32 "\n", (uint32_t)nlr_trace_high(), (uint32_t)nlr_trace_low());
  qpu_stop();
  return 0;
}
