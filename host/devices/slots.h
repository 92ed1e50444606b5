/**
 * Two slots in flash for one checkpoint: power may fail at any moment, and the newest whole record is found again.
 *
 *   slots_store store;
 *   uint32_t length;
 *   if (slots_load(&store, image, capacity, &length) == SLOTS_OK) ... // checkpoint_read(length)
 *   ...
 *   slots_save(&store, image, length); // after checkpoint_write
 *
 * A slot is half of the flash part of flash.h: one block with the header, then the payload.
 *
 *   header: u32 magic "NLRS", u32 sequence number, u32 payload bytes, u32 checksum, padding
 *
 * The checksum is CRC-32 (IEEE 802.3, reflected) over the first three words and the payload. Words are in the
 * byte order of the processor: a record never leaves its device.
 *
 * Why nothing is lost. A save erases the slot that is not the newest, programs the payload, reads it back, and
 * programs the header last.
 * - Until the header is complete the slot has no right checksum, and the other slot, which nothing touches, is
 *   still the newest. What a cut leaves behind is erased before the slot is used again, never taken for blank.
 * - An erase that is cut may leave the old record as it was: its sequence number is lower than the newest.
 * - A header that is cut counts or does not, by its checksum; its payload was complete before. Should it count
 *   by bits that only just read as they must, then `slots_load` programs it again before it returns: a record that
 *   was found once does not fade, and the other slot is not given up for one that might.
 * - A write that fails is noticed by reading back; the newest record stays, and the save can be repeated.
 * - The two records differ by one in sequence, so the newer one is known by the sign of the difference, also when
 *   the number wraps around.
 * Other content than a record passes for one when 64 bits, magic and checksum, happen to fit.
 */
#ifndef NLR_SLOTS_H
#define NLR_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum {
  SLOTS_OK = 0,
  /** Neither slot holds a whole record. */
  SLOTS_EMPTY = -1,
  /** The payload is larger than a slot, or than the room for it. */
  SLOTS_TOO_LARGE = -2,
  /** The flash did not take the bytes as they are; the record before is still there. */
  SLOTS_FAILED = -3,
  /** `slots_save` before `slots_load`: which slot may be given up is not known. */
  SLOTS_NOT_READY = -4,
} slots_status;

/** Which slot is next. Zero it at start (static storage is), then `slots_load` fills it. */
typedef struct {
  /** Sequence number of the newest record. */
  uint32_t sequence;
  /** The slot that the next save writes, 0 or 1. */
  uint32_t next;
  bool ready;
} slots_store;

/** Bytes of the largest payload. */
uint32_t slots_capacity(void);

/**
 * Finds the newest whole record and copies its payload. The copy is what the checksum was taken over.
 *
 * @param payload room for `capacity` bytes; undefined content unless SLOTS_OK is returned
 * @param length the payload's bytes; set for SLOTS_OK and SLOTS_TOO_LARGE
 * @return SLOTS_OK, SLOTS_EMPTY, or SLOTS_TOO_LARGE when the newest whole record does not fit; the store is ready
 *   for `slots_save` after each of them
 */
slots_status slots_load(slots_store *store, void *payload, uint32_t capacity, uint32_t *length);

/**
 * Writes a record beside the newest one, which it replaces when it is complete.
 *
 * @return SLOTS_OK, SLOTS_TOO_LARGE (nothing was touched), SLOTS_FAILED, SLOTS_NOT_READY
 */
slots_status slots_save(slots_store *store, const void *payload, uint32_t length);

#endif
