/*
 * wasm3's heap on a microcontroller; its sources are compiled with the names of these functions for the C
 * library's. What it parses and compiles stays until all of it is given up at once: so blocks are put one behind
 * the other, only the last one can grow or go, and core-wasm3.c empties the whole before it opens the core anew.
 */
#include "wasm3-heap.h"

#include <stddef.h>
#include <string.h>

enum { ALIGNMENT = 8 };

static _Alignas(ALIGNMENT) uint8_t heap[NLR_WASM3_HEAP_BYTES];
static uint32_t used;
static uint32_t most_used;
/* Where the last block begins. */
static uint32_t last;

void *wasm3_calloc(size_t count, size_t size);
void *wasm3_realloc(void *block, size_t size);
void wasm3_free(void *block);

/** Gives the last block its size. Returns whether there is room. */
static bool resize_last(size_t size) {
  if (size > sizeof heap - last) return false;
  used = (last + (uint32_t)size + ALIGNMENT - 1) & ~(uint32_t)(ALIGNMENT - 1);
  if (used > most_used) most_used = used;
  return true;
}

void *wasm3_calloc(size_t count, size_t size) {
  const uint32_t before = last;
  last = used;
  if (last > sizeof heap || !resize_last(count * size)) {
    last = before;
    return NULL;
  }
  return memset(heap + last, 0, count * size);
}

void *wasm3_realloc(void *block, size_t size) {
  if (block == NULL) return wasm3_calloc(1, size);
  if (!heap_owns(block)) return block;
  if (block == heap + last) return resize_last(size) ? block : NULL;
  /* How long it was is not known, but all of it lies before the end. */
  const uint32_t end = used;
  void *const moved = wasm3_calloc(1, size);
  const size_t room = (size_t)(heap + end - (uint8_t *)block);
  return moved == NULL ? NULL : memcpy(moved, block, size < room ? size : room);
}

void wasm3_free(void *block) {
  if (block != NULL && block == heap + last) used = last;
}

bool heap_owns(const void *block) {
  return (const uint8_t *)block >= heap && (const uint8_t *)block < heap + sizeof heap;
}

void heap_empty(void) {
  used = last = 0;
}

uint32_t heap_used(void) {
  return used;
}

uint32_t heap_most_used(void) {
  return most_used;
}
