/** The two-slot store: see slots.h for the layout and why it is safe. */
#include "slots.h"

#include <string.h>

#include "flash.h"

#define MAGIC 0x53524c4eu

/** What the checksum covers of a header, in words, and where it stands. */
#define COVERED_WORDS 3u

typedef union {
  uint8_t bytes[FLASH_BLOCK_BYTES];
  struct {
    uint32_t magic;
    uint32_t sequence;
    uint32_t length;
    uint32_t checksum;
  } header;
} block;

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }

/** CRC-32 of some bytes, going on from `crc` (0 at the start), four bits at a time. */
static uint32_t crc32(uint32_t crc, const uint8_t *bytes, uint32_t length) {
  static const uint32_t table[16] = {
    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
    0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
  };
  crc = ~crc;
  while (length-- > 0) {
    crc ^= *bytes++;
    crc = crc >> 4 ^ table[crc & 15];
    crc = crc >> 4 ^ table[crc & 15];
  }
  return ~crc;
}

static uint32_t header_checksum(const block *head) {
  return crc32(0, head->bytes, COVERED_WORDS * sizeof(uint32_t));
}

static uint32_t slot_sectors(void) { return flash_sector_count() / 2; }

static uint32_t slot_address(uint32_t slot) { return slot * slot_sectors() * flash_sector_bytes(); }

uint32_t slots_capacity(void) { return slot_sectors() * flash_sector_bytes() - FLASH_BLOCK_BYTES; }

/** Reads a slot's header. Returns whether it may be one. */
static bool read_header(uint32_t slot, block *head) {
  flash_read(slot_address(slot), head->bytes, FLASH_BLOCK_BYTES);
  return head->header.magic == MAGIC && head->header.length <= slots_capacity();
}

/** Whether the record with this header is whole. Copies its payload if it fits. */
static bool read_payload(uint32_t slot, const block *head, uint8_t *payload, uint32_t capacity) {
  const uint32_t length = head->header.length;
  uint32_t crc = header_checksum(head);
  for (uint32_t at = 0; at < length; at += FLASH_BLOCK_BYTES) {
    block scratch;
    const uint32_t count = smaller(length - at, FLASH_BLOCK_BYTES);
    uint8_t *to = length <= capacity ? payload + at : scratch.bytes;
    flash_read(slot_address(slot) + FLASH_BLOCK_BYTES + at, to, count);
    crc = crc32(crc, to, count);
  }
  return crc == head->header.checksum;
}

slots_status slots_load(slots_store *store, void *payload, uint32_t capacity, uint32_t *length) {
  block heads[2];
  bool likely[2];
  for (uint32_t slot = 0; slot < 2; slot++) likely[slot] = read_header(slot, &heads[slot]);
  *store = (slots_store){.ready = true};
  // The newer one first; where one of them is no record its number does not matter.
  const uint32_t ahead = heads[1].header.sequence - heads[0].header.sequence;
  const uint32_t first = likely[1] && ahead != 0 && ahead < 0x80000000u ? 1 : 0;
  for (uint32_t tried = 0; tried < 2; tried++) {
    const uint32_t slot = first ^ tried;
    const block *head = &heads[slot];
    if (!likely[slot] || !read_payload(slot, head, payload, capacity)) continue;
    store->sequence = head->header.sequence;
    store->next = slot ^ 1;
    *length = head->header.length;
    // Makes bits last that a cut may have left half programmed. Should it fail, nothing is worse than before.
    (void)flash_program(slot_address(slot), head->bytes, FLASH_BLOCK_BYTES);
    return *length <= capacity ? SLOTS_OK : SLOTS_TOO_LARGE;
  }
  return SLOTS_EMPTY;
}

/** Programs a block and reads it back. */
static bool write_block(uint32_t address, const block *content) {
  block found;
  if (!flash_program(address, content->bytes, FLASH_BLOCK_BYTES)) return false;
  flash_read(address, found.bytes, FLASH_BLOCK_BYTES);
  return memcmp(found.bytes, content->bytes, FLASH_BLOCK_BYTES) == 0;
}

/** A block with all bits set: what is not put into it is not programmed. */
static block blank_block(void) {
  block blank;
  memset(blank.bytes, 0xff, FLASH_BLOCK_BYTES);
  return blank;
}

static bool erase_slot(uint32_t slot) {
  for (uint32_t i = 0; i < slot_sectors(); i++) {
    if (!flash_erase(slot * slot_sectors() + i)) return false;
  }
  return true;
}

static bool write_record(uint32_t slot, uint32_t sequence, const uint8_t *payload, uint32_t length) {
  if (!erase_slot(slot)) return false;
  for (uint32_t at = 0; at < length; at += FLASH_BLOCK_BYTES) {
    block part = blank_block();
    memcpy(part.bytes, payload + at, smaller(length - at, FLASH_BLOCK_BYTES));
    if (!write_block(slot_address(slot) + FLASH_BLOCK_BYTES + at, &part)) return false;
  }
  block head = blank_block();
  head.header.magic = MAGIC;
  head.header.sequence = sequence;
  head.header.length = length;
  head.header.checksum = crc32(header_checksum(&head), payload, length);
  return write_block(slot_address(slot), &head);
}

slots_status slots_save(slots_store *store, const void *payload, uint32_t length) {
  if (!store->ready) return SLOTS_NOT_READY;
  if (length > slots_capacity()) return SLOTS_TOO_LARGE;
  if (!write_record(store->next, store->sequence + 1, payload, length)) return SLOTS_FAILED;
  store->sequence += 1;
  store->next ^= 1;
  return SLOTS_OK;
}
