/*
 * A Linux host in wasm3: trains the paper's model on digits, keeps checkpoints in a file, predicts.
 *
 *   train MODULE CHECKPOINT STEPS
 *
 * Ends with 0 when all steps are done. Cut short it resumes from the file, with the same bits.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core-wasm3.h"
#include "core.h"
#include "own-file.h"
#include "train.h"

const uint8_t *core_module;
uint32_t core_module_bytes;
static const char *checkpoint_path;

static _Noreturn void fail(const char *doing) {
  perror(doing);
  exit(1);
}

/** Reads at most `capacity` bytes of a file; -1 where it is not there or longer. */
static long read_file(const char *path, void *bytes, uint32_t capacity) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return -1;
  const size_t length = fread(bytes, 1, capacity, file);
  const int whole = fgetc(file) == EOF && ferror(file) == 0;
  fclose(file);
  return whole ? (long)length : -1;
}

void core_trapped(const char *reason) {
  fprintf(stderr, "%s\n", reason);
  exit(1);
}

void train_put_line(const char *line) { puts(line); }

void train_between_slices(void) {}

void train_cut_power(void) { abort(); }

bool train_load(void *image, uint32_t capacity, uint32_t *length) {
  const long found = read_file(checkpoint_path, image, capacity);
  *length = found < 0 ? 0 : (uint32_t)found;
  return found > 0;
}

bool train_save(const void *image, uint32_t length) {
  if (!write_own_file(image, length)) fail(checkpoint_path);
  return true;
}

int main(int count, char **words) {
  static uint8_t module[1 << 17];
  if (count != 4) {
    fprintf(stderr, "usage: %s MODULE CHECKPOINT STEPS\n", words[0]);
    return 2;
  }
  const long bytes = read_file(words[1], module, sizeof module);
  if (bytes < 0) fail(words[1]);
  core_module = module;
  core_module_bytes = (uint32_t)bytes;
  checkpoint_path = words[2];
  if (!own_file(checkpoint_path)) {
    if (errno != EBUSY) fail(checkpoint_path);
    fprintf(stderr, "%s: another process is writing it\n", checkpoint_path);
    return 1;
  }
  /* A line is there when its step is, also in a pipe. */
  setvbuf(stdout, NULL, _IOLBF, 0);
  const struct train_settings settings = {
    .steps = (uint32_t)strtoul(words[3], NULL, 10), .checkpoint_every = 10, .work = 1000, .engine = NLR_ENGINE_AUTO};
  const struct train_outcome outcome = train_run(&settings);
  printf("trace %08x%08x, %u of 128 test digits right\n", outcome.trace_high, outcome.trace_low, outcome.correct);
  return outcome.finished ? 0 : 1;
}
