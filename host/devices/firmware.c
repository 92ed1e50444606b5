/*
 * The application as firmware: checkpoints in the two slots of the board's flash, lines to its console, and an
 * exit status. It succeeds when it ends with the trace and the predictions that another engine has foretold.
 */
#include "board.h"
#include "core.h"
#include "expected.h"
#include "slots.h"
#include "text.h"
#include "train.h"

_Static_assert(
  EXPECTED_CUT_IN_STEP == 0 || EXPECTED_CUT_IN_STEP > EXPECTED_CHECKPOINT_EVERY,
  "without a checkpoint before it, the power would fail again and again");

static slots_store store;

void train_put_line(const char *line) {
  board_put_line(line);
}

bool train_load(void *image, uint32_t capacity, uint32_t *length) {
  return slots_load(&store, image, capacity, length) == SLOTS_OK;
}

bool train_save(const void *image, uint32_t length) {
  return slots_save(&store, image, length) == SLOTS_OK;
}

void train_between_slices(void) {}

void train_cut_power(void) {
  board_put_line("the power fails");
  board_reset();
}

void core_trapped(const char *reason) {
  board_put_line(reason);
  board_exit(false);
}

static void put_outcome(const struct train_outcome *outcome) {
  struct text line = {0};
  text_add(&line, "trace ");
  text_add_hex(&line, outcome->trace_high);
  text_add_hex(&line, outcome->trace_low);
  text_add(&line, ", right ");
  text_add_number(&line, outcome->correct);
  text_add(&line, ", by the effective observable ");
  text_add_number(&line, outcome->correct_effective);
  text_add(&line, ", stack ");
  text_add_number(&line, board_stack_used());
  board_put_line(line.line);
}

void board_main(void) {
  static const struct train_settings settings = {
    .steps = EXPECTED_STEPS,
    .checkpoint_every = EXPECTED_CHECKPOINT_EVERY,
    .work = EXPECTED_WORK,
    .shots = EXPECTED_SHOTS,
    .engine = EXPECTED_ENGINE,
    .cut_in_step = EXPECTED_CUT_IN_STEP,
  };
  const struct train_outcome outcome = train_run(&settings);
  put_outcome(&outcome);
  /* The step of the checkpoint before the cut. */
  const uint32_t resumed =
    settings.cut_in_step == 0 ? 0 : (settings.cut_in_step - 1) / settings.checkpoint_every * settings.checkpoint_every;
  const bool as_expected = outcome.finished && outcome.resumed_from == resumed &&
                           outcome.trace_high == EXPECTED_TRACE_HIGH && outcome.trace_low == EXPECTED_TRACE_LOW &&
                           outcome.correct == EXPECTED_CORRECT &&
                           outcome.correct_effective == EXPECTED_CORRECT_EFFECTIVE;
  board_put_line(as_expected ? "as expected" : "NOT as expected");
  board_exit(as_expected);
}
