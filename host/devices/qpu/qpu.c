/* See qpu.h. */
#include "qpu.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core.h"

static pid_t process = -1;
static FILE *to_process, *from_process;

/** Numbers the questions, so that an answer is never taken for another question's. */
static uint32_t asked;

void qpu_stop(void) {
  if (process < 0) return;
  if (to_process != NULL) fclose(to_process);
  if (from_process != NULL) fclose(from_process);
  kill(process, SIGKILL);
  waitpid(process, NULL, 0);
  process = -1;
}

bool qpu_start(char *const command[]) {
  qpu_stop();
  /* Writing to a process that has died is an error to look at, not a reason to die. */
  signal(SIGPIPE, SIG_IGN);
  int there[2], back[2];
  if (pipe(there) != 0) return false;
  if (pipe(back) != 0) {
    close(there[0]);
    close(there[1]);
    return false;
  }
  process = fork();
  if (process == 0) {
    dup2(there[0], STDIN_FILENO);
    dup2(back[1], STDOUT_FILENO);
    close(there[0]);
    close(there[1]);
    close(back[0]);
    close(back[1]);
    signal(SIGPIPE, SIG_DFL);
    execvp(command[0], command);
    _exit(127);
  }
  close(there[0]);
  close(back[1]);
  if (process < 0) {
    close(there[1]);
    close(back[0]);
    return false;
  }
  to_process = fdopen(there[1], "w");
  from_process = fdopen(back[0], "r");
  return to_process != NULL && from_process != NULL;
}

/** The features of the sample asked for. */
static void write_features(int32_t sample) {
  const uint32_t features = (uint32_t)nlr_option_value(NLR_OPTION_FEATURES);
  const uint32_t bytes = (uint32_t)nlr_real_bytes();
  const uint32_t row = (uint32_t)nlr_features_ptr() + (uint32_t)sample * features * bytes;
  const void *values = core_memory(row, features * bytes);
  fprintf(to_process, " %" PRIu32, features);
  for (uint32_t i = 0; i < features; i++) {
    const double value = bytes == sizeof(float) ? ((const float *)values)[i] : ((const double *)values)[i];
    fprintf(to_process, " %.17g", value);
  }
}

static void write_operations(int32_t operations) {
  static const char *const gates[] = {"rx", "ry", "rz", "rxx", "ryy", "rzz", "cnot", "cz"};
  fprintf(to_process, " %" PRId32, operations);
  for (int32_t i = 0; i < operations; i++) {
    const int32_t packed = nlr_ask_operation(i);
    const int32_t first = packed >> 8 & 255, second = packed >> 16 & 255;
    fprintf(to_process, " %s %" PRId32 " %" PRId32 " %.17g", gates[packed & 255], first, second, nlr_ask_angle(i));
  }
}

static bool write_question(void) {
  int32_t ask[NLR_ASK_COUNT];
  const void *standing = core_memory((uint32_t)nlr_ask_ptr(), sizeof ask);
  if (standing == NULL) return false;
  memcpy(ask, standing, sizeof ask);
  const int32_t qubits = (int32_t)nlr_option_value(NLR_OPTION_QUBITS);
  char bases[QPU_QUBITS + 1] = {0};
  for (int32_t q = 0; q < qubits && q < QPU_QUBITS; q++) {
    bases[q] = "IXZY"[(ask[NLR_ASK_XMASK] >> q & 1) | (ask[NLR_ASK_ZMASK] >> q & 1) << 1];
  }
  fprintf(to_process, "ask %" PRIu32 " %" PRId32 " %s", ++asked, ask[NLR_ASK_SHOTS], bases);
  if (nlr_option_value(NLR_OPTION_ENCODING) == NLR_ENCODING_AMPLITUDE) write_features(ask[NLR_ASK_SAMPLE]);
  else fprintf(to_process, " 0");
  write_operations(ask[NLR_ASK_OPERATIONS]);
  fputc('\n', to_process);
  return fflush(to_process) == 0;
}

enum qpu_answer qpu_ask(struct qpu_counts *counts) {
  if (!write_question()) return QPU_DIED;
  for (;;) {
    char kind[8];
    uint32_t number;
    if (fscanf(from_process, "%7s %" SCNu32, kind, &number) != 2) return QPU_DIED;
    const bool failed = strcmp(kind, "error") == 0;
    counts->length = 0;
    if (failed) {
      if (fscanf(from_process, "%*[^\n]") == EOF) return QPU_DIED;
    } else {
      if (fscanf(from_process, "%" SCNu32, &counts->length) != 1 || counts->length > QPU_OUTCOMES) return QPU_DIED;
      for (uint32_t i = 0; i < counts->length; i++) {
        const int taken = fscanf(from_process, "%" SCNu32 " %" SCNd32, counts->outcomes + i, counts->counts + i);
        if (taken != 2) return QPU_DIED;
      }
    }
    /* A line that was cut off could end in half a number. */
    if (fgetc(from_process) != '\n') return QPU_DIED;
    if (number == asked) return failed ? QPU_FAILED : QPU_ANSWERED;
  }
}
