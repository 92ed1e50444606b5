/*
 * Trains the paper's model for a few steps on samples made up here, and keeps its checkpoint in two slots of a flash
 * that is an array. Prints the trace, which is the same on every processor and with every compiler.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "flash.h"
#include "paper.h"
#include "slots.h"

/* Instead of a board's flash. */
enum { SECTOR_BYTES = 4096, SECTORS = 2 };
static uint8_t flash[SECTORS * SECTOR_BYTES];

uint32_t flash_sector_bytes(void) {
  return SECTOR_BYTES;
}

uint32_t flash_sector_count(void) {
  return SECTORS;
}

bool flash_erase(uint32_t sector) {
  memset(flash + sector * SECTOR_BYTES, 0xff, SECTOR_BYTES);
  return true;
}

bool flash_program(uint32_t address, const void *bytes, uint32_t length) {
  for (uint32_t i = 0; i < length; i++) flash[address + i] &= ((const uint8_t *)bytes)[i];
  return true;
}

void flash_read(uint32_t address, void *bytes, uint32_t length) {
  memcpy(bytes, flash + address, length);
}

void core_trapped(const char *reason) {
  fprintf(stderr, "%s\n", reason);
  exit(1);
}

static int32_t check(int32_t status, const char *doing) {
  if (status >= 0) return status;
  fprintf(stderr, "%s: status %d\n", doing, (int)status);
  exit(1);
}

static void step(void) {
  check(nlr_step_begin(PAPER_BATCH), "beginning a step");
  for (uint32_t row = 0; row < PAPER_BATCH; row++) {
    const int32_t sample = core_integer(nlr_indices_ptr(), row);
    for (int32_t i = 0; i < PAPER_FEATURES; i++) {
      const double feature = (7 * sample + 3 * i) % 11 - (i == sample % 2 ? 2 : 5);
      (void)core_put_real(nlr_features_ptr(), row * PAPER_FEATURES + (uint32_t)i, feature);
    }
    (void)core_put_integer(nlr_labels_ptr(), row, sample % 2);
  }
  int32_t status;
  do status = check(nlr_step_advance(1000), "a step");
  while (status == NLR_STATUS_MORE);
}

int main(void) {
  static slots_store store;
  uint32_t length = 0;
  if (!core_open()) return 1;
  struct paper_training training = {.rule = NLR_RULE_NLR, .samples = 64, .seed = 1};
  check(paper_prepare(&training), "preparing");
#ifdef NLR_ALL_ENGINES
  training.workspace = (uint32_t)nlr_workspace_wanted();
  check(paper_prepare(&training), "preparing");
#endif
  check(nlr_parameters_initialise(), "initialising");
  for (int i = 0; i < 5; i++) step();
  const uint32_t bytes = (uint32_t)check(nlr_checkpoint_write(), "writing a checkpoint");
  void *const image = core_memory((uint32_t)nlr_image_ptr(), bytes);
  (void)slots_load(&store, image, 0, &length);
  if (image == NULL || slots_save(&store, image, bytes) != SLOTS_OK) return 1;
  printf("trace %08lx%08lx\n", (unsigned long)(uint32_t)nlr_trace_high(), (unsigned long)(uint32_t)nlr_trace_low());
  return 0;
}
