/**
 * A device's flash behind a pipe, for a device whose processor is simulated elsewhere. Commands and answers are
 * lines; bytes are hexadecimal.
 *
 *   new                flash with random content       ok
 *   cut WRITE KIND     power fails at that write of the next command (0 the first), torn in that way    ok
 *   load               the device starts               ok BYTES | empty | cut
 *   save BYTES         a checkpoint is written         ok | failed | cut
 *
 * usage: slots-pipe SEED
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flash-sim.h"
#include "slots.h"

#define ROOM 4096u

static slots_store store;
static uint8_t image[ROOM];

static void print_image(uint32_t length) {
  printf("ok ");
  for (uint32_t i = 0; i < length; i++) printf("%02x", image[i]);
  printf("\n");
}

static uint32_t parse_image(const char *text) {
  unsigned byte;
  uint32_t length = 0;
  while (length < ROOM && sscanf(text + 2 * length, "%2x", &byte) == 1) image[length++] = (uint8_t)byte;
  return length;
}

/** One command that needs power. Returns the length of what was loaded, or a status. */
static int64_t run(const char *line) {
  if (strncmp(line, "load", 4) == 0) {
    uint32_t length = 0;
    const slots_status status = slots_load(&store, image, ROOM, &length);
    return status == SLOTS_OK ? (int64_t)length : status;
  }
  return slots_save(&store, image, parse_image(line + 5));
}

static void answer(const char *line) {
  if (setjmp(sim.power_cut) != 0) {
    // Nothing in memory is left.
    memset(&store, 0, sizeof store);
    printf("cut\n");
  } else {
    const int64_t result = run(line);
    if (result < 0) printf(result == SLOTS_EMPTY ? "empty\n" : "failed\n");
    else if (line[0] == 'l') print_image((uint32_t)result);
    else printf("ok\n");
  }
  sim_restore_power();
}

int main(int count, char **arguments) {
  static char line[2 * ROOM + 16];
  if (count != 2) return 2;
  sim_seed(strtoull(arguments[1], NULL, 10));
  while (fgets(line, sizeof line, stdin) != NULL) {
    long long write;
    unsigned kind;
    if (strncmp(line, "new", 3) == 0) {
      sim_reset(1024, 4);
      memset(&store, 0, sizeof store);
      printf("ok\n");
    } else if (sscanf(line, "cut %lld %u", &write, &kind) == 2) {
      sim.countdown = write;
      sim.how = (torn)(kind % TORN_KINDS);
      printf("ok\n");
    } else {
      answer(line);
    }
    fflush(stdout);
  }
  return 0;
}
