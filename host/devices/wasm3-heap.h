/* The heap of wasm3 on a microcontroller: NLR_WASM3_HEAP_BYTES of static memory. */
#ifndef NLR_WASM3_HEAP_H
#define NLR_WASM3_HEAP_H

#include <stdbool.h>
#include <stdint.h>

/** Whether a block lies in the heap. Others may be given to the other functions, which leave them as they are. */
bool heap_owns(const void *block);

/** Gives up all blocks. */
void heap_empty(void);

/** Bytes in use. */
uint32_t heap_used(void);

/** Most bytes that were ever in use. */
uint32_t heap_most_used(void);

#endif
