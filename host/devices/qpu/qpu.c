/* See qpu.h. */
#define _POSIX_C_SOURCE 200809L

#include "qpu.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core.h"

/** The longest answer: two numbers of at most ten digits for each outcome, and what goes before them. */
enum { LINE_BYTES = 22 * QPU_OUTCOMES + 64 };

static pid_t process = -1;
static int to_process = -1, from_process = -1;

/** What was read and not yet taken. */
static char received[LINE_BYTES];
static size_t received_bytes;

/** Numbers the questions, so that an answer is never taken for another question's. */
static uint32_t asked;

/* ---- the process ---- */

static void close_end(int *end) {
  if (*end >= 0) close(*end);
  *end = -1;
}

void qpu_stop(void) {
  close_end(&to_process);
  close_end(&from_process);
  received_bytes = 0;
  if (process < 0) return;
  kill(process, SIGKILL);
  while (waitpid(process, NULL, 0) < 0 && errno == EINTR) continue;
  process = -1;
}

/**
 * Moves a descriptor above those of the standard streams, of which a program may have been started without some, and
 * keeps it from other processes.
 */
static bool move_up(int *descriptor) {
  const int moved = fcntl(*descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  close(*descriptor);
  *descriptor = moved;
  return moved >= 0;
}

static bool open_pipe(int ends[2]) {
  if (pipe(ends) != 0) return false;
  const bool reading = move_up(&ends[0]), writing = move_up(&ends[1]);
  if (reading && writing) return true;
  close_end(&ends[0]);
  close_end(&ends[1]);
  return false;
}

bool qpu_start(char *const command[]) {
  qpu_stop();
  /* Writing to a process that has died is an error to look at, not a reason to die. */
  signal(SIGPIPE, SIG_IGN);
  int there[2], back[2] = {-1, -1};
  if (!open_pipe(there)) return false;
  process = open_pipe(back) ? fork() : -1;
  if (process == 0) {
    const bool connected = dup2(there[0], STDIN_FILENO) >= 0 && dup2(back[1], STDOUT_FILENO) >= 0;
    signal(SIGPIPE, SIG_DFL);
    if (connected) execvp(command[0], command);
    _exit(127);
  }
  close_end(&there[0]);
  close_end(&back[1]);
  to_process = there[1];
  from_process = back[0];
  /* A process that does not read must not hold up the one that writes. */
  const bool ready = process > 0 && fcntl(to_process, F_SETFL, O_NONBLOCK) == 0;
  if (!ready) qpu_stop();
  return ready;
}

/* ---- waiting ---- */

static int64_t milliseconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/** Waits until something can be written or read, or until the deadline. Returns QPU_ANSWERED where it can. */
static enum qpu_answer wait_for(int descriptor, short event, int64_t deadline) {
  for (;;) {
    const int64_t left = deadline - milliseconds_now();
    struct pollfd waiting = {.fd = descriptor, .events = event};
    const int ready = poll(&waiting, 1, left > 0 ? (int)left : 0);
    if (ready > 0) return QPU_ANSWERED;
    if (ready == 0) return QPU_LATE;
    if (errno != EINTR) return QPU_DIED;
  }
}

/* ---- the question ---- */

static enum qpu_answer send_text(const char *text, size_t bytes, int64_t deadline) {
  while (bytes > 0) {
    const enum qpu_answer ready = wait_for(to_process, POLLOUT, deadline);
    if (ready != QPU_ANSWERED) return ready;
    const ssize_t sent = write(to_process, text, bytes);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return QPU_DIED;
    if (sent <= 0) continue;
    text += sent;
    bytes -= (size_t)sent;
  }
  return QPU_ANSWERED;
}

/** The features of the sample asked for. */
static void write_features(FILE *to, uint32_t sample) {
  const uint32_t features = (uint32_t)nlr_option_value(NLR_OPTION_FEATURES);
  fprintf(to, " %" PRIu32, features);
  for (uint32_t i = 0; i < features; i++) {
    fprintf(to, " %.17g", core_real(nlr_features_ptr(), sample * features + i));
  }
}

static void write_operations(FILE *to, int32_t operations) {
  static const char *const gates[] = {"rx", "ry", "rz", "rxx", "ryy", "rzz", "cnot", "cz"};
  fprintf(to, " %" PRId32, operations);
  for (int32_t i = 0; i < operations; i++) {
    const uint32_t packed = (uint32_t)nlr_ask_operation(i);
    const uint32_t first = packed >> 8 & 255, second = packed >> 16 & 255;
    fprintf(to, " %s %" PRIu32 " %" PRIu32 " %.17g", gates[packed & 7], first, second, nlr_ask_angle(i));
  }
}

static int32_t ask_word(uint32_t word) {
  return core_integer(nlr_ask_ptr(), word);
}

static void write_question(FILE *to, uint32_t qubits) {
  const uint32_t x_mask = (uint32_t)ask_word(NLR_ASK_XMASK), z_mask = (uint32_t)ask_word(NLR_ASK_ZMASK);
  fprintf(to, "ask %" PRIu32 " %" PRId32 " ", ++asked, ask_word(NLR_ASK_SHOTS));
  for (uint32_t q = 0; q < qubits; q++) fputc("IXZY"[(x_mask >> q & 1) | (z_mask >> q & 1) << 1], to);
  if (nlr_option_value(NLR_OPTION_ENCODING) == NLR_ENCODING_AMPLITUDE) {
    write_features(to, (uint32_t)ask_word(NLR_ASK_SAMPLE));
  } else {
    fprintf(to, " 0");
  }
  write_operations(to, ask_word(NLR_ASK_OPERATIONS));
  fputc('\n', to);
}

static enum qpu_answer send_question(int64_t deadline) {
  const uint32_t qubits = (uint32_t)nlr_option_value(NLR_OPTION_QUBITS);
  if (qubits > QPU_QUBITS) return QPU_FAILED;
  char *text = NULL;
  size_t bytes = 0;
  FILE *const to = open_memstream(&text, &bytes);
  if (to == NULL) return QPU_FAILED;
  write_question(to, qubits);
  const bool written = fclose(to) == 0;
  const enum qpu_answer sent = written ? send_text(text, bytes, deadline) : QPU_FAILED;
  free(text);
  return sent;
}

/* ---- the answer ---- */

/** Takes the next line, without its end. */
static enum qpu_answer receive_line(char line[LINE_BYTES], int64_t deadline) {
  for (;;) {
    const char *const end = memchr(received, '\n', received_bytes);
    if (end != NULL) {
      const size_t length = (size_t)(end - received);
      memcpy(line, received, length);
      line[length] = 0;
      received_bytes -= length + 1;
      memmove(received, end + 1, received_bytes);
      /* A zero byte would hide what is behind it. */
      return strlen(line) == length ? QPU_ANSWERED : QPU_DIED;
    }
    if (received_bytes == sizeof received) return QPU_DIED;
    const enum qpu_answer ready = wait_for(from_process, POLLIN, deadline);
    if (ready != QPU_ANSWERED) return ready;
    const ssize_t read_bytes = read(from_process, received + received_bytes, sizeof received - received_bytes);
    if (read_bytes > 0) received_bytes += (size_t)read_bytes;
    else if (read_bytes == 0 || errno != EINTR) return QPU_DIED;
  }
}

/** Goes past a word and the blanks behind it. Returns whether it is there. */
static bool take_word(const char **at, const char *word) {
  const size_t length = strlen(word);
  if (strncmp(*at, word, length) != 0 || ((*at)[length] != ' ' && (*at)[length] != 0)) return false;
  *at += length;
  while (**at == ' ') ++*at;
  return true;
}

/** Takes a whole number without a sign, and the blanks behind it. */
static bool take_number(const char **at, uint32_t most, uint32_t *number) {
  uint64_t value = 0;
  const char *digit = *at;
  for (; *digit >= '0' && *digit <= '9'; digit++) {
    value = value * 10 + (uint64_t)(*digit - '0');
    if (value > most) return false;
  }
  if (digit == *at || (*digit != ' ' && *digit != 0)) return false;
  while (*digit == ' ') digit++;
  *number = (uint32_t)value;
  *at = digit;
  return true;
}

static bool take_counts(const char *at, struct qpu_counts *counts) {
  if (!take_number(&at, QPU_OUTCOMES, &counts->length)) return false;
  for (uint32_t i = 0; i < counts->length; i++) {
    uint32_t count;
    if (!take_number(&at, UINT32_MAX, &counts->outcomes[i]) || !take_number(&at, INT32_MAX, &count)) return false;
    counts->counts[i] = (int32_t)count;
  }
  return *at == 0;
}

enum qpu_answer qpu_ask(struct qpu_counts *counts, int32_t milliseconds) {
  const int64_t deadline = milliseconds_now() + milliseconds;
  if (process < 0) return QPU_DIED;
  const enum qpu_answer sent = send_question(deadline);
  if (sent != QPU_ANSWERED) return sent;
  for (uint32_t stale = 0; stale <= QPU_STALE_ANSWERS; stale++) {
    char line[LINE_BYTES];
    const enum qpu_answer came = receive_line(line, deadline);
    if (came != QPU_ANSWERED) return came;
    const char *at = line;
    const bool failed = take_word(&at, "error");
    uint32_t number;
    if (!failed && !take_word(&at, "counts")) return QPU_DIED;
    if (!take_number(&at, asked, &number)) return QPU_DIED;
    if (!failed && !take_counts(at, counts)) return QPU_DIED;
    if (number == asked) return failed ? QPU_FAILED : QPU_ANSWERED;
  }
  return QPU_DIED;
}
