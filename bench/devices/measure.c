/*
 * Counts the instructions of everything that a device does with the paper's model, and prints them as lines of a
 * name and a whole number. MEASURE_ENGINE is an nlr_engine, MEASURE_WORK the work of a slice of a step; with MEASURE_SHOTS above 0 a step with so many shots
 * is counted too.
 */
#include <string.h>

#include "board.h"
#include "core.h"
#include "digits.h"
#include "paper.h"
#include "slots.h"
#include "text.h"
#ifdef NLR_WASM3_HEAP_BYTES
#include "wasm3-heap.h"
#endif

/* What reading the counter twice costs by itself. */
static uint32_t overhead;
static uint32_t started;

static void start(void) {
  started = board_instructions();
}

static uint32_t stop(void) {
  return board_instructions() - started - overhead;
}

static void put(const char *name, uint32_t value) {
  struct text line = {0};
  text_add(&line, name);
  text_add(&line, " ");
  text_add_number(&line, value);
  board_put_line(line.line);
}

void core_trapped(const char *reason) {
  board_put_line(reason);
  board_exit(false);
}

static void check(int32_t status, const char *doing) {
  if (status >= 0) return;
  put(doing, (uint32_t)-status);
  board_exit(false);
}

static void prepare(int32_t layers, int32_t shots) {
  if (!core_open()) board_exit(false);
  struct paper_training training = {
    .layers = layers, .rule = NLR_RULE_NLR, .shots = shots, .engine = MEASURE_ENGINE, .seed = 1};
  int32_t status = paper_prepare(&training);
#ifdef NLR_ALL_ENGINES
  training.workspace = (uint32_t)nlr_workspace_wanted();
  if (training.workspace > 0) status = paper_prepare(&training);
#endif
  check(status, "prepare");
  check(nlr_parameters_initialise(), "initialise");
}

/** The first digits, as a mini-batch. */
static void fill(void) {
  const uint32_t bytes = (uint32_t)nlr_real_bytes();
  void *features = core_memory((uint32_t)nlr_features_ptr(), PAPER_BATCH * DIGITS_FEATURES * bytes);
  int32_t *labels = core_memory((uint32_t)nlr_labels_ptr(), 4 * PAPER_BATCH);
  if (features == NULL || labels == NULL) board_exit(false);
  for (uint32_t i = 0; i < PAPER_BATCH * DIGITS_FEATURES; i++) {
    const int8_t feature = digits_training[i / DIGITS_FEATURES].features[i % DIGITS_FEATURES];
    if (bytes == sizeof(float)) ((float *)features)[i] = feature;
    else ((double *)features)[i] = feature;
  }
  for (uint32_t i = 0; i < PAPER_BATCH; i++) labels[i] = digits_training[i].label;
}

/** A whole step, in slices of MEASURE_WORK. */
static uint32_t whole_step(void) {
  check(nlr_step_begin(PAPER_BATCH), "begin");
  fill();
  int32_t status = NLR_STATUS_MORE;
  start();
  while (status == NLR_STATUS_MORE) status = nlr_step_advance(MEASURE_WORK);
  const uint32_t cost = stop();
  check(status, "advance");
  return cost;
}

/** A step in its smallest slices. */
static void sliced_step(void) {
  uint32_t slices = 0, longest = 0, total = 0;
  check(nlr_step_begin(PAPER_BATCH), "begin");
  fill();
  for (int32_t status = NLR_STATUS_MORE; status == NLR_STATUS_MORE; slices++) {
    start();
    status = nlr_step_advance(1);
    const uint32_t cost = stop();
    check(status, "advance");
    total += cost;
    if (cost > longest) longest = cost;
    put("slice", cost);
  }
  put("slices", slices);
  put("longest-slice", longest);
  put("sliced-step", total);
}

/** An exact prediction of two samples, in slices of MEASURE_WORK. */
static void predict(void) {
  check(nlr_predict_begin(2, 0), "predict");
  int32_t status = NLR_STATUS_MORE;
  while (status == NLR_STATUS_MORE) status = nlr_step_advance(MEASURE_WORK);
  check(status, "predict");
}

/** One circuit, from the exact prediction of a pair: with all layers, and what the fifth of them adds. */
static void circuits(void) {
  uint32_t cost[2];
  for (int32_t i = 0; i < 2; i++) {
    prepare(PAPER_LAYERS - i, 0);
    fill();
    predict();
    start();
    predict();
    cost[i] = stop();
  }
  put("circuit", cost[0] / 2);
  put("layer", (cost[0] - cost[1]) / 2);
}

static void checkpoints(void) {
  static slots_store store;
  uint32_t found = 0;
  start();
  const int32_t length = nlr_checkpoint_write();
  put("checkpoint-write", stop());
  check(length, "checkpoint");
  void *image = core_memory((uint32_t)nlr_image_ptr(), (uint32_t)length);
  uint8_t unused[4];
  (void)slots_load(&store, unused, sizeof unused, &found);
  start();
  const bool saved = image != NULL && slots_save(&store, image, (uint32_t)length) == SLOTS_OK;
  put("checkpoint-save", stop());
  start();
  check(nlr_checkpoint_read(length), "checkpoint");
  put("checkpoint-read", stop());
  put("checkpoint-bytes", (uint32_t)length);
  if (!saved) board_exit(false);
}

#ifdef NLR_ALL_ENGINES
static void effective(void) {
  fill();
  start();
  const int32_t status = nlr_effective_build();
  put("effective-build", stop());
  check(status, "effective");
  (void)nlr_predict_effective(0);
  start();
  (void)nlr_predict_effective(1);
  put("prediction", stop());
}
#endif

void board_main(void) {
  const uint32_t first = board_instructions();
  overhead = board_instructions() - first;
  prepare(0, 0);
  put("arena", (uint32_t)nlr_plan());
  put("first-step", whole_step());
  /* An interpreter has compiled all that a step takes by now, or after having given up what it does not. */
  (void)whole_step();
  put("step", whole_step());
  sliced_step();
  checkpoints();
#ifdef NLR_ALL_ENGINES
  if (nlr_engine_in_use() != NLR_ENGINE_SAMPLES) effective();
#endif
  put("stack", board_stack_used());
#ifdef NLR_WASM3_HEAP_BYTES
  put("heap", heap_most_used());
#endif
  circuits();
  if (MEASURE_SHOTS > 0) {
    prepare(0, MEASURE_SHOTS);
    put("shots-step", whole_step());
    put("shots-arena", (uint32_t)nlr_plan());
  }
  put("stack-with-shots", board_stack_used());
#ifdef NLR_WASM3_HEAP_BYTES
  put("heap-with-predictions", heap_most_used());
#endif
  board_exit(true);
}
