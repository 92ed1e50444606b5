/*
 * A quantum processor behind a pipe: a process that reads questions and writes counts, a line each. The protocol is
 * in README.md. The question is the one that stands in the core.
 */
#ifndef NLR_QPU_H
#define NLR_QPU_H

#include <stdbool.h>
#include <stdint.h>

/** Most qubits of a model that is measured here, and with that most outcomes. */
enum { QPU_QUBITS = 8, QPU_OUTCOMES = 1 << QPU_QUBITS };

/** Most answers to earlier questions that are passed over while one is waited for. */
enum { QPU_STALE_ANSWERS = 16 };

/** Counts as they came: whole numbers, of which nobody has looked yet at whether they can be true. */
struct qpu_counts {
  uint32_t length;
  uint32_t outcomes[QPU_OUTCOMES];
  int32_t counts[QPU_OUTCOMES];
};

/** What became of a question. */
enum qpu_answer {
  QPU_ANSWERED,
  /** The processor said that it cannot: ask again. */
  QPU_FAILED,
  /** There was no answer in time: start the process again, or its answer may come yet. */
  QPU_LATE,
  /** The process is gone, or speaks another language: start it again. */
  QPU_DIED,
};

/**
 * Starts the process; one that ran before is ended. From then on SIGPIPE is ignored in this program.
 * command: program and arguments, as for execvp()
 */
bool qpu_start(char *const command[]);

/** Ends the process, if there is one. */
void qpu_stop(void);

/**
 * Asks the question that stands in the core, which must have said NLR_STATUS_ASKED, and waits for the answer.
 * milliseconds: how long, for the question to be taken and the answer to come
 */
enum qpu_answer qpu_ask(struct qpu_counts *counts, int32_t milliseconds);

#endif
