/* See train.h. */
#include "train.h"

#include "core.h"
#include "digits.h"
#include "paper.h"
#include "text.h"

static bool refused(const char *doing, int32_t status) {
  if (status >= 0) return false;
  struct text line = {0};
  text_add(&line, doing);
  text_add(&line, ": status -");
  text_add_number(&line, (uint32_t)-status);
  train_put_line(line.line);
  return true;
}

static double report(uint32_t slot) {
  return core_double(nlr_report_ptr(), slot);
}

static uint32_t steps_done(void) {
  return (uint32_t)report(NLR_REPORT_STEP);
}

/** Puts a digit into a row of the mini-batch. */
static void put_digit(uint32_t row, const struct digit *digit) {
  const int32_t features = nlr_features_ptr();
  for (uint32_t i = 0; i < DIGITS_FEATURES; i++) {
    (void)core_put_real(features, row * DIGITS_FEATURES + i, digit->features[i]);
  }
  (void)core_put_integer(nlr_labels_ptr(), row, digit->label);
}

static bool prepare(const struct train_settings *settings) {
  struct paper_training training = {
    .rule = NLR_RULE_NLR,
    .shots = settings->shots,
    .engine = settings->engine,
    .samples = DIGITS_TRAINING,
    .seed = 1,
  };
  int32_t status = paper_prepare(&training);
#ifdef NLR_ALL_ENGINES
  training.workspace = (uint32_t)nlr_workspace_wanted();
  if (training.workspace > 0) status = paper_prepare(&training);
  /* Where linear memory is too short for the faster engine, the slower one does. */
  if (status == NLR_STATUS_OUT_OF_MEMORY && training.workspace > 0) {
    training.workspace = 0;
    status = paper_prepare(&training);
  }
#endif
  if (refused("preparing", status)) return false;
  struct text line = {0};
  text_add(&line, "linear memory in use: ");
  text_add_number(&line, (uint32_t)nlr_plan());
  text_add(&line, " bytes");
  train_put_line(line.line);
  return !refused("initialising", nlr_parameters_initialise());
}

/** Goes on from the newest checkpoint, if there is one of this very configuration. Returns its step. */
static uint32_t resume(void) {
  uint32_t length = 0;
  const uint32_t capacity = (uint32_t)nlr_image_capacity();
  void *image = core_memory((uint32_t)nlr_image_ptr(), capacity);
  if (image == NULL || !train_load(image, capacity, &length)) return 0;
  return refused("resuming", nlr_checkpoint_read((int32_t)length)) ? 0 : steps_done();
}

static bool keep(void) {
  const int32_t length = nlr_checkpoint_write();
  if (refused("writing a checkpoint", length)) return false;
  const void *image = core_memory((uint32_t)nlr_image_ptr(), (uint32_t)length);
  return image != NULL && train_save(image, (uint32_t)length);
}

static void put_step(void) {
  static const char *const decisions[] = {" descended", " reversed", " halved"};
  struct text line = {0};
  text_add(&line, "step ");
  text_add_number(&line, steps_done());
  text_add(&line, " loss ");
  text_add_real(&line, report(NLR_REPORT_LOSS));
  text_add(&line, " tentative ");
  text_add_real(&line, report(NLR_REPORT_TENTATIVE_LOSS));
  text_add(&line, decisions[(uint32_t)report(NLR_REPORT_DECISION) % 3]);
  text_add(&line, " trace ");
  text_add_hex(&line, (uint32_t)nlr_trace_high());
  text_add_hex(&line, (uint32_t)nlr_trace_low());
  train_put_line(line.line);
}

/** One step on the mini-batch that the core draws; with `cut`, the power fails in its middle. */
static bool step(int32_t work, bool cut) {
  if (refused("beginning a step", nlr_step_begin(PAPER_BATCH))) return false;
  const int32_t indices = nlr_indices_ptr();
  for (uint32_t row = 0; row < PAPER_BATCH; row++) put_digit(row, &digits_training[core_integer(indices, row)]);
  int32_t status = NLR_STATUS_MORE;
  for (uint32_t slices = 0; status == NLR_STATUS_MORE; slices++) {
    if (cut && slices == 3) train_cut_power();
    status = nlr_step_advance(work);
    train_between_slices();
  }
  return !refused("a step", status);
}

/** Whether an output is on the side of a digit's class: -1 for label 0, +1 for label 1. */
static bool is_right(double output, const struct digit *digit) {
  return (output > 0) == (digit->label == 1);
}

/** Predicts all test digits, a batch at a time and cut into slices as steps are, both ways. */
static bool predict(int32_t work, struct train_outcome *outcome) {
  for (uint32_t first = 0; first < DIGITS_TEST; first += PAPER_BATCH) {
    const struct digit *digits = digits_test + first;
    for (uint32_t row = 0; row < PAPER_BATCH; row++) put_digit(row, digits + row);
    if (refused("predicting", nlr_predict_begin(PAPER_BATCH, 0))) return false;
    int32_t status;
    do {
      status = nlr_step_advance(work);
      train_between_slices();
    } while (status == NLR_STATUS_MORE);
    if (refused("predicting", status)) return false;
    const int32_t outputs = nlr_outputs_ptr();
    for (uint32_t row = 0; row < PAPER_BATCH; row++) {
      outcome->correct += is_right(core_real(outputs, row), digits + row);
    }
#ifdef NLR_ALL_ENGINES
    if (refused("building the effective observable", nlr_effective_build())) continue;
    for (uint32_t row = 0; row < PAPER_BATCH; row++) {
      outcome->correct_effective += is_right(nlr_predict_effective((int32_t)row), digits + row);
    }
#endif
  }
  return true;
}

struct train_outcome train_run(const struct train_settings *settings) {
  struct train_outcome outcome = {0};
  if (!core_open()) {
    train_put_line("the core does not open");
    return outcome;
  }
  if (!prepare(settings)) return outcome;
  outcome.resumed_from = resume();
  if (outcome.resumed_from > 0) train_put_line("resumed from a checkpoint");
  for (uint32_t done = outcome.resumed_from; done < settings->steps; done++) {
    const bool cut = done + 1 == settings->cut_in_step && outcome.resumed_from == 0;
    if (!step(settings->work, cut)) return outcome;
    put_step();
    if (steps_done() % settings->checkpoint_every == 0 && !keep()) {
      train_put_line("the checkpoint was not kept");
      return outcome;
    }
  }
  outcome.trace_high = (uint32_t)nlr_trace_high();
  outcome.trace_low = (uint32_t)nlr_trace_low();
  outcome.finished = predict(settings->work, &outcome);
  return outcome;
}
