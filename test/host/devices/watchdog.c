/*
 * A device loop with a watchdog: whatever training does, the loop is back within WATCHDOG_DEADLINE instructions,
 * counted by the board. Trains exactly, then with shots, a slice at a time, with a checkpoint after every step.
 */
#include "board.h"
#include "core.h"
#include "digits.h"
#include "paper.h"
#include "text.h"

static uint32_t fed_at;
static uint32_t longest;
static uint32_t slices;

/** Feeds the watchdog, which bites when it was not fed for too long. */
static void feed(void) {
  const uint32_t since = board_instructions() - fed_at;
  if (since > longest) longest = since;
  if (since > WATCHDOG_DEADLINE) {
    board_put_line("the watchdog bites");
    board_exit(false);
  }
  fed_at = board_instructions();
}

void core_trapped(const char *reason) {
  board_put_line(reason);
  board_exit(false);
}

static void check(int32_t status) {
  if (status >= 0) return;
  board_put_line("refused");
  board_exit(false);
}

static void fill(void) {
  const uint32_t bytes = (uint32_t)nlr_real_bytes();
  void *features = core_memory((uint32_t)nlr_features_ptr(), PAPER_BATCH * DIGITS_FEATURES * bytes);
  int32_t *labels = core_memory((uint32_t)nlr_labels_ptr(), 4 * PAPER_BATCH);
  for (uint32_t i = 0; i < PAPER_BATCH * DIGITS_FEATURES; i++) {
    const int8_t feature = digits_training[i / DIGITS_FEATURES].features[i % DIGITS_FEATURES];
    if (bytes == sizeof(float)) ((float *)features)[i] = feature;
    else ((double *)features)[i] = feature;
  }
  for (uint32_t i = 0; i < PAPER_BATCH; i++) labels[i] = digits_training[i].label;
}

static void train(int32_t shots, uint32_t steps) {
  struct paper_training training = {.rule = NLR_RULE_NLR, .shots = shots, .engine = NLR_ENGINE_COLUMNS, .seed = 1};
  (void)paper_prepare(&training);
  training.workspace = (uint32_t)nlr_workspace_wanted();
  check(paper_prepare(&training));
  check(nlr_parameters_initialise());
  /* From here on the watchdog runs. */
  fed_at = board_instructions();
  for (uint32_t done = 0; done < steps; done++) {
    check(nlr_step_begin(PAPER_BATCH));
    fill();
    feed();
    for (int32_t status = NLR_STATUS_MORE; status == NLR_STATUS_MORE; slices++) {
      status = nlr_step_advance(1);
      check(status);
      feed();
    }
    check(nlr_checkpoint_write());
    feed();
  }
}

void board_main(void) {
  if (!core_open()) board_exit(false);
  train(0, 3);
  train(100, 1);
  struct text line = {0};
  text_add(&line, "longest ");
  text_add_number(&line, longest);
  text_add(&line, " slices ");
  text_add_number(&line, slices);
  board_put_line(line.line);
  board_exit(true);
}
