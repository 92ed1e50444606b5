/** Flash that loses power at a chosen write, tears what it was doing, and forgets which bits were only half done. */
#ifndef FLASH_SIM_H
#define FLASH_SIM_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "flash.h"

#define SIM_BYTES 8192u

/** How a write that is cut leaves its bits. */
typedef enum {
  /** A random subset of them done, solid. */
  TORN_RANDOM,
  /** A random subset done; the others read as 0 or 1 at random until programmed or erased again. */
  TORN_UNSTABLE,
  TORN_NOT_BEGUN,
  TORN_ALL_DONE,
} torn;

/** How many kinds of tear there are. */
#define TORN_KINDS 4u

/** What the flash does instead of working. */
typedef enum {
  FAULT_NONE,
  /** Reports a failure at the chosen write and does nothing. */
  FAULT_REPORTED,
  /** Leaves one bit of the chosen write as it was and says that all is well. */
  FAULT_SILENT,
} fault;

typedef struct {
  uint32_t sector_bytes;
  uint32_t sectors;
  /** Writes from now until power fails, or the fault strikes; a word programmed or a sector erased is one. */
  int64_t countdown;
  torn how;
  fault fault;
  /** Where a power failure goes to. */
  jmp_buf power_cut;
  /** Writes so far. */
  uint64_t writes;
} sim_state;

extern sim_state sim;

/** Never fails. */
#define SIM_NEVER INT64_MAX

/** Flash of this shape, full of random bits, and no failure in sight. */
void sim_reset(uint32_t sector_bytes, uint32_t sectors);

/** Power comes back: all writes work until the next order. */
void sim_restore_power(void);

/** The flash's bytes as they stand, to spoil them. */
uint8_t *sim_bytes(void);

/** Declares all bits solid, after spoiling. */
void sim_settle(void);

void sim_seed(uint64_t seed);

/** 32 random bits (splitmix64). */
uint32_t sim_random(void);

#endif
