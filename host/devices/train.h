/*
 * The application: trains the paper's model on digits, keeps checkpoints, resumes from the newest one, predicts.
 * The same on every device; what differs is behind the functions that it asks of the program.
 */
#ifndef NLR_TRAIN_H
#define NLR_TRAIN_H

#include <stdbool.h>
#include <stdint.h>

/** What to do. */
struct train_settings {
  /** Steps to train. */
  uint32_t steps;
  /** Steps between checkpoints. */
  uint32_t checkpoint_every;
  /** Work of one nlr_step_advance(), after which the program may look after other things. */
  int32_t work;
  /** Shots per circuit; 0: exact. */
  int32_t shots;
  /** An nlr_engine. */
  int32_t engine;
  /** The power is cut in the middle of this step, counted from 1, if training did not resume; 0: it is not. */
  uint32_t cut_in_step;
};

/** What came of it. */
struct train_outcome {
  /** Whether every call did what it should. */
  bool finished;
  /** The step that training resumed from; 0: from the start. */
  uint32_t resumed_from;
  /** The trace: equal bits on every engine. */
  uint32_t trace_high, trace_low;
  /** Test digits that are right: by nlr_predict(), and by the effective observable (all engines only). */
  uint32_t correct, correct_effective;
};

struct train_outcome train_run(const struct train_settings *settings);

/* The program's own. */

/** Shows a line of progress. */
void train_put_line(const char *line);

/** Copies the newest checkpoint to where the core reads it. Returns whether there is one of at most `capacity` bytes. */
bool train_load(void *image, uint32_t capacity, uint32_t *length);

/** Keeps a checkpoint, whole or not at all. */
bool train_save(const void *image, uint32_t length);

/** Called between two slices of a step: feeds the watchdog, reads sensors. */
void train_between_slices(void);

/** Cuts the power. */
_Noreturn void train_cut_power(void);

#endif
