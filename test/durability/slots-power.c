/**
 * The two-slot store under power cuts at every write, under random ones, on garbage and on failing flash.
 *
 *   slots-power SEED RANDOM_CUTS      prints what was done; exit 1 with a line on stderr at the first loss
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flash-sim.h"
#include "slots.h"

#define ROOM 4096u

static uint64_t seed;
static slots_store store;
static uint8_t image[ROOM];
/** What was being done, for the message. */
static const char *doing = "";
static uint64_t cuts;
static uint64_t cuts_in_recovery;

#define CHECK(condition) check(condition, #condition, __LINE__)

static void check(bool condition, const char *what, int line) {
  if (condition) return;
  fprintf(stderr, "%s: line %d: %s is false; seed %llu\n", doing, line, what, (unsigned long long)seed);
  exit(1);
}

/** Record `number`: its length and every byte follow from the number. */
static uint32_t record_length(uint32_t number) {
  static const uint32_t lengths[] = {0, 1, 31, 32, 33, 200, 331};
  return lengths[number % (sizeof lengths / sizeof *lengths)];
}

static void make_record(uint32_t number, uint8_t *bytes) {
  uint32_t state = number * 2654435761u + 1;
  for (uint32_t i = 0; i < record_length(number); i++) {
    state = state * 1664525u + 1013904223u;
    bytes[i] = (uint8_t)(state >> 24);
  }
}

static bool is_record(uint32_t number, const uint8_t *bytes, uint32_t length) {
  uint8_t expected[ROOM];
  make_record(number, expected);
  return length == record_length(number) && memcmp(bytes, expected, length) == 0;
}

static slots_status save(uint32_t number) {
  uint8_t bytes[ROOM];
  make_record(number, bytes);
  return slots_save(&store, bytes, record_length(number));
}

/** The device starts again: nothing in memory is left. Returns whether power failed once more while loading. */
static bool start(slots_status *status, uint32_t *length) {
  memset(&store, 0xa5, sizeof store);
  memset(image, 0xa5, sizeof image);
  if (setjmp(sim.power_cut) != 0) {
    cuts_in_recovery++;
    return false;
  }
  *status = slots_load(&store, image, ROOM, length);
  return true;
}

/** Starts without a failure; returns which of two records comes back. */
static uint32_t find(uint32_t number, uint32_t or_number) {
  slots_status status = SLOTS_EMPTY;
  uint32_t length = 0;
  sim_restore_power();
  CHECK(start(&status, &length));
  CHECK(status == SLOTS_OK);
  const uint32_t found = is_record(number, image, length) ? number : or_number;
  CHECK(is_record(found, image, length));
  return found;
}

/** Starts without a failure and asserts that this record comes back. */
static void expect(uint32_t number) { find(number, number); }

/** Saves a record with power failing at write `cut`. Returns whether it failed; if not, the record is saved. */
static bool save_cut(uint32_t number, int64_t cut, torn how) {
  sim.countdown = cut;
  sim.how = how;
  if (setjmp(sim.power_cut) != 0) {
    cuts++;
    sim_restore_power();
    return true;
  }
  CHECK(save(number) == SLOTS_OK);
  sim_restore_power();
  return false;
}

/**
 * After a cut while record `number` was written: that one comes back or the one before. A half-programmed header
 * may come to count at a later start, but a record that was found once is not lost again.
 */
static uint32_t recover(uint32_t number, int64_t cut_of_recovery) {
  slots_status status = SLOTS_EMPTY;
  uint32_t length = 0;
  sim.countdown = cut_of_recovery;
  const bool loaded = start(&status, &length);
  uint32_t found = loaded && is_record(number, image, length) ? number : number - 1;
  for (int again = 0; again < 5; again++) found = find(number, found);
  return found;
}

/** A store with records `number` - 1 and `number` in it, whatever the sequence number of the latter. */
static void prepare(uint32_t number, uint32_t sequence) {
  uint32_t length;
  CHECK(slots_load(&store, image, ROOM, &length) == SLOTS_EMPTY);
  store.sequence = sequence - 2;
  CHECK(save(number - 1) == SLOTS_OK);
  CHECK(save(number) == SLOTS_OK);
  CHECK(store.sequence == sequence);
}

/** Power fails at every single write of a save, and at every write of the start after it. */
static void every_write(uint32_t sector_bytes, uint32_t sectors, uint32_t sequence) {
  doing = "every write";
  for (uint32_t number = 1; number < 8; number++) {
    bool more = true;
    uint32_t kept_new = 0;
    for (int64_t cut = 0; more; cut++) {
      for (uint32_t trial = 0; trial < 4 * TORN_KINDS; trial++) {
        sim_reset(sector_bytes, sectors);
        prepare(number, sequence);
        more = save_cut(number + 1, cut, (torn)(trial % TORN_KINDS));
        if (!more) {
          expect(number + 1);
          break;
        }
        // A header is 8 words: there are as many places to cut the start at, and one behind them.
        uint32_t found = recover(number + 1, (cut + trial) % 9);
        kept_new += found == number + 1;
        // The next save gives the other slot up, and is cut too.
        if (save_cut(found + 1, sim_random() % 100, (torn)(trial % TORN_KINDS))) {
          found = recover(found + 1, SIM_NEVER);
        } else {
          found++;
        }
        CHECK(save(found + 1) == SLOTS_OK);
        expect(found + 1);
        CHECK(save(found + 2) == SLOTS_OK);
        expect(found + 2);
      }
    }
    // The header's last words are padding: a cut there finds the record complete.
    CHECK(kept_new > 0);
  }
}

/** A long life: saves of which many are cut, some several times in a row, and starts that are cut. */
static void random_cuts(uint64_t wanted) {
  doing = "random cuts";
  sim_reset(256, 4);
  prepare(1, 0xffffff00u);
  uint32_t number = 1;
  const uint64_t target = cuts + wanted;
  while (cuts < target) {
    const int64_t cut = sim_random() % 4 == 0 ? SIM_NEVER : sim_random() % 110;
    const torn how = (torn)(sim_random() % TORN_KINDS);
    if (save_cut(number + 1, cut, how)) number = recover(number + 1, sim_random() % 12);
    else number++;
    if (sim_random() % 8 == 0) expect(number);
  }
}

/** One slot holds the record, the other anything. */
static void garbage(void) {
  doing = "garbage";
  for (uint32_t trial = 0; trial < 2000; trial++) {
    sim_reset(512, 2);
    prepare(trial + 1, sim_random());
    uint8_t *other = sim_bytes() + store.next * 512;
    const uint8_t *newest = sim_bytes() + (store.next ^ 1) * 512;
    switch (trial % 6) {
      case 0: memset(other, 0, 512); break;
      case 1: memset(other, 0xff, 512); break;
      case 2:
        for (uint32_t i = 0; i < 512; i++) other[i] = (uint8_t)sim_random();
        break;
      // A true header, and higher numbers, over another payload.
      case 3: memcpy(other, newest, 32); other[4]++; break;
      case 4: other[4 + sim_random() % 4] ^= (uint8_t)(1 + sim_random() % 255); break;
      // A length beyond the slot.
      default: memcpy(other, newest, 512); other[8 + sim_random() % 4] = 0xff; break;
    }
    expect(trial + 1);
    CHECK(save(trial + 2) == SLOTS_OK);
    expect(trial + 2);
  }
  for (uint32_t trial = 0; trial < 100; trial++) {
    uint32_t length;
    sim_reset(512, 2);
    CHECK(slots_load(&store, image, ROOM, &length) == SLOTS_EMPTY);
    // The very first save may be cut too: then there is nothing yet, or it is there.
    if (save_cut(trial, sim_random() % 100, (torn)(trial % TORN_KINDS))) {
      const slots_status status = slots_load(&store, image, ROOM, &length);
      CHECK(status == SLOTS_EMPTY || (status == SLOTS_OK && is_record(trial, image, length)));
    } else {
      expect(trial);
    }
    CHECK(save(trial + 1) == SLOTS_OK);
    expect(trial + 1);
  }
}

/** Every bit of the older and of the newer record flips, one at a time. */
static void flipped_bits(void) {
  doing = "flipped bits";
  sim_reset(512, 2);
  prepare(6, 1);
  uint8_t *bytes = sim_bytes();
  for (uint32_t bit = 0; bit < 8 * 1024; bit++) {
    const uint32_t slot = bit / (8 * 512);
    const uint32_t newest = store.next ^ 1;
    const uint32_t at = bit / 8 % 512;
    const uint32_t length = record_length(slot == newest ? 6 : 5);
    bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    const bool counts = at < 16 || (at >= 32 && at < 32 + length);
    expect(slot == newest && counts ? 5 : 6);
    bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    // The start has programmed the header of the record it found again: the padding is as it was.
    if (at >= 16 && at < 32) bytes[bit / 8] = 0xff;
    expect(6);
  }
}

/** Writes that fail, openly or silently, at every place. */
static void failing_writes(fault kind) {
  doing = kind == FAULT_REPORTED ? "reported failures" : "silent failures";
  uint32_t refused = 0;
  sim_reset(256, 4);
  prepare(5, 1);
  const uint64_t before = sim.writes;
  CHECK(save(6) == SLOTS_OK);
  const int64_t writes = (int64_t)(sim.writes - before);
  for (int64_t at = 0; at < writes + 1; at++) {
    for (uint32_t trial = 0; trial < 20; trial++) {
      sim_reset(256, 4);
      prepare(5, trial);
      sim.countdown = at;
      sim.fault = kind;
      const slots_status status = save(6);
      CHECK(status == SLOTS_OK || status == SLOTS_FAILED);
      sim_restore_power();
      // A bit that stays as it should be anyway, or one beyond the record, is no failure.
      if (kind == FAULT_REPORTED) CHECK(status == (at < writes ? SLOTS_FAILED : SLOTS_OK));
      if (status == SLOTS_FAILED) {
        refused++;
        const slots_store kept = store;
        // A header may be complete although its padding failed: that record is found, too.
        recover(6, SIM_NEVER);
        store = kept;
        CHECK(save(6) == SLOTS_OK);
      }
      expect(6);
    }
  }
  CHECK(refused > 100);
}

/** CRC-32 as published (IEEE 802.3, reflected), bit by bit. */
static uint32_t published_crc32(const uint8_t *bytes, uint32_t length) {
  uint32_t crc = ~0u;
  for (uint32_t i = 0; i < 8 * length; i++) {
    if (i % 8 == 0) crc ^= bytes[i / 8];
    crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return ~crc;
}

/** A record by the layout that slots.h describes is one; with another magic it is none. */
static void layout(void) {
  doing = "layout";
  uint32_t length = 0;
  uint32_t head[4] = {0x53524c4e, 41, 0, 0};
  sim_reset(512, 2);
  for (uint32_t foreign = 0; foreign < 2; foreign++) {
    head[0] += foreign;
    head[3] = published_crc32((const uint8_t *)head, 12);
    memcpy(sim_bytes() + 512, head, 16);
    CHECK(slots_load(&store, image, ROOM, &length) == (foreign ? SLOTS_EMPTY : SLOTS_OK));
    if (!foreign) CHECK(length == 0 && store.sequence == 41 && store.next == 0);
  }
}

static void limits(void) {
  doing = "limits";
  uint32_t length = 0;
  sim_reset(128, 3);
  CHECK(slots_capacity() == 96);
  memset(&store, 0, sizeof store);
  CHECK(slots_save(&store, image, 1) == SLOTS_NOT_READY);
  CHECK(slots_load(&store, image, ROOM, &length) == SLOTS_EMPTY);
  const uint64_t writes = sim.writes;
  CHECK(slots_save(&store, image, 97) == SLOTS_TOO_LARGE);
  CHECK(slots_save(&store, image, UINT32_MAX) == SLOTS_TOO_LARGE);
  CHECK(sim.writes == writes);
  memset(image, 7, 96);
  CHECK(slots_save(&store, image, 96) == SLOTS_OK);
  CHECK(slots_load(&store, image, 95, &length) == SLOTS_TOO_LARGE && length == 96);
  // Even so the record is known, and kept.
  CHECK(store.next == 1 && slots_save(&store, image, 3) == SLOTS_OK && store.next == 0);
  CHECK(slots_load(&store, image, 3, &length) == SLOTS_OK && length == 3);
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: slots-power SEED RANDOM_CUTS\n");
    return 2;
  }
  seed = strtoull(arguments[1], NULL, 10);
  sim_seed(seed);
  limits();
  layout();
  garbage();
  flipped_bits();
  failing_writes(FAULT_REPORTED);
  failing_writes(FAULT_SILENT);
  // New, about to wrap around, and about to change sign.
  every_write(512, 2, 2);
  every_write(256, 4, 0);
  every_write(256, 4, 1);
  every_write(128, 7, 0x80000000u);
  const uint64_t systematic = cuts;
  random_cuts(strtoull(arguments[2], NULL, 10));
  printf("seed %llu: %llu systematic cuts, %llu random ones, %llu while recovering: nothing lost\n",
         (unsigned long long)seed, (unsigned long long)systematic, (unsigned long long)(cuts - systematic),
         (unsigned long long)cuts_in_recovery);
  return 0;
}
