/**
 * What a board gives the two-slot store (slots.h): the part of its flash that checkpoints live in.
 *
 * The part is `flash_sector_count()` sectors in a row; addresses count from its first byte. It behaves like NOR
 * flash: an erase sets all bits of a sector, programming only clears bits, and either may be cut by a power
 * failure at any moment: an erase then leaves any bits, programming leaves any subset of its words written and
 * one word with any subset of its bits cleared. Such bits may even read differently from one moment to the next.
 */
#ifndef NLR_FLASH_H
#define NLR_FLASH_H

#include <stdbool.h>
#include <stdint.h>

/**
 * The store programs whole blocks of this many bytes, at multiples of it: the largest unit that a common
 * microcontroller programs at once (4 on STM32F4, 8 on STM32L4 and RP2040 writes, 32 on STM32H7).
 */
#define FLASH_BLOCK_BYTES 32u

/** Bytes of a sector, the least that can be erased; a multiple of `FLASH_BLOCK_BYTES`, two blocks or more. */
uint32_t flash_sector_bytes(void);

/** Sectors of the part, two or more; half of them make a slot. */
uint32_t flash_sector_count(void);

/** Sets all bits of sector 0 ... `flash_sector_count()` - 1. @return false when the hardware reports a failure */
bool flash_erase(uint32_t sector);

/**
 * Clears the bits that are 0 in `bytes`. Returns when it is done, not before: the order of writes is what keeps
 * a record safe. The store programs bytes again that are there already; where the hardware forbids that (words
 * with an error-correcting code), compare first and do nothing.
 *
 * @param address a multiple of `FLASH_BLOCK_BYTES`
 * @param bytes aligned to 4 bytes
 * @param length a multiple of `FLASH_BLOCK_BYTES`
 * @return false when the hardware reports a failure
 */
bool flash_program(uint32_t address, const void *bytes, uint32_t length);

/** Copies `length` bytes from any address of the part. */
void flash_read(uint32_t address, void *bytes, uint32_t length);

#endif
