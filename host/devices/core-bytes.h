/*
 * The order of bytes in linear memory: WebAssembly's on every processor, the least significant byte first.
 */
#ifndef NLR_CORE_BYTES_H
#define NLR_CORE_BYTES_H

#include <stdint.h>
#include <string.h>

#if !defined(__BYTE_ORDER__) || \
  (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__ && __BYTE_ORDER__ != __ORDER_BIG_ENDIAN__)
#error "nlr-vqa: the compiler does not say in which order the bytes of a number are"
#endif

/** Copies a number of so many bytes from or into linear memory; to and from do not overlap. */
static inline __attribute__((always_inline)) void core_copy_number(void *to, const void *from, uint32_t bytes) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  memcpy(to, from, bytes);
#else
  for (uint32_t i = 0; i < bytes; i++) ((uint8_t *)to)[i] = ((const uint8_t *)from)[bytes - 1 - i];
#endif
}

#endif
