/*
 * flash.h in RAM that a reset leaves as it is, for boards whose flash the emulator does not model. Its bits
 * behave as flash's do: an erase sets a sector's, programming only clears some.
 */
#include <string.h>

#include "flash.h"

/* Room for the checkpoint of the paper's model in double precision. */
enum { SECTOR_BYTES = 2048, SECTORS = 2 };

static __attribute__((section(".noinit"), aligned(4))) uint8_t content[SECTORS * SECTOR_BYTES];

uint32_t flash_sector_bytes(void) {
  return SECTOR_BYTES;
}

uint32_t flash_sector_count(void) {
  return SECTORS;
}

bool flash_erase(uint32_t sector) {
  if (sector >= SECTORS) return false;
  memset(content + sector * SECTOR_BYTES, 0xff, SECTOR_BYTES);
  return true;
}

bool flash_program(uint32_t address, const void *bytes, uint32_t length) {
  if (length > sizeof content || address > sizeof content - length) return false;
  for (uint32_t i = 0; i < length; i += 4) {
    uint32_t held, word;
    memcpy(&held, content + address + i, 4);
    memcpy(&word, (const uint8_t *)bytes + i, 4);
    held &= word;
    memcpy(content + address + i, &held, 4);
  }
  return true;
}

void flash_read(uint32_t address, void *bytes, uint32_t length) {
  memcpy(bytes, content + address, length);
}
