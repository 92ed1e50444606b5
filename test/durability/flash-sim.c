#include "flash-sim.h"

#include <stdlib.h>
#include <string.h>

sim_state sim;

/** What the cells hold, and which of them read at random. */
static uint32_t cells[SIM_BYTES / 4];
static uint32_t unstable[SIM_BYTES / 4];
static uint64_t random_state;

void sim_seed(uint64_t seed) { random_state = seed; }

uint32_t sim_random(void) {
  uint64_t z = random_state += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return (uint32_t)(z >> 32);
}

static void require(bool condition) {
  if (!condition) abort();
}

void sim_reset(uint32_t sector_bytes, uint32_t sectors) {
  require(sector_bytes * sectors <= SIM_BYTES);
  sim.sector_bytes = sector_bytes;
  sim.sectors = sectors;
  for (uint32_t i = 0; i < SIM_BYTES / 4; i++) cells[i] = sim_random();
  sim_settle();
  sim_restore_power();
}

void sim_restore_power(void) {
  sim.countdown = SIM_NEVER;
  sim.fault = FAULT_NONE;
}

uint8_t *sim_bytes(void) { return (uint8_t *)cells; }

void sim_settle(void) { memset(unstable, 0, sizeof unstable); }

/** Bits of a word that a cut write has done, and those it leaves between 0 and 1. */
static void tear(uint32_t *done, uint32_t *between) {
  // Hardly begun, or nearly done: then what is between may well read as it should.
  const uint32_t few = sim_random() & sim_random() & sim_random();
  const uint32_t subset = sim_random() % 2 == 0 ? few : ~few;
  *done = sim.how == TORN_ALL_DONE ? ~0u : sim.how == TORN_NOT_BEGUN ? 0 : subset;
  *between = sim.how == TORN_UNSTABLE ? ~subset : 0;
}

/** Moves some bits of a word towards a value. */
static void write_bits(uint32_t index, uint32_t value, uint32_t bits, uint32_t done, uint32_t between) {
  const uint32_t written = bits & done;
  cells[index] = (cells[index] & ~written) | (value & written);
  // Only bits that have some way to go can be caught on it.
  const uint32_t moving = bits & between & ((cells[index] ^ value) | unstable[index]);
  unstable[index] = (unstable[index] & ~written) | moving;
}

/** Counts one write down. Returns whether this is the one that fails. */
static bool strikes(void) {
  sim.writes++;
  if (sim.countdown == SIM_NEVER) return false;
  return sim.countdown-- == 0;
}

uint32_t flash_sector_bytes(void) { return sim.sector_bytes; }

uint32_t flash_sector_count(void) { return sim.sectors; }

bool flash_erase(uint32_t sector) {
  require(sector < sim.sectors);
  const bool struck = strikes();
  if (struck && sim.fault == FAULT_REPORTED) return false;
  uint32_t stuck = struck && sim.fault == FAULT_SILENT ? sim_random() % (sim.sector_bytes / 4) : SIM_BYTES;
  const uint32_t first = sector * sim.sector_bytes / 4;
  for (uint32_t i = first; i < first + sim.sector_bytes / 4; i++) {
    uint32_t done = ~0u;
    uint32_t between = 0;
    if (struck && sim.fault == FAULT_NONE) tear(&done, &between);
    if (i == first + stuck) done = ~(1u << sim_random() % 32);
    write_bits(i, ~0u, ~0u, done, between);
  }
  if (struck && sim.fault == FAULT_NONE) longjmp(sim.power_cut, 1);
  return true;
}

bool flash_program(uint32_t address, const void *bytes, uint32_t length) {
  require(address % FLASH_BLOCK_BYTES == 0 && length % FLASH_BLOCK_BYTES == 0 && (uintptr_t)bytes % 4 == 0);
  require(length <= sim.sectors * sim.sector_bytes && address <= sim.sectors * sim.sector_bytes - length);
  for (uint32_t i = 0; i < length / 4; i++) {
    uint32_t value;
    memcpy(&value, (const uint8_t *)bytes + 4 * i, 4);
    const bool struck = strikes();
    if (struck && sim.fault == FAULT_REPORTED) return false;
    uint32_t done = ~0u;
    uint32_t between = 0;
    if (struck && sim.fault == FAULT_SILENT) done = ~(1u << sim_random() % 32);
    if (struck && sim.fault == FAULT_NONE) tear(&done, &between);
    write_bits(address / 4 + i, 0, ~value, done, between);
    if (struck && sim.fault == FAULT_NONE) longjmp(sim.power_cut, 1);
  }
  return true;
}

void flash_read(uint32_t address, void *bytes, uint32_t length) {
  require(length <= sim.sectors * sim.sector_bytes && address <= sim.sectors * sim.sector_bytes - length);
  for (uint32_t i = 0; i < length; i++) {
    const uint32_t word = (address + i) / 4;
    const uint32_t seen = cells[word] ^ (unstable[word] & sim_random());
    memcpy((uint8_t *)bytes + i, (const uint8_t *)&seen + (address + i) % 4, 1);
  }
}
